"""The one spelling of a claimed time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.log.clock import format_at, is_at, parse_at

YEAR_1 = -62_135_596_800_000
YEAR_9999 = 253_402_300_799_999


@given(st.integers(YEAR_1 + 86_400_000, YEAR_9999 - 86_400_000), st.integers(-1439, 1439))
def test_reads_back(ms: int, offset: int) -> None:
    text = format_at(ms, offset)
    assert len(text) == 29
    assert parse_at(text) == ms


def test_known_time() -> None:
    assert parse_at("2026-11-22T07:38:09.120+01:00") == 1795329489120
    assert format_at(1795329489120, 60) == "2026-11-22T07:38:09.120+01:00"
    assert format_at(0, 0) == "1970-01-01T00:00:00.000+00:00"
    assert format_at(-1, -210) == "1969-12-31T20:29:59.999-03:30"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22T07:38:09.120Z",
        "2026-11-22T07:38:09.120",
        "2026-11-22T07:38:09+01:00",
        "2026-11-22T07:38:09.12+01:00",
        "2026-11-22T07:38:09.1200+01:00",
        "2026-11-22 07:38:09.120+01:00",
        "2026-11-22t07:38:09.120+01:00",
        "2026-11-22T07:38:09,120+01:00",
        "2026-W47-7T07:38:09.120+01:00",
        "2026-11-22T24:00:00.000+01:00",
        "2026-11-22T07:38:60.120+01:00",
        "2026-02-29T07:38:09.120+01:00",
        "2026-11-22T07:38:09.120-00:00",
        "2026-11-22T07:38:09.120+24:00",
        "2026-11-22T07:38:09.120+01:60",
        "2026-11-22T07:38:09.12001:00+",
        "2026-11-22T07:38:09.120001:0Z",  # Python 3.11 reads this as UTC
        "2026-11-22T07:38:09.120+0100 ",
        "2026-11-22T07:38:09.120 01:00",
        "0000-11-22T07:38:09.120+01:00",
        "-026-11-22T07:38:09.120+01:00",
        "2026-11-22T07:38:09.120+01:00\n",
        "\u0662026-11-22T07:38:09.120+01:00",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    assert not is_at(text)
    with pytest.raises(ValueError, match="milliseconds"):
        parse_at(text)


@settings(max_examples=1000)
@given(
    st.lists(st.integers(0, 28), max_size=3),
    st.text(st.sampled_from("0123456789-+:.,TWZ \u0660"), min_size=3, max_size=3),
)
def test_whatever_is_read_is_written_the_same(places: list[int], characters: str) -> None:
    text = "2026-11-22T07:38:09.120+01:00"
    for at, character in zip(places, characters, strict=False):
        text = text[:at] + character + text[at + 1 :]
    if is_at(text):
        assert datetime.fromisoformat(text).isoformat(timespec="milliseconds") == text
        assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=parse_at(text)) == datetime.fromisoformat(text)


@pytest.mark.parametrize(("ms", "offset"), [(0, 1440), (0, -1440), (10**18, 0), (YEAR_9999, 60), (YEAR_1, -60)])
def test_times_that_cannot_be_written_are_refused(ms: int, offset: int) -> None:
    with pytest.raises(ValueError, match=r"\."):
        format_at(ms, offset)
