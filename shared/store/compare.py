"""What the folded tables say, row by row, without numbers that are a file's own; and whether a rebuild agrees."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.log import chain
from shared.log.leaf import parse_leaf
from shared.log.push import OrderedLeaf
from shared.store.branches import link_after
from shared.store.faults import UNREADABLE, Fault
from shared.store.log_tables import Stored
from shared.store.schema import quoted
from shared.store.store import Store
from shared.store.transaction import UNIT

Row = tuple[Any, ...]
_FOLD = ("act_named", "standing_named", "touch_named", "reader_named", "lookup_named", "listed_named", "fork")
_OUTBOX = "no, terminal, n, branch, sound, record, state, id, link, line"
_NOTED = "SELECT key, value FROM meta WHERE key IN ('values', 'latest_read') ORDER BY key"


def folded(store: Store) -> Iterator[tuple[str, Row]]:
    """Give every row of the folded tables with its table, in an order that depends on their content only."""
    execute = store.connection.execute
    for table in (*_FOLD, *sorted(store.kinds)):
        rows = execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608  a name of ours
        yield from ((table, row) for row in sorted(rows, key=repr))
    yield from (("meta", row) for row in execute(_NOTED))
    yield from (("search", row) for row in _searched(store))


def _searched(store: Store) -> list[Row]:
    """What the search holds: each word with its record and place."""
    execute = store.connection.execute
    execute("CREATE VIRTUAL TABLE temp.searched USING fts5vocab(main, search, instance)")
    try:
        rows = execute("SELECT term, (SELECT name FROM name WHERE no = doc), offset FROM temp.searched").fetchall()
    finally:
        execute("DROP TABLE temp.searched")
    return sorted(rows, key=repr)


def compare(store: Store) -> Iterator[Fault]:
    """Fold the log and what is pending from nothing, in a file of its own, and give the rows that differ.

    Of a log that cannot be read it says just that; which entry it is, `verify` names.
    """
    with tempfile.TemporaryDirectory() as folder, store.snapshot():
        path = Path(folder) / store.path.name
        with Store.open(path, create=True, kinds=store.kinds, show=store.show, folds=store.folds) as fresh:
            try:
                copy(store, fresh)
                expected, found = Counter(folded(fresh)), Counter(folded(store))
            except UNREADABLE as error:
                what = str(error) or type(error).__name__
                yield Fault("the tables", f"they cannot be compared with the log ({what})")
                return
        for table, row in sorted((expected - found), key=repr):
            yield Fault(f"table {table.removesuffix('_named')}", f"a rebuild also gives {row!r}")
        for table, row in sorted((found - expected), key=repr):
            yield Fault(f"table {table.removesuffix('_named')}", f"a rebuild does not give {row!r}")


def copy(store: Store, fresh: Store) -> None:
    """Put the leaves and pending lines of one store into another, which is empty, and fold them there."""
    links: dict[str, bytes] = {}
    part: list[OrderedLeaf] = []
    sound: list[bool | None] = []
    with fresh.write() as tx:
        for one in store.log.leaves():
            before = links.get(one.branch) or _first(store, one)
            link = links[one.branch] = chain.link(before, one.id)
            line = parse_leaf(one.leaf).line
            part.append(OrderedLeaf(one.position, one.received, one.leaf, one.id, one.terminal, one.n, link, line))
            sound.append(one.sound)
            if len(part) == UNIT:
                tx.arrive(part, sound=sound)
                part, sound = [], []
        tx.arrive(part, sound=sound)
        rows = store.connection.execute(f"SELECT {_OUTBOX} FROM outbox ORDER BY no").fetchall()  # noqa: S608  ours
        places = ", ".join("?" * len(_OUTBOX.split(", ")))
        fresh.connection.executemany(f"INSERT INTO outbox ({_OUTBOX}) VALUES ({places})", rows)  # noqa: S608  ours
        tx.redo_pending()


def _first(store: Store, leaf: Stored) -> bytes:
    """The link before the first line of a branch."""
    if leaf.branch == leaf.terminal:
        return chain.FIRST
    return link_after(store.connection, leaf.terminal, *store.log.left(leaf.terminal, leaf.branch))
