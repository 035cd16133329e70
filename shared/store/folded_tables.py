"""What the fold reads through to (`shared.fold.unit.Tables`), over the stored tables, with small bounded caches.

A cache is only ever a copy of what a query would answer: it is emptied when another connection has written, when a
transaction fails, and where a written unit changed what it holds.
"""

from collections.abc import Iterable

from shared.fold.act import Act, Write
from shared.fold.unit import CLONE, FactState
from shared.log.canonical import b64, is_b64, unb64
from shared.log.entry import Entry
from shared.store import values
from shared.store.codec import ACT, act_of, entry_of
from shared.store.names import Names
from shared.store.packing import Packing
from shared.store.sqlite import Connection

PENDING = 1 << 40
"""The first position of lines that are not in the log (as in shared/fold/fold.py, which loads the cryptography)."""
STANDS, MARKED = 1, 2
"""Flags of a value: it stands; news about one of its fact's values must be weighed."""
UNASKED = -2
_MOST = 4_096
_ID_BYTES = 32
_ACT_COLUMNS = ", ".join(f"a.{column}" for column in ACT)
_ACT_LOGGED = (
    f"SELECT e.id, coalesce(e.branch, e.terminal), e.n, e.record, {_ACT_COLUMNS}"  # noqa: S608  our own columns
    " FROM act a JOIN entry e USING (position) WHERE position = ?"
)
_ACT_PENDING = (
    f"SELECT e.id, e.branch, e.n, e.record, {_ACT_COLUMNS}"  # noqa: S608  as above
    " FROM act a JOIN outbox e USING (position) WHERE position = ?"
)


class FoldedTables:
    """The folded state of one store.

    Attributes:
        names: the numbers of names in the rows.
        bound: entries from this position on are not seen, though they are stored: a rebuild folds a log that is there.
    """

    def __init__(self, connection: Connection, packing: Packing) -> None:
        """Read through a connection; `packing` unpacks the leaves."""
        self._unpack = packing.unpack
        self._execute = connection.execute
        self._facts: dict[tuple[str, str], FactState | None] = {}
        self._acts: dict[int, Act | None] = {}
        self._version = -1
        self._top = self._latest = UNASKED
        self.names = Names(connection)
        self.bound = PENDING

    def refresh(self) -> None:
        """Forget what another connection may have changed; for the start of a transaction or a series of reads."""
        version = self._execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self.forget()

    def forget(self) -> None:
        """Empty the caches."""
        self._facts.clear()
        self._acts.clear()
        self._top = self._latest = UNASKED
        self.names.forget()

    def changed(self, facts: Iterable[tuple[str, str]], acts: Iterable[int]) -> None:
        """Forget what a written unit changed."""
        for fact in facts:
            self._facts.pop(fact, None)
        for position in acts:
            self._acts.pop(position, None)
        self._top = self._latest = UNASKED

    def fact(self, record: str, fact: str) -> FactState | None:
        """See `Tables`."""
        key = (record, fact)
        try:
            return self._facts[key]
        except KeyError:
            pass
        state = None
        about, name = self.names.number(record), self.names.number(fact)
        if about is not None and name is not None:
            rows = self._execute(
                "SELECT position, key, value, plain, stands FROM standing WHERE record = ? AND fact = ? ORDER BY seq",
                (about, name),
            ).fetchall()
            if rows:
                standing = [self._write(record, fact, *row[:4]) for row in rows if row[4] & STANDS]
                marked = bool(rows[0][4] & MARKED)
                # Of a marked fact the fold weighs the whole history, and takes it from what stands if that is `whole`.
                state = FactState(tuple(standing), None, marked, not marked and len(standing) == len(rows))
        if len(self._facts) >= _MOST:
            self._facts.clear()
        self._facts[key] = state
        return state

    def history(self, record: str, fact: str) -> list[Write]:
        """See `Tables`."""
        rows = self._execute(
            "SELECT position, key, value, plain FROM standing WHERE record = ? AND fact = ? ORDER BY seq",
            (self.names.number(record), self.names.number(fact)),
        )
        return [self._write(record, fact, *row) for row in rows.fetchall()]

    def _write(  # noqa: PLR0913, PLR0917  a row
        self, record: str, fact: str, position: int, key: str | None, value: str | bytes, plain: int
    ) -> Write:
        read = values.plain(value) if isinstance(value, str) else values.named(value, *self._said(position))
        return Write(position, record, fact, key or "", read, bool(plain))

    def _said(self, position: int) -> tuple[str, Entry | None]:
        """The id and entry at a position, whatever the bound: what is folded may be read."""
        table, column = ("outbox", "line") if position >= PENDING else ("entry", "leaf")
        query = f"SELECT id, {column} FROM {table} WHERE position = ?"  # noqa: S608  one of the two above
        id_, data = self._execute(query, (position,)).fetchone()
        return b64(id_), entry_of(self._unpack(data))

    def act(self, position: int) -> Act | None:
        """See `Tables`."""
        if position in self._acts:
            return self._acts[position]
        row = self._execute(_ACT_LOGGED if position < PENDING else _ACT_PENDING, (position,)).fetchone()
        act = act_of(row, self.names) if row else None
        if len(self._acts) >= _MOST:
            self._acts.clear()
        self._acts[position] = act
        return act

    def entry(self, position: int) -> Entry | None:
        """See `Tables`."""
        if position >= PENDING:
            row = self._execute("SELECT line FROM outbox WHERE position = ?", (position,)).fetchone()
            return entry_of(row[0]) if row else None
        if position >= self.bound:
            return None
        row = self._execute("SELECT leaf FROM entry WHERE position = ?", (position,)).fetchone()
        return entry_of(self._unpack(row[0])) if row else None

    def find(self, entry: str) -> int | None:
        """See `Tables`; the text may be anything that somebody wrote."""
        if not is_b64(entry, _ID_BYTES):
            return None
        id_ = unb64(entry)
        row = self._execute(
            "SELECT position FROM entry"
            " WHERE substr(id, 1, 8) = ?1 AND id = ?2 AND record IS NOT NULL AND position < ?3",
            (id_[:8], id_, self.bound),
        ).fetchone()
        if row is None:
            query = "SELECT position FROM outbox WHERE id = ? AND position IS NOT NULL"
            row = self._execute(query, (id_,)).fetchone()
        return int(row[0]) if row else None

    def last(self, branch: str, n: int) -> tuple[int, int] | None:
        """See `Tables`."""
        terminal, clone, _ = branch.partition(CLONE)
        row: tuple[int, int] | None = self._execute(
            "SELECT position, n FROM entry WHERE terminal = ? AND n <= ? AND branch IS ?"
            " AND record IS NOT NULL AND position < ? ORDER BY n DESC LIMIT 1",
            (terminal, n, branch if clone else None, self.bound),
        ).fetchone()
        if row is not None and row[1] == n:
            return row
        pending: tuple[int, int] | None = self._execute(
            "SELECT position, n FROM outbox WHERE terminal = ? AND n <= ? AND branch = ? AND position IS NOT NULL"
            " ORDER BY n DESC LIMIT 1",
            (terminal, n, branch),
        ).fetchone()
        return pending or row

    def touches(self, record: str, since: int) -> list[int]:
        """See `Tables`."""
        number = self.names.number(record)
        if number is None or since > self.top():
            return []
        query = "SELECT position FROM touch WHERE record = ? AND position >= ? AND changed ORDER BY position"
        return [row[0] for row in self._execute(query, (number, since))]

    def readers(self, record: str, since: int) -> list[tuple[int, int]]:
        """See `Tables`."""
        if since > self.latest_read():
            return []
        query = "SELECT last, position FROM reader WHERE record = ? AND last >= ? ORDER BY last, seq"
        return self._execute(query, (self.names.number(record), since)).fetchall()

    def latest_read(self) -> int:
        """See `Tables`."""
        if self._latest == UNASKED:
            row = self._execute("SELECT value FROM meta WHERE key = 'latest_read'").fetchone()
            self._latest = row[0] if row else -1
        return self._latest

    def members(self, kind: str, fact: str, value: str) -> list[str]:
        """See `Tables`."""
        number = self.names.number(f"{kind}.{fact}={value}")
        if number is None:
            return []
        rows = self._execute("SELECT record FROM lookup WHERE value = ? ORDER BY seq", (number,))
        return [self.names.name(row[0]) for row in rows.fetchall()]

    def fork(self, branch: str) -> tuple[str, int] | None:
        """See `Tables`."""
        if CLONE not in branch:
            return None
        row = self._execute("SELECT parent, n FROM fork WHERE branch = ?", (branch,)).fetchone()
        return (row[0], row[1]) if row else None

    def received(self, size: int) -> int:
        """See `Tables`."""
        if not 0 < size <= self.bound:
            return 0
        row = self._execute("SELECT received FROM entry WHERE position = ?", (size - 1,)).fetchone()
        return int(row[0]) if row else 0

    def top(self) -> int:
        """Give the highest position that is folded, -1 for none."""
        if self._top == UNASKED:
            row = self._execute("SELECT max(position) FROM act").fetchone()
            self._top = -1 if row[0] is None else row[0]
        return self._top
