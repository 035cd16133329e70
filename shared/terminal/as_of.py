"""The log as it was: folded again up to a time, in memory, from nothing (domain.md 11)."""

from shared.fold.leaf import Place, take
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.entry import Line
from shared.log.leaf import parse_leaf
from shared.store.store import Store


def folded_until(store: Store, until: int) -> tuple[Unit, int]:
    """Fold all leaves that the server had received by a time.

    Args:
        store: the log.
        until: ms since 1970 UTC, itself included.

    Returns:
        The folded state, and the size of the log at that time.
    """
    unit, size = Unit(), 0
    for leaf in store.log.leaves():
        if leaf.received > until:
            break  # `received` never decreases
        size = leaf.position + 1
        line = parse_leaf(leaf.leaf).line
        entry = line.entry if isinstance(line, Line) else None
        left = None
        if leaf.branch != leaf.terminal and unit.fork(leaf.branch) is None:
            left = store.log.left(leaf.terminal, leaf.branch)
        place = Place(leaf.position, leaf.branch, left, leaf.received)
        take(unit, place, b64(leaf.id), entry, sound=leaf.sound is not False)
    return unit, size
