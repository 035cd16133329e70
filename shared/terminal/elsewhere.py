"""A stop in this terminal's other programs: a place that several of them use is held in each (domain.md 3, step 1).

What is entered there is neutral: it names neither the program nor the sponsor for whom it was stopped, and no person.
"""

from typing import Final, NamedTuple

from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.batch_record import plan
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.perform import perform
from shared.terminal.suggest import nearest, post_of

REASON: Final = "held here for a reason outside this program"


class Elsewhere(NamedTuple):
    """Another program in which the place is used: the hold there, or why it could not be saved."""

    program: str
    hold: str
    error: Exception | None = None


def stop_elsewhere(desk: Desk) -> list[Elsewhere]:
    """Hold the nearest place of this terminal's post in every other program of its home that uses it.

    A program that does not know the place is left alone, and so is one in which it is held already. What fails in one
    is told, and hinders no other.

    Raises:
        StoreError: the open program's own file cannot be read.
    """
    with desk.store.snapshot():
        code = _place(View(Unit(desk.store.tables), None, desk.clock.now()), desk.code)
    found = []
    for program in desk.home.programs() if code else ():
        if program == desk.program:
            continue
        try:
            hold = _stop(desk, program, code)
        except Exception as error:  # noqa: BLE001 - told to whoever pressed; the next program is stopped all the same
            found.append(Elsewhere(program, "", error))
        else:
            found += [Elsewhere(program, hold)] if hold else []
    return found


def _place(world: View, terminal: str) -> str:
    """The code of the place that a terminal stands nearest to, as it is on the label; "" for none."""
    post = post_of(world, terminal)
    place = nearest({"places": post.get("places")}, ("place",)) or _of_step(world, nearest(post, ("step",)))
    record = world.get(place) if place else None
    return str(record.code) if record is not None and record.kind == "place" and record.exists else place


def _of_step(world: View, step: str) -> str:
    batch, _, key = step.partition("/")
    record = world.get(batch) if key else None
    if record is None or record.kind != "batch" or not record.exists:
        return ""
    return next((one.place for one in plan(record) if one.key == key), "")


def _stop(desk: Desk, program: str, code: str) -> str:
    """Hold the place in another program; the hold, "" where the place is not known there, or held already."""
    with Desk.open(desk.home, program, clock=desk.clock, costs=desk.costs) as other:
        with other.store.snapshot():
            world = View(Unit(other.store.tables), None, other.clock.now())
            known = [one.id for one in world.all("place", "code", code)]
            on = known[0] if known else code
            if not known and code not in (post_of(world, other.code).get("places") or []):
                return ""
            if any(one.state == "held" for one in world.all("hold", "on", on)):
                return ""
        return perform(other, Asked("hold.stop", "", {"on": on, "batch": "", "reason": REASON})).record
