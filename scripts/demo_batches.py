"""The demo's two batches: a clinical one that is being filled, and the first PPQ batch, planned."""

from typing import Any, Final

from scripts.demo_cast import DESK, FLOOR, LEAD, OPERATOR, PLACES, PRODUCT, SUPERVISOR
from scripts.demo_timetable import HOUR, MINUTE, Calendar, Story
from scripts.demo_world import World

RUNNING: Final = "running batch"
"""The name of its record in `World.ids`."""
FILLING: Final = "050"
"""The step that it is at."""
STARTED_AGO: Final = 31 * HOUR
_CARDS: Final = {one.code: list(one.card) for one in PLACES}


def _step(
    key: str, words: str, place: str, *parameters: tuple[str, str, str, str], key_step: bool = False
) -> dict[str, Any]:
    expertise = next(one.expertise for one in PLACES if one.code == place)
    limits = [
        {"name": name, "unit": unit, "low": low, "high": high, "critical": key_step}
        for name, unit, low, high in parameters
    ]
    return {
        "key": key, "words": words, "place": place, "expertise": expertise, "key_step": key_step, "parameters": limits,
        "safe_hold": 480, "containment": _CARDS[place],
    }  # fmt: skip


STEPS: Final = (
    _step("010", "Thaw drug substance, check identity", "SUITE-2", ("temperature", "degrees C", "2", "8")),
    _step("020", "Pool, add buffer and polysorbate", "VES-201", ("pH", "", "5.9", "6.1"), ("mass", "kg", "80", "86"),
          key_step=True),
    _step("030", "Filter sterile, test the filter", "FLT-210", ("bubble point", "mbar", "3100", "4500"), key_step=True),
    _step("040", "Set up the filling line, decontaminate the isolator", "ISO-302", ("overpressure", "Pa", "30", "60")),
    _step("050", "Fill and stopper", "FIL-301", ("mean volume", "mL", "2.20", "2.40"), key_step=True),
    _step("060", "Cap", "CAP-303", ("capping force", "N", "45", "70")),
    _step("070", "Inspect every vial", "INS-310", ("rejects", "%", "0", "5.0"), key_step=True),
    _step("080", "Pack into trays, move to cold storage", "SUITE-3", ("temperature", "degrees C", "2", "8")),
)  # fmt: skip
_MEASURED: Final = {
    "010": (("temperature", "4.8", "degrees C"),),
    "020": (("pH", "6.02", ""), ("mass", "83.6", "kg")),
    "030": (("bubble point", "3310", "mbar"),),
    "040": (("overpressure", "44", "Pa"),),
}


def running(world: World, calendar: Calendar) -> Story:
    """Plan the clinical batch, start it, and do its first four steps."""
    number = f"NWT-C{calendar.local(calendar.now):%y%m}-02"
    made = world.do(
        DESK, "batch.plan", "", LEAD, number=number, product=PRODUCT, phase="clinical", steps=list(STEPS)
    )  # fmt: skip
    world.ids[RUNNING] = made.record
    start = calendar.now - STARTED_AGO
    yield start
    world.do(FLOOR, "batch.start", RUNNING, SUPERVISOR)
    for hours, key in ((5, "010"), (11, "020"), (17, "030"), (24, "040")):
        yield start + hours * HOUR
        values = [{"parameter": name, "value": value, "unit": unit} for name, value, unit in _MEASURED[key]]
        world.do(FLOOR, "step.done", RUNNING, OPERATOR, step=key, values=values, checker=SUPERVISOR)
        yield start + hours * HOUR + 9 * MINUTE
        world.do(FLOOR, "step.check", RUNNING, SUPERVISOR, step=key, note="seen at the post, printout attached")
        post(world, STEPS[[one["key"] for one in STEPS].index(key) + 1])
    desks(world)


def planned(world: World, calendar: Calendar) -> Story:
    """Plan the first PPQ batch; its gate is not go, so nobody can start it."""
    number = f"NWT-P{calendar.local(calendar.now):%y%m}-01"
    world.do(DESK, "batch.plan", "", LEAD, number=number, product=PRODUCT, phase="PPQ", steps=list(STEPS))
    yield from ()


def post(world: World, step: dict[str, Any] | None = None) -> None:
    """Say what the kiosk stands beside: the filling line, and the running batch at a step."""
    place = "FIL-301" if step is None else step["place"]
    suite = next(one.suite for one in PLACES if one.code == place) or place
    places = list(dict.fromkeys((suite, place)))
    batch: dict[str, Any] = {"batch": world.ids[RUNNING], "step": f"{world.ids[RUNNING]}/{step['key']}"} if step else {}
    world.do(FLOOR, "terminal.post", FLOOR, places=places, **batch)


def desks(world: World) -> None:
    """Say what the quality laptop looks after: the suite, and the running batch. The reviewer's is far from all."""
    suite = next(one.suite for one in PLACES if one.code == "FIL-301")
    world.do(DESK, "terminal.post", DESK, places=[suite], batch=world.ids[RUNNING])


def shifts(world: World, calendar: Calendar, days: int) -> Story:
    """Have each shift say at its beginning what the kiosk stands beside, until the batch runs."""
    for day in range(days, 0, -1):
        for hour in (6, 18):
            at = calendar.at(day, hour)
            if at < calendar.now - STARTED_AGO:
                yield at
                post(world)
