"""Which SQLite is used, how a file is opened with it, and what its errors mean.

Preferred is pysqlite3, whose SQLite is newer than the one beside most Pythons. Before 3.51.3 (and in 3.52.0, which was
withdrawn) two connections that write or checkpoint a WAL file at the same moment can damage it; see `SAFE_BY_ITSELF`.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.store.errors import Busy, Damaged, Full, StoreError

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    try:
        from pysqlite3 import dbapi2 as driver
    except ImportError:
        import sqlite3 as driver

Connection = driver.Connection
Error = driver.Error
VERSION = driver.sqlite_version_info

APPLICATION = 0x416E646F
"""The application id in the file's header: `Ando`."""
USER_VERSION = 1
"""The version of the log's and the replica's tables; the folded ones have `shared.fold.VERSION`."""
BUSY_MS = 5_000
"""How long SQLite itself waits for a foreign writer (a tool that does not know our lock), in ms."""
CACHE_KIB = 16_384
"""Page cache of one connection."""
_STATEMENTS = 512
_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "recursive_triggers=OFF",
    f"cache_size=-{CACHE_KIB}", "temp_store=MEMORY",
)  # fmt: skip


def safe_by_itself(version: tuple[int, ...]) -> bool:
    """Tell whether an SQLite is free of the WAL-reset bug (sqlite.org/wal.html, "The WAL-reset bug").

    Args:
        version: as `sqlite3.sqlite_version_info`.

    Returns:
        True from 3.51.3 on but for 3.52.0. Another version is safe only while one connection at a time writes, which
        the writer's lock ensures.
    """
    return version >= (3, 51, 3) and version[:3] != (3, 52, 0)


def connect(path: Path, *, factory: type[Connection] | None = None, any_thread: bool = False) -> Connection:
    """Open a file that is there, with what every connection needs.

    Args:
        path: the file.
        factory: a subclass of the driver's connection, for tests that let it fail.
        any_thread: whether threads may take turns with the connection; never two at once.

    Returns:
        A connection without implicit transactions.

    Raises:
        StoreError: it cannot be opened, or is no SQLite file.
    """
    options: dict[str, Any] = {"factory": factory} if factory else {}
    try:
        connection: Connection = driver.connect(
            path, timeout=BUSY_MS / 1000, isolation_level=None, cached_statements=_STATEMENTS,
            check_same_thread=not any_thread, **options,
        )  # fmt: skip
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except Error:
            connection.close()
            raise
    except Error as error:
        raise translated(error, path) from error
    return connection


def create(path: Path) -> None:
    """Make an empty file that only its owner reads; SQLite gives its companions (-wal, -shm) the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def translated(error: Exception, path: Path) -> StoreError:
    """Say in one sentence what an error of SQLite means.

    Args:
        error: what SQLite raised.
        path: the file it is about.

    Returns:
        The error to raise in its place.
    """
    words = str(error)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary == _FULL or "is full" in words:
        return Full(f"{path.name}: the disk is full and nothing was written. Free some space, then do it again.")
    if primary in {_BUSY, _LOCKED} or "locked" in words:
        return Busy(f"{path.name}: another program is writing to it. Wait a moment, then do it again.")
    if primary in {_CORRUPT, _NOTADB} or "malformed" in words or "not a database" in words:
        return Damaged(f"{path.name} is damaged or no Andon log ({words}). Restore it, or pull the log anew.")
    return StoreError(f"{path.name}: {words}; nothing was written.")


# SQLite's primary result codes (sqlite.org/rescode.html); pysqlite3 does not name them all.
_BUSY, _LOCKED, _CORRUPT, _FULL, _NOTADB = 5, 6, 11, 13, 26
