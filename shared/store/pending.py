"""Lines that are not in the log yet: this terminal's own, and others' that came by a relay.

They are folded above the log, at positions from 2^40 on, in the order in which they came, and undone before the log
grows. So the folded tables are always what folding the log, and then what is pending, from nothing would give.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from shared.fold.fold import PENDING
from shared.fold.leaf import Place, take
from shared.log import chain
from shared.log.canonical import b64
from shared.log.entry import Line, line_id, parse_line
from shared.store.branches import Branches
from shared.store.codec import entry_of
from shared.store.errors import Gap
from shared.store.sqlite import Connection

if TYPE_CHECKING:
    from shared.store.transaction import Tx


class Waiting(NamedTuple):
    """One pending line; `position` is None for a skip."""

    terminal: str
    n: int
    position: int | None
    branch: str
    state: str
    id: bytes
    link: bytes
    line: bytes


class Pending:
    """The outbox of one store; `tx` is there only within a transaction."""

    def __init__(self, connection: Connection, tx: Tx | None = None) -> None:
        """Read, and within a transaction write, through a connection."""
        self._connection = connection
        self._execute = connection.execute
        self._tx = tx

    def lines(self, terminal: str = "", *, after: int = 0, limit: int = -1) -> list[Waiting]:
        """Give pending lines in the order in which they came.

        Args:
            terminal: those of this terminal only; of all if empty.
            after: only those of higher numbers.
            limit: the most lines, unless it is negative.
        """
        query = "SELECT terminal, n, position, branch, state, id, link, line FROM outbox"
        if terminal:
            query += " WHERE terminal = ?1 AND n > ?2 ORDER BY n LIMIT ?3"
        else:
            query += " WHERE n > ?2 ORDER BY no LIMIT ?3"
        return [Waiting._make(row) for row in self._execute(query, (terminal, after, limit))]

    def last(self, terminal: str) -> tuple[int, bytes] | None:
        """Give number and link of a terminal's last pending line; None if nothing of it waits."""
        query = "SELECT n, link FROM outbox WHERE terminal = ? ORDER BY n DESC LIMIT 1"
        row = self._execute(query, (terminal,)).fetchone()
        return (row[0], row[1]) if row else None

    def link(self, terminal: str, n: int) -> bytes | None:
        """Give the link after a terminal's pending line `n`; None if it does not wait."""
        row = self._execute("SELECT link FROM outbox WHERE terminal = ? AND n = ?", (terminal, n)).fetchone()
        return bytes(row[0]) if row else None

    def count(self) -> int:
        """Give the number of pending lines."""
        return int(self._execute("SELECT count(*) FROM outbox").fetchone()[0])

    def refused(self) -> list[tuple[str, int, str, bytes]]:
        """Give the refused lines as (terminal, n, why, line), for entering them again."""
        return self._execute("SELECT terminal, n, why, line FROM refused ORDER BY terminal, n").fetchall()

    def put_away(self, terminal: str, n: int) -> None:
        """See `Tx.put_refused_away`."""
        self._within()
        self._execute("DELETE FROM refused WHERE terminal = ? AND n = ?", (terminal, n))

    def add(self, line: bytes, *, parent: bytes | None, sound: bool | None, state: str) -> int:
        """See `Tx.add_pending`."""
        parsed = parse_line(line)
        if not isinstance(parsed, Line):
            raise Gap("A skip takes the place of a refused line; it is not added by itself.")
        entry, id_ = parsed.entry, line_id(line)
        known = self._execute("SELECT position FROM outbox WHERE id = ?", (id_,)).fetchone()
        if known:
            return int(known[0])
        if self._within().store.log.find(id_):
            raise Gap(f"{entry.terminal} {entry.n} is in the log already.")
        link = chain.link(self._parent(entry.terminal, entry.n) if parent is None else parent, id_)
        last = self._execute("SELECT max(position) FROM outbox").fetchone()[0]
        position = PENDING if last is None else last + 1
        before = self._execute(
            "SELECT branch FROM outbox WHERE terminal = ? AND n = ?", (entry.terminal, entry.n - 1)
        ).fetchone()
        branch, left = (
            (before[0], None) if before else Branches(self._connection).place(entry.terminal, entry.n, id_, link)
        )
        tx = self._within()
        unit = tx.unit()
        place = Place(position, branch, left, None)
        take(unit, place, b64(id_), entry, tx.store.folds, sound=sound is not False)
        self._execute(
            "INSERT INTO outbox (terminal, n, position, branch, sound, record, state, id, link, line)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.terminal, entry.n, position, branch, sound, entry.record, state, id_, link, line),
        )
        tx.apply(unit, keep=True)
        return position

    def undo(self) -> None:
        """See `Tx.undo_pending`."""
        if self._execute("SELECT 1 FROM undo LIMIT 1").fetchone():
            self._within().applier.undo()
        if self._execute("SELECT 1 FROM outbox WHERE position IS NOT NULL LIMIT 1").fetchone():
            self._execute("UPDATE outbox SET position = NULL")
            self._within().store.tables.forget()

    def redo(self) -> None:
        """See `Tx.redo_pending`."""
        rows = self._execute("SELECT no, terminal, n, sound, id, link, line FROM outbox ORDER BY no").fetchall()
        if not rows:
            return
        tx = self._within()
        branches, unit, position = Branches(self._connection), tx.unit(), PENDING
        for no, terminal, n, sound, id_, link, line in rows:
            branch, left = branches.place(terminal, n, id_, link)
            entry = entry_of(line)
            take(unit, Place(position, branch, left, None), b64(id_), entry, tx.store.folds, sound=sound != 0)
            self._execute(
                "UPDATE outbox SET position = ?, branch = ? WHERE no = ?", (position if entry else None, branch, no)
            )
            position += entry is not None
        tx.apply(unit, keep=True)

    def drop(self, ids: Iterable[bytes]) -> None:
        """Forget lines that are in the log now; between `undo` and `redo`."""
        if self.count():
            self._connection.executemany("DELETE FROM outbox WHERE id = ?", [(id_,) for id_ in ids])

    def skip(self, terminal: str, n: int, skip: bytes, why: str) -> None:
        """See `Tx.skip_pending`."""
        query = "SELECT no, id, line, link FROM outbox WHERE terminal = ? AND n = ?"
        row = self._execute(query, (terminal, n)).fetchone()
        if row is None:
            raise Gap(f"{terminal} {n} is not pending.")
        self.undo()
        # Of a cloned terminal several lines may have the number before; this one continues one of them.
        known = self._parents(terminal, n)
        link = next((one for one in known if chain.link(one, row[1]) == row[3]), None) or self._parent(terminal, n)
        self._execute(
            "INSERT OR REPLACE INTO refused (id, terminal, n, why, line) VALUES (?, ?, ?, ?, ?)",
            (row[1], terminal, n, why, row[2]),
        )
        self._execute("UPDATE outbox SET id = ?, line = ?, record = NULL WHERE no = ?", (line_id(skip), skip, row[0]))
        query = "SELECT no, id FROM outbox WHERE terminal = ? AND n >= ? ORDER BY n"
        for no, id_ in self._execute(query, (terminal, n)).fetchall():
            link = chain.link(link, id_)
            self._execute("UPDATE outbox SET link = ? WHERE no = ?", (link, no))
        if self._within().store.log.find(line_id(skip)):  # a clone has pushed the same
            self._execute("DELETE FROM outbox WHERE no = ?", (row[0],))
        self.redo()

    def _parent(self, terminal: str, n: int) -> bytes:
        """Give the link before a terminal's line `n`, from the outbox, or from the log if it is the only one there."""
        known = self._parents(terminal, n)
        if len(known) != 1:
            raise Gap(f"{terminal} {n}: {len(known)} lines are known that it may continue; name the link before it.")
        return known[0]

    def _parents(self, terminal: str, n: int) -> list[bytes]:
        """Give the links that a terminal's line `n` may follow: that in the outbox, or else those in the log."""
        waits = self.link(terminal, n - 1)
        return self._within().store.log.links(terminal, n - 1) if waits is None else [waits]

    def _within(self) -> Tx:
        if self._tx is None:
            raise RuntimeError("pending lines change within a transaction only")
        return self._tx
