"""The terminal's clock, injected wherever a time is written: no test waits, and no rule asks the machine itself."""

import time
from collections.abc import Callable
from typing import NamedTuple

from shared.log.clock import format_at

_MINUTE_S = 60


class Clock(NamedTuple):
    """What tells the time: `now` in ms since 1970 UTC, `offset` from UTC at such a time in minutes, east positive."""

    now: Callable[[], int]
    offset: Callable[[int], int]

    def at(self, ms: int) -> str:
        """Write a time as entries do, in the terminal's zone."""
        return format_at(ms, self.offset(ms))


def now_ms() -> int:
    """Ask the machine for the time in ms since 1970 UTC."""
    return time.time_ns() // 1_000_000


def local_offset(ms: int) -> int:
    """Ask the machine for its zone's offset at a time."""
    return time.localtime(ms // 1000).tm_gmtoff // _MINUTE_S


def system(zone: str = "") -> Clock:
    """The machine's clock.

    Args:
        zone: the terminal's zone by its IANA name; the machine's own if empty.

    Raises:
        ValueError: for a zone that is not known here.
    """
    if not zone:
        return Clock(now_ms, local_offset)
    from datetime import UTC, datetime  # noqa: PLC0415 - only a terminal with a zone of its own pays for the tables
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - as above

    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"the zone {zone!r} is not known; use a name like Europe/Zurich") from None

    def offset(ms: int) -> int:
        moment = datetime.fromtimestamp(ms / 1000, UTC).astimezone(info).utcoffset()
        return 0 if moment is None else int(moment.total_seconds()) // _MINUTE_S

    return Clock(now_ms, offset)
