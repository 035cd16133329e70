"""The demo's three months: stories that take turns on one clock.

A story is a generator: it acts, and yields the time at which it goes on. So a deviation of a night and the review of
another one mix as they do in life.
"""

import heapq
from collections.abc import Callable, Generator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from scripts.demo_cast import PARIS
from scripts.demo_world import World

Story: TypeAlias = Generator[int, None, None]
"""Yields times, ms since 1970 UTC."""
MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
DAYS: Final = 91
"""How long ago the demo's program begins."""
_ODD: Final = 50_000
"""Up to so many ms later than planned: nobody acts on the full minute."""
_SATURDAY: Final = 5
_OPENS, _SHUTS = 9, 17


class Calendar:
    """Days and hours at the CDMO's site, counted back from the moment of preparation."""

    def __init__(self, now: int) -> None:
        """Take that moment, ms since 1970 UTC."""
        self.now = now
        self._zone = ZoneInfo(PARIS)
        self._today = self.local(now).date()

    def local(self, at: int) -> datetime:
        """Give a time as the site's clocks show it."""
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self._zone)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> int:
        """Give the time of day on a day that many days ago (a negative number: to come)."""
        day = self._today - timedelta(days=days_ago)
        return round(datetime.combine(day, time(hour, minute), self._zone).timestamp() * 1000)

    def office(self, at: int, zone: str = PARIS) -> int:
        """Give that time, or the next at which offices in a zone are open."""
        local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone))
        while local.weekday() >= _SATURDAY or not _OPENS <= local.hour < _SHUTS:
            later = local.weekday() < _SATURDAY and local.hour < _OPENS
            day = local.date() if later else local.date() + timedelta(days=1)
            local = datetime.combine(day, time(_OPENS, local.minute), local.tzinfo)
        return round(local.timestamp() * 1000)

    def write(self, at: int) -> str:
        """Write a time as actions hold it."""
        return self.local(at).isoformat(timespec="milliseconds")


class Timetable:
    """Runs stories in the order of their times."""

    def __init__(self, world: World, calendar: Calendar, tell: Callable[[str], None]) -> None:
        """Run them in a world; `tell` shows progress."""
        self._world = world
        self._calendar = calendar
        self._tell = tell
        self._number = count()
        self._odd = Random(1)  # noqa: S311 - seconds in a story, no secret
        self._waiting: list[tuple[int, int, Story]] = []

    def add(self, at: int, story: Story) -> None:
        """Let a story begin at a time."""
        heapq.heappush(self._waiting, (at, next(self._number), story))

    def run(self) -> None:
        """Run all stories to their ends, or to now; every evening ends with a cosigned checkpoint.

        What a story would do after now lies ahead, and so it ends there.
        """
        month = 0
        while self._waiting:
            day = self._waiting[0][0] // DAY
            if day // 30 != month:
                month = day // 30
                self._tell(f"{self._calendar.local(day * DAY):%B %Y} ...")
            with self._world.writing():
                while self._waiting and self._waiting[0][0] // DAY == day:
                    self._step(*heapq.heappop(self._waiting))
                self._world.checkpoint()

    def _step(self, at: int, number: int, story: Story) -> None:
        self._world.hand.reach(at + self._odd.randrange(_ODD))
        following = next(story, None)
        if following is not None and following < self._calendar.now - MINUTE:
            heapq.heappush(self._waiting, (max(following, self._world.hand.now), number, story))
