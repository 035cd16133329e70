"""How tests open a store, and look at all that is in it."""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from shared.fold.act import Write
from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.push import OrderedLeaf
from shared.store.compare import folded
from shared.store.store import Store
from tests.store.logs import entry_of

Opener = Callable[[], Store]
"""Opens the same store each time; two that are open at once share what is in it."""


class Planned(Exception):
    """Raised within a transaction, to undo it."""


def dump(store: Store) -> Counter[tuple[str, tuple[object, ...]]]:
    """All folded rows."""
    return Counter(folded(store))


def as_json(writes: Iterable[Write]) -> list[bytes]:
    """Values as JSON has them: an agreement's terms hold tuples until they are stored."""
    return [msgspec.json.encode(write) for write in writes]


def agree(store: Store, leaves: list[OrderedLeaf]) -> None:
    """Everything that a fold may ask of a store's tables is what a unit in memory answers."""
    unit = Unit()
    for leaf in leaves:
        fold(unit, leaf.position, b64(leaf.id), entry_of(leaf), leaf.received)
    tables = store.tables
    for record, fact in unit.facts:
        ours, theirs = tables.fact(record, fact), unit.fact(record, fact)
        assert (ours is None) == (theirs is None)
        if ours is None or theirs is None:
            continue
        assert as_json(ours.standing) == as_json(theirs.standing)
        assert ours.marked == theirs.marked
        assert as_json(tables.history(record, fact)) == as_json(unit.history(record, fact))
    for leaf in leaves:
        assert tables.act(leaf.position) == unit.act(leaf.position)
        assert tables.entry(leaf.position) == unit.entry(leaf.position)
        assert tables.find(b64(leaf.id)) == leaf.position
        assert tables.last(leaf.terminal, leaf.n) == (leaf.position, leaf.n)
        assert tables.received(leaf.position) == unit.received(leaf.position)
    size = len(leaves)
    for record in unit.touched:
        for since in (0, size // 3, size - 10, size - 1, size, unit.latest_read(), unit.latest_read() - 1):
            assert tables.touches(record, since) == unit.touches(record, since)
            assert tables.readers(record, since) == list(dict.fromkeys(unit.readers(record, since)))
    for kind, fact, value in unit.indexed:
        found = dict.fromkeys(tables.members(kind, fact, value))
        assert list(found) == list(dict.fromkeys(unit.members(kind, fact, value)))
    assert tables.latest_read() == unit.latest_read()
