"""The demo's program as a whole: which story begins when, over the three months before now."""

from collections.abc import Callable

from scripts.demo_batches import STEPS, planned, post, running, shifts
from scripts.demo_cast import FLOOR
from scripts.demo_founding import begin, enrolment, setting
from scripts.demo_gates import LEFT, gate, publish
from scripts.demo_order import Unsound
from scripts.demo_serious import CRITICAL, MAJOR
from scripts.demo_stories import Deviations, End
from scripts.demo_texts import MINOR
from scripts.demo_timetable import DAYS, HOUR, MINUTE, Calendar, Story, Timetable
from scripts.demo_world import Hand, World
from shared.terminal.home import Home

_JUST_NOW = 2_000
"""The last entry is so many ms old when it is made, so that it is not of the future."""
_FIRST, _LAST = 82, 9
"""Days ago between which those minor deviations fall that are closed by now."""
_CLOSED = 36
_LATE: tuple[tuple[int, End], ...] = (
    (8, "triaged"), (7, "triaged"), (6, "triaged"), (5, "triaged"), (3, "triaged"), (2, "open"), (2, "unrated"),
)  # fmt: skip
"""The others: how many days ago, and how far they have come."""
_HERE = tuple(case for case in MINOR if "Stopper hopper" in case.title or "Nitrogen overlay" in case.title)
"""Those on the running batch."""
_STRIDE = 17
"""So that the places take turns; prime to the number of cases."""
_HOURS = (7, 10, 13, 2, 16, 21, 9, 14, 4, 19, 11, 23)


def start(homes: dict[str, Home], url: str, now: int) -> tuple[World, Calendar]:
    """Found the program, three months ago.

    Args:
        homes: of the terminals, by code; empty but for their keys.
        url: the server's address.
        now: the time, ms since 1970 UTC.
    """
    calendar = Calendar(now)
    world = World(Hand(calendar.at(DAYS, 9)))
    begin(world, homes[FLOOR], url)
    return world, calendar


def live(
    world: World, calendar: Calendar, homes: dict[str, Home], now: Callable[[], int], tell: Callable[[str], None]
) -> None:
    """Live the three months; all is in the log then, and the last contact is this moment.

    Args:
        world: with a program that was just founded.
        calendar: its days.
        homes: of the terminals, by code.
        now: the time, ms since 1970 UTC, which has gone on since.
        tell: shows progress.
    """
    timetable = Timetable(world, calendar, tell)
    timetable.add(world.hand.now + HOUR, _first_days(world, calendar, homes))
    timetable.add(calendar.at(DAYS - 2, 6), shifts(world, calendar, DAYS - 2))
    for phase, ago, days, left in (("engineering", 85, 6, ()), ("clinical", 60, 24, ()), ("PPQ", 26, 20, LEFT)):
        timetable.add(calendar.office(calendar.at(ago, 10)), gate(world, calendar, phase, days, left))
    timetable.add(calendar.at(3, 9), running(world, calendar))
    timetable.add(calendar.at(3, 10), planned(world, calendar))
    _minor(timetable, world, calendar)
    _serious(timetable, world, calendar)
    timetable.run()
    if world.hand.now > calendar.now:
        raise Unsound("the demo has run ahead of the clock")
    world.hand.reach(now() - _JUST_NOW)
    with world.writing():
        post(world, STEPS[4])
        world.checkpoint()


def _first_days(world: World, calendar: Calendar, homes: dict[str, Home]) -> Story:
    yield from enrolment(world, calendar, homes)
    yield from publish(world, calendar)
    yield from setting(world, calendar)


def _minor(timetable: Timetable, world: World, calendar: Calendar) -> None:
    tell = Deviations(world, calendar).minor
    cases = [MINOR[number * _STRIDE % len(MINOR)] for number in range(len(MINOR))]
    cases.sort(key=lambda case: case in _HERE)
    for number, case in enumerate(cases[:_CLOSED]):
        day = _FIRST - number * (_FIRST - _LAST) // (_CLOSED - 1)
        timetable.add(calendar.at(day, _HOURS[number % len(_HOURS)], number * 13 % 60), tell(case, "closed", number))
    for number, (days, end) in enumerate(_LATE, _CLOSED):
        at = calendar.at(days, _HOURS[number % len(_HOURS)])
        timetable.add(at, tell(cases[number], end, number))
    ends: tuple[End, ...] = ("open", "unrated")
    for minutes, case, end in zip((200, 25), _HERE, ends, strict=True):
        timetable.add(calendar.now - minutes * MINUTE, tell(case, end, minutes, here=True))


def _serious(timetable: Timetable, world: World, calendar: Calendar) -> None:
    tell = Deviations(world, calendar)
    held = {0: "FIL-301", 1: "FLT-210", 3: "VES-201", 5: "CAP-303", 7: "VES-201"}
    for number, told in enumerate(MAJOR[:8]):
        at = calendar.at(78 - 8 * number, (3, 11, 22, 15)[number % 4], 20)
        timetable.add(at, tell.serious(told, "major", "closed", held=held.get(number, ""), days=8 + number))
    timetable.add(calendar.at(16, 13, 5), tell.serious(MAJOR[8], "major", "triaged"))
    timetable.add(calendar.at(7, 14, 40), tell.serious(MAJOR[9], "major", "triaged", disputed=True))
    timetable.add(calendar.at(11, 8, 15), tell.serious(MAJOR[10], "major", "triaged", days=7, waiting=True))
    timetable.add(calendar.now - 55 * MINUTE, tell.serious(MAJOR[11], "major", "open", here=True))
    timetable.add(calendar.at(79, 9, 50), tell.serious(CRITICAL[0], "critical", "closed", held="SUITE-3", days=36))
    timetable.add(calendar.at(40, 17, 30), tell.serious(CRITICAL[1], "critical", "triaged", held="INS-310"))
    lot = "Bulk lot NWT-E0417"
    timetable.add(calendar.at(4, 5, 35), tell.serious(CRITICAL[2], "critical", "triaged", held=lot, kept=True))
    timetable.add(calendar.at(27, 15, 10), tell.mistaken())
