"""The claimed time of an entry: always milliseconds, always the offset from UTC, one spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
# Every digit as a zero, so that a text in the one spelling has one of two shapes.
_DIGITS: Final = str.maketrans("123456789", "000000000")
_SHAPES: Final = ("0000-00-00T00:00:00.000+00:00", "0000-00-00T00:00:00.000-00:00")


def _read(text: str) -> datetime | None:
    """Read a time in the one spelling, or give None.

    ``datetime.fromisoformat`` takes many spellings, and in Python 3.11 some that are none, so the shape is judged
    first. Of that shape it still takes a midnight written as 24:00 (Python 3.14 and later), and an offset of minus
    nothing or of 60 minutes and more behind the colon.
    """
    if text.translate(_DIGITS) not in _SHAPES:
        return None
    if text[11:13] == "24" or text[27] > "5" or text.endswith("-00:00"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def is_at(text: str) -> bool:
    """Tell whether a text is a time as entries write it.

    Args:
        text: The text.

    Returns:
        True if ``parse_at`` accepts it.
    """
    return _read(text) is not None


def parse_at(text: str) -> int:
    """Read the time of an entry.

    Args:
        text: ``YYYY-MM-DDThh:mm:ss.sss+hh:mm``: 29 characters, always milliseconds, always an offset, never ``Z``.

    Returns:
        Milliseconds since 1970-01-01 UTC, without leap seconds; before that negative.

    Raises:
        ValueError: The text is anything else, or no time of the calendar.
    """
    moment = _read(text)
    if moment is None:
        raise ValueError("A time must have milliseconds and an offset, as 2026-11-22T07:38:09.120+01:00.")
    return (moment - _EPOCH) // _MILLISECOND


def format_at(ms: int, offset_minutes: int) -> str:
    """Write a time as entries do.

    Args:
        ms: Milliseconds since 1970-01-01 UTC.
        offset_minutes: The terminal's offset from UTC at that time, in minutes; east is positive.

    Returns:
        The text that ``parse_at`` reads back to the same milliseconds.

    Raises:
        ValueError: An offset of a day or more, or a year outside 1 to 9999.
    """
    try:
        moment = (_EPOCH + ms * _MILLISECOND).astimezone(timezone(timedelta(minutes=offset_minutes)))
    except OverflowError as error:
        raise ValueError("The time lies outside the years 1 to 9999.") from error
    return moment.isoformat(timespec="milliseconds")
