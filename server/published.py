"""How far a log goes for everybody else: its checkpoints, its pages, and what is kept of them outside of the log.

A size is published after it is durable and kept in the tail, and before anybody is answered. So a log that was restored
from an older backup knows what it had published, and orders nothing until it holds that again.
"""

from collections.abc import Sequence
from typing import Final

from server.tail import MOST, Tail
from shared.log.checkpoint import Checkpoint, log_key, open_checkpoint, origin_of, sign_checkpoint
from shared.log.merkle import root_at
from shared.log.note import BadNote
from shared.log.push import Ordered
from shared.log.wire import Head, Page, page_body
from shared.store.errors import Damaged
from shared.store.pages import cut
from shared.store.store import Store
from shared.trust.keys import private_key, public_of
from shared.trust.plain import verify as plain

_FORKED: Final = "SELECT 1 FROM branch WHERE parent IS NOT NULL LIMIT 1"


class Published:
    """What one log has published.

    Attributes:
        public: the public key of its checkpoints.
        size: leaves that are published and here.
        head: leaves that were ever published; more than `size` after a restore.
    """

    def __init__(self, store: Store, program: str, seed: bytes, tail: Tail) -> None:
        """Begin with what the store holds, and what its tail says that it had held.

        Args:
            store: the log, for whoever writes it.
            program: the program's id.
            seed: the private key that signs checkpoints.
            tail: what was published last, outside the store.
        """
        self._store = store
        self._program = program
        self._key = private_key(seed)
        self._tail = tail
        self._held = 0
        self._kept_from = 0
        self._last: bytes | None = None
        self.public = public_of(seed)
        self.size = store.size()
        kept = max(map(self.signed, tail.read()), default=0)
        self.head = max(self.size, kept)
        if kept < self.size:  # it died between writing the log and its tail; of a tail that is gone, the end will do
            tail.add(self._pages(kept or self.size - 1, self.size))

    def note(self, size: int, root: bytes) -> bytes:
        """Sign a checkpoint."""
        point = Checkpoint(origin_of(self._program, self._store.epoch()), size, root)
        return sign_checkpoint(point, self.public, self._key.sign)

    def signed(self, page: Page) -> int:
        """Give the size of a page's checkpoint, if this log signed it; 0 for anything else."""
        origin = origin_of(self._program, self._store.epoch())
        try:
            note = page.head.checkpoint.encode()
            return open_checkpoint(note, log_key(origin, self.public), (), plain).checkpoint.size
        except BadNote:
            return 0

    def seen(self, page: Page) -> None:
        """Learn from a page how far the log had gone, if its checkpoint is the log's own."""
        self.head = max(self.head, self.signed(page))

    def held(self, size: int) -> None:
        """Note that some terminal holds so many leaves: it asks for what comes behind, or has verified them."""
        if size <= self.size:
            self._held = max(self._held, size)

    def advance(self, placed: Sequence[Ordered] = (), notes: Sequence[str] = ()) -> None:
        """Publish what the store holds by now.

        Args:
            placed: what was placed; nothing after a refill, which the tail does not need.
            notes: checkpoints that are signed already; one of them may be the one.

        Raises:
            OSError: the tail could not be written; it is tried again with the next.
        """
        edge = self._store.log.tree.edge()
        if edge.size == self.size:
            return
        known = next((one for one in reversed(notes) if f"\n{edge.size}\n" in one), None)
        last = known.encode() if known else self.note(edge.size, edge.root())
        if placed:
            self._keep(edge.size, last, placed)
        self._last, self.size = last, edge.size
        self.head = max(self.head, self.size)

    def page(self, store: Store, start: int) -> bytes:
        """Give the body of the page that begins at a position.

        Args:
            store: the log, as whoever asks may read it.
            start: the position; of one behind the log's end nothing comes but the checkpoint.
        """
        if start == self.size and self._last is not None:
            return page_body(Page(_head(start, 0, self.size, self._last), [], []))
        return page_body(self._read(store, start))

    def _read(self, store: Store, start: int) -> Page:
        with store.snapshot():
            size = store.size()
            leaves, seals, links = cut(store, start) if start < size else ([], [], {})
            end = min(start, size) + len(leaves)
            last = self._last if end == size == self.size else None
            note = last or self.note(end, root_at(store.log.tree.node, end))
        return Page(_head(start, len(leaves), size, note, links), leaves, seals)

    def _keep(self, size: int, note: bytes, placed: Sequence[Ordered]) -> None:
        """Keep in the tail what was just placed, and no more what terminals hold."""
        start, held = self.size, self._held
        if held < start and self._tail.bytes > MOST and held > self._kept_from:
            self._tail.reset(self._pages(held, size))
            self._kept_from = held
            return
        leaves = [leaf.leaf for one in placed for leaf in one.leaves]
        if len(leaves) < size - start or self._store.connection.execute(_FORKED).fetchone():
            pages = self._pages(start, size)
        else:
            seals = [(one.leaves[-1].position, one.seal) for one in placed if one.seal is not None]
            pages = [Page(_head(start, len(leaves), size, note), leaves, seals)]
        if held >= start:
            self._tail.reset(pages)
            self._kept_from = start
        else:
            self._tail.add(pages)

    def _pages(self, start: int, size: int) -> list[Page]:
        """Cut pages of the store, which holds more than is published; none is empty, or the file is damaged."""
        pages = []
        while start < size:
            pages.append(self._read(self._store, start))
            start += pages[-1].head.count
            if not pages[-1].leaves:
                raise Damaged(f"Entry {start} is in the log and cannot be read. Verify the log, or restore it.")
        return pages


def _head(start: int, count: int, size: int, note: bytes, links: dict[int, str] | None = None) -> Head:
    return Head(checkpoint=note.decode(), count=count, links=links or {}, size=size, start=start)
