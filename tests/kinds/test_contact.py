"""Contacts: cards that count from a time on, numbers that never stand in the log, and two changes at once."""

from typing import Any

import pytest

from shared.kinds.contact import field_key, in_force
from shared.log.clock import parse_at
from tests.fold.floor import Floor, founded
from tests.kinds.book import LONG_AGO, callees, contact, cover, digest, names

NEW_YEAR = "2027-01-01T00:00:00.000+01:00"
CHANGE: dict[str, Any] = {"name": "Ida", "expertise": ["bioreactor"], "reason": "new telephone"}


@pytest.fixture
def floor() -> Floor:
    return founded()


def test_two_changes_of_one_start_are_contested_until_somebody_settles_them(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    floor.pull()
    start = "2026-09-25T00:00:00.000+02:00"
    floor.write("LYN1", "contact.change", ida, "anna", numbers=digest("1"), start=start, **CHANGE)
    floor.write("SPO1", "contact.change", ida, "quin", numbers=digest("2"), start=start, **CHANGE)
    floor.sync()
    assert floor.show(ida).flags == ["contested"]
    (found,) = callees(floor, "bioreactor")
    assert set(found.numbers) == {digest("1"), digest("2")}
    floor.do("LYN1", "contact.change", ida, "anna", numbers=digest("2"), start=start, **CHANGE)
    assert floor.show(ida).flags == []
    (found,) = callees(floor, "bioreactor")
    assert found.numbers == (digest("2"),)


def test_a_change_entered_ahead_does_not_end_the_present_card(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor", numbers=digest("old"))
    floor.do("LYN1", "contact.change", ida, "anna", numbers=digest("new"), start=NEW_YEAR, **CHANGE)
    assert floor.show(ida).flags == []
    assert [one.numbers for one in callees(floor, "bioreactor")] == [(digest("old"),)]
    assert [one.numbers for one in callees(floor, "bioreactor", at=NEW_YEAR)] == [(digest("new"),)]


def test_somebody_whose_first_card_is_still_to_come_is_not_called(floor: Floor) -> None:
    jon = contact(floor, "Jon", "cdmo", "bioreactor", start=NEW_YEAR)
    assert in_force(floor.see(jon), parse_at(NEW_YEAR) - 1) is None
    assert callees(floor, "bioreactor")[0].contact == ""
    assert names(callees(floor, "bioreactor", at=NEW_YEAR)) == ["Jon"]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("numbers", "+33 4 78 00 00 00", "CON-2"),
        ("numbers", "sha256:", "CON-2"),
        ("name", "", "CON-5"),
        ("company", " ", "CON-6"),
        ("person", "quin", "CON-1"),
        ("person", "PROGRAM", "CON-1"),
        ("zone", "../../etc/passwd", "ZONE-1"),
        ("start", "tomorrow", "TIME-1"),
    ],
)
def test_what_a_card_cannot_hold_is_refused(floor: Floor, field: str, value: str, rule: str) -> None:
    fields: dict[str, Any] = {"name": "Ida", "company": "cdmo", "numbers": digest("1"), "start": LONG_AGO}
    done = floor.do("LYN1", "contact.set", by="anna", **{**fields, field: value})
    assert (floor.verdict(done), floor.act(done).refused) == ("void", rule)


@pytest.mark.requirement("A11-07")
def test_changing_and_retiring_need_a_reason(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    cards = {**CHANGE, "numbers": digest("1"), "start": NEW_YEAR, "reason": " "}
    change = floor.do("LYN1", "contact.change", ida, "anna", **cards)
    retire = floor.do("LYN1", "contact.retire", ida, "anna", reason="")
    assert [floor.act(one).refused for one in (change, retire)] == ["REASON-1", "REASON-1"]
    silent = floor.do("LYN1", "contact.retire", ida, "anna")
    assert floor.act(silent).refused == "FORM-3"


@pytest.mark.requirement("P11-07")
def test_only_who_keeps_the_call_tree_changes_it(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    done = floor.do("LYN1", "contact.retire", ida, "omar", reason="left")
    assert floor.act(done).refused == "WHO-3"


def test_a_retired_contact_is_called_no_more_and_covers_nothing(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    contact(floor, "Jon", "cdmo", "bioreactor")
    cover(floor, ida, "cdmo", "bioreactor")
    floor.do("LYN1", "contact.retire", ida, "anna", reason="left the company")
    assert names(callees(floor, "bioreactor")) == ["Jon"]
    again = floor.do("LYN1", "contact.change", ida, "anna", numbers=digest("1"), start=NEW_YEAR, **CHANGE)
    assert floor.act(again).refused == "CON-3"
    late = floor.do("LYN1", "cover.set", by="anna", contact=ida, company="cdmo", tier=1, start=LONG_AGO)
    assert floor.act(late).refused == "COV-1"


def test_expertise_is_compared_without_capitals_and_extra_spaces(floor: Floor) -> None:
    assert field_key("  Cell  Culture ") == "cell culture"
    contact(floor, "Ida", "cdmo", "Cell  culture")
    assert [one.why for one in callees(floor, "cell Culture")] == [
        'nobody covers "cell culture" now: knows it, not on duty'
    ]
