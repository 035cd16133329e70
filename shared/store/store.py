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
from shared.store.errors import Busy, GaveWay, Missing, Outdated
from shared.store.keep import Blobs, Carried, Drafts, Heard, WrappedKeys
from shared.store.listing import CALLED, Listing
from shared.store.lists import Lists
from shared.store.lock import WAIT_S, WriterLock
from shared.store.opening import opened
from shared.store.packing import Packing
from shared.store.sqlite import Connection, translated

if TYPE_CHECKING:
    from types import TracebackType

    from shared.actions.kind import Kind
    from shared.fold.leaf import Folds
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
        folds: which entries are folded here; all if None.
        connection, packing: for this package only; everybody else uses the methods.
        lists: what lists and searches read.
        blobs: sheets, attachments and personal details, by digest.
        carried: blobs on their way to the server, or wanted from it.
        drafts: what was typed and not yet performed.
        keys: people's keys as they are wrapped for this terminal.
    """

    def __init__(
        self, path: Path, connection: Connection, lock: WriterLock, listing: Listing, folds: Folds | None = None
    ) -> None:
        """Take over an open connection; see `open`."""
        self.path = path
        self.folds = folds
        self.connection = connection
        self._lock = lock
        self._listing = listing
        self._tx: Tx | None = None
        self._yields = False
        self._current = ""
        self._tables: FoldedTables | None = None
        self._log: LogTables | None = None
        self.packing = Packing(connection)
        self.lists = Lists(connection, path, self.packing)
        self.blobs = Blobs(connection)
        self.carried = Carried(connection)
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
        folds: Folds | None = None,
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
            folds: tells which entries are folded here, all if None; with `shared.fold.roster.concerns_roster` and
                `kinds` as `roster_kinds` there gives them, the store knows the roster and nothing else.
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
        if not create and not place.exists():
            raise Missing(f"{place.name} is not there. Join a program first, or name another home.")
        lock, listing = WriterLock(place, wait=wait), Listing(kinds, show, part=folds is not None)
        try:
            fill = listing.fill if create else None
            connection = opened(place, lock, fill, factory=factory, any_thread=any_thread)
        except BaseException:
            lock.close()
            raise
        return cls(place, connection, lock, listing, folds)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that have lists here."""
        return self._listing.kinds

    def load_kinds(self) -> None:
        """See to it that actions are known before anything is folded; given kinds were loaded by who gave them."""
        _ = self._listing.kinds

    @property
    def outdated(self) -> bool:
        """Whether the folded tables are of another version of the fold, or of other kinds, and must be rebuilt.

        The kinds are loaded for it only if their files are not those that the tables were made with.
        """
        noted = str(self.meta("fold_version") or "")
        if noted == self._current:
            return False  # as the last time; every transaction asks
        if noted.partition(".")[0] != str(VERSION):
            return True
        if self._listing.loaded or not self.stamped:
            if noted != self._listing.version():
                return True
            self._current = noted
        return False

    @property
    def stamped(self) -> bool:
        """Whether it is noted that the folded tables fit the files in which the kinds are declared now."""
        return bool(self._listing.stamp()) and self.meta("kinds_stamp") == self._listing.stamp()

    def stamp(self) -> None:
        """Note that the tables fit the kinds, whose files changed without asking for other tables.

        The next one that opens the file need not load the kinds then to find that out.
        """
        with self.write() as tx:
            tx.set_meta("kinds_stamp", self._listing.stamp())
            tx.set_meta(CALLED, self._listing.called())

    def called(self) -> dict[str, str]:
        """Give by which column people call a record, by the code that starts its id; ids serve for other records.

        It is noted with the tables, so no kind is loaded for it unless their files have changed since.
        """
        noted = self.meta(CALLED) if self.stamped else None
        lines = self._listing.called() if noted is None else str(noted)
        return dict(line.split(" ", 1) for line in lines.splitlines())

    @property
    def tables(self) -> FoldedTables:
        """What a unit reads through to; take it anew for each series of reads, within `snapshot` or `write`."""
        if self._tables is None:
            from shared.store.folded_tables import FoldedTables  # noqa: PLC0415  loads the fold

            self._tables = FoldedTables(self.connection, self.packing)
        if self._tx is None:
            self._tables.refresh()
        return self._tables

    @property
    def log(self) -> LogTables:
        """The log as it is stored; it answers `shared.log.push.ChainState`."""
        if self._log is None:
            from shared.store.log_tables import LogTables  # noqa: PLC0415  loads the log's formats

            self._log = LogTables(self.connection, self.packing)
        return self._log

    def size(self) -> int:
        """Give the number of leaves; this and the next five are `shared.log.push.ChainState`."""
        return self.log.size()

    def epoch(self) -> int:
        """Give the log's epoch, which a restore that lost leaves raises."""
        return self.log.epoch()

    def last_received(self) -> int:
        """Give the last leaf's time of receipt, ms since 1970 UTC; 0 if there is none."""
        return self.log.last_received()

    def links(self, terminal: str, n: int) -> list[bytes]:
        """Give the links known after a terminal's line `n`."""
        return self.log.links(terminal, n)

    def find(self, line_id: bytes) -> tuple[int, int] | None:
        """Give position and time of receipt of a line, None if the log does not hold it."""
        return self.log.find(line_id)

    def has(self, terminal: str, n: int) -> bool:
        """Tell whether the log holds a line `n` of the terminal."""
        return self.log.has(terminal, n)

    @property
    def pending(self) -> Pending:
        """The lines that are not in the log yet."""
        from shared.store.pending import Pending  # noqa: PLC0415  loads the log's formats

        return Pending(self.connection)

    def meta(self, key: str) -> Any:  # noqa: ANN401  text, number or bytes
        """Give a noted value, None if there is none."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def heard(self) -> Heard | None:
        """Give what is kept of when the server was last heard; None for never."""
        kept = self.meta("heard")
        return Heard(*map(int, str(kept).split())) if kept else None

    def changes(self) -> int:
        """Give a number that is another one when another process, or another store, has written the file."""
        try:
            return int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite.Error as error:
            raise translated(error, self.path) from error

    def metas(self, word: str) -> list[str]:
        """Give the keys of noted values that are a word and something behind it."""
        query = "SELECT key FROM meta WHERE key > ?1 || ' ' AND key < ?1 || '!' ORDER BY key"
        return [row[0] for row in self.connection.execute(query, (word,))]

    @contextmanager
    def write(self, *, gives_way: bool = False) -> Iterator[Tx]:
        """Begin the one kind of transaction: all that is done within is there afterwards, or nothing of it.

        Args:
            gives_way: whether it is broken off when somebody else waits to write, for it is long and can begin anew.

        Yields:
            What can be written. An exception, from here or from within, undoes everything, and is raised again.

        Raises:
            Busy: another process has been writing for too long; nothing was done.
            GaveWay: somebody else waits; nothing was done.
            Full: the disk is full; nothing was written.
            Damaged: SQLite finds the file damaged.
            RuntimeError: this store is in a transaction already.
        """
        from shared.store.transaction import Tx  # noqa: PLC0415  loads the fold

        if self._tx is not None:
            raise RuntimeError("a store has one transaction at a time")
        with self._lock.held():
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                self.tables.refresh()
                self._tx, self._yields = Tx(self, self.connection), gives_way
                yield self._tx
                self._tx.finish()
                self.connection.execute("COMMIT")
            except BaseException as error:
                self._undo()
                if isinstance(error, sqlite.Error):
                    raise translated(error, self.path) from error
                raise
            finally:
                self._tx, self._yields = None, False

    def give_way(self) -> None:
        """Break off what is being written, if it gives way and somebody waits; long work asks every some 50 ms.

        Raises:
            GaveWay: it must be begun anew.
        """
        if self._yields and self._lock.wanted():
            raise GaveWay(f"{self.path.name}: somebody else waits to write.")

    def _undo(self) -> None:
        self.packing.forget()
        if self._tables is not None:
            self._tables.forget()
        try:
            if self._within():
                self.connection.execute("ROLLBACK")
        except sqlite.Error:
            # Whatever broke the transaction is what people must hear of; closing rolls back all that is left.
            self.connection.close()

    def _within(self) -> bool:
        return self.connection.in_transaction

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads within see the same moment, whatever others write meanwhile; within a transaction they do."""
        if self._within():
            yield
            return
        try:
            self.connection.execute("BEGIN")
            yield
        except sqlite.Error as error:
            raise translated(error, self.path) from error
        finally:
            # Nothing was written, and of a damaged file SQLite may have ended the transaction itself.
            if self._within():
                self.connection.execute("ROLLBACK")

    def show(self, unit: Unit, record: str) -> Shown | None:
        """Compute a record's row as the fold shows it now, None for one that is not there."""
        return self._listing.show(unit, record)

    def fill_folded(self) -> None:
        """For this package only: make the folded tables, empty; within a transaction."""
        self._listing.fill_folded(self.connection)

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
                self.connection.close()
        except Busy:
            self.connection.close()  # somebody else has it open, so that nothing is moved now
        finally:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
