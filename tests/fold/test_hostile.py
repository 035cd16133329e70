"""What a hostile terminal writes folds without harm: everything has a verdict, nothing illegal takes effect."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.actions.action import ACTIONS
from shared.fold.fold import fold
from shared.fold.shown import row
from shared.fold.unit import Unit
from shared.log.canonical import b64, encode
from shared.log.entry import Entry, Sign
from shared.trust.keys import fingerprint, public_of
from tests.fold.floor import Floor, founded, seed
from tests.fold.histories import BASE, start


def altered(floor: Floor, id_: str, **changes: object) -> None:
    """Change the entry that waits on LYN1 under this id."""
    waiting = floor.terminals["LYN1"].waiting
    index = next(i for i, (one, _) in enumerate(waiting) if one == id_)
    waiting[index] = (id_, msgspec.structs.replace(waiting[index][1], **changes))


@pytest.mark.requirement("P11-15")
def test_another_persons_key_does_not_sign() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.write("LYN1", "hold.lift", hold, "anna", reason="x")
    altered(floor, lift, sign=Sign(key=fingerprint(public_of(seed("omar"))), meaning="lifted", sheet=b64(bytes(32))))
    floor.push("LYN1")
    assert floor.act(lift).refused == "SIGN-1"


@pytest.mark.requirement("P11-13")
def test_a_signature_of_another_meaning_is_void() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.write("LYN1", "hold.lift", hold, "anna", reason="x")
    altered(floor, lift, sign=Sign(key=fingerprint(public_of(seed("anna"))), meaning="witnessed", sheet=b64(bytes(32))))
    floor.push("LYN1")
    assert floor.act(lift).refused == "SIGN-3"


def test_an_unsound_signature_is_void_for_facts_too() -> None:
    floor = founded()
    id_ = floor.write("LYN1", "hold.stop", "", "sven", on="BAT-LYN1-9")
    entry = floor.terminals["LYN1"].waiting[-1][1]
    act = fold(floor.unit, len(floor.log), id_, entry, floor.now, sound=False)
    assert (act.verdict, act.refused) == ("void", "SIGN-2")
    assert row(floor.unit, entry.record) is None


@pytest.mark.requirement("P11-08", "P11-25")
def test_a_revoked_terminals_decision_is_void_and_its_facts_are_flagged() -> None:
    floor = founded()
    revoke = floor.do("LYN1", "terminal.revoke", "LYN2", "olga", reason="stolen")
    floor.do("LYN1", "entry.confirm", "LYN2", "otto", of=revoke)
    floor.pull()
    rekey = floor.do("LYN2", "terminal.key", "LYN2", public="x", proof="y")
    assert floor.act(rekey).refused == "WHO-5"
    stop = floor.do("LYN2", "hold.stop", on="BAT-LYN1-9")
    assert (floor.verdict(stop), floor.act(stop).refused) == ("stands", "WHO-5")
    assert floor.show(f"DEV-LYN2-{floor.act(stop).n}").flags == ["derived"]


def test_a_signature_long_after_the_last_contact_is_void() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    floor.now += 25 * 3_600_000
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="x")
    assert floor.act(lift).refused == "SIGN-4"


@pytest.mark.parametrize("record", ["HLD-LYN2-1", "DEV-LYN1-38", "HLD-LYN1-0038", "PROGRAM", "HLD-LYN1-38/1", ""])
def test_a_record_id_that_is_not_the_entrys_own_counts_for_nothing(record: str) -> None:
    floor = founded()
    id_ = floor.write("LYN1", "hold.stop", on="BAT-LYN1-9")
    altered(floor, id_, record=record)
    floor.push("LYN1")
    assert (floor.verdict(id_), floor.act(id_).refused) == ("void", "FORM-1")


TEXTS = st.sampled_from(["", "a", "anna", "HLD-LYN1-1", "\n", "[@click=x]", "x" * 900])
KEYS = st.sampled_from(["a", "id", "company", "text"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
TIMES = ("2026-11-22T07:38:09.120+01:00", "1970-01-01T00:00:00.000+00:00")


@st.composite
def hostile_actions(draw: st.DrawFn) -> bytes:
    """The bytes of an action that may be anything: known or not, its fields right, wrong, missing or too many."""
    name = draw(st.sampled_from([*ACTIONS, "deviation.sing", "", "entry"]))
    fields = [field.name for field in ACTIONS[name].fields] if name in ACTIONS else []
    chosen = draw(st.lists(st.sampled_from([*fields, "extra"]), unique=True, max_size=len(fields) + 1))
    good = {"detected": TIMES[0], "of": BASE.log[0][0], "criticality": "minor"}
    return encode(
        {
            "do": name,
            **{field: draw(st.just(good[field]) | VALUES) if field in good else draw(VALUES) for field in chosen},
        },
        text=False,
    )


@settings(max_examples=300)
@given(st.lists(st.tuples(hostile_actions(), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_every_entry_folds(actions: list[tuple[bytes, int]]) -> None:
    floor = start()
    unit = Unit(floor.unit)
    size, n = len(floor.log), floor.terminals["LYN1"].n
    for index, (action, choice) in enumerate(actions):
        rng = random.Random(choice)
        by = rng.choice(["@LYN1", "anna", "olga", "nobody", "@LYN2", "@", ""])
        meaning = rng.choice(["rated", "recorded", "confirmed"]) if rng.random() < 0.7 else ""
        number = n + 1 + index
        own = [f"HLD-LYN1-{number}", f"DEV-LYN1-{number}"]
        entry = Entry(
            action=msgspec.Raw(action),
            app="x",
            at=rng.choice(TIMES),
            by=by,
            n=number,
            program=floor.program,
            record=rng.choice([*own, "PROGRAM", "anna", "LYN1", "DEV-LYN1-3", "XXX-1", "-"]),
            salt=b64(bytes(16)),
            seen=(rng.choice([0, size, 10**9]), rng.choice([0, n, 10**9])),
            terminal="LYN1",
            heads=rng.choice([{}, {"LYN2": 1}, {"LYN9": 4}]),
            sign=Sign(key=fingerprint(public_of(seed("anna"))), meaning=meaning, sheet="") if meaning else None,
        )
        act = fold(unit, size + index, f"hostile{index}", entry, floor.now + index)
        assert act.verdict in {"stands", "void", "waiting", "newer"}
    for record in unit.records:
        row(unit, record)
