"""Writing a folded unit down: acts, values and which of them stand, touches, readers, look-ups, and the kinds' rows."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from shared.actions.kind import Cell, Kind
from shared.fold.shown import Shown
from shared.fold.unit import Unit
from shared.store import journal
from shared.store.codec import ACT, act_row, text
from shared.store.folded_tables import FoldedTables
from shared.store.journal import Rows
from shared.store.search import Search
from shared.store.sqlite import Connection
from shared.store.standing import COLUMNS, KEYS, Standing

ShowRow: TypeAlias = Callable[[Unit, str], "Shown | None"]
"""Computes a record's row (`shared.fold.shown.row`)."""

_ROW_KEY = ("record",)
_json = msgspec.json.Encoder(order="sorted").encode


class Applier:
    """Writes units into one store's folded tables; for one transaction."""

    def __init__(self, connection: Connection, tables: FoldedTables, kinds: Mapping[str, Kind], show: ShowRow) -> None:
        """Write through a connection; `show` computes the kinds' rows."""
        self._connection = connection
        self._tables = tables
        self._made = tables.names.made
        self._kinds = kinds
        self._show = show
        self._search = Search(connection)

    def apply(self, unit: Unit, *, keep: bool) -> None:
        """Write down what a unit changed; within a transaction. The unit must not be folded onto any more.

        Args:
            unit: a unit above this store's tables.
            keep: whether to note what was there before, for pending lines.
        """
        rows = Rows(self._connection, keep=keep)
        acts = sorted(unit.acts)
        rows.put("act", ACT[:1], ACT[1:], [act_row(unit.acts[position], self._tables.names) for position in acts])
        self._values(rows, unit)
        self._touches(rows, unit)
        self._readers(rows, unit)
        self._lookups(rows, unit)
        rows.insert("fork", ("branch", "parent", "n"), [(branch, *left) for branch, left in unit.forks.items()])
        self._records(rows, unit)
        self._tables.names.flush()
        self._tables.changed(unit.changed, acts)

    def _values(self, rows: Rows, unit: Unit) -> None:
        count = self._connection.execute("SELECT value FROM meta WHERE key = 'values'").fetchone()
        seq = count[0] if count else 0
        new, changed = Standing(self._connection, self._tables).rows(unit, seq)
        rows.insert("standing", COLUMNS, new)
        rows.put("standing", COLUMNS[:KEYS], COLUMNS[KEYS:], changed)
        if new:
            rows.put("meta", ("key",), ("value",), [("values", seq + len(new))])

    def _touches(self, rows: Rows, unit: Unit) -> None:
        made, columns = self._made, ("record", "position", "changed")
        touched = [(number, at, 1) for name, found in unit.touched.items() if (number := made(name)) for at in found]
        rows.insert("touch", columns, touched)
        # The trail of a record also shows what was void or changed nothing.
        rest = [
            (entry.record, at)
            for at, entry in unit.entries.items()
            if at in unit.acts and at not in unit.touched.get(entry.record, ())
        ]
        rows.insert("touch", columns, [(made(name), at, 0) for name, at in rest])

    def _readers(self, rows: Rows, unit: Unit) -> None:
        read = []
        for name, found in unit.read.items():
            number, last, seq = self._made(name), -1, 0
            for one in dict.fromkeys(found):
                seq = seq + 1 if one[0] == last else 0
                last = one[0]
                read.append((number, last, seq, one[1]))
        rows.insert("reader", ("record", "last", "seq", "position"), read)
        if read and unit.latest is not None:
            rows.put("meta", ("key",), ("value",), [("latest_read", unit.latest)])

    def _lookups(self, rows: Rows, unit: Unit) -> None:
        query = "SELECT seq, record FROM lookup WHERE value = ? ORDER BY seq DESC LIMIT 1"
        new = []
        for (kind, fact, value), records in unit.indexed.items():
            number = self._made(f"{kind}.{fact}={value}")
            seq, last = self._connection.execute(query, (number,)).fetchone() or (0, None)
            for name in records:
                record = self._made(name)
                if record != last:
                    seq += 1
                    new.append((number, seq, record))
                    last = record
        rows.insert("lookup", ("value", "seq", "record"), new)

    def _records(self, rows: Rows, unit: Unit) -> None:
        listed, gone = [], []
        shown: dict[str, list[tuple[object, ...]]] = {}
        indexes = {f"{kind}.{fact}={value}" for kind, fact, value in unit.indexed}
        for record in unit.records:
            if record in indexes:
                continue  # a name under which changes of an index are told to its readers
            row = self._show(unit, record)
            number = self._made(record)
            if row is None:
                gone.append((number, record))
                continue
            cells = [cell(row.columns.get(column)) for column in self._kinds[row.kind].columns]
            flags = text(row.flags) if row.flags else "[]"
            shown.setdefault(row.kind, []).append((record, *cells, flags, row.last))
            texts = f"{record}\n{row.texts}"
            listed.append((number, row.kind, self._search.note(number, texts, new=record in unit.born)))
        for kind, found in shown.items():
            rows.put(kind, _ROW_KEY, [*self._kinds[kind].columns, "flags", "last"], found)
        rows.put("listed", _ROW_KEY, ("kind", "digest"), listed)
        self._gone(rows, gone)

    def _gone(self, rows: Rows, records: list[tuple[int, str]]) -> None:
        """Remove the rows of records that nothing creates any more."""
        for number, record in records:
            kept = self._connection.execute("SELECT kind FROM listed WHERE record = ?", (number,)).fetchone()
            if kept:
                self._search.gone(number)
                rows.remove(kept[0], _ROW_KEY, [(record,)])
                rows.remove("listed", _ROW_KEY, [(number,)])

    def undo(self) -> None:
        """Put back what was there before rows were written with `keep`; within a transaction."""
        self._search.undoing()
        journal.undo(self._connection)
        self._tables.forget()

    def finish(self) -> None:
        """Bring the search up to date; at the end of a transaction."""
        unit = Unit(self._tables)
        for number in self._search.unknown():
            record = self._tables.names.name(number)
            row = self._show(unit, record)
            if row is not None:
                self._search.note(number, f"{record}\n{row.texts}")
        self._search.flush()


def cell(value: Cell) -> "str | int | bytes | None":
    """Give a column's value as it is stored: a list as JSON in a blob, which no text can be mistaken for."""
    return _json(value) if isinstance(value, list) else value
