"""Chains and tree of a log, computed anew from its ids and leaves, beside what is stored of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.fold.unit import CLONE
from shared.log import chain
from shared.log.merkle import EMPTY_ROOT, Edge, node_hash
from shared.store.branches import KEPT
from shared.store.faults import Fault
from shared.store.sqlite import Connection
from shared.store.tree import STEP

_UNKNOWN: Final = bytes(32)


class Chains:
    """Every chain's links, computed from the ids."""

    def __init__(self, connection: Connection) -> None:
        """Compare with what a connection reads."""
        self._execute = connection.execute
        self._links: dict[str, list[bytes]] = {}
        self._start: dict[str, int] = {}

    def add(self, terminal: str, branch: str, n: int, id_: bytes, kept: bytes | None) -> Iterator[str]:
        """Add a chain's next line; give what is wrong with its place, or with the link that is stored for it."""
        links = self._links.get(branch)
        if links is None:
            links = self._links[branch] = [self._begun(terminal, branch)]
        following = self._start[branch] + len(links)
        links.append(chain.link(links[-1], id_))
        if n != following:
            yield f"it is not the next of chain {branch}, which is {following}"
        if (kept is None) != bool(n % KEPT) or (kept is not None and kept != links[-1]):
            yield "the stored link after it is not that of its chain"

    def _begun(self, terminal: str, branch: str) -> bytes:
        """The link before a branch's first line."""
        query = "SELECT parent, since FROM branch WHERE terminal = ? AND branch = ? AND parent IS NOT NULL"
        left = self._execute(query, (terminal, branch)).fetchone()
        self._start[branch] = left[1] if left else 0
        return self.link(*left) if left and left[1] else chain.FIRST

    def link(self, branch: str, n: int) -> bytes:
        """Give the link after a branch's line `n`, 32 zero bytes if there is no such line."""
        links = self._links.get(branch, [])
        at = n - self._start.get(branch, 0)
        return links[at] if 0 <= at < len(links) else _UNKNOWN

    def ends(self) -> dict[str, int]:
        """Give each branch with the number of its last line."""
        return {branch: self._start[branch] + len(links) - 1 for branch, links in self._links.items()}

    def check(self) -> Iterator[Fault]:
        """Give what is wrong with the ends that are stored."""
        rows = self._execute("SELECT branch, terminal, n, link FROM branch")
        stored = {branch: end for branch, *end in rows}
        for branch, n in self.ends().items():
            if stored.pop(branch, None) != [branch.partition(CLONE)[0], n, self.link(branch, n)]:
                yield Fault(f"chain {branch}", f"its stored end is not its last entry, {n}")
        for branch in stored:
            yield Fault(f"chain {branch}", "it has an end, but no entries")


class Leaves:
    """The tree over a log's leaves, and its root at the sizes of the checkpoints that are kept."""

    def __init__(self, connection: Connection) -> None:
        """Compare with what a connection reads."""
        self._execute = connection.execute
        self._edge = Edge()
        self._sizes = {row[0] for row in self._execute("SELECT size FROM checkpoint")}
        self._roots: dict[int, bytes] = {0: EMPTY_ROOT}

    def add(self, hash_: bytes) -> Iterator[str]:
        """Add a leaf's hash; give what is wrong with the subtrees that are stored and that it completes."""
        edge = self._edge
        place, level = edge.size, 0
        while place & 1:
            hash_ = node_hash(edge.roots.pop(), hash_)
            place >>= 1
            level += 1
            if level % STEP == 0:
                row = self._execute("SELECT hash FROM tree WHERE level = ? AND place = ?", (level, place)).fetchone()
                if row is None or row[0] != hash_:
                    yield f"the stored tree over entries {place << level} to {((place + 1) << level) - 1} is not theirs"
        edge.roots.append(hash_)
        edge.size += 1
        if edge.size in self._sizes:
            self._roots[edge.size] = edge.root()

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._edge.size

    def root(self, size: int) -> bytes | None:
        """Give the root at the size of a kept checkpoint, None beyond the log's end."""
        return self._roots.get(size)

    def check(self) -> Iterator[Fault]:
        """Give what is wrong with the edge that is stored."""
        stored = self._execute("SELECT value FROM meta WHERE key = 'edge'").fetchone()
        if (stored[0] if stored else Edge().to_bytes()) != self._edge.to_bytes():
            yield Fault("the tree", "its stored edge is not that of the leaves")
