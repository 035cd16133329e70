"""What an entry had seen: also across skips, and on branches that left branches, however many."""

import msgspec
import pytest

from shared.fold.act import Act
from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64, encode
from shared.log.entry import Entry
from tests.fold.histories import BASE

SIZE = len(BASE.log)
OWN = BASE.terminals["LYN1"].n
DEEP = 5_000
"""More than Python would recurse."""


def stop(n: int, size: int = SIZE, own: int | None = None, at: str = "LYN1", **heads: int) -> Entry:
    """An entry of a terminal that has seen so much."""
    return Entry(
        action=msgspec.Raw(encode({"do": "hold.stop", "on": "BAT-LYN1-9"})), app="x",
        at="2026-11-22T07:38:09.120+01:00", by=f"@{at}", n=n, program=BASE.program, record=f"HLD-{at}-{n}",
        salt=b64(bytes(16)), seen=(size, n - 1 if own is None else own), terminal=at, heads=heads,
    )  # fmt: skip


class Log:
    """A log that grows by one entry at a time."""

    def __init__(self) -> None:
        self.unit = Unit(BASE.unit)
        self.size = SIZE

    def add(self, entry: Entry, branch: str = "") -> Act:
        act = fold(self.unit, self.size, f"{self.size}", entry, BASE.now + self.size, branch)
        self.size += 1
        return act


@pytest.fixture(params=["one unit", "units upon units"])
def log(request: pytest.FixtureRequest) -> Log:
    log = Log()
    if request.param != "one unit":
        add = log.add

        def in_a_unit_of_its_own(entry: Entry, branch: str = "") -> Act:
            act = add(entry, branch)
            log.unit = Unit(log.unit)
            return act

        log.add = in_a_unit_of_its_own  # type: ignore[method-assign]  # the same, with more units
    return log


def test_what_stands_before_a_skip_is_seen(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    log.size += 2  # two skips
    after = log.add(stop(OWN + 4))
    assert after.cut.has(*first.part)
    assert log.add(stop(2, at="SPO1", LYN1=OWN + 3)).cut.has(*first.part)
    assert not log.add(stop(3, own=1, at="SPO1", LYN1=OWN)).cut.has(*first.part)


def test_a_chain_has_seen_what_stood_before_its_skip_though_a_draft_had_not(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    log.size += 1
    draft = log.add(stop(OWN + 3, own=OWN))
    assert not draft.cut.has(*first.part)
    assert log.add(stop(OWN + 4)).cut.has(*first.part)


def test_a_skip_at_the_end_of_what_was_seen_hides_nothing_and_shows_no_more(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    log.size += 1
    third = log.add(stop(OWN + 3))
    cut = log.add(stop(2, at="SPO1", LYN1=OWN + 2)).cut
    assert (cut.has(*first.part), cut.has(*third.part)) == (True, False)


def test_a_branch_that_begins_with_skips_has_seen_what_it_left(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    second = log.add(stop(OWN + 2))
    log.unit.forks["LYN1~a"] = ("LYN1", OWN + 1)
    log.size += 1
    clone = log.add(stop(OWN + 3), "LYN1~a")
    assert (clone.cut.has(*first.part), clone.cut.has(*second.part)) == (True, False)


def test_forks_of_forks_are_no_deeper_than_a_loop(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    before = "LYN1"
    for deep in range(DEEP):
        log.unit.forks[f"LYN1~{deep}"] = (before, OWN + 1)
        before = f"LYN1~{deep}"
    last = log.add(stop(OWN + 2), before)
    assert last.cut.has(*first.part)
    assert log.add(stop(OWN + 3, own=OWN + 1), before).reach is not None


def test_heads_are_followed_however_many_they_are(log: Log) -> None:
    last = first = log.add(stop(1, 0, at="T1"))
    for number in range(2, DEEP // 10):
        last = log.add(stop(1, 0, at=f"T{number}", **{f"T{number - 1}": 1}))
    assert last.cut.has(*first.part)


def test_a_draft_from_before_the_fork_has_seen_no_more_for_being_on_a_clone(log: Log) -> None:
    first = log.add(stop(OWN + 1))
    second = log.add(stop(OWN + 2))
    log.unit.forks["LYN1~a"] = ("LYN1", OWN + 2)
    draft = log.add(stop(OWN + 3, own=OWN + 1), "LYN1~a")
    assert (draft.cut.has(*first.part), draft.cut.has(*second.part)) == (True, False)


def test_a_relayed_entry_that_was_not_there_yet_is_not_seen_by_whoever_names_it(log: Log) -> None:
    """As when the log holds a clone's entry of that number, so that nobody waits for the other's."""
    first = log.add(stop(OWN + 1))
    log.unit.enter(log.size, "", stop(2, at="SPO1", LYN1=OWN + 9), "SPO1", BASE.now)  # it is not folded here
    log.size += 1
    others = [log.add(stop(OWN + n)) for n in range(2, 10)]
    late = log.add(stop(3, at="SPO1"))
    assert late.cut.has(*first.part)
    assert not any(late.cut.has(*other.part) for other in others)
