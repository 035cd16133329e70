"""Times as people type them: `06:30`, `22 06:30`, `2026-11-22 06:30`; entries hold them with milliseconds and offset.

A time without a date is the nearest one to now, before or after: at night `23:50` is an hour ago and `06:30` is to
come. One without an offset is in the terminal's zone.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from shared.actions.action import Spec
from shared.actions.field import FieldSpec
from shared.log.clock import is_at
from shared.terminal.clock import Clock
from shared.terminal.fields import deeply
from shared.terminal.refusal import FORM_9, Refused

_SHORT: Final = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)[ T]|(\d\d?)[.]? )?(\d\d?)[:.h](\d\d)(?::(\d\d))?", re.ASCII)
_HALF_DAY: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)


def timed(spec: Spec, fields: Mapping[str, Any], clock: Clock, now: int) -> dict[str, Any]:
    """Give an action's fields with their times as entries hold them.

    Args:
        spec: the action's declaration.
        fields: what was typed.
        clock: the terminal's clock, for its zone.
        now: the time, ms since 1970 UTC.

    Raises:
        Refused: FORM-9, a text is no time.
    """
    known = {field.name: field for field in spec.fields}

    def whole(outer: FieldSpec, field: FieldSpec, value: Any) -> Any:  # noqa: ANN401 - JSON
        if not field.time or not isinstance(value, str) or not value.strip() or is_at(value):
            return value
        at = moment(value, clock, now)
        if at is None:
            what = f"{outer.name} ({field.words}): {value[:40]!r} is no time."
            raise Refused(FORM_9.id, what, FORM_9.next, outer.name)
        return clock.at(at)

    return {
        name: deeply(known[name], value, partial(whole, known[name])) if name in known else value
        for name, value in fields.items()
    }


def readable(at: str) -> str:
    """A time as entries have it, with date, time and zone, as people read it."""
    return f"{at[:10]} {at[11:19]} UTC{at[-6:]}"


def moment(text: str, clock: Clock, now: int) -> int | None:
    """Read a time that somebody typed; ms since 1970 UTC, None for what is none."""
    said = _SHORT.fullmatch(text.strip())
    if said is None:
        return _whole(text.strip())
    year, month, day, only_day, hour, minute, second = said.groups()
    here = _local(now, clock)
    try:
        wanted = here.replace(hour=int(hour), minute=int(minute), second=int(second or 0), microsecond=0)
        if year:
            wanted = wanted.replace(year=int(year), month=int(month), day=int(day))
        elif only_day:
            wanted = _nearest_day(wanted, int(only_day))
        elif wanted - here > _HALF_DAY:
            wanted -= _DAY
        elif here - wanted > _HALF_DAY:
            wanted += _DAY
        return _utc(wanted, clock)
    except (ValueError, OverflowError):
        return None


def _whole(text: str) -> int | None:
    """A time in ISO's form with its offset, which an entry would write otherwise: without milliseconds, or in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(found.timestamp() * 1000) if found.tzinfo is not None else None


def _nearest_day(wanted: datetime, day: int) -> datetime:
    """The day of this month, the one before or the next, whichever is nearest."""
    first = wanted.replace(day=1)
    months = [first, (first - _DAY).replace(day=1), (first + timedelta(days=32)).replace(day=1)]
    days = [one.replace(day=day) for one in months if _has(one, day)]
    return min(days, key=lambda one: abs(one - wanted))


def _has(first: datetime, day: int) -> bool:
    return day >= 1 and (first + timedelta(days=day - 1)).month == first.month


def _local(ms: int, clock: Clock) -> datetime:
    """A time as the terminal's wall clock shows it, without a zone."""
    return datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None) + timedelta(minutes=clock.offset(ms))


def _utc(wall: datetime, clock: Clock) -> int:
    """The instant at which the terminal's wall clock shows a time; in the hour that comes twice the first."""
    ms = int(wall.replace(tzinfo=UTC).timestamp() * 1000)
    guess = ms - clock.offset(ms) * 60_000
    return ms - clock.offset(guess) * 60_000
