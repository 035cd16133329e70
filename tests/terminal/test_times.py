"""Times as people type them."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
