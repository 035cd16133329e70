"""The Merkle tree of a log: RFC 6962 hashing, RFC 9162 proofs.

Whoever holds every leaf needs only the tree's *right edge* to append and to know the root. Proofs ask for the hashes
of complete subtrees through a function, so a store can keep those or compute them from leaves, as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a log without leaves (RFC 6962 section 2.1)."""

_COUNT_BYTES: Final = 8

Node = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree: ``node(level, index)`` is over ``2**level`` leaves from ``index << level``."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one.

    Args:
        left: Hash of the left subtree, 32 bytes.
        right: Hash of the right subtree, 32 bytes.

    Returns:
        SHA-256 of a one byte and both (RFC 6962 section 2.1), 32 bytes.
    """
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a tree: the roots of the complete subtrees that its size is made of, largest first.

    Attributes:
        size: Number of leaves.
        roots: One hash for each bit that is set in ``size``, the highest bit first.
    """

    __slots__ = ("roots", "size")

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        """Take over an edge; the default is that of the empty tree.

        Args:
            size: Number of leaves.
            roots: The subtrees' roots, largest first.

        Raises:
            ValueError: The roots do not fit the size.
        """
        self.size = size
        self.roots = list(roots)
        if size < 0 or len(self.roots) != size.bit_count() or any(len(root) != HASH_BYTES for root in self.roots):
            raise ValueError(f"A tree of {size} leaves has another right edge.")

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf.

        Args:
            leaf_hash: Its hash (``leaf.leaf_hash``), 32 bytes.
        """
        below = self.size
        while below & 1:
            leaf_hash = sha256(b"\x01" + self.roots.pop() + leaf_hash).digest()
            below >>= 1
        self.roots.append(leaf_hash)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the tree, 32 bytes."""
        return _fold(self.roots)

    def copy(self) -> Edge:
        """Give an edge that can be appended to without changing this one."""
        return Edge(self.size, self.roots)

    def to_bytes(self) -> bytes:
        """Write the edge down: the size in 8 bytes, big-endian, and the roots, largest first."""
        return self.size.to_bytes(_COUNT_BYTES, "big") + b"".join(self.roots)

    @classmethod
    def from_bytes(cls, data: bytes) -> Edge:
        """Read what ``to_bytes`` wrote.

        Args:
            data: Those bytes.

        Returns:
            The edge.

        Raises:
            ValueError: The bytes are not those of an edge.
        """
        hashes = data[_COUNT_BYTES:]
        if len(data) < _COUNT_BYTES or len(hashes) % HASH_BYTES:
            raise ValueError("The bytes are not a tree's right edge.")
        roots = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
        return cls(int.from_bytes(data[:_COUNT_BYTES], "big"), roots)


def _fold(roots: Sequence[bytes]) -> bytes:
    """Combine the roots of complete subtrees, largest first, into the root over them all."""
    if not roots:
        return EMPTY_ROOT
    root = roots[-1]
    for left in reversed(roots[:-1]):
        root = node_hash(left, root)
    return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Give the root of a tree from all its leaves.

    Args:
        hashes: The leaves' hashes in order.

    Returns:
        The Merkle tree hash (RFC 6962 section 2.1), 32 bytes.
    """
    edge = Edge()
    for leaf_hash in hashes:
        edge.append(leaf_hash)
    return edge.root()


def nodes(hashes: Iterable[bytes]) -> Node:
    """Serve the subtrees of a tree that is in memory.

    Args:
        hashes: The leaves' hashes in order.

    Returns:
        The function that proofs ask.
    """
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def _range(node: Node, start: int, size: int) -> bytes:
    """Give the root over ``size`` leaves from ``start``, which a proof's cuts keep aligned to each part of the size."""
    roots = []
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            roots.append(node(level, start >> level))
            start += 1 << level
    return _fold(roots)


def root_at(node: Node, size: int) -> bytes:
    """Give the root that a tree had at an earlier size.

    Args:
        node: Gives the hashes of complete subtrees.
        size: Number of leaves, at most those that there are.

    Returns:
        The root over the first `size` leaves, 32 bytes.
    """
    return _range(node, 0, size)


def _cut(size: int) -> int:
    """Give the largest power of two smaller than a size of 2 or more: where RFC 6962 cuts a tree in two."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(node: Node, size: int, index: int) -> list[bytes]:
    """Prove that a leaf is in a tree (RFC 9162 section 2.1.3.1).

    Args:
        node: Gives the hashes of complete subtrees.
        size: Number of leaves of the tree.
        index: The leaf's position, from 0.

    Returns:
        The hashes beside its path, the lowest first.

    Raises:
        ValueError: The leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    path = []
    start = 0
    while size > 1:
        left = _cut(size)
        if index - start < left:
            path.append(_range(node, start + left, size - left))
            size = left
        else:
            path.append(_range(node, start, left))
            start += left
            size -= left
    return path[::-1]


def consistency_proof(node: Node, size: int, first: int) -> list[bytes]:
    """Prove that a tree continues an earlier one (RFC 9162 section 2.1.4.1).

    Args:
        node: Gives the hashes of complete subtrees.
        size: Number of leaves of the tree.
        first: Number of leaves of the earlier tree, 1 or more: everything continues the empty tree.

    Returns:
        The hashes that ``verify_consistency`` needs; none if the sizes are equal.

    Raises:
        ValueError: The earlier tree is empty, or larger.
    """
    if not 0 < first <= size:
        raise ValueError(f"A tree of {size} leaves does not continue one of {first}.")
    path = []
    start = 0
    rest = first
    while rest != size:
        left = _cut(size)
        if rest <= left:
            path.append(_range(node, start + left, size - left))
            size = left
        else:
            path.append(_range(node, start, left))
            start += left
            rest -= left
            size -= left
    # The earlier tree's last part is known to the verifier only if it is the whole earlier tree.
    if start:
        path.append(_range(node, start, size))
    return path[::-1]


def _are_hashes(values: Sequence[bytes]) -> bool:
    """Refuse other lengths: of two hashes that are hashed together, one could take bytes from the other."""
    return all(len(value) == HASH_BYTES for value in values)


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Verify that a leaf is in a tree (RFC 9162 section 2.1.3.2).

    Args:
        leaf_hash: The leaf's hash.
        index: Its claimed position, from 0.
        size: Number of leaves of the tree.
        proof: The hashes beside its path, the lowest first.
        root: The tree's root, from a checkpoint that was verified.

    Returns:
        True if it is; False for every other input.
    """
    if not 0 <= index < size or not _are_hashes([leaf_hash, *proof]):
        return False
    last = size - 1
    for beside in proof:
        if not last:
            return False
        if index & 1 or index == last:
            leaf_hash = node_hash(beside, leaf_hash)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            leaf_hash = node_hash(leaf_hash, beside)
        index >>= 1
        last >>= 1
    return not last and leaf_hash == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Verify that a tree continues an earlier one (RFC 9162 section 2.1.4.2).

    Args:
        first: Number of leaves of the earlier tree.
        second: Number of leaves of the later one.
        first_root: Root of the earlier tree.
        second_root: Root of the later one.
        proof: The hashes of the proof.

    Returns:
        True if it does; False for every other input. An empty earlier tree proves nothing, so that is False too.
    """
    if not 0 < first <= second or not _are_hashes(proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    at, last = first - 1, second - 1
    while at & 1:
        at >>= 1
        last >>= 1
    # A complete earlier tree is itself the first hash, and is left out of the proof.
    path = iter([first_root, *proof] if first.bit_count() == 1 else proof)
    earlier = later = next(path, b"")
    for beside in path:
        if not last:
            return False
        if at & 1 or at == last:
            earlier = node_hash(beside, earlier)
            later = node_hash(beside, later)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            later = node_hash(later, beside)
        at >>= 1
        last >>= 1
    return not last and earlier == first_root and later == second_root
