"""Running a history, by its seed or by its steps."""

from collections.abc import Sequence
from itertools import count
from typing import Final

from tests.simulation.check import check
from tests.simulation.founding import scratch
from tests.simulation.quiet import quiet
from tests.simulation.steps import Step, drawn
from tests.simulation.violation import Violation
from tests.simulation.world import World

_FOLDER: Final = scratch()
_NUMBER: Final = count()


def broken(steps: Sequence[Step], seed: int, *, talk: bool = False) -> Violation | None:
    """Run steps; give what they broke, None if everything holds.

    Args:
        steps: the history.
        seed: what random bytes are drawn from.
        talk: whether to print what happens.
    """
    world = World(_FOLDER / str(next(_NUMBER)), seed, talk=talk)
    try:
        for step in steps:
            world.run(step)
        quiet(world)
        check(world)
    except Violation as violation:
        return violation
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
        if talk:
            raise
        return Violation("error", f"{type(error).__name__} at {place}: {error}")
    finally:
        world.close()
    return None


def simulated(seed: int) -> Violation | None:
    """Run the history of a seed."""
    return broken(drawn(seed), seed)
