"""Full-text search: one document a record, brought up to date once, at the end of a transaction.

The index holds no texts (they stand in the folded values already), so nothing of it is journaled: what undoing changes
is computed anew from the folded tables.
"""

from hashlib import sha256

from shared.store.sqlite import Connection


class Search:
    """Keeps the search of one store; for one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Write through a connection."""
        self._connection = connection
        self._execute = connection.execute
        self._texts: dict[int, str | None] = {}
        self._new: set[int] = set()

    def note(self, record: int, texts: str, *, new: bool = False) -> int:
        """Note what the texts of a record, named by its number, are now; `new` is one of which there was nothing.

        Returns:
            A digest of them, to be kept in `listed`: while it stays the same, nothing need be indexed again.
        """
        digest = int.from_bytes(sha256(texts.encode()).digest()[:6], "big")
        if new:
            self._new.add(record)
        elif record not in self._texts:
            before = self._execute("SELECT digest FROM listed WHERE record = ?", (record,)).fetchone()
            if before is not None and before[0] == digest:
                return digest
        self._texts[record] = texts
        return digest

    def gone(self, record: int) -> None:
        """Take a record out."""
        self._execute("DELETE FROM search WHERE rowid = ?", (record,))
        self._texts.pop(record, None)

    def undoing(self) -> None:
        """Note which records the journal is about to put back; called before it does."""
        rows = self._execute("SELECT DISTINCT json_extract(key, '$[0]') FROM undo WHERE tbl = 'listed'")
        for (record,) in rows.fetchall():
            self.gone(record)
            self._texts[record] = None

    def unknown(self) -> list[int]:
        """Give the records whose texts must be computed before `flush`: put back, and not folded again since."""
        return [record for record, texts in self._texts.items() if texts is None]

    def flush(self) -> None:
        """Bring the index up to date with all that was noted."""
        texts = [(record, text) for record, text in self._texts.items() if text is not None]
        old = [(record,) for record, _ in texts if record not in self._new]
        self._connection.executemany("DELETE FROM search WHERE rowid = ?", old)
        self._connection.executemany("INSERT INTO search (rowid, texts) VALUES (?, ?)", texts)
        self._texts.clear()
        self._new.clear()
