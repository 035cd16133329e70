"""Making a failing history short: steps and faults are left out as long as the same invariant breaks."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.simulation.steps import Net, Step

Fails = Callable[[Sequence[Step]], bool]


def shrunk(steps: Sequence[Step], fails: Fails) -> list[Step]:
    """Give a short history that still fails, of which no single step or fault can be left out.

    Args:
        steps: one that fails.
        fails: runs a history and tells whether it fails in the same way.
    """
    kept = list(steps)
    while True:
        before = list(kept)
        kept = _without(kept, fails)
        for at in range(len(kept)):
            kept[at] = _plainer(kept, at, fails)
        if kept == before:
            return kept


def _without(steps: list[Step], fails: Fails) -> list[Step]:
    """Leave out as many steps as can be, first half of them at once, then fewer (delta debugging)."""
    size = max(1, len(steps) // 2)
    while size:
        at = len(steps)
        while at > 0:
            less = steps[: max(0, at - size)] + steps[at:]
            if fails(less):
                steps = less
            at -= size
        size //= 2
    return steps


def _plainer(steps: list[Step], at: int, fails: Fails) -> Step:
    """Leave out as much as can be of what strikes during one step."""
    found = steps[at]
    changes: list[dict[str, Any]] = [{"disk": None}, {"server": None}, {"old": False}]
    changes += [{"net": found.net[:length]} for length in range(len(found.net), -1, -1)]
    for change in changes:
        less = found._replace(**change)
        if less != found and fails([*steps[:at], less, *steps[at + 1 :]]):
            found = less
    for number in range(len(found.net)):
        net = (*found.net[:number], Net(), *found.net[number + 1 :])
        if net != found.net and fails([*steps[:at], found._replace(net=net), *steps[at + 1 :]]):
            found = found._replace(net=net)
    return found
