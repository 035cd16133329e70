"""Reading for lists, searches and trails. Loads nothing but SQLite: the kinds' columns are read from their tables."""
# ruff: noqa: S608  names of tables and columns are our own and quoted; values are always bound

from __future__ import annotations

import binascii
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shared.store.errors import Damaged, StoreError
from shared.store.packing import Packing
from shared.store.sqlite import Connection, Error, translated

Cell = str | int | list[str] | None
PENDING = 1 << 40
"""The first position of entries that are not in the log."""
SKIPPED = "skipped"
"""The verdict of a line in whose place a skip stands."""
_NUMBER = "(SELECT no FROM name WHERE name = ?1)"
_DIGITS = 18
"""So many digits are a number to SQLite; a longer text of digits, such as a code on a carton, is only a text."""
_OWN = {"record", "flags", "last"}


class Listed(NamedTuple):
    """One record in a list.

    `last` is the highest position that changed something of it; `sync` is "local" while an entry that touches it is not
    in the log, "cosigned" when terminals of both companies have cosigned all of it, else "in log".
    """

    kind: str
    record: str
    columns: dict[str, Cell]
    flags: list[str]
    last: int
    sync: str


class Trailed(NamedTuple):
    """One entry of a record's trail, in the log's order.

    `received` is None for a pending one; `changed` tells whether it changed something of the record; `verdict`,
    `refused` and `text` are the fold's; `data` is the leaf, or the pending line. What the server refused of a terminal
    stands on the terminal's trail: its `verdict` is "skipped", and `text` the refusal.
    """

    position: int
    id: str
    terminal: str
    n: int
    received: int | None
    changed: bool
    by: str
    do: str
    verdict: str
    refused: str
    text: str
    data: bytes


class Unseen(NamedTuple):
    """What is hidden from who looks: where it is hidden, a column is neither sorted nor chosen by.

    Attributes:
        column: the column that is hidden ...
        values: ... where it has one of these values ...
        by: ... and this column, a list, names one person ...
        person: ... who is not this one; "" for nobody.
    """

    column: str
    values: tuple[str, ...]
    by: str
    person: str


class Found(NamedTuple):
    """A record that a search found."""

    record: str
    kind: str


class Unknown(StoreError):
    """A list, or a column of one, that is not there."""


class Lists:
    """The lists of one store."""

    def __init__(self, connection: Connection, path: Path, packing: Packing) -> None:
        """Read through a connection to the file at `path`."""
        self._connection = connection
        self._unpack = packing.unpack
        self._path = path

    def rows(  # noqa: PLR0913  which, in which order, of them which, and for whom
        self,
        kind: str,
        where: Mapping[str, Cell] | None = None,
        *,
        order: str = "-last",
        limit: int = 200,
        offset: int = 0,
        unseen: Unseen | None = None,
    ) -> list[Listed]:
        """Give records of a kind.

        Args:
            kind: the kind's name.
            where: columns with the value that they must have, or hold where they are lists; also `record`, `sync` and
                `flags`. Of `state` and `record` a list names all that are wanted.
            order: a column, with `-` before it for the greatest first; `last` is when something last changed. That one
                and `record` are read off an index, others are sorted.
            limit: the most rows.
            offset: rows to leave out before.
            unseen: what is as if it were empty for `where` and `order`; rows have it all the same.

        Raises:
            Unknown: there is no such kind or column.
        """
        columns = self._columns(kind)
        column, way = self._order(kind, columns, order)
        key, own = _seen(column, unseen)
        parts = [self._where(kind, columns, one, unseen) for one in _by_state(where or {})]
        # First which records, off an index alone; whole rows are read only of those that are shown. Each state's part
        # comes in order already, and the parts are merged.
        picked = " UNION ALL ".join(f"SELECT record, {key} AS by FROM {_quoted(kind)}{test}" for test, _ in parts)
        values = [value for _, some in parts for value in (*own, *some)]
        query = (
            f"SELECT t.* FROM ({picked} ORDER BY by {way}, record {way} LIMIT ? OFFSET ?) p"
            f" JOIN {_quoted(kind)} t USING (record) ORDER BY p.by {way}, p.record {way}"
        )
        cosigned = self._cosigned()
        return [self._listed(kind, columns, row, cosigned) for row in self._all(query, (*values, limit, offset))]

    def row(self, record: str) -> Listed | None:
        """Give one record as its list shows it, None if there is none."""
        found = self._all(f"SELECT kind FROM listed WHERE record = {_NUMBER}", (record,))
        if not found:
            return None
        kind = found[0][0]
        rows = self._all(f"SELECT * FROM {_quoted(kind)} WHERE record = ?", (record,))
        return self._listed(kind, self._columns(kind), rows[0], self._cosigned()) if rows else None

    def count(self, kind: str, where: Mapping[str, Cell] | None = None, unseen: Unseen | None = None) -> int:
        """Give the number of records of a kind; see `rows`."""
        test, values = self._where(kind, self._columns(kind), where or {}, unseen)
        return int(self._all(f"SELECT count(*) FROM {_quoted(kind)}{test}", values)[0][0])

    def place(
        self, kind: str, record: str, where: Mapping[str, Cell] | None = None, *, order: str = "-last",
        unseen: Unseen | None = None,
    ) -> int | None:  # fmt: skip
        """Give where a record stands among those that `rows` would give, from 0; None if it is not among them."""
        columns = self._columns(kind)
        column, way = self._order(kind, columns, order)
        test, values = self._where(kind, columns, where or {}, unseen)
        within = f"{_quoted(kind)}{test or ' WHERE 1'}"
        name, named = _seen(column, unseen)
        own = self._all(f"SELECT {name} FROM {within} AND record = ?", (*named, *values, record))
        if not own:
            return None
        key, after = own[0][0], ">" if way == "DESC" else "<"
        at: tuple[Cell, ...]
        if key is None:
            others, more = (f"OR {name} IS NOT NULL", named) if way == "DESC" else ("", ())
            before, at = f"({name} IS NULL AND record {after} ? {others})", (*named, record, *more)
        else:
            nulls, more = (f" OR {name} IS NULL", named) if way == "ASC" and column not in _OWN else ("", ())
            before, at = f"(({name}, record) {after} (?, ?){nulls})", (*named, key, record, *more)
        return int(self._all(f"SELECT count(*) FROM {within} AND {before}", (*values, *at))[0][0])

    def states(self, kind: str) -> list[str]:
        """Give the states in which there are records of a kind, in the order of the alphabet."""
        self._columns(kind)
        found: list[str] = []
        query = f"SELECT min(state) FROM {_quoted(kind)} WHERE state > ?"
        while (state := self._all(query, (found[-1] if found else "",))[0][0]) is not None:
            found.append(state)
        return found

    def flagged(self, kind: str, flags: Collection[str], *, limit: int = 200) -> list[Listed]:
        """Give the records of a kind that have one of these flags, those that changed last first."""
        columns = self._columns(kind)
        test = " OR ".join("instr(flags, ?)" for _ in flags) or "0"
        query = f"SELECT * FROM {_quoted(kind)} WHERE flags <> '[]' AND ({test}) ORDER BY last DESC LIMIT ?"
        cosigned = self._cosigned()
        values = (*(json.dumps(flag) for flag in flags), limit)
        return [self._listed(kind, columns, row, cosigned) for row in self._all(query, values)]

    def unborn(self) -> list[str]:
        """Give what is no record yet: joint acts that would make one have been about it, and none came into effect."""
        named = "(SELECT no FROM name WHERE name = 'waiting')"
        about = (
            "SELECT e.record FROM act a CROSS JOIN {} e USING (position) LEFT JOIN name n ON n.name = e.record"
            f" WHERE a.effect = 0 AND a.verdict = {named}"
            " AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.record = n.no)"
        )
        query = f"{about.format('entry')} UNION {about.format('outbox')} ORDER BY 1"
        return [row[0] for row in self._all(query, ())]

    def trail(self, record: str) -> list[Trailed]:
        """Give every entry about a record, void ones too, those in the log first and then the pending ones.

        A terminal's also shows the skips on its chain, in the places of what the server refused.
        """
        named = ", ".join(f"(SELECT name FROM name WHERE no = a.{column})" for column in ("by", "do", "verdict"))
        act = f"{named}, coalesce(a.refused, ''), coalesce(a.text, '')"
        rows = self._all(
            f"SELECT t.position, e.id, e.terminal, e.n, e.received, t.changed, {act}, e.leaf FROM touch t"
            f" JOIN entry e USING (position) JOIN act a USING (position) WHERE t.record = {_NUMBER}"
            f" UNION ALL SELECT t.position, e.id, e.terminal, e.n, NULL, t.changed, {act}, e.line FROM touch t"
            f" JOIN outbox e USING (position) JOIN act a USING (position) WHERE t.record = {_NUMBER} ORDER BY 1",
            (record,),
        )
        found = [
            Trailed._make((row[0], _b64(row[1]), *row[2:5], bool(row[5]), *row[6:-1], self._unpack(row[-1])))
            for row in rows
        ]
        return sorted([*found, *self._skips(record)], key=lambda one: one.position)

    def _skips(self, terminal: str) -> Iterator[Trailed]:
        rows = self._all(
            "SELECT position, id, n, received, leaf FROM entry WHERE terminal = ? AND record IS NULL", (terminal,)
        )
        for position, id_, n, received, packed in rows:
            leaf = self._unpack(packed)
            said = self._read(leaf)
            why = str(said["skip"]["why"]) if "skip" in said else ""
            where = (position, _b64(id_), terminal, n, received)
            yield Trailed(
                *where, changed=False, by=f"@{terminal}", do="", verdict=SKIPPED, refused="", text=why, data=leaf
            )

    def log(self) -> tuple[int, int, int]:
        """Give how many entries wait here, how many are in the log, and when the last of those was received (ms)."""
        last = "(SELECT coalesce(max(position), -1) FROM entry)"
        query = f"SELECT (SELECT count(*) FROM outbox), {last} + 1, coalesce(max(received), 0) FROM entry"
        waiting, size, received = self._all(f"{query} WHERE position = {last}", ())[0]
        return waiting, size, received

    def search(self, text: str, *, kind: str = "", limit: int = 50) -> list[Found]:
        """Find records whose text has all these words, or words that begin so; those made last come first.

        Of every kind, or of one.
        """
        words = [word for word in text.split() if any(character.isalnum() for character in word)]
        if not words:
            return []
        asked = " ".join('"' + word.replace('"', '""').replace("\0", "") + '"*' for word in words)
        query = (
            "SELECT name.name, listed.kind FROM search JOIN listed ON listed.record = search.rowid"
            " JOIN name ON name.no = listed.record"
            " WHERE search MATCH ?1 AND ?2 IN ('', listed.kind) ORDER BY search.rowid DESC LIMIT ?3"
        )
        return [Found(*row) for row in self._all(query, (asked, kind, limit))]

    def terminal(self, position: int) -> str:
        """Give the terminal that made the entry at a position of the log, "" for none."""
        rows = self._all("SELECT terminal FROM entry WHERE position = ?", (position,))
        return rows[0][0] if rows else ""

    def kinds(self) -> list[str]:
        """Give the kinds that have records here."""
        return [row[0] for row in self._all("SELECT DISTINCT kind FROM listed ORDER BY kind", ())]

    def _columns(self, kind: str) -> list[str]:
        columns = [row[0] for row in self._all("SELECT name FROM pragma_table_info(?)", (kind,))]
        if not set(columns) >= {*_OWN, "state", "title"}:
            raise Unknown(f"There is no list of {kind!r}. `andon actions` names the kinds.")
        return columns

    def _where(
        self, kind: str, columns: list[str], where: Mapping[str, Cell], unseen: Unseen | None
    ) -> tuple[str, tuple[Cell, ...]]:
        tests: list[str] = []
        values: list[Cell] = []
        for column, value in where.items():
            if column == "sync":
                tests.append(self._sync_test(str(value)))
                continue
            self._known(kind, columns, column)
            name = _quoted(column)
            if unseen is not None and column == unseen.column:
                seen, own = _seen(column, unseen)
                tests.append(f"{seen} IS ?")
                values += [*own, value]
            elif column in {"state", "record"} and isinstance(value, list):
                tests.append(f"{name} IN ({', '.join('?' * len(value))})")
                values += value
            elif column == "flags":
                tests.append(f"EXISTS (SELECT 1 FROM json_each({name}) WHERE value = ?)")
                values.append(value)
            elif value is None:
                tests.append(f"{name} IS NULL")
            elif column in {"state", "record"}:
                tests.append(f"{name} = ?")  # by itself, so that their indexes serve
                values.append(value)
            else:
                digits = isinstance(value, str) and len(value) <= _DIGITS and value.isascii() and value.isdigit()
                number = int(str(value)) if digits else value
                among = f"EXISTS (SELECT 1 FROM json_each(CAST({name} AS TEXT)) WHERE value = ?)"
                tests.append(f"({name} IN (?, ?) OR typeof({name}) = 'blob' AND {among})")
                values += [value, number, value]
        return (f" WHERE {' AND '.join(tests)}" if tests else ""), tuple(values)

    def _sync_test(self, state: str) -> str:
        cosigned = self._cosigned()
        tests = {
            "local": f"last >= {PENDING}",
            "in log": f"last >= {cosigned} AND last < {PENDING}",
            "cosigned": f"last < {cosigned}",
        }
        if state not in tests:
            raise Unknown(f"A record is {', '.join(tests)}, not {state!r}.")
        return tests[state]

    def _order(self, kind: str, columns: list[str], order: str) -> tuple[str, str]:
        column = order.removeprefix("-")
        self._known(kind, columns, column)
        return column, "DESC" if order.startswith("-") else "ASC"

    def _known(self, kind: str, columns: list[str], column: str) -> None:
        if column not in columns:
            raise Unknown(f"The list of {kind} has no {column!r}; it has {', '.join(columns)}, sync.")

    def _listed(self, kind: str, columns: list[str], row: tuple[Any, ...], cosigned: int) -> Listed:
        cells = dict(zip(columns, row, strict=True))
        last, flags = cells.pop("last"), self._read(cells.pop("flags"))
        record = cells.pop("record")
        read = {name: self._read(value) if isinstance(value, bytes) else value for name, value in cells.items()}
        sync = "local" if last >= PENDING else "cosigned" if last < cosigned else "in log"
        return Listed(kind, record, read, flags, last, sync)

    def _cosigned(self) -> int:
        rows = self._all("SELECT value FROM meta WHERE key = 'cosigned'", ())
        return int(rows[0][0]) if rows else 0

    def _all(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except Error as error:
            raise translated(error, self._path) from error

    def _read(self, data: str | bytes) -> Any:  # noqa: ANN401  a JSON value
        try:
            return json.loads(data)
        except (TypeError, ValueError) as error:
            raise Damaged(f"{self._path.name} is damaged. Restore it, or rebuild its tables from the log.") from error


def _by_state(where: Mapping[str, Cell]) -> list[dict[str, Cell]]:
    """The same in parts of one state each, for which there is an index in the order of the last change."""
    states = where.get("state")
    if not isinstance(states, list) or not states:
        return [{**where}]
    return [{**where, "state": one} for one in dict.fromkeys(states)]


def _seen(column: str, unseen: Unseen | None) -> tuple[str, tuple[str, ...]]:
    """A column as SQL reads it, empty where it is hidden, and what is bound in that."""
    name = _quoted(column)
    if unseen is None or column != unseen.column or not unseen.values:
        return name, ()
    by = f"CAST({_quoted(unseen.by)} AS TEXT)"
    hidden = (
        f"{name} IN ({', '.join('?' * len(unseen.values))}) AND json_array_length({by}) = 1"
        f" AND json_extract({by}, '$[0]') <> ?"
    )
    return f"CASE WHEN {hidden} THEN NULL ELSE {name} END", (*unseen.values, unseen.person)


def _b64(data: bytes) -> str:
    # As `shared.log.canonical.b64`, which would load the log's formats.
    return binascii.b2a_base64(data, newline=False).translate(_URL).rstrip(b"=").decode()


_URL = bytes.maketrans(b"+/", b"-_")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
