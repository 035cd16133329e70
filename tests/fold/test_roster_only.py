"""The roster folded alone is the roster that those who fold everything have."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.actions.action import ACTIONS
from shared.actions.kind import kind_of
from shared.fold.act import Act
from shared.fold.leaf import Folds, take
from shared.fold.roster import RosterNow, concerns_roster, roster_kinds
from shared.fold.unit import Unit
from shared.log.canonical import unb64
from shared.trust.keys import fingerprint
from tests.fold.histories import start
from tests.fold.tangles import SIZE, TERMINALS, Tangled, founding, tangled

HAPPENS = {fact for spec in ACTIONS.values() if spec.fact for fact in spec.writes}
"""Facts that the roster is folded without."""


def folded(lines: Sequence[Tangled], under: Unit, rng: random.Random, folds: Folds | None = None) -> Unit:
    """Fold lines above a unit, a new unit now and then."""
    unit, often = Unit(under), rng.choice((0, 0.05, 0.5))
    for one in lines:
        if rng.random() < often:
            unit = Unit(unit)
        take(unit, one.place, one.id, one.entry, folds, sound=one.sound)
    return unit


BOTH = [folded(list(founding()), Unit(), random.Random(0), folds) for folds in (None, concerns_roster)]


def roster_acts(unit: Unit, lines: Sequence[Tangled]) -> list[Act]:
    found = [unit.act(one.place.position) for one in lines if one.entry and concerns_roster(one.entry)]
    assert None not in found
    return [act for act in found if act is not None]


def said(act: Act) -> tuple[object, ...]:
    """All that an act is but its cuts, which are told in other ways where other chains are known."""
    ways = [(one.parts, one.marks, one.cut.size) for one in act.instances]
    return (act.part, act.id, act.verdict, act.refused, act.text, act.names, act.wrote, act.cut.size, ways)


def known(unit: Unit, act: Act, others: list[Act]) -> list[object]:
    """Which of the roster's other acts an act, its chain, and each of its instances had seen."""
    cuts = [act.cut, act.reach or act.cut, *(one.cut for one in act.instances)]
    return [[cut.has(*other.part) for other in others] for cut in cuts] + [unit.received(cut.size) for cut in cuts]


def answers(unit: Unit, lines: Sequence[Tangled]) -> list[object]:
    """Whatever the ordering of pushes may ask."""
    roster = RosterNow(unit, "")
    records = {one.entry.record for one in lines if one.entry and concerns_roster(one.entry)}
    keys = [fingerprint(unb64(write.value)) for name in records for write in unit.history(name, "publics")]
    found: list[object] = [roster.terminal_key(code) for code in TERMINALS]
    found += [roster.branch_keys(code, n) for code in TERMINALS for n in range(40)]
    return [*found, *([roster.holds_key(person, key) for key in keys] for person in sorted(records))]


def facts(unit: Unit, lines: Sequence[Tangled]) -> dict[tuple[str, str], object]:
    """What stands, and what ever stood, of each fact of the roster's records."""
    records = {"PROGRAM", *TERMINALS, *(one.entry.record for one in lines if one.entry)}
    pseudo = ("@made", "@joint", "@waiting", "@marks", "@introduced", "@newer", "@forked")
    found: dict[tuple[str, str], object] = {}
    for record in records:
        kind = kind_of(record)
        for fact in (*kind.facts, *pseudo) if kind and kind.roster else ():
            state = None if fact in HAPPENS else unit.fact(record, fact)
            if state is not None:
                found[record, fact] = (list(state.standing), state.marked, list(unit.history(record, fact)))
    return found


@pytest.mark.requirement("P11-05")
@settings(max_examples=100)
@given(seed=st.integers(0, 10**9), hostile=st.booleans())
def test_the_roster_alone_is_the_same_roster(*, seed: int, hostile: bool) -> None:
    rng = random.Random(seed)
    lines = tangled(seed, 60, hostile=hostile)
    new = lines[SIZE:]
    whole = folded(new, BOTH[0], rng)
    alone = folded(new, BOTH[1], rng, concerns_roster)
    expected, found = roster_acts(whole, lines), roster_acts(alone, lines)
    assert list(map(said, found)) == list(map(said, expected))
    for one, other in zip(found, expected, strict=True):
        assert known(alone, one, found) == known(whole, other, expected)
    assert facts(alone, lines) == facts(whole, lines)
    assert answers(alone, lines) == answers(whole, lines)
    assert all(alone.act(one.place.position) is None for one in lines if one.entry and not concerns_roster(one.entry))


WANTED = {
    "stands", "waiting", "void", "newer", "overtaken", "uncounted", "blocked",
    "fork of a fork", "skip first", "draft", "heads", "badly signed",
}  # fmt: skip


def test_the_random_logs_hold_what_they_are_for() -> None:
    missing = set(WANTED)
    for seed in range(400):
        lines = tangled(seed, 60, hostile=seed % 2 == 1)
        acts = roster_acts(folded(lines[SIZE:], BOTH[0], random.Random(seed)), lines[SIZE:])
        missing -= {act.verdict for act in acts} | {"draft" for act in acts if act.reach}
        missing -= {mark.kind for act in acts for one in act.instances for mark in one.marks}
        missing -= {"heads" for act in acts if len(act.cut.above) > 1}
        missing -= {"badly signed" for one in lines if one.entry and one.entry.sign and not one.sound}
        missing -= {"fork of a fork" for one in lines if one.place.left and "~" in one.place.left[0]}
        missing -= {"skip first" for one in lines if one.place.left and not one.entry}
        if not missing:
            break
    assert not missing


def test_the_roster_is_members_terminals_and_the_program() -> None:
    assert sorted(roster_kinds()) == ["member", "program", "terminal"]


def test_a_terminals_post_is_no_news_to_who_decides_about_the_terminal() -> None:
    floor = start()
    loss = floor.write("LYN1", "member.roles", "olga", "otto", revoke=["identity"], reason="r")
    confirmed = floor.write("LYN1", "entry.confirm", "olga", "olga", of=loss)
    floor.sync("LYN1")
    floor.pull("LYN2")
    floor.do("LYN2", "terminal.post", "LYN2", places=["SUITE-1"])
    expel = floor.write("SPO1", "terminal.revoke", "LYN2", "olga", reason="r")
    floor.write("SPO1", "entry.confirm", "LYN2", "otto", of=expel)
    floor.push("SPO1")
    (instance,) = floor.act(expel).instances
    assert [(mark.kind, mark.by[0]) for mark in instance.marks] == [("uncounted", floor.act(confirmed).position)]


@pytest.mark.parametrize("of", ["a fact about the roster", "another record's decision"])
def test_what_is_no_proposal_of_the_roster_is_unknown_there(of: str) -> None:
    floor = start()
    if of == "a fact about the roster":
        named = floor.do("LYN1", "terminal.post", "LYN1", places=["SUITE-1"])
    else:
        hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
        named = floor.do("LYN1", "hold.lift", hold, "anna", reason="x")
    spoken = floor.do("LYN1", "entry.confirm", "LYN1", "anna", of=named)
    assert (floor.verdict(spoken), floor.act(spoken).refused) == ("void", "CONF-1")


def test_a_fact_of_a_later_version_concerns_the_roster() -> None:
    floor = start()
    floor.write("LYN1", "terminal.post", "LYN1", places=["SUITE-1"])
    floor.write("LYN1", "terminal.post", "LYN1", mood="good")
    floor.write("LYN1", "hold.sing", "HLD-LYN1-1")
    assert [concerns_roster(entry) for _, entry in floor.terminal("LYN1").waiting] == [False, True, False]
