"""The log as it was: folded again up to a time, in memory, from nothing (domain.md 11)."""

from shared.fold.fold import fold
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
        if not isinstance(line, Line):
            unit.times[size] = leaf.received
            continue
        if leaf.branch != leaf.terminal and unit.fork(leaf.branch) is None:
            unit.forks[leaf.branch] = store.log.left(leaf.terminal, leaf.branch)
        fold(unit, leaf.position, b64(leaf.id), line.entry, leaf.received, leaf.branch, sound=leaf.sound is not False)
    return unit, size
