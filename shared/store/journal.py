"""Writing folded rows, and keeping what was there before while lines that are not in the log are folded.

Everything that writes folded rows does it through `Rows`. With `keep`, each row's former self goes into `undo` in the
same transaction, so that `undo` puts back exactly what was there, whatever the fold did.
"""
# ruff: noqa: S608  names of tables and columns are our own and quoted; values are always bound

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from shared.store.schema import FOLDED_KEYS, quoted
from shared.store.sqlite import Connection

Values = tuple[Any, ...]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Any]).decode
_keys = msgspec.json.Decoder(list[Any]).decode


class Rows:
    """The one way in which folded rows change; for one transaction."""

    def __init__(self, connection: Connection, *, keep: bool) -> None:
        """Write through a connection; with `keep`, note what was there before."""
        self._connection = connection
        self._keep = keep

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
        """Add rows, the key's columns first in `columns`; those that are there are left alone."""
        if not rows:
            return
        if self._keep:
            keys = FOLDED_KEYS[table]
            self._note(table, keys, [row[: len(keys)] for row in rows])
        self._connection.executemany(_inserting(table, tuple(columns)), rows)

    def put(self, table: str, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Values]) -> None:
        """Add rows or change those that are there; the columns in `keys` come first in each row."""
        if not rows:
            return
        if self._keep:
            self._note(table, keys, [row[: len(keys)] for row in rows])
        self._connection.executemany(_putting(table, tuple(keys), tuple(columns)), rows)

    def remove(self, table: str, keys: Sequence[str], rows: Sequence[Values]) -> None:
        """Remove rows by their keys; those that are not there are no error."""
        if not rows:
            return
        if self._keep:
            self._note(table, keys, rows)
        self._connection.executemany(f"DELETE FROM {quoted(table)} WHERE {_matching(keys)}", rows)

    def _note(self, table: str, keys: Sequence[str], rows: Iterable[Values]) -> None:
        query = f"SELECT * FROM {quoted(table)} WHERE {_matching(keys)}"
        noted = []
        for key in rows:
            before = self._connection.execute(query, key).fetchone()
            noted.append((table, msgspec.json.encode(key).decode(), None if before is None else _encode(before)))
        self._connection.executemany("INSERT INTO undo (tbl, key, row) VALUES (?, ?, ?)", noted)


def undo(connection: Connection) -> None:
    """Put every row back that was noted, the last first, and forget the notes; within a transaction."""
    kept = connection.execute("SELECT tbl, key, row FROM undo ORDER BY no DESC").fetchall()
    for table, key, row in kept:
        keys = FOLDED_KEYS.get(table, ("record",))
        connection.execute(f"DELETE FROM {quoted(table)} WHERE {_matching(keys)}", _keys(key))
        if row is not None:
            values = _decode(row)
            connection.execute(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(values))})", values)
    connection.execute("DELETE FROM undo")


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> str:
    names, places = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
    return f"INSERT OR IGNORE INTO {quoted(table)} ({names}) VALUES ({places})"


@cache
def _putting(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    names, places = ", ".join(map(quoted, keys + columns)), ", ".join("?" * len(keys + columns))
    changes = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in columns)
    differ = " OR ".join(f"{quoted(name)} IS NOT excluded.{quoted(name)}" for name in columns)
    return (
        f"INSERT INTO {quoted(table)} ({names}) VALUES ({places})"
        f" ON CONFLICT ({', '.join(map(quoted, keys))}) DO UPDATE SET {changes} WHERE {differ}"
    )


def _matching(keys: Sequence[str]) -> str:
    return " AND ".join(f"{quoted(key)} = ?" for key in keys)
