"""Syncing one log with its server: push what waits, pull what is new, give back what a restored server lost.

It can be cut anywhere and begun again: each step is one transaction here and one on the server, each may come twice,
and a line leaves the outbox only when it stands in this terminal's own log.
"""

from contextlib import suppress
from typing import Final

from shared.log.canonical import b64
from shared.log.entry import Skip, line_id, skip_bytes
from shared.log.leaf import leaf_bytes
from shared.log.merkle import consistency_proof
from shared.log.wire import Answer, Denied, Head, Page, Placed, Recovering, Waits, page_body, push_body
from shared.store.errors import Gap
from shared.store.pages import cut
from shared.terminal import remote as remotes
from shared.terminal.carrying import SMALL, fetch_blobs, send_blobs
from shared.terminal.desk import Desk
from shared.terminal.evidence import keep_evidence
from shared.terminal.genesis import genesis_of
from shared.terminal.heard import note_heard, note_silence
from shared.terminal.intake import BadPage, TwoHistories, judge_checkpoint
from shared.terminal.own_chain import Outgoing, keep_end, keep_end_at, links_before, outgoing
from shared.terminal.placed import forget_places, keep_places, placed_page, places_kept
from shared.terminal.receive import check_signatures, receive
from shared.terminal.remote import Remote
from shared.terminal.synced import (
    CONTRADICTION,
    IN_LOG,
    LATER,
    RECOVERING,
    REFUSED,
    STRANGER,
    UNREACHABLE,
    WAITING,
    WELL,
    Synced,
)

TAKEN_AT_ONCE: Final = 20_000
"""Own lines that are pushed before they are taken into the log here."""
_OF_A_BLOB: Final = (remotes.NotEnrolled, remotes.TooLarge, remotes.Later, remotes.NotUnderstood)
"""What the server may say of a blob alone, and take the entries all the same."""
_AGAIN: Final = 3
"""How often a push that the server refuses is tried again after a pull."""


class _Stop(Exception):
    """Ends a sync: the state, and why."""

    def __init__(self, state: str, text: str) -> None:
        super().__init__(text)
        self.state = state


def sync(desk: Desk, remote: Remote) -> Synced:
    """Push and pull until nothing is left to do, or something stands in the way.

    Raises:
        StoreError: this terminal's file could not be written.
    """
    run = _Run(desk, remote)
    state, text = IN_LOG, ""
    try:
        run.both()
    except _Stop as stop:
        state, text = stop.state, str(stop)
    except remotes.Unreachable as error:
        state, text = UNREACHABLE, str(error)
    except remotes.Later as error:
        state, text = LATER, str(error)
    except remotes.TooLarge as error:
        state, text = REFUSED, str(error)
    except remotes.NotEnrolled as error:
        state, text = STRANGER, str(error)
    except (BadPage, remotes.Contradicted, remotes.NotUnderstood) as error:
        state, text = CONTRADICTION, str(error)
        if isinstance(error, TwoHistories):
            keep_evidence(desk.store, error.note)
    if state in WELL:
        note_heard(desk, remote.offset)
    else:
        note_silence(desk)
    check_signatures(desk)
    cloned = tuple(row.record for row in desk.store.lists.rows("terminal", {"flags": "cloned", "state": "active"}))
    return Synced(run.pushed, run.pulled, desk.store.size(), state, text, tuple(run.refused), cloned, remote.offset)


class _Run:
    """One sync."""

    def __init__(self, desk: Desk, remote: Remote) -> None:
        self._desk = desk
        self._store = desk.store
        self._remote = remote
        named = genesis_of(desk.store)
        self._public = named.log_key if named else b""
        self.pushed = 0
        self.pulled = 0
        self.refused: list[int] = []
        self._size = -1
        """Leaves that the server's log had when it last placed a push of ours; -1 as long as it has not."""

    def both(self) -> None:
        """Push first, so that a stop is out at once; then pull."""
        if places_kept(self._store):
            with suppress(remotes.NotEnrolled):  # who was expelled may push all the same
                self._settle()
        with suppress(*_OF_A_BLOB):  # a stop must not wait for one; what is the matter is told afterwards
            send_blobs(self._desk, self._remote, SMALL)
        try:
            blocked = self._push()
        except remotes.TooLarge as error:
            blocked = _Stop(REFUSED, str(error))
        if self._size != self._store.size():
            self._pull()
        self._carry()
        if blocked is not None:
            raise blocked

    def _carry(self) -> None:
        try:
            send_blobs(self._desk, self._remote)
        finally:
            fetch_blobs(self._desk, self._remote)

    def _settle(self) -> None:
        """Look after places that were told, and not pulled then: a server that was restored meanwhile lacks them."""
        self._pull()
        while (page := placed_page(self._desk)) is not None:
            self._take(page)
        self._pull()
        forget_places(self._desk)

    def _push(self) -> _Stop | None:
        """Push all that waits; give what stands in the way of the rest, if pulling is still worth it."""
        tries = after = 0
        before: int | None = None
        placed: list[tuple[Outgoing, Placed]] = []
        while out := outgoing(self._desk, after, before):
            answer = self._sent(out, placed)
            if isinstance(answer, Placed):
                placed.append((out, answer))
                after = out.seal.n
                if sum(len(one.lines) for one, _ in placed) >= TAKEN_AT_ONCE:
                    self._placed(placed)
                    placed = []
                continue
            self._placed(placed)
            placed = []
            match answer:
                case Denied() if answer.n is not None:
                    self._skip(out, answer.n, answer)
                case Denied():
                    tries += 1
                    if tries > _AGAIN:
                        return _Stop(REFUSED, f"{answer.rule}: {answer.why}")
                    self._pull()
                case Waits():
                    if before is not None or answer.line <= out.first:
                        return _waits(answer)
                    before = answer.line
                case Recovering():
                    self._refill(answer)
        self._placed(placed)
        return None if before is None else _Stop(WAITING, "Some entries wait for entries of other terminals.")

    def _sent(self, out: Outgoing, placed: list[tuple[Outgoing, Placed]]) -> Answer:
        """Push one part; what was placed before it is kept also if this is too large for the server."""
        try:
            return self._remote.push(push_body(out.seal, out.lines))
        except remotes.TooLarge:
            self._placed(placed)
            raise

    def _placed(self, placed: list[tuple[Outgoing, Placed]]) -> None:
        """Take own lines into the log at the places that they were given, or pull them with what lies between.

        All at once: the lines that still wait are folded anew each time.
        """
        if not placed:
            return
        if any(len(answer.places) != len(out.lines) for out, answer in placed):
            raise remotes.NotUnderstood("The server's answer places more lines, or fewer, than were pushed.")
        waiting = self._store.pending.count()
        places = [place for _, answer in placed for place in answer.places]
        start = self._store.size()
        if [position for position, _ in places] == list(range(start, start + len(places))):
            lines = [line for out, _ in placed for line in out.lines]
            leaves = [leaf_bytes(line, received) for line, (_, received) in zip(lines, places, strict=True)]
            out, answer = placed[-1]
            self._size = answer.size
            links = links_before(self._store, self._desk.code, placed[0][0].first, lines, start)
            size = start + len(leaves)
            head = Head(checkpoint=answer.checkpoint, count=len(leaves), links=links, size=size, start=start)
            self._take(Page(head, leaves, [(start + len(leaves) - 1, out.seal)]))
        else:
            for out, answer in placed:
                keep_places(self._desk, out, answer)
            try:
                self._pull()
            except remotes.NotEnrolled:
                return  # who was expelled may push on, and is told by the pull that follows
            forget_places(self._desk)
            self.pulled -= max(0, waiting - self._store.pending.count())  # own lines came with the others
        if self._store.pending.count() >= waiting:
            raise _Stop(CONTRADICTION, "The server says that it holds entries, and does not give them out.")
        self.pushed += len(places)

    def _skip(self, out: Outgoing, n: int, answer: Denied) -> None:
        """Put a skip in the place of a line that the server refuses; its text is kept for entering it again."""
        pushed = self._store.pending.lines(self._desk.code, after=out.first - 1, limit=len(out.lines))
        ids = {one.n: one.id for one in pushed}
        if n not in ids or answer.id != b64(ids[n]):
            raise _Stop(REFUSED, f"{answer.rule}: {answer.why}")
        why = f"{answer.rule} {answer.why}"
        skip = Skip(id=b64(ids[n]), n=n, program=self._desk.program, terminal=self._desk.code, why=why)
        with self._store.write() as tx:
            tx.skip_pending(self._desk.code, n, skip_bytes(skip), why)
            keep_end(tx, self._desk.code)
            keep_end_at(tx, self._desk.code, n, line_id(skip_bytes(skip)))
        self.refused.append(n)

    def _pull(self) -> None:
        """Pull until this terminal has what the server has."""
        offered = False
        while True:
            start = self._store.size()
            try:
                page = self._remote.page(start)
            except remotes.NotEnrolled:
                if offered or not self._offer():
                    raise
                offered = True
                continue
            if page.head.size < start:
                self._refill(Recovering(page.head.size, start))
                continue
            if page.head.start != start:
                raise remotes.NotUnderstood(f"The server sent entries from {page.head.start} on, not from {start}.")
            self.pulled += self._take(page)
            if self._store.size() >= page.head.size or not page.leaves:
                return

    def _offer(self) -> bool:
        """Give back what a server lacks that does not know this terminal: it may be restored from before that joined.

        Returns:
            False if it lacks nothing, and so means what it says.
        """
        kept = self._store.log.checkpoints(last=1)
        if not kept:
            return False
        size = self._store.size()
        head = Head(checkpoint=kept[0].note.decode(), count=0, size=size, start=size)
        found = self._remote.refill(page_body(Page(head, [], [])))
        if found.size >= size:
            return False
        self._refill(found)
        return True

    def _take(self, page: Page) -> int:
        if not page.leaves:
            self._look(page)
            return 0
        try:
            return receive(self._store, self._desk.program, self._public, page)
        except Gap as error:
            raise BadPage(str(error)) from error

    def _look(self, page: Page) -> None:
        """Judge a checkpoint that comes without leaves: the log has not grown, and must not have changed."""
        store = self._store
        with store.snapshot():
            edge, last = store.log.tree.edge(), store.log.checkpoints(last=1)
        if edge.size != page.head.start:
            return  # somebody else has pulled meanwhile
        if last and last[0].size == edge.size and last[0].note == page.head.checkpoint.encode():
            return  # the same as before, which is judged
        point = judge_checkpoint(self._desk.program, self._public, page, edge, store.epoch())
        if not last or last[0].size < point.size:
            with store.write() as tx:
                tx.add_checkpoint(store.epoch(), point.size, point.root, page.head.checkpoint.encode())

    def _refill(self, asked: Recovering) -> None:
        """Give a restored server the leaves that it lacks, as far as a checkpoint of its own proves them."""
        size = asked.size
        while size == self._store.size() and (page := placed_page(self._desk)) is not None:
            self._take(page)
        kept = self._store.log.checkpoints(last=1)
        while kept and size < kept[0].size <= self._store.size():
            with self._store.snapshot():
                leaves, seals, links = cut(self._store, size)
                end = size + len(leaves)
                proof = consistency_proof(self._store.log.tree.node, kept[0].size, end)
            head = Head(
                checkpoint=kept[0].note.decode(), count=len(leaves), links=links, proof=[b64(one) for one in proof],
                size=self._store.size(), start=size,
            )  # fmt: skip
            found = self._remote.refill(page_body(Page(head, leaves, seals)))
            if found.size <= size:
                break
            size, asked = found.size, found
        if size < asked.head:
            raise _Stop(
                RECOVERING,
                f"The server was restored from a backup and has {size} of {asked.head} entries; it waits for a terminal"
                " that holds the others. Nothing is lost: what is written here goes out then.",
            )


def _waits(answer: Waits) -> _Stop:
    return _Stop(WAITING, f"It waits for entry {answer.n} of {answer.terminal}, which its author had seen.")
