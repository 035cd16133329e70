"""What the fold reads through to (`shared.fold.unit.Tables`), over the stored tables, with small bounded caches.

A cache is only ever a copy of what a query would answer: it is emptied when another connection has written, when a
transaction fails, and where a written unit changed what it holds.
"""
# ruff: noqa: S608  names of tables and columns are our own and quoted; values are always bound

from collections.abc import Iterable

from shared.fold.act import Act, Write
from shared.fold.unit import CLONE, FactState
from shared.log.canonical import is_b64, unb64
from shared.log.entry import Entry
from shared.store.codec import ACT, act_of, entry_of, write_of
from shared.store.sqlite import Connection

PENDING = 1 << 40
"""The first position of lines that are not in the log (as in shared/fold/fold.py, which loads the cryptography)."""
STANDS, MARKED, SILENT = 1, 2, 4
"""Flags of a value: it stands; news took an effect away from its fact; it is of a fact whose values never stand."""
UNASKED = -2
_MOST = 4_096
_ID_BYTES = 32


class FoldedTables:
    """The folded state of one store.

    Attributes:
        bound: entries from this position on are not seen, though they are stored: a rebuild folds a log that is there.
    """

    def __init__(self, connection: Connection) -> None:
        """Read through a connection."""
        self._execute = connection.execute
        self._facts: dict[tuple[str, str], FactState | None] = {}
        self._acts: dict[int, Act | None] = {}
        self._version = -1
        self._top = self._latest = UNASKED
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
        # A fact that was ever written has a row above 0: one stands, or all are marked, or they are silent.
        rows = self._execute(
            "SELECT position, key, value, plain, stands FROM standing"
            " WHERE record = ? AND fact = ? AND stands > 0 ORDER BY seq",
            key,
        ).fetchall()
        state = None
        if rows:
            standing = [write_of(record, fact, row[:4]) for row in rows if row[4] & STANDS]
            state = FactState(standing, None, bool(rows[0][4] & MARKED))
        if len(self._facts) >= _MOST:
            self._facts.clear()
        self._facts[key] = state
        return state

    def history(self, record: str, fact: str) -> list[Write]:
        """See `Tables`."""
        rows = self._execute(
            "SELECT position, key, value, plain FROM standing WHERE record = ? AND fact = ? ORDER BY seq",
            (record, fact),
        )
        return [write_of(record, fact, row) for row in rows]

    def act(self, position: int) -> Act | None:
        """See `Tables`."""
        if position in self._acts:
            return self._acts[position]
        if position < PENDING:
            shared = "e.id, coalesce(e.branch, e.terminal), e.n, e.record"
            query = f"SELECT {shared}, {ACT} FROM act a JOIN entry e USING (position)"
        else:
            query = f"SELECT e.id, e.branch, e.n, e.record, {ACT} FROM act a JOIN outbox e USING (position)"
        row = self._execute(f"{query} WHERE position = ?", (position,)).fetchone()
        act = act_of(row) if row else None
        if len(self._acts) >= _MOST:
            self._acts.clear()
        self._acts[position] = act
        return act

    def entry(self, position: int) -> Entry | None:
        """See `Tables`."""
        if position >= PENDING:
            row = self._execute("SELECT line FROM outbox WHERE position = ?", (position,)).fetchone()
        elif position < self.bound:
            row = self._execute("SELECT leaf FROM entry WHERE position = ?", (position,)).fetchone()
        else:
            row = None
        return entry_of(row[0]) if row else None

    def find(self, entry: str) -> int | None:
        """See `Tables`; the text may be anything that somebody wrote."""
        if not is_b64(entry, _ID_BYTES):
            return None
        id_ = unb64(entry)
        query = (
            "SELECT position FROM entry"
            " WHERE substr(id, 1, 8) = ?1 AND id = ?2 AND record IS NOT NULL AND position < ?3"
        )
        row = self._execute(query, (id_[:8], id_, self.bound)).fetchone()
        if row is None:
            row = self._execute("SELECT position FROM outbox WHERE id = ? AND position IS NOT NULL", (id_,)).fetchone()
        return int(row[0]) if row else None

    def at(self, branch: str, n: int) -> int | None:
        """See `Tables`."""
        terminal, clone, _ = branch.partition(CLONE)
        row = self._execute(
            "SELECT position FROM entry"
            " WHERE terminal = ? AND n = ? AND branch IS ? AND record IS NOT NULL AND position < ?",
            (terminal, n, branch if clone else None, self.bound),
        ).fetchone()
        if row is None:
            query = "SELECT position FROM outbox WHERE terminal = ? AND n = ? AND branch = ? AND position IS NOT NULL"
            row = self._execute(query, (terminal, n, branch)).fetchone()
        return int(row[0]) if row else None

    def touches(self, record: str, since: int) -> list[int]:
        """See `Tables`."""
        if since > self.top():
            return []
        rows = self._execute(
            "SELECT position FROM touch WHERE record = ? AND position >= ? AND changed ORDER BY position",
            (record, since),
        )
        return [row[0] for row in rows]

    def readers(self, record: str, since: int) -> list[tuple[int, int]]:
        """See `Tables`."""
        if since > self.top():
            return []
        query = "SELECT last, position FROM reader WHERE record = ? AND last >= ? ORDER BY last, position"
        return self._execute(query, (record, since)).fetchall()

    def latest_read(self) -> int:
        """See `Tables`."""
        if self._latest == UNASKED:
            row = self._execute("SELECT value FROM meta WHERE key = 'latest_read'").fetchone()
            self._latest = row[0] if row else -1
        return self._latest

    def members(self, kind: str, fact: str, value: str) -> list[str]:
        """See `Tables`."""
        query = "SELECT record FROM lookup WHERE kind = ? AND fact = ? AND value = ? ORDER BY seq"
        return [row[0] for row in self._execute(query, (kind, fact, value))]

    def fork(self, branch: str) -> tuple[str, int] | None:
        """See `Tables`."""
        if CLONE not in branch:
            return None
        return self._execute("SELECT parent, n FROM fork WHERE branch = ?", (branch,)).fetchone()  # type: ignore[no-any-return]

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
