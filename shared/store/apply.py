"""Writing a folded unit down: acts, values and which of them stand, touches, readers, look-ups, and the kinds' rows."""
# ruff: noqa: S608  names of tables and columns are our own and quoted; values are always bound

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from shared.actions.kind import Cell, Kind
from shared.fold.act import Write
from shared.fold.shown import Shown
from shared.fold.unit import FactState, Unit
from shared.store.codec import act_row, text
from shared.store.folded_tables import MARKED, SILENT, STANDS, FoldedTables
from shared.store.journal import Rows
from shared.store.schema import SEARCHED
from shared.store.sqlite import Connection

ShowRow: TypeAlias = Callable[[Unit, str], "Shown | None"]
"""Computes a record's row (`shared.fold.shown.row`)."""

_ACT = ("size", "above", "by", "company", "do", "fact", "verdict", "refused", "text", "effect", "rest")
_STANDING = "record, fact, seq, position, key, value, plain, stands"
_ROW_KEY = ("record",)
_json = msgspec.json.Encoder(order="sorted").encode


class Applier:
    """Writes units into one store's folded tables."""

    def __init__(self, connection: Connection, tables: FoldedTables, kinds: Mapping[str, Kind], show: ShowRow) -> None:
        """Write through a connection; `show` computes the kinds' rows."""
        self._connection = connection
        self._tables = tables
        self._kinds = kinds
        self._show = show

    def apply(self, unit: Unit, *, keep: bool) -> None:
        """Write down what a unit changed; within a transaction. The unit must not be folded onto any more.

        Args:
            unit: a unit above this store's tables.
            keep: whether to note what was there before, for pending lines.
        """
        rows = Rows(self._connection, keep=keep)
        acts = sorted(unit.acts)
        rows.put("act", ("position",), _ACT, [act_row(unit.acts[position]) for position in acts])
        self._values(rows, unit)
        self._touches(rows, unit)
        rows.insert(
            "reader", "record, last, position", [(name, *one) for name, read in unit.read.items() for one in read]
        )
        if unit.read and unit.latest is not None:
            rows.put("meta", ("key",), ("value",), [("latest_read", unit.latest)])
        self._lookups(rows, unit)
        rows.insert("fork", "branch, parent, n", [(branch, *left) for branch, left in unit.forks.items()])
        self._records(rows, unit)
        self._tables.changed([*unit.changed, *((one.record, one.fact) for one in unit.written)], acts)

    def _values(self, rows: Rows, unit: Unit) -> None:
        written: dict[tuple[str, str], list[tuple[int, Write]]] = {}
        count = self._connection.execute("SELECT value FROM meta WHERE key = 'values'").fetchone()
        seq = start = count[0] if count else 0
        for write in unit.written:
            seq += 1
            written.setdefault((write.record, write.fact), []).append((seq, write))
        new, changed = [], []
        for fact in dict.fromkeys([*written, *sorted(unit.changed)]):
            state = unit.facts[fact]
            stands = {(write.position, write.key) for write in state.standing}
            for number, write in written.get(fact, ()):
                flags = _flags(fact[1], state, stood=(write.position, write.key) in stands)
                new.append((*fact, number, write.position, write.key, text(write.value), write.plain, flags))
            changed += self._restood(fact, state, stands, len(written.get(fact, ())))
        rows.insert("standing", _STANDING, new)
        rows.put("standing", ("record", "fact", "seq"), _STANDING.split(", ")[3:], changed)
        if seq > start:
            rows.put("meta", ("key",), ("value",), [("values", seq)])

    def _restood(
        self, fact: tuple[str, str], state: FactState, stands: set[tuple[int, str]], new: int
    ) -> list[tuple[object, ...]]:
        """The stored rows of a fact whose flags are others now."""
        before = self._tables.fact(*fact)
        if before is None or (not state.marked and len(before.standing) + new == len(state.standing)):
            return []
        # Of a fact without news only what stood can have changed, so the rest of its history is not read.
        some = "" if state.marked or before.marked else " AND stands > 0"
        query = f"SELECT {_STANDING} FROM standing WHERE record = ? AND fact = ?{some} ORDER BY seq"
        found = []
        for row in self._connection.execute(query, fact):
            flags = _flags(fact[1], state, stood=(row[3], row[4]) in stands)
            if flags != row[7]:
                found.append((*row[:7], flags))
        return found

    def _touches(self, rows: Rows, unit: Unit) -> None:
        touched = [(record, position, 1) for record, positions in unit.touched.items() for position in positions]
        rows.insert("touch", "record, position, changed", touched)
        # The trail of a record also shows what was void or changed nothing.
        rows.insert(
            "touch",
            "record, position, changed",
            [(unit.entries[position].record, position, 0) for position in unit.entries],
        )

    def _lookups(self, rows: Rows, unit: Unit) -> None:
        query = "SELECT seq, record FROM lookup WHERE kind = ? AND fact = ? AND value = ? ORDER BY seq DESC LIMIT 1"
        new = []
        for key, records in unit.indexed.items():
            seq, last = self._connection.execute(query, key).fetchone() or (0, None)
            for record in records:
                if record != last:
                    seq += 1
                    new.append((*key, seq, record))
                    last = record
        rows.insert("lookup", "kind, fact, value, seq, record", new)

    def _records(self, rows: Rows, unit: Unit) -> None:
        texts, gone = [], []
        shown: dict[str, list[tuple[object, ...]]] = {}
        indexes = {f"{kind}.{fact}={value}" for kind, fact, value in unit.indexed}
        for record in unit.records:
            if record in indexes:
                continue  # a name under which changes of an index are told to its readers
            row = self._show(unit, record)
            if row is None:
                gone.append((record,))
                continue
            cells = [cell(row.columns.get(column)) for column in self._kinds[row.kind].columns]
            shown.setdefault(row.kind, []).append((record, *cells, text(row.flags), row.last))
            texts.append((record, row.kind, f"{record}\n{row.texts}"))
        for kind, found in shown.items():
            rows.put(kind, _ROW_KEY, [*self._kinds[kind].columns, "flags", "last"], found)
        rows.put(SEARCHED, _ROW_KEY, ("kind", "texts"), texts)
        self._gone(rows, gone)

    def _gone(self, rows: Rows, records: list[tuple[str]]) -> None:
        """Remove the rows of records that nothing creates any more."""
        for (record,) in records:
            kept = self._connection.execute(f"SELECT kind FROM {SEARCHED} WHERE record = ?", (record,)).fetchone()
            if kept:
                rows.remove(kept[0], _ROW_KEY, [(record,)])
                rows.remove(SEARCHED, _ROW_KEY, [(record,)])


def _flags(fact: str, state: FactState, *, stood: bool) -> int:
    silent = not stood and fact[:1] == "@"
    return (STANDS if stood else 0) | (SILENT if silent else 0) | (MARKED if state.marked else 0)


def cell(value: Cell) -> "str | int | bytes | None":
    """Give a column's value as it is stored: a list as JSON in a blob, which no text can be mistaken for."""
    return _json(value) if isinstance(value, list) else value
