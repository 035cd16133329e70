"""Times as people type them: `06:30`, `22 06:30`, `2026-11-22 06:30`; entries hold them with milliseconds and offset.

One without its whole date is the nearest to now that its field allows: of what has happened the latest before now, of
what is to come the next one, else whichever is nearer. One without an offset is in the terminal's zone.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from shared.actions.action import Spec
from shared.actions.field import FieldSpec
from shared.log.clock import is_at, parse_at
from shared.terminal.clock import Clock
from shared.terminal.fields import deeply
from shared.terminal.refusal import FORM_9, FORM_10, FORM_11, Refused, Rule

_SHORT: Final = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)[ T]|(\d\d?)[.]? )?(\d\d?)[:.h](\d\d)(?::(\d\d))?", re.ASCII)
_DAY: Final = timedelta(days=1)
_MINUTE_MS: Final = 60_000
_FAST_CLOCK_MS: Final = 5 * _MINUTE_MS
"""How far a clock on the wall may be ahead of the terminal's: a time of the past that is so near is of today."""
_OFFSETS_MS: Final = 24 * 60 * _MINUTE_MS
"""A day before and behind a time, both offsets around a change of the clock are in force."""
_TO_COME_MS: Final = 10 * _MINUTE_MS
"""What lies so far ahead is no clock's fault any more."""


def timed(spec: Spec, fields: Mapping[str, Any], clock: Clock, now: int) -> dict[str, Any]:
    """Give an action's fields with their times as entries hold them.

    That what has happened is not to come is judged here, of what is filled in, and not by rules of the fold: those
    judge the entries of every log, and what an old one means must not change.

    Args:
        spec: the action's declaration.
        fields: what was typed, with what was filled in.
        clock: the terminal's clock, for its zone.
        now: the time, ms since 1970 UTC.

    Raises:
        Refused: FORM-9, a text is no time; FORM-10, it is to come and must not; FORM-11, two are the wrong way round.
    """
    known = {field.name: field for field in spec.fields}

    def whole(outer: FieldSpec, field: FieldSpec, value: Any) -> Any:  # noqa: ANN401 - JSON
        if not field.time or not isinstance(value, str) or not value.strip():
            return value
        at = parse_at(value) if is_at(value) else moment(value, clock, now, field.when)
        if at is None:
            raise _wrong(FORM_9, outer, f"{value[:40]!r} is no time.")
        if field.when == "past" and at - now > _TO_COME_MS:
            raise _wrong(FORM_10, outer, f"{readable(clock.at(at))} is still to come.")
        return value if is_at(value) else clock.at(at)

    found = {
        name: deeply(known[name], value, partial(whole, known[name])) if name in known else value
        for name, value in fields.items()
    }
    for field in spec.fields:
        if field.not_after:
            _in_order(field, known[field.not_after], found)
    return found


def _in_order(field: FieldSpec, other: FieldSpec, fields: Mapping[str, Any]) -> None:
    """Refuse a time that is later than the one it must not be later than."""
    at, limit = fields.get(field.name), fields.get(other.name)
    if isinstance(at, str) and isinstance(limit, str) and is_at(at) and is_at(limit) and parse_at(at) > parse_at(limit):
        raise _wrong(FORM_11, field, f"{readable(at)} is later than {other.name}, {readable(limit)}.")


def _wrong(rule: Rule, field: FieldSpec, what: str) -> Refused:
    return Refused(rule.id, f"{field.name} ({field.words}): {what}", rule.next, field.name)


def readable(at: str) -> str:
    """A time as entries have it, with date, time and zone, as people read it."""
    return f"{at[:10]} {at[11:19]} UTC{at[-6:]}"


def moment(text: str, clock: Clock, now: int, when: str = "") -> int | None:
    """Read a time that somebody typed.

    Args:
        text: what was typed.
        clock: the terminal's clock, for its zone.
        now: the time, ms since 1970 UTC.
        when: on which side of now it lies if its whole date was not typed, as `shared.actions.field.ask` has it.

    Returns:
        ms since 1970 UTC; None for what is no time.
    """
    said = _SHORT.fullmatch(text.strip())
    if said is None:
        return _whole(text.strip())
    year, month, day, only_day, hour, minute, second = said.groups()
    here = _local(now, clock)
    try:
        wall = here.replace(hour=int(hour), minute=int(minute), second=int(second or 0), microsecond=0)
        if year:
            return _instants(wall.replace(year=int(year), month=int(month), day=int(day)), clock)[0]
        walls = _same_day(wall, int(only_day)) if only_day else (wall + _DAY * days for days in (-2, -1, 0, 1, 2))
        return _chosen([at for one in walls for at in _instants(one, clock)], now, when)
    except (ValueError, OverflowError):
        return None


def _chosen(times: list[int], now: int, when: str) -> int | None:
    """The one of the times that is meant; None if there is none."""
    if when == "past":
        return max((at for at in times if at <= now + _FAST_CLOCK_MS), default=None)
    if when == "coming":  # the minute that is running is not over
        return min((at for at in times if at > now - _MINUTE_MS), default=None)
    return min(times, key=lambda at: (abs(at - now), at), default=None)


def _whole(text: str) -> int | None:
    """A time in ISO's form with its offset, which an entry would write otherwise: without milliseconds, or in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(found.timestamp() * 1000) if found.tzinfo is not None else None


def _same_day(wall: datetime, day: int) -> Iterable[datetime]:
    """A day of this month and of those around it; two on each side, for a short month may lack the day."""
    first = wall.replace(day=1)
    before = (first - _DAY).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    months = (before - _DAY).replace(day=1), before, first, after, (after + timedelta(days=32)).replace(day=1)
    return (one.replace(day=day) for one in months if _has(one, day))


def _has(first: datetime, day: int) -> bool:
    return day >= 1 and (first + timedelta(days=day - 1)).month == first.month


def _local(ms: int, clock: Clock) -> datetime:
    """A time as the terminal's wall clock shows it, without a zone."""
    return datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None) + timedelta(minutes=clock.offset(ms))


def _instants(wall: datetime, clock: Clock) -> list[int]:
    """When the terminal's wall clock shows a time: once, twice when it goes back, the earlier one first.

    In the hour that is left out when it goes forward, as a clock that was not set would show it.
    """
    ms = int(wall.replace(tzinfo=UTC).timestamp() * 1000)
    offsets = {clock.offset(ms - around) for around in (-_OFFSETS_MS, 0, _OFFSETS_MS)}
    found = sorted(at for offset in offsets if clock.offset(at := ms - offset * _MINUTE_MS) == offset)
    return found or [ms - clock.offset(ms - _OFFSETS_MS) * _MINUTE_MS]
