"""Cover: hours over midnight and over clock changes, dates, tiers, and ends."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kinds.cover import Day
from shared.kinds.hours import DAYS, Duty, duty, is_zone, window
from shared.log.clock import parse_at
from tests.fold.floor import Floor, founded
from tests.kinds.book import LONG_AGO, callees, contact, cover

PARIS = "Europe/Paris"
NIGHT = "19:00-07:00"


@pytest.fixture
def floor() -> Floor:
    return founded()


def on(days: list[str], between: str, at: str, zone: str = PARIS) -> Duty:
    return duty(days, between, zone, parse_at(at))


@pytest.mark.requirement("EU-03")
def test_cover_over_midnight_belongs_to_the_day_on_which_it_begins(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    cover(floor, ida, "cdmo", "bioreactor", days=["Sat"], between=NIGHT, zone=PARIS)
    for at, tier in (
        ("2026-11-21T18:59:59.999+01:00", 0),
        ("2026-11-21T19:00:00.000+01:00", 1),
        ("2026-11-22T06:59:59.999+01:00", 1),
        ("2026-11-22T07:00:00.000+01:00", 0),
        ("2026-11-22T19:00:00.000+01:00", 0),
    ):
        assert [one.tier for one in callees(floor, "bioreactor", at=at)] == [tier], at
    (found,) = callees(floor, "bioreactor", at="2026-11-22T03:10:00.000+01:00")
    assert found.until == parse_at("2026-11-22T07:00:00.000+01:00")


def test_a_night_lasts_eleven_hours_in_spring_and_thirteen_in_autumn(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    cover(floor, ida, "cdmo", "bioreactor", between=NIGHT, zone=PARIS)
    spring, autumn = "2027-03-27T19:00:00.000+01:00", "2026-10-24T19:00:00.000+02:00"
    for begin, hours in ((spring, 11), (autumn, 13), ("2026-11-21T19:00:00.000+01:00", 12)):
        (found,) = callees(floor, "bioreactor", at=begin)
        assert found.until == parse_at(begin) + hours * 3_600_000
    assert [one.tier for one in callees(floor, "bioreactor", at="2026-10-25T06:30:00.000+01:00")] == [1]
    assert [one.tier for one in callees(floor, "bioreactor", at="2026-10-25T07:30:00.000+02:00")] == [1]  # 06:30 there
    assert [one.tier for one in callees(floor, "bioreactor", at="2026-10-25T07:00:00.000+01:00")] == [0]


def test_windows_that_meet_inside_a_clock_change_leave_no_hole() -> None:
    for day in ("2027-03-28", "2026-10-25"):
        for minute in range(0, 6 * 60, 5):
            now = parse_at(f"{day}T00:00:00.000+02:00") + minute * 60_000
            first, second = (duty([], hours, PARIS, now).on for hours in ("22:00-02:30", "02:30-22:00"))
            assert first != second, (day, minute)


def test_until_runs_on_where_days_follow_each_other() -> None:
    monday = parse_at("2026-11-23T00:00:00.000+01:00")
    assert on(["Sat", "Sun"], "", "2026-11-21T12:00:00.000+01:00").until == monday
    assert on(["Sat", "Sun"], "07:00-07:00", "2026-11-21T12:00:00.000+01:00").until == monday + 7 * 3_600_000
    assert on([], "", "2026-11-21T12:00:00.000+01:00") == Duty(on=True)
    assert on(list(DAYS), "", "2026-11-21T12:00:00.000+01:00") == Duty(on=True)
    assert on([], "08:00-24:00", "2026-11-22T23:59:00.000+01:00").until == monday


def test_dates_bound_the_hours(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    start, until = "2026-11-21T20:00:00.000+01:00", "2026-11-22T05:00:00.000+01:00"
    cover(floor, ida, "cdmo", "bioreactor", between=NIGHT, zone=PARIS, start=start, until=until)
    tiers = [callees(floor, "bioreactor", at=at)[0].tier for at in ("2026-11-21T19:30:00.000+01:00", start, until)]
    assert tiers == [0, 1, 0]
    assert callees(floor, "bioreactor", at=start)[0].until == parse_at(until)


def test_a_zone_that_this_machine_does_not_know_counts_as_on_duty_and_says_so(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    cover(floor, ida, "cdmo", "bioreactor", between=NIGHT, zone="Europe/Atlantis")
    (found,) = callees(floor, "bioreactor", at="2026-11-22T12:00:00.000+01:00")
    assert found.tier == 1
    assert "not certain" in found.why


def test_an_ended_cover_covers_no_more(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    turn = cover(floor, ida, "cdmo", "bioreactor")
    assert callees(floor, "bioreactor")[0].tier == 1
    floor.do("LYN1", "cover.end", turn, "anna", reason="swapped with Jon")
    assert callees(floor, "bioreactor")[0].tier == 0
    assert floor.show(turn).columns["state"] == "ended"
    again = floor.do("LYN1", "cover.end", turn, "anna", reason="once more")
    assert floor.act(again).refused == "COV-5"


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("contact", "CON-LYN1-9999", "COV-1"),
        ("contact", "HLD-LYN1-1", "COV-1"),
        ("company", "sponsor", "COV-1"),
        ("tier", 4, "COV-2"),
        ("between", "7-19", "COV-3"),
        ("zone", "", "COV-3"),
        ("start", "now", "TIME-1"),
        ("until", LONG_AGO, "COV-4"),
        ("days", ["Caturday"], "FORM-3"),
    ],
)
def test_what_a_cover_cannot_be_is_refused(floor: Floor, field: str, value: object, rule: str) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    fields: dict[str, Any] = {"contact": ida, "company": "cdmo", "tier": 1, "between": NIGHT, "zone": PARIS}
    done = floor.do("LYN1", "cover.set", by="anna", **{**fields, "start": LONG_AGO, field: value})
    assert (floor.verdict(done), floor.act(done).refused) == ("void", rule)


def test_days_are_the_same_words_for_fields_and_clocks() -> None:
    assert get_args(Day) == DAYS


@given(st.text(max_size=12))
def test_hours_have_one_form(text: str) -> None:
    found = window(text)
    assert found is None or (0 <= found[0] < 24 * 60 and found[0] < found[1] <= found[0] + 24 * 60)


@pytest.mark.parametrize(
    "text", ["7:00-19:00", "19:00-07:60", "24:00-07:00", "19:00-24:01", "19.00-07.00", "١٩:00-07:00"]
)
def test_other_forms_of_hours_are_none(text: str) -> None:
    assert window(text) is None


@given(
    st.lists(st.sampled_from([*DAYS, "x"])),
    st.sampled_from(["", NIGHT, "07:00-07:00", "00:00-24:00", "x"]),
    st.one_of(
        st.text(), st.sampled_from([PARIS, "UTC", "Europe", "tzdata.zi", "zone.tab", "Pacific/Apia", "localtime"])
    ),
    st.one_of(st.integers(), st.integers(0, 300_000_000_000_000)),
)
def test_duty_is_total_and_ends_later(days: list[str], between: str, zone: str, now: int) -> None:
    found = duty(days, between, zone, now)
    assert found.until is None or (found.on and found.until > now)
    if found.until is not None:
        assert not duty(days, between, zone, found.until).on
    assert found.on or is_zone(zone)
