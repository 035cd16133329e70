"""A log's file, opened: reading, and the one transaction in which everything changes.

Import this; the fold, the kinds and sqlite-utils are loaded only when something is folded or a file is made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from shared.fold import VERSION
from shared.store import sqlite
from shared.store.errors import Damaged, Missing, Newer, Outdated, StoreError
from shared.store.keep import Blobs, Drafts, WrappedKeys
from shared.store.lists import Lists
from shared.store.lock import WAIT_S, WriterLock
from shared.store.packing import Packing
from shared.store.sqlite import APPLICATION, USER_VERSION, Connection, translated

if TYPE_CHECKING:
    from types import TracebackType

    from shared.actions.kind import Kind
    from shared.fold.shown import Shown
    from shared.fold.unit import Unit
    from shared.store.folded_tables import FoldedTables
    from shared.store.log_tables import LogTables
    from shared.store.pending import Pending
    from shared.store.transaction import Tx


class Store:
    """One log's file. One thread uses it at a time; several processes may have the same file open.

    Attributes:
        path: the file.
        lists: what lists and searches read.
        blobs: sheets, attachments and personal details, by digest.
        drafts: what was typed and not yet performed.
        keys: people's keys as they are wrapped for this terminal.
    """

    def __init__(
        self,
        path: Path,
        connection: Connection,
        lock: WriterLock,
        *,
        kinds: Mapping[str, Kind] | None,
        show: Callable[[Unit, str], Shown | None] | None,
    ) -> None:
        """Take over an open connection; see `open`."""
        self.path = path
        self._connection = connection
        self._lock = lock
        self._kinds = kinds
        self._show = show
        self._tx: Tx | None = None
        self._tables: FoldedTables | None = None
        self._log: LogTables | None = None
        self._packing = Packing(connection)
        self.lists = Lists(connection, path, self._packing)
        self.blobs = Blobs(connection)
        self.drafts = Drafts(connection)
        self.keys = WrappedKeys(connection)

    @classmethod
    def open(  # noqa: PLR0913  each is one choice, all but the path optional
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = False,
        kinds: Mapping[str, Kind] | None = None,
        show: Callable[[Unit, str], Shown | None] | None = None,
        wait: float = WAIT_S,
        factory: type[Connection] | None = None,
        any_thread: bool = False,
    ) -> Self:
        """Open a file.

        Args:
            path: the file; its folder must be there.
            create: make it if it is not there (mode 0600, tables and all).
            kinds: the kinds that have lists, those of `shared.kinds` if None.
            show: computes a record's row, `shared.fold.shown.row` if None.
            wait: seconds that a write waits for another process's.
            factory: the connection's class, for tests that let it fail.
            any_thread: whether threads may take turns with the store.

        Returns:
            The store, also if its folded tables are `outdated`: `rebuild.rebuild` makes them anew.

        Raises:
            Missing: there is no such file, and it is not to be made.
            Damaged: it is no store.
            Newer: a later version of Andon wrote it.
            Unsafe: this SQLite may damage it.
        """
        place = Path(path)
        if create:
            sqlite.create(place)
        elif not place.exists():
            raise Missing(f"{place.name} is not there. Join a program first, or name another home.")
        lock = WriterLock(place, wait=wait)
        connection = None
        try:
            if not place.stat().st_size:
                if not create:
                    raise Damaged(f"{place.name} is empty and no Andon log. Restore it, or pull the log anew.")
                with lock.held():  # two that create it both switch it to WAL
                    connection = sqlite.connect(place, factory=factory, any_thread=any_thread)
            else:
                connection = sqlite.connect(place, factory=factory, any_thread=any_thread)
            store = cls(place, connection, lock, kinds=kinds, show=show)
            store._check(create=create)
        except sqlite.Error as error:
            raise translated(error, place) from error
        except StoreError:
            if connection is not None:
                connection.close()
            lock.close()
            raise
        return store

    def _check(self, *, create: bool) -> None:
        """Refuse a file that is not ours, and make the tables of a new one."""
        version = self._pragma("user_version")
        if not version and create:
            with self._lock.held():
                self._create()
            version = self._pragma("user_version")
        if self._pragma("application_id") != APPLICATION:
            raise Damaged(f"{self.path.name} is no Andon log. Name another file.")
        if version > USER_VERSION:
            raise Newer(f"{self.path.name} was written by a later Andon. Update this one.")

    def _create(self) -> None:
        from shared.store import schema  # noqa: PLC0415  loads sqlite-utils and the kinds: for a new file only

        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._pragma("user_version"):  # else another process was first
                schema.create(self._connection)
                schema.create_folded(self._connection, self.kinds)
                self.note_folded()
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that have lists here."""
        if self._kinds is None:
            from shared.actions.kind import KINDS  # noqa: PLC0415  both load much: not for a command that lists
            from shared.kinds import load  # noqa: PLC0415

            load()
            self._kinds = KINDS
        return self._kinds

    @property
    def outdated(self) -> bool:
        """Whether the folded tables are of another version of the fold, or of other kinds, and must be rebuilt."""
        noted = str(self.meta("fold_version") or "")
        if self._kinds is None and self._tables is None:
            return noted.partition(".")[0] != str(VERSION)
        return noted != self._folded_version()

    def _folded_version(self) -> str:
        from shared.store.schema import shape  # noqa: PLC0415

        return f"{VERSION}.{shape(self.kinds.values())}"

    def note_folded(self) -> None:
        """Note that the folded tables are of this version; within a transaction, by whoever made them."""
        self._connection.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('fold_version', ?)", (self._folded_version(),)
        )

    @property
    def tables(self) -> FoldedTables:
        """What a unit reads through to; take it anew for each series of reads, within `snapshot` or `write`."""
        if self._tables is None:
            from shared.store.folded_tables import FoldedTables  # noqa: PLC0415  loads the fold

            self._tables = FoldedTables(self._connection, self._packing)
        if self._tx is None:
            self._tables.refresh()
        return self._tables

    @property
    def log(self) -> LogTables:
        """The log as it is stored; it answers `shared.log.push.ChainState`."""
        if self._log is None:
            from shared.store.log_tables import LogTables  # noqa: PLC0415  loads the log's formats

            self._log = LogTables(self._connection, self._packing)
        return self._log

    @property
    def pending(self) -> Pending:
        """The lines that are not in the log yet."""
        from shared.store.pending import Pending  # noqa: PLC0415  loads the log's formats

        return Pending(self._connection)

    def meta(self, key: str) -> Any:  # noqa: ANN401  text, number or bytes
        """Give a noted value, None if there is none."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Begin the one kind of transaction: all that is done within is there afterwards, or nothing of it.

        Yields:
            What can be written. An exception, from here or from within, undoes everything, and is raised again.

        Raises:
            Busy: another process has been writing for too long; nothing was done.
            Full: the disk is full; nothing was written.
            Damaged: SQLite finds the file damaged.
            RuntimeError: this store is in a transaction already.
        """
        from shared.store.transaction import Tx  # noqa: PLC0415  loads the fold

        if self._tx is not None:
            raise RuntimeError("a store has one transaction at a time")
        tables = self.tables
        with self._lock.held():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                tables.refresh()
                self._tx = Tx(self, self._connection)
                yield self._tx
                self._tx.finish()
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._undo()
                if isinstance(error, sqlite.Error):
                    raise translated(error, self.path) from error
                raise
            finally:
                self._tx = None

    def _undo(self) -> None:
        self._packing.forget()
        if self._tables is not None:
            self._tables.forget()
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite.Error:
            # Whatever broke the transaction is what people must hear of; closing rolls back all that is left.
            self._connection.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads within see the same moment, whatever others write meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def show(self, unit: Unit, record: str) -> Shown | None:
        """Compute a record's row as the fold shows it now."""
        if self._show is None:
            from shared.fold.shown import row  # noqa: PLC0415

            self._show = row
        return self._show(unit, record)

    def require_current(self) -> None:
        """Raise Outdated if the folded tables are those of another version."""
        if self.outdated:
            raise Outdated(
                f"{self.path.name}: its tables are of another version of Andon. Rebuild them from the log first."
            )

    def close(self) -> None:
        """Close the file; the last one to do so moves what was written into it."""
        try:
            with self._lock.held():
                self._connection.close()
        finally:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
