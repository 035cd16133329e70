"""One log as the server keeps it: ordering pushes, cutting pages, and being refilled after a restore.

What this answers as ordered is durable. It is plain and sequential: who calls runs one writing call at a time, and may
read meanwhile (server/writer.py does, with threads; the simulation without).
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import structlog

from server.errors import Contradiction, Malformed
from server.published import Published
from server.roster import KeptRoster, sealed, verify
from server.tail import Tail, from_position
from shared.fold.roster import RosterBefore, RosterNow, concerns_roster, roster_kinds
from shared.kinds import load
from shared.log import wire
from shared.log.chain import Seal
from shared.log.entry import BadLine
from shared.log.merkle import root_at
from shared.log.ordering import order
from shared.log.push import Ordered, Refused, Roster, Wait
from shared.log.rules import RULES
from shared.log.wire import Answer, Page, Placed, Recovering, Waits
from shared.store.keep import digest_of
from shared.store.rebuild import rebuild
from shared.store.sqlite import Connection
from shared.store.store import Store
from shared.store.transaction import Tx
from shared.terminal.genesis import read_genesis
from shared.terminal.intake import BadPage, read_leaves, take
from shared.trust.sshsig import READ

_log = structlog.get_logger("server")
NEAR: Final = 64
"""Leaves of a page that is given at once."""
_MAY_PULL: Final = frozenset({"active", "invited"})


class Push(NamedTuple):
    """What a terminal pushes."""

    lines: list[bytes]
    seal: Seal


class ServedLog:
    """One program's log.

    Attributes:
        program: its id.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a log is made of, and who tells it the time
        self,
        path: Path,
        program: str,
        seed: bytes,
        tail: Tail,
        now: Callable[[], int],
        factory: type[Connection] | None = None,
    ) -> None:
        """Open it, or begin it if its file is not there.

        Args:
            path: its file.
            program: its id.
            seed: the private key that signs its checkpoints.
            tail: where what it published last is kept, outside the file.
            now: tells the time, ms since 1970 UTC.
            factory: the connections' class, for tests that let them fail.
        """
        self.program = program
        self._now = now
        self._tail = tail
        load()
        opening = partial(
            Store.open, path, kinds=roster_kinds(), folds=concerns_roster, factory=factory, any_thread=True
        )
        self._store = opening(create=not path.exists())
        if self._store.outdated:
            rebuild(self._store)
        self._reader = opening()
        self._near = opening()
        self._roster = KeptRoster(self._store, program)
        self._near_roster = KeptRoster(self._near, program)
        self._reading = Lock()
        self._readers: dict[str, bytes] = {}
        """The keys of terminals that may read, until the roster changes."""
        self._changed = self._store.tables.top()
        self._published = Published(self._store, program, seed, tail)
        self._say_recovering("it had published more than it holds: it was restored from an older backup")
        self._refill_from_tail()

    @property
    def size(self) -> int:
        """Leaves that are published."""
        return self._published.size

    @property
    def recovering(self) -> bool:
        """Whether it lacks leaves that it had published, and so orders nothing."""
        return self.size < self._published.head

    def order(self, pushes: Sequence[Push]) -> list[Answer]:
        """Judge pushes and give their lines positions, all in one transaction, each push by itself.

        Returns:
            The answers in the pushes' order; what is answered as placed is on the disk.

        Raises:
            StoreError: the file could not be written; none of them is in the log.
        """
        if self.recovering:
            return [Recovering(self.size, self._published.head)] * len(pushes)
        placed: list[Ordered] = []
        try:
            with self._store.write() as tx:
                answers = [self._ordered(tx, push, placed) for push in pushes]
        except BaseException:
            self._roster.forget()
            raise
        self._publish(placed, [one.checkpoint for one in answers if isinstance(one, Placed)])
        return answers

    def _ordered(self, tx: Tx, push: Push, placed: list[Ordered]) -> Answer:
        store = self._store
        roster: Roster = self._roster if store.size() else _before(push.lines)
        answer = order(push.lines, push.seal, roster, store, self._now(), verify)
        if isinstance(answer, Wait):
            return Waits(answer.terminal, answer.n, answer.line)
        if isinstance(answer, Refused):
            return wire.denied(answer if self._is_theirs(roster, push.seal) else _UNKNOWN)
        places = [(one.position, one.received) for one in answer.known]
        places += [(one.position, one.received) for one in answer.leaves]
        end = places[-1][0] + 1
        if answer.leaves and answer.seal is not None:
            edge = tx.arrive(answer.leaves, [(end - 1, answer.seal)], [True] * len(answer.leaves))
            root = edge.root()
            placed.append(answer)
            if answer.seal.seen.epoch == store.epoch():
                self._published.held(answer.seal.seen.size)  # what a terminal has verified, it holds
        else:
            root = root_at(store.log.tree.node, end)
        return Placed(places, self._published.note(end, root).decode(), store.size())

    def _is_theirs(self, roster: Roster, seal: Seal) -> bool:
        """Whether a push is by the terminal that it names; anybody else is told nothing of its chain."""
        return not self._store.size() or sealed(roster, seal)

    def is_theirs(self, seal: Seal) -> bool:
        """Tell whether a seal is by the terminal that it names; also while something is written. Needs no thread."""
        with self._near.snapshot():
            if not self._near.size():
                return True
            return sealed(self._near_roster, seal)

    def near(self, start: int) -> bool:
        """Tell whether the page from a position on is short, so that no thread is needed to give it."""
        return self.size - start <= NEAR

    def page(self, start: int) -> bytes:
        """Give the body of the page that begins at a position; one without leaves if there are no more.

        A `near` one is read over a connection of its own, so that it never waits for a long one.

        Raises:
            Damaged: the file is damaged.
        """
        self._published.held(start)  # who asks for what comes behind them holds those before
        if self.near(start):
            return self._published.page(self._near, start)
        with self._reading:
            return self._published.page(self._reader, start)

    def may_read(self, terminal: str, message: bytes, signature: bytes) -> bool:
        """Tell whether a request to read is signed by a terminal that may pull. Needs no thread, and waits for none."""
        key = self._readers.get(terminal)
        if key is None:
            with self._near.snapshot():
                changed = self._changed
                known = RosterNow(self._near.tables, self.program).terminal_key(terminal)
                if known is None or not _enrolled(self._near, terminal):
                    return False
            key = known
            if changed == self._changed:
                self._readers[terminal] = key
        return verify(key, READ, message, signature)

    def enrolled(self, terminal: str) -> bool:
        """Tell whether a terminal may pull: it is enrolled or invited, and not revoked."""
        with self._reading, self._reader.snapshot():
            return _enrolled(self._reader, terminal)

    def roster_changed(self) -> int:
        """Give the position of the last entry that changed who may do what; it grows when the roster changes."""
        return self._changed

    def refill(self, page: Page) -> Recovering:
        """Take back leaves that this log had published before it was restored from an older backup.

        Returns:
            How far it is now; at `head` it orders again.

        Raises:
            Contradiction: they are not what this log signed.
            StoreError: the file could not be written.
        """
        known = self._published.head
        self._published.seen(page)
        if self._published.head > known:
            self._say_recovering("a terminal holds more than this log")
        if self.recovering and page.head.start == self.size and page.leaves:
            self._take_back(page)
            self._refill_from_tail()
        return Recovering(self.size, self._published.head)

    def _refill_from_tail(self) -> None:
        """Take back the last leaves, which no terminal may hold, once those before them are here."""
        behind = -1
        while self.recovering and self.size != behind:
            behind = self.size
            for page in self._tail.read():
                part = from_position(page, self.size)
                if part is not None:
                    with suppress(Contradiction):  # of a file that somebody has changed, the sound parts help
                        self._take_back(part)

    def _take_back(self, page: Page) -> None:
        """Take one page back; the server's own log tells how far that has brought it."""
        try:
            with self._store.write() as tx:
                leaves = read_leaves(self._store, self.program, page)
                take(tx, self.program, self._published.public, page, leaves, [True] * len(leaves))
        except BadPage as error:
            raise Contradiction(
                f"{error} Keep this terminal's files as evidence, and call both companies' officers."
            ) from error
        self._publish()
        _log.info("taken back", program=self.program, size=self.size, head=self._published.head)

    def _say_recovering(self, why: str) -> None:
        if self.recovering:
            _log.warning("recovering", program=self.program, size=self.size, head=self._published.head, why=why)

    def put_blob(self, digest: str, body: bytes) -> None:
        """Keep a blob; the same one twice is one, and one that was erased stays erased.

        Raises:
            Malformed: it is not the one of its digest.
            StoreError: the file could not be written.
        """
        try:
            erasable, salt, content = wire.parse_blob(body)
        except BadLine as error:
            raise Malformed(str(error)) from error
        if digest_of(salt, content) != digest:
            raise Malformed("The blob is not the one of its digest.")
        with self._store.write():
            self._store.blobs.put(salt, content, erasable=erasable)

    def get_blob(self, digest: str) -> bytes | None:
        """Give a blob; None for one that is not here, or was erased."""
        with self._reading:
            blob = self._reader.blobs.get(digest)
        if blob is None or blob.salt is None or blob.content is None:
            return None
        return wire.blob_body(blob.erasable, blob.salt, blob.content)

    def _publish(self, placed: Sequence[Ordered] = (), notes: Sequence[str] = ()) -> None:
        changed = self._store.tables.top()
        if changed != self._changed:
            self._changed = changed
            self._readers = {}
        self._published.advance(placed, notes)

    def close(self) -> None:
        """Close its file."""
        self._tail.close()
        self._near.close()
        self._reader.close()
        self._store.close()


_UNKNOWN: Final = Refused(None, None, "LOG-1", f"{RULES['LOG-1'].refused} {RULES['LOG-1'].remedy}")
UNKNOWN: Final = wire.denied(_UNKNOWN)
"""What is answered to who is not known here, and for logs that are not here."""


def _enrolled(store: Store, terminal: str) -> bool:
    row = store.lists.row(terminal)
    if row is not None and row.kind == "terminal":
        return row.columns["state"] in _MAY_PULL
    # While not all officers have confirmed that the program begins, only its first terminal is there.
    program = store.lists.row("PROGRAM")
    return program is None or program.columns["state"] != "founded"


def _before(lines: Sequence[bytes]) -> RosterBefore:
    """The roster before there is one: what the genesis says of its own terminal."""
    named = read_genesis(lines[0]) if lines else None
    return RosterBefore(named.terminal, named.public) if named else RosterBefore("", b"")
