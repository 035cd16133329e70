"""Opening a file: whether it is ours, of which version, and the tables of a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shared.store import sqlite
from shared.store.errors import Damaged, Newer, StoreError
from shared.store.lock import WriterLock
from shared.store.sqlite import APPLICATION, USER_VERSION, Connection, translated

Fill = Callable[[Connection], None]
"""Makes the tables of a new file, within a transaction."""


def opened(
    path: Path, lock: WriterLock, fill: Fill | None, *, factory: type[Connection] | None, any_thread: bool
) -> Connection:
    """Open a file that is ours.

    Args:
        path: the file.
        lock: its writer's lock.
        fill: makes the tables of a new one; None if it must be there.
        factory: as in `sqlite.connect`.
        any_thread: as there.

    Returns:
        The connection.

    Raises:
        Damaged: it is no store.
        Newer: a later version of Andon wrote it.
    """
    if fill is not None:
        sqlite.create(path)
    elif not path.stat().st_size:
        raise Damaged(f"{path.name} is empty and no Andon log. Restore it, or pull the log anew.")
    connection = None
    try:
        if path.stat().st_size:
            connection = sqlite.connect(path, factory=factory, any_thread=any_thread)
        else:
            with lock.held():  # two that make it at once would both switch it to WAL
                connection = sqlite.connect(path, factory=factory, any_thread=any_thread)
        if fill is not None and not _pragma(connection, "user_version"):
            with lock.held():
                _fill(connection, fill)
        _judge(connection, path)
    except (sqlite.Error, StoreError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, StoreError):
            raise
        raise translated(error, path) from error
    return connection


def _judge(connection: Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION:
        raise Damaged(f"{path.name} is no Andon log. Name another file.")
    if _pragma(connection, "user_version") > USER_VERSION:
        raise Newer(f"{path.name} was written by a later Andon. Update this one.")


def _fill(connection: Connection, fill: Fill) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been first; and a file of somebody else's is judged, not filled.
        if connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None:
            fill(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends it by itself where the disk is full
            connection.execute("ROLLBACK")
        raise


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
