"""Taking a leaf into a unit: all that a replica does with the lines of a log, one after the other."""

from collections.abc import Callable
from typing import NamedTuple

from shared.fold.act import Act, Write
from shared.fold.effect import note
from shared.fold.fold import fold
from shared.fold.unit import CLONE, FORKED, Unit
from shared.log.entry import Entry

Folds = Callable[[Entry], bool]
"""Tells whether an entry is folded here; what is not only has its place."""


class Place(NamedTuple):
    """Where a line stands.

    `position` is in the log, or from `fold.PENDING` on; `branch` is its terminal's chain, `left` tells of a clone's
    first line which branch it left, and after which number; `received` is the leaf's time in ms, None while pending.
    """

    position: int
    branch: str
    left: tuple[str, int] | None
    received: int | None


def take(  # noqa: PLR0913  the parts of one leaf; called for each
    unit: Unit, place: Place, id_: str, entry: Entry | None, folds: Folds | None = None, *, sound: bool = True
) -> Act | None:
    """Take one line into the unit.

    Args:
        unit: the unit of work that it changes.
        place: where the line stands.
        id_: its id, base64url.
        entry: the entry, None for a skip.
        folds: which entries are folded here; all if None.
        sound: whether the person's signature fits.

    Returns:
        The act, None for a skip and for what is not folded here.
    """
    position, branch, left, received = place
    if left is not None:
        _forked(unit, position, branch, left)
    if entry is not None and (folds is None or folds(entry)):
        return fold(unit, position, id_, entry, received, branch, sound=sound)
    if entry is not None:
        unit.enter(position, id_, entry, branch, received)
    elif received is not None:
        unit.times[position + 1] = received
    return None


def _forked(unit: Unit, position: int, branch: str, left: tuple[str, int]) -> None:
    """Note for good, on the terminal's record, that two machines continue its chain: both companies must see it."""
    terminal = branch.partition(CLONE)[0]
    unit.forks[branch] = left
    note(unit, Write(position, terminal, FORKED, branch, left[1], plain=True))
    unit.records[terminal] = None
