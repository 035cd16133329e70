"""Times as people type them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.action import ACTIONS
from shared.actions.field import FieldSpec
from shared.terminal.clock import system
from shared.terminal.refusal import Refused
from shared.terminal.times import moment
from tests.terminal.firm import Firm

PARIS: Final = system("Europe/Paris")
NIGHT: Final = int(datetime(2026, 11, 28, 2, 0, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("06:30", "2026-11-28T06:30:00.000+01:00"),
        ("6:30", "2026-11-28T06:30:00.000+01:00"),
        ("23:50", "2026-11-27T23:50:00.000+01:00"),
        ("29 06:30", "2026-11-29T06:30:00.000+01:00"),
        ("31 10:00", "2026-10-31T10:00:00.000+01:00"),
        ("2026-07-22 06:30", "2026-07-22T06:30:00.000+02:00"),
        ("2026-11-22T06:30:05", "2026-11-22T06:30:05.000+01:00"),
        ("2026-11-22T06:30Z", "2026-11-22T07:30:00.000+01:00"),
    ],
)
def test_it_is_the_nearest_one(text: str, said: str) -> None:
    found = moment(text, PARIS, NIGHT)
    assert found is not None
    assert PARIS.at(found) == said


@pytest.mark.parametrize("text", ["", "soon", "25:00", "12:60", "2026-02-30 10:00", "32 10:00", "10", "9999999 10:00"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text, PARIS, NIGHT) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    moment(text, PARIS, NIGHT)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(NIGHT - 10**11, NIGHT + 10**11))
def test_it_is_never_more_than_half_a_day_away(hour: int, minute: int, now: int) -> None:
    found = moment(f"{hour:02}:{minute:02}", PARIS, now)
    assert found is not None
    assert PARIS.at(found)[11:16] == f"{hour:02}:{minute:02}" or PARIS.offset(found) != PARIS.offset(now)
    assert abs(found - now) <= 13 * 3_600_000


def test_an_action_takes_them(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken", occurred="06:30").record
    row = firm.desks["LYN1"].store.lists.trail(record)[-1]
    assert b"06:30:00.000+01:00" in row.data
    with pytest.raises(Refused) as caught:
        firm.do("LYN1", "deviation.raise", title="vial broken", occurred="this morning")
    assert (caught.value.rule, caught.value.field) == ("FORM-9", "occurred")


EVENING: Final = int(datetime(2026, 11, 28, 17, 4, tzinfo=UTC).timestamp() * 1000)
MINUTE: Final = 60_000
DAY: Final = 86_400_000
SHIFTS: Final = [
    int(datetime(2026, 3, 29, 1, 0, tzinfo=UTC).timestamp() * 1000),
    int(datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp() * 1000),
    EVENING,
]
"""When the clocks of Paris go forward, when back, and a day on which they stay."""
hours = st.integers(0, 23)
minutes = st.integers(0, 59)
around = st.builds(lambda shift, by: shift + by, st.sampled_from(SHIFTS), st.integers(-2 * DAY, 2 * DAY))


def shows(at: int, text: str) -> bool:
    return PARIS.at(at)[11:16] == text


def left_out(at: int) -> bool:
    """Whether the clock on the wall skips an hour within two days."""
    return any(PARIS.offset(at + by) < PARIS.offset(at + by + 30 * MINUTE) for by in range(-2 * DAY, 2 * DAY, MINUTE))


@pytest.mark.parametrize(
    ("text", "when", "said"),
    [
        ("10:00", "coming", "2026-11-29T10:00:00.000+01:00"),
        ("10:00", "past", "2026-11-28T10:00:00.000+01:00"),
        ("10:00", "", "2026-11-28T10:00:00.000+01:00"),
        ("23:50", "past", "2026-11-27T23:50:00.000+01:00"),
        ("23:50", "coming", "2026-11-28T23:50:00.000+01:00"),
        ("18:08", "past", "2026-11-28T18:08:00.000+01:00"),
        ("18:10", "past", "2026-11-27T18:10:00.000+01:00"),
        ("18:04", "coming", "2026-11-28T18:04:00.000+01:00"),
        ("18:03", "coming", "2026-11-29T18:03:00.000+01:00"),
        ("25 06:30", "coming", "2026-12-25T06:30:00.000+01:00"),
        ("25 06:30", "past", "2026-11-25T06:30:00.000+01:00"),
        ("29 06:30", "past", "2026-10-29T06:30:00.000+01:00"),
        ("31 06:30", "coming", "2026-12-31T06:30:00.000+01:00"),
        ("2026-11-25 06:30", "coming", "2026-11-25T06:30:00.000+01:00"),
        ("2026-12-25 06:30", "past", "2026-12-25T06:30:00.000+01:00"),
        ("2026-11-29T06:30Z", "past", "2026-11-29T07:30:00.000+01:00"),
    ],
)
def test_a_short_time_is_on_its_side_of_now_and_a_whole_one_stays(text: str, when: str, said: str) -> None:
    found = moment(text, PARIS, EVENING, when)
    assert found is not None
    assert PARIS.at(found) == said


@pytest.mark.parametrize(
    ("now", "text", "when", "said"),
    [  # in the night of 25 October 02:00 to 03:00 comes twice
        ("2026-10-25T00:45Z", "02:30", "past", "2026-10-25T02:30:00.000+02:00"),
        ("2026-10-25T00:45Z", "02:30", "coming", "2026-10-25T02:30:00.000+01:00"),
        ("2026-10-25T01:45Z", "02:30", "past", "2026-10-25T02:30:00.000+01:00"),
        ("2026-10-25T01:15Z", "02:30", "past", "2026-10-25T02:30:00.000+02:00"),
        ("2026-10-25T01:15Z", "02:30", "", "2026-10-25T02:30:00.000+01:00"),
        ("2026-10-24T20:00Z", "2026-10-25 02:30", "", "2026-10-25T02:30:00.000+02:00"),
        ("2026-03-28T20:00Z", "2026-03-29 02:30", "", "2026-03-29T03:30:00.000+02:00"),
        ("2026-03-28T20:00Z", "02:30", "coming", "2026-03-29T03:30:00.000+02:00"),
    ],
)
def test_the_nights_in_which_clocks_change(now: str, text: str, when: str, said: str) -> None:
    at = int(datetime.fromisoformat(now).timestamp() * 1000)
    found = moment(text, PARIS, at, when)
    assert found is not None
    assert PARIS.at(found) == said


@given(hours, minutes, around)
def test_of_the_past_it_is_the_latest_before_now(hour: int, minute: int, now: int) -> None:
    text = f"{hour:02}:{minute:02}"
    found = moment(text, PARIS, now, "past")
    assert found is not None
    assert now - 26 * 60 * MINUTE < found <= now + 5 * MINUTE or left_out(now)
    assert shows(found, text) or left_out(now)
    assert not any(shows(at, text) for at in range(found + MINUTE, now + 5 * MINUTE + 1, MINUTE))


@given(hours, minutes, around)
def test_of_what_is_to_come_it_is_the_next(hour: int, minute: int, now: int) -> None:
    text = f"{hour:02}:{minute:02}"
    found = moment(text, PARIS, now, "coming")
    assert found is not None
    assert now - MINUTE < found <= now + 26 * 60 * MINUTE or left_out(now)
    assert shows(found, text) or left_out(now)
    first = -(-(now - MINUTE + 1) // MINUTE) * MINUTE
    assert not any(shows(at, text) for at in range(first, found, MINUTE))


@given(st.integers(1, 31), hours, minutes, around, st.sampled_from(["past", "coming"]))
def test_a_day_of_the_month_is_on_its_side_too(day: int, hour: int, minute: int, now: int, when: str) -> None:
    found = moment(f"{day} {hour:02}:{minute:02}", PARIS, now, when)
    assert found is not None
    assert int(PARIS.at(found)[8:10]) == day
    assert found <= now + 5 * MINUTE if when == "past" else found > now - MINUTE
    assert abs(found - now) <= 63 * DAY


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), around, st.sampled_from(["", "past", "coming"]))  # noqa: DTZ001 - a wall clock
def test_a_whole_date_does_not_depend_on_now(wall: datetime, now: int, when: str) -> None:
    text = f"{wall:%Y-%m-%d %H:%M}"
    assert moment(text, PARIS, now, when) == moment(text, PARIS, NIGHT)


def raised(firm: Firm, **fields: str) -> Refused | None:
    try:
        firm.do("LYN1", "deviation.raise", title="vial broken", **fields)
    except Refused as error:
        return error
    return None


def test_what_happened_is_not_to_come(firm: Firm) -> None:
    def at(minutes: int) -> str:
        return firm.desks["LYN1"].clock.at(firm.hand.now + minutes * MINUTE)

    for field in ("detected", "occurred"):
        error = raised(firm, **{field: at(12)})
        assert error is not None
        assert (error.rule, error.field) == ("FORM-10", field)
        assert "still to come" in error.text
    assert raised(firm, detected=at(9)) is None, "a clock may be a little ahead"
    error = raised(firm, detected=at(-60), occurred=at(-59))
    assert error is not None
    assert (error.rule, error.field) == ("FORM-11", "occurred")
    error = raised(firm, occurred=at(8))
    assert error is not None, "detected is now if it is left out"
    assert (error.rule, error.field) == ("FORM-11", "occurred")
    hold = firm.do("LYN1", "hold.stop", on="FILL-2").record
    firm.hand.wait(60 * MINUTE)
    error = raised(firm, hold=hold, occurred=at(-30))
    assert error is not None, "detected is when the hold was raised if it is left out"
    assert (error.rule, error.field) == ("FORM-11", "occurred")
    assert raised(firm, hold=hold, occurred=at(-61)) is None
    assert raised(firm, detected=at(-60), occurred=at(-60)) is None
    firm.do("LYN1", "deviation.raise", title="early", detected="2026-01-01 10:00", occurred="2025-01-01 10:00")


def test_every_time_field_says_on_which_side_it_lies() -> None:
    """What a deadline or an event is must not be forgotten for a new field: those that may be either are named here."""
    either = {"start", "effective"}
    for spec in ACTIONS.values():
        for field in _times(spec.fields):
            assert field.when or field.name in either, f"{spec.name}: {field.name}"


def _times(fields: tuple[FieldSpec, ...]) -> Iterator[FieldSpec]:
    for field in fields:
        if field.time:
            yield field
        yield from _times(field.inner)
