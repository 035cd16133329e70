"""The rows of written values: new ones, and those of which a unit changed whether they stand."""

from typing import TypeAlias

from shared.fold.unit import FactState, Unit
from shared.store.folded_tables import MARKED, STANDS, FoldedTables
from shared.store.sqlite import Connection
from shared.store.values import Naming

COLUMNS = ("record", "fact", "seq", "position", "key", "value", "plain", "stands")
"""The columns of table `standing`; the first three are its key."""
KEYS = 3
Row: TypeAlias = tuple[object, ...]

_RESTOOD = f"SELECT {', '.join(COLUMNS)} FROM standing WHERE record = ? AND fact = ?"  # noqa: S608  our own columns


class Standing:
    """Computes rows of one store's values from units; for one transaction."""

    def __init__(self, connection: Connection, tables: FoldedTables) -> None:
        """Compare with what a connection reads."""
        self._execute = connection.execute
        self._tables = tables

    def rows(self, unit: Unit, seq: int) -> tuple[list[Row], list[Row]]:
        """Give the rows of a unit's new values, and those stored ones whose flags are others now.

        Args:
            unit: the folded unit.
            seq: the number of the last value that is stored; the new ones get those after it.
        """
        written: dict[tuple[str, str], int] = {}
        for write in unit.written:
            fact = (write.record, write.fact)
            written[fact] = written.get(fact, 0) + 1
        flags: dict[tuple[str, str], int | set[tuple[int, str]]] = {}
        changed = []
        for fact, new in written.items():
            flags[fact], rows = self._stood(unit, fact, new)
            changed += rows
        for fact in unit.changed:
            if fact not in written:
                changed += self._stood(unit, fact, 0)[1]
        return self._new(unit, seq, flags), changed

    def _stood(self, unit: Unit, fact: tuple[str, str], new: int) -> tuple[int | set[tuple[int, str]], list[Row]]:
        """The flags of all new values of a fact, or which of all its values stand; and the rows to change."""
        state = unit.facts[fact]
        before = None if fact[0] in unit.born else self._tables.fact(*fact)
        stood = len(before.standing) if before else 0
        if not state.marked and len(state.standing) == stood + new:
            return STANDS, []
        stands = {(write.position, write.key) for write in state.standing}
        return stands, self._restood(fact, before, state, stands) if before else []

    def _restood(
        self, fact: tuple[str, str], before: FactState, state: FactState, stands: set[tuple[int, str]]
    ) -> list[Row]:
        # Of a fact without news only what stood can have changed, so the rest of its history is not read.
        query = _RESTOOD if state.marked or before.marked else f"{_RESTOOD} AND stands > 0"
        names, marked = self._tables.names, MARKED if state.marked else 0
        found: list[Row] = []
        for row in self._execute(query, (names.made(fact[0]), names.made(fact[1]))):
            flags = marked | (STANDS if (row[3], row[4] or "") in stands else 0)
            if flags != row[7]:
                found.append((*row[:7], flags))
        return found

    def _new(self, unit: Unit, seq: int, flags: dict[tuple[str, str], int | set[tuple[int, str]]]) -> list[Row]:
        made, facts, naming = self._tables.names.made, unit.facts, Naming(unit)
        rows: list[Row] = []
        about: str | None = None  # that of the value before, which is most often of the same record
        number = 0
        for write in unit.written:
            seq += 1
            record, fact, position, key = write.record, write.fact, write.position, write.key
            if record != about:
                about, number = record, made(record)
            flag = flags[record, fact]
            if not isinstance(flag, int):
                stands = (position, key) in flag
                flag = (MARKED if facts[record, fact].marked else 0) | (STANDS if stands else 0)
            value = naming.stored(write.value, position)
            rows.append((number, made(fact), seq, position, key or None, value, write.plain, flag))
        return rows
