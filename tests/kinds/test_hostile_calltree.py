"""Whatever a hostile terminal writes into places, contacts, covers, calls and acknowledgements, all still works."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.fold.shown import row
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.calltree import whom_to_call
from shared.kinds.notice import acknowledged
from shared.kinds.whereabouts import card_of, expertise_of
from tests.fold.floor import Floor, founded
from tests.kinds.book import LONG_AGO, contact, cover, digest

BASE = founded()
IDA = contact(BASE, "Ida", "cdmo", "bioreactor")
TURN = cover(BASE, IDA, "cdmo", "bioreactor", between="19:00-07:00", zone="Europe/Paris")
TANK = BASE.record(BASE.do("LYN1", "place.add", by="anna", code="BR-201", name="Tank", sort="equipment", site="LYN"))
HOLD = BASE.record(BASE.do("LYN1", "hold.stop", on="BR-201"))

ODD = ("PROGRAM", "LYN1", "anna", "CON-LYN1-0", "PLC-SPO1-7", "HLD--", "DEV-LYN1-999", "Nobody")
RECORDS = (IDA, TURN, TANK, HOLD, *ODD)
GOOD: dict[str, dict[str, Any]] = {
    "contact.set": {"name": "x", "company": "cdmo", "numbers": digest("1"), "start": LONG_AGO},
    "contact.change": {"name": "x", "numbers": digest("1"), "start": LONG_AGO, "reason": "x"},
    "contact.retire": {"reason": "x"},
    "cover.set": {"contact": IDA, "company": "cdmo", "tier": 1, "start": LONG_AGO},
    "cover.end": {"reason": "x"},
    "place.add": {"code": "x", "name": "x", "sort": "suite", "site": "x"},
    "place.change": {"reason": "x", "parent": TANK},
    "place.card": {"reason": "x", "steps": ["a", "b", "c"]},
    "call.log": {"contact": IDA, "outcome": "answered", "name": "x"},
    "notice.acknowledge": {},
}
OWN = {"contact.change": IDA, "contact.retire": IDA, "cover.end": TURN, "place.change": TANK, "place.card": TANK}
FIELDS = ("name", "company", "numbers", "start", "until", "person", "expertise", "zone", "languages", "contact", "tier")
MORE = ("days", "between", "code", "parent", "steps", "state", "outcome", "claimed", "through", "happened", "reason")
WORDS = st.one_of(
    st.sampled_from([*RECORDS, "", "Europe/Paris", "Europe", "25:00-99:99", "19:00-07:00", LONG_AGO, "bioreactor"]),
    st.text("aZ09é /\n:-_🐟", max_size=12),
)
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(-(2**53) + 1, 2**53 - 1), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "from", "at"]), inner)),
    max_leaves=5,
)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(sorted(GOOD)),
        st.sampled_from(["own", "own", "own", HOLD, *RECORDS]),
        st.sampled_from(["", "anna", "anna", "quin", "omar", "nobody"]),
        st.dictionaries(st.sampled_from((*FIELDS, *MORE, "unheard")), st.one_of(WORDS, WORDS, VALUES), max_size=3),
    ),
    max_size=6,
)


def start() -> Floor:
    floor = Floor()
    floor.program, floor.now, floor.unit, floor.log = BASE.program, BASE.now, Unit(BASE.unit), list(BASE.log)
    for code, terminal in BASE.terminals.items():
        copy = floor.terminal(code)
        copy.size, copy.n = len(floor.log), terminal.n
    return floor


@given(ENTRIES)
def test_no_field_value_breaks_the_fold_the_lists_or_the_call_tree(
    entries: list[tuple[str, str, str, dict[str, Any]]],
) -> None:
    floor = start()
    for do, record, by, fields in entries:
        done = floor.do("LYN1", do, OWN.get(do, "") if record == "own" else record, by, **GOOD[do] | fields)
        assert floor.verdict(done) in {"stands", "void", "newer", "overtaken"}
    for record in floor.unit.records:
        row(floor.unit, record)
    view = View(floor.unit, None, floor.now, HOLD)
    for expertise in ("bioreactor", "", "x"):
        for now in (0, floor.now, 1 << 62):
            assert whom_to_call(view, now, expertise, view.here.calls)
    for record in (HOLD, "LYN1"):
        assert all(acknowledged(view, view.get(record)))
    for record in RECORDS:
        card_of(view, view.get(record))
        expertise_of(view, view.get(record))
