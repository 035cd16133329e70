"""Making the folded tables anew from the log: they are never migrated."""

from collections.abc import Callable

from shared.fold.leaf import Place, take
from shared.log.canonical import b64
from shared.store import schema
from shared.store.codec import entry_of
from shared.store.errors import Damaged
from shared.store.folded_tables import PENDING
from shared.store.store import Store
from shared.store.transaction import UNIT, Tx


def rebuild(store: Store, progress: Callable[[int, int], None] | None = None) -> None:
    """Drop the folded tables and fold the whole log, then what is pending, in one transaction.

    Args:
        store: the store.
        progress: told how many leaves are folded, and how many there are, every now and then.
    """
    with store.write() as tx:
        connection = tx.connection
        schema.drop_folded(connection)
        connection.execute("DELETE FROM meta WHERE key IN ('values', 'latest_read')")
        connection.execute("UPDATE outbox SET position = NULL")
        store.fill_folded()
        tables = store.tables
        tables.forget()
        size = store.log.size()
        try:
            for start in range(0, size, UNIT):
                tables.bound = start
                _fold_part(store, tx, start)
                if progress:
                    progress(min(start + UNIT, size), size)
        finally:
            tables.bound = PENDING
        tx.redo_pending()


def _fold_part(store: Store, tx: Tx, start: int) -> None:
    unit = tx.unit()
    for leaf in store.log.leaves(start, UNIT):
        try:
            entry = entry_of(leaf.leaf)
        except ValueError as error:
            raise Damaged(f"Entry {leaf.position} is damaged. Restore the file, or pull the log anew.") from error
        left = None
        if leaf.branch != leaf.terminal and unit.fork(leaf.branch) is None:
            left = store.log.left(leaf.terminal, leaf.branch)
        place = Place(leaf.position, leaf.branch, left, leaf.received)
        take(unit, place, b64(leaf.id), entry, store.folds, sound=leaf.sound is not False)
    tx.apply(unit)
