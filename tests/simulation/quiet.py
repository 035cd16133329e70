"""When faults stop: everybody syncs until nothing changes, and a stop at each terminal reaches everybody."""

from typing import Final

from shared.log.entry import Line, parse_line
from shared.terminal.asked import Asked
from shared.terminal.own_chain import own_end
from shared.terminal.synced import IN_LOG, STRANGER, Synced
from tests.simulation import hostile
from tests.simulation.machine import Machine
from tests.simulation.steps import Step
from tests.simulation.violation import Violation
from tests.simulation.world import World

MOST_ROUNDS: Final = 12
"""Rounds in which everybody syncs once, after which all must be quiet."""
_SYNC: Final = Step("sync")


def quiet(world: World) -> None:
    """Let faults stop, and the world come to rest.

    Raises:
        Violation: it does not, or somebody cannot go on.
    """
    world.told("quiet")
    world.served.restart()
    for machine in world.machines:
        machine.ahead = 0
    if world.seed % 2:  # in every second history: with a last stop to push, some things come right that else would not
        settle(world)
    refused = []
    for machine in world.machines:
        before = len(world.printed)
        world.perform(machine, Asked("hold.stop", "", {"on": "SUITE-9", "reason": "the last one"}))
        if len(world.printed) == before:
            refused.append(machine.code)
    settle(world)
    if any(world.served.log.enrolled(code) for code in refused):
        raise Violation("I8", f"a stop is refused: {refused}")


def settle(world: World) -> None:
    """Sync everybody until nothing changes."""
    found: dict[str, Synced] = {}
    for _ in range(MOST_ROUNDS):
        before = _marks(world)
        for machine in world.machines:
            synced = world.synced(machine, _SYNC)
            if synced is None:
                raise Violation("I8", f"{machine.name} cannot sync")
            found[machine.name] = synced
            world._note_accepted(machine)
        marks = _marks(world)
        helped = [_help(world, machine) for machine in world.machines]
        if marks == before and not any(helped):
            break
    else:
        raise Violation("I8", f"{MOST_ROUNDS} rounds are not enough: {_said(found)}")
    expelled = {one.code for one in world.machines if not world.served.log.enrolled(one.code)}
    for machine in world.machines:
        state = STRANGER if machine.code in expelled else IN_LOG
        if found[machine.name].state != state:
            raise Violation("I8", f"{machine.name} does not come to rest: {_said(found)}")
        if state == IN_LOG and (machine.desk.store.size(), machine.waiting()) != (world.served.log.size, set()):
            raise Violation("I8", f"{machine.name} has {machine.desk.store.size()}, the log {world.served.log.size}")


def _marks(world: World) -> list[object]:
    stores = [machine.desk.store for machine in world.machines]
    return [world.served.log.size, *((store.size(), store.pending.lines()) for store in stores)]


def _help(world: World, machine: Machine) -> bool:
    """Let a terminal write on where another waits for a line of it, which a rollback may have taken back."""
    waits: dict[str, int] = {}
    for one in machine.desk.store.pending.lines():
        line = parse_line(one.line)
        if isinstance(line, Line):
            waits |= line.entry.heads
    helped = False
    for other in world.machines:
        end = own_end(other.desk.store, other.code).n
        if end < waits.get(other.code, 0):
            hostile.put(other, hostile.stop(other))  # an expelled one would refuse to perform anything
            helped = True
    return helped


def _said(found: dict[str, Synced]) -> str:
    return "; ".join(f"{name} {one.state} at {one.position}: {one.text}" for name, one in found.items())
