"""The log's Merkle tree as it is stored: its right edge, and every fourth level of complete subtrees.

From these and the leaves any subtree is computed with at most fifteen hashes, and they cost 3 bytes a leaf instead
of 70 for all subtrees.
"""

from collections.abc import Iterable

from shared.log.leaf import leaf_hash
from shared.log.merkle import Edge, node_hash
from shared.store.errors import Damaged
from shared.store.packing import Packing
from shared.store.sqlite import Connection

STEP = 4
"""Levels between those that are stored."""


class Tree:
    """The tree of one store's log."""

    def __init__(self, connection: Connection, packing: Packing) -> None:
        """Read through a connection; `packing` unpacks the leaves."""
        self._unpack = packing.unpack
        self._connection = connection
        self._execute = connection.execute

    def edge(self) -> Edge:
        """Give the right edge at the log's present end.

        Raises:
            Damaged: what is stored is no edge.
        """
        row = self._execute("SELECT value FROM meta WHERE key = 'edge'").fetchone()
        try:
            return Edge.from_bytes(row[0]) if row else Edge()
        except (ValueError, TypeError):
            raise Damaged(
                "The stored edge of the log's tree is damaged. Restore the file, or pull the log anew."
            ) from None

    def append(self, leaf_hashes: Iterable[bytes]) -> Edge:
        """Add leaves; within a transaction.

        Returns:
            The new right edge.
        """
        edge = self.edge()
        complete = []
        for hash_ in leaf_hashes:
            place, level = edge.size, 0
            whole = hash_
            while place & 1:
                whole = node_hash(edge.roots.pop(), whole)
                place >>= 1
                level += 1
                if level % STEP == 0:
                    complete.append((level, place, whole))
            edge.roots.append(whole)
            edge.size += 1
        self._execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('edge', ?)", (edge.to_bytes(),))
        self._connection.executemany("INSERT INTO tree (level, place, hash) VALUES (?, ?, ?)", complete)
        return edge

    def node(self, level: int, place: int) -> bytes:
        """Give the hash of the complete subtree over `2**level` leaves from `place << level` (merkle.py, `Node`).

        Raises:
            Damaged: a part of it is missing.
        """
        stored = level - level % STEP
        first, count = place << (level - stored), 1 << (level - stored)
        if stored:
            query = "SELECT hash FROM tree WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
            hashes = [row[0] for row in self._execute(query, (stored, first, first + count))]
        else:
            query = "SELECT leaf FROM entry WHERE position >= ? AND position < ? ORDER BY position"
            hashes = [leaf_hash(self._unpack(row[0])) for row in self._execute(query, (first, first + count))]
        if len(hashes) != count:
            raise Damaged(
                f"The log's tree lacks part {place} of level {level}. Restore the file, or pull the log anew."
            )
        while len(hashes) > 1:
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return bytes(hashes[0])
