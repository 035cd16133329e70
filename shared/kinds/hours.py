"""Hours of duty: days of the week and a time of the day, local to a zone, and whether they hold at an instant.

Windows may last over midnight; they belong to the day on which they begin. Where a clock change swallows or repeats a
boundary, the window begins or ends at the first instant that has that time or a later one, so that two windows which
meet on paper meet in fact. Zones are looked up here and never in a rule: zone files differ between machines, and
verdicts must not.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from string import ascii_letters, digits
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""The days of the week as fields write them, in the order of `date.weekday`."""
_DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST = 200_000_000_000_000
"""Instants up to here (the year 8307) have a local time in every zone, and so have the days around them."""
_ZONE = frozenset(ascii_letters + digits + "/_+-")
_FORM = len("19:00-07:00")


class Duty(NamedTuple):
    """Whether hours hold, and until when (ms since 1970 UTC; None: for as long as they are valid).

    `guessed` tells that they could not be worked out here (zone not known to this machine) and are taken to hold:
    better one call too many.
    """

    on: bool
    until: int | None = None
    guessed: bool = False


def is_zone(zone: str) -> bool:
    """Whether this has the form of a zone's name ("Europe/Paris"); whether there is one, each machine knows itself."""
    return 0 < len(zone) <= 64 and zone[0] in ascii_letters and set(zone) <= _ZONE  # noqa: PLR2004  the field's length


def window(between: str) -> tuple[int, int] | None:
    """Begin and end of "19:00-07:00" in minutes after the first day's midnight, the end later; None for another form.

    An end not after the begin lies on the next day; "07:00-07:00" is a whole day; the end may be 24:00.
    """
    if len(between) != _FORM or not between.isascii() or between[2] + between[5] + between[8] != ":-:":
        return None
    parts = (between[0:2], between[3:5], between[6:8], between[9:11])
    if not all(part.isdigit() for part in parts):
        return None
    hour, minute, end_hour, end_minute = map(int, parts)
    begin, end = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or begin >= _DAY or end > _DAY:  # noqa: PLR2004  minutes of an hour
        return None
    return begin, end if end > begin else end + _DAY


def duty(days: Collection[str], between: str, zone: str, now_ms: int) -> Duty:
    """Whether hours hold at an instant.

    Args:
        days: days on which the window begins, as in `DAYS`; empty for every day.
        between: "19:00-07:00" in local time, "" for the whole day.
        zone: the zone of that local time; not looked at where both others are empty.
        now_ms: the instant, ms since 1970 UTC.

    Returns:
        The answer; total, whatever the arguments.
    """
    if not days and not between:
        return Duty(on=True)
    hours = window(between) if between else (0, _DAY)
    local = _zone(zone)
    if hours is None or local is None or not 0 <= now_ms <= _LAST:
        return Duty(on=True, guessed=True)
    shift = _Shift(days, hours, local)
    today = (_EPOCH + now_ms * _MILLISECOND).astimezone(local).date()
    for begins in (today, today - timedelta(days=1)):
        start, end = shift.on(begins)
        if shift.has(begins) and start <= now_ms < end:
            return Duty(on=True, until=shift.run_on(begins, end))
    return Duty(on=False)


def next_begin(days: Collection[str], between: str, zone: str, now_ms: int) -> int | None:
    """When hours that do not hold at an instant begin next (ms since 1970 UTC); None where that cannot be known."""
    hours = window(between) if between else (0, _DAY)
    local = _zone(zone)
    if hours is None or local is None or not 0 <= now_ms <= _LAST:
        return None
    shift = _Shift(days, hours, local)
    today = (_EPOCH + now_ms * _MILLISECOND).astimezone(local).date()
    coming = (today + timedelta(days=after) for after in range(len(DAYS) + 1))
    return next((start for day in coming if shift.has(day) and (start := shift.on(day)[0]) > now_ms), None)


class _Shift(NamedTuple):
    days: Collection[str]
    hours: tuple[int, int]
    local: ZoneInfo

    def has(self, day: date) -> bool:
        return not self.days or DAYS[day.weekday()] in self.days

    def on(self, day: date) -> tuple[int, int]:
        """The instants between which the window of a day lies."""
        return self._instant(day, self.hours[0]), self._instant(day, self.hours[1])

    def _instant(self, day: date, minutes: int) -> int:
        # Minutes are added on the wall clock, and only then the zone is asked: a night shift ends at 07:00 local
        # whatever the clocks do in between.
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        return (wall.replace(tzinfo=self.local) - _EPOCH) // _MILLISECOND

    def run_on(self, day: date, end: int) -> int | None:
        """The end of duty that begins on a day, over all windows that follow without a gap; None for an endless one."""
        for _ in DAYS:
            day += timedelta(days=1)
            start, after = self.on(day)
            if not self.has(day) or start > end:
                return end
            end = after
        return None


def _zone(zone: str) -> ZoneInfo | None:
    if not is_zone(zone):
        return None
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no such zone, a folder of zones, a file that is none
        return None
