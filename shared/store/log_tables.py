"""The log's own tables: leaves in their order, chains with their branches, seals, the tree, checkpoints.

What the ordering asks of a log (`shared.log.push.ChainState`) is answered here.
"""
# ruff: noqa: S608  names of tables and columns are our own and quoted; values are always bound

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.log.chain import Seal, seal_bytes
from shared.log.entry import Line
from shared.log.leaf import leaf_hash
from shared.log.merkle import Edge
from shared.log.note import Signature
from shared.log.push import OrderedLeaf
from shared.store.branches import KEPT, Branches, Fork, links
from shared.store.errors import Gap
from shared.store.packing import Packing
from shared.store.sqlite import Connection
from shared.store.tree import Tree


class Stored(NamedTuple):
    """A leaf as it is stored; `record` is None for a skip, `sound` None while the person's signature is not checked."""

    position: int
    terminal: str
    n: int
    branch: str
    received: int
    sound: bool | None
    record: str | None
    id: bytes
    leaf: bytes


class Kept(NamedTuple):
    """A checkpoint as it is stored, with the cosignatures that were kept for it."""

    epoch: int
    size: int
    root: bytes
    note: bytes
    cosignatures: list[Signature]


_STORED = "position, terminal, n, coalesce(branch, terminal), received, sound, record, id, leaf"


class LogTables:
    """The log of one store, at its present end."""

    def __init__(self, connection: Connection, packing: Packing) -> None:
        """Read and write through a connection; `packing` packs the leaves."""
        self._connection = connection
        self._execute = connection.execute
        self._packing = packing
        self.tree = Tree(connection, packing)

    def size(self) -> int:
        """Give the number of leaves."""
        row = self._execute("SELECT max(position) FROM entry").fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    def epoch(self) -> int:
        """Give the log's epoch, the highest of its checkpoints; 0 if there is none."""
        row = self._execute("SELECT max(epoch) FROM checkpoint").fetchone()
        return int(row[0] or 0)

    def last_received(self) -> int:
        """Give the last leaf's time of receipt, ms since 1970 UTC; 0 if there is none."""
        row = self._execute("SELECT received FROM entry ORDER BY position DESC LIMIT 1").fetchone()
        return int(row[0]) if row else 0

    def links(self, terminal: str, n: int) -> list[bytes]:
        """Give the links known after a terminal's line `n`: none, one, or several where the chain forks."""
        return [link for _, link in links(self._connection, terminal, n)]

    def find(self, line_id: bytes) -> tuple[int, int] | None:
        """Give position and time of receipt of a line, None if the log does not hold it."""
        query = "SELECT position, received FROM entry WHERE substr(id, 1, 8) = substr(?1, 1, 8) AND id = ?1"
        row = self._execute(query, (line_id,)).fetchone()
        return (row[0], row[1]) if row else None

    def has(self, terminal: str, n: int) -> bool:
        """Tell whether the log holds a line `n` of the terminal, on any branch."""
        return (
            self._execute("SELECT 1 FROM entry WHERE terminal = ? AND n = ? LIMIT 1", (terminal, n)).fetchone()
            is not None
        )

    def leaf(self, position: int) -> bytes | None:
        """Give the exact bytes of a leaf."""
        row = self._execute("SELECT leaf FROM entry WHERE position = ?", (position,)).fetchone()
        return self._packing.unpack(row[0]) if row else None

    def leaves(self, start: int = 0, limit: int = -1) -> Iterator[Stored]:
        """Give stored leaves from a position on, in order; at most `limit` of them unless that is negative."""
        rows = self._execute(
            f"SELECT {_STORED} FROM entry WHERE position >= ? ORDER BY position LIMIT ?", (start, limit)
        )
        for row in rows:
            sound = None if row[5] is None else bool(row[5])
            yield Stored._make((*row[:5], sound, row[6], row[7], self._packing.unpack(row[8])))

    def seals(self, start: int = 0, limit: int = -1) -> list[tuple[int, bytes]]:
        """Give seals as (position of the last line covered, bytes), from a position on."""
        rows = self._execute(
            "SELECT position, body FROM seal WHERE position >= ? ORDER BY position LIMIT ?", (start, limit)
        )
        return rows.fetchall()

    def place(self, leaves: Sequence[OrderedLeaf], branches: Branches | None = None) -> list[tuple[str, Fork | None]]:
        """Find the branch of each new leaf; see `Branches.place`.

        Raises:
            Gap: a leaf is not at the log's next position, or continues no known line.
        """
        size = self.size()
        branches = branches or Branches(self._connection)
        placed = []
        for at, leaf in enumerate(leaves):
            if leaf.position != size + at:
                raise Gap(f"Position {leaf.position} is not the log's next, which is {size + at}.")
            placed.append(branches.place(leaf.terminal, leaf.n, leaf.id, leaf.link))
        return placed

    def left(self, terminal: str, branch: str) -> Fork:
        """Give where a clone's branch left another.

        Raises:
            Gap: no such branch is stored.
        """
        query = "SELECT parent, since FROM branch WHERE terminal = ? AND branch = ? AND parent IS NOT NULL"
        row = self._execute(query, (terminal, branch)).fetchone()
        if row is None:
            raise Gap(f"{branch} is no branch that left another.")
        return row[0], row[1]

    def append(
        self, leaves: Sequence[OrderedLeaf], placed: Sequence[tuple[str, Fork | None]], sound: Sequence[bool | None]
    ) -> Edge:
        """Add leaves with their branches and the tree; within a transaction.

        Args:
            leaves: in order, from the log's present end on.
            placed: what `place` said of each.
            sound: of each, whether its person's signature fits; None while that is not checked.

        Returns:
            The tree's new right edge.
        """
        rows = []
        ends: dict[tuple[str, str], tuple[int, bytes, str | None, int | None]] = {}
        packed = self._packing.pack([leaf.leaf for leaf in leaves], leaves[0].position) if leaves else []
        for leaf, (branch, left), fits, data in zip(leaves, placed, sound, packed, strict=True):
            record = leaf.line.entry.record if isinstance(leaf.line, Line) else None
            name = None if branch == leaf.terminal else branch
            chained = (leaf.position, leaf.terminal, leaf.n, name, leaf.received)
            rows.append((*chained, fits, record, leaf.id, None if leaf.n % KEPT else leaf.link, data))
            before = ends.get((leaf.terminal, branch), (0, b"", None, None))
            ends[leaf.terminal, branch] = (leaf.n, leaf.link, *(left or (before[2], before[3])))
        self._connection.executemany(
            "INSERT INTO entry (position, terminal, n, branch, received, sound, record, id, link, leaf)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        self._connection.executemany(
            "INSERT INTO branch (terminal, branch, n, link, parent, since) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET n = excluded.n, link = excluded.link",
            [(*name, *end) for name, end in ends.items()],
        )
        return self.tree.append(leaf_hash(leaf.leaf) for leaf in leaves)

    def add_seal(self, position: int, seal: Seal) -> None:
        """Keep the seal whose last covered line is at `position`; within a transaction."""
        self._execute(
            "INSERT OR REPLACE INTO seal (position, terminal, n, body) VALUES (?, ?, ?, ?)",
            (position, seal.terminal, seal.n, seal_bytes(seal)),
        )

    def set_sound(self, position: int, sound: bool) -> None:  # noqa: FBT001  one fact about one leaf
        """Note whether the person's signature at `position` fits; within a transaction."""
        self._execute("UPDATE entry SET sound = ? WHERE position = ?", (sound, position))

    def unchecked(self, limit: int) -> list[int]:
        """Give positions of entries whose person's signature has not been checked yet, oldest first."""
        rows = self._execute(
            "SELECT position FROM entry WHERE sound IS NULL AND record IS NOT NULL ORDER BY position LIMIT ?", (limit,)
        )
        return [row[0] for row in rows]

    def add_checkpoint(self, epoch: int, size: int, root: bytes, note: bytes) -> None:
        """Keep a checkpoint with its signed note, in the place of one of that size; within a transaction."""
        self._execute(
            "INSERT INTO checkpoint (epoch, size, root, note) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET root = excluded.root, note = excluded.note",
            (epoch, size, root, note),
        )

    def drop_checkpoints(self, epoch: int, size: int) -> None:
        """Forget checkpoints before one of this epoch that nobody cosigned: a later one says the same, and more."""
        self._execute(
            "DELETE FROM checkpoint WHERE epoch = ?1 AND size < ?2 AND NOT EXISTS"
            " (SELECT 1 FROM cosignature c WHERE c.epoch = checkpoint.epoch AND c.size = checkpoint.size)",
            (epoch, size),
        )

    def add_cosignature(self, epoch: int, size: int, signature: Signature) -> None:
        """Keep a cosignature of a kept checkpoint; within a transaction."""
        self._execute(
            "INSERT OR REPLACE INTO cosignature (epoch, size, name, key_id, blob) VALUES (?, ?, ?, ?, ?)",
            (epoch, size, signature.name, signature.key_id, signature.blob),
        )

    def checkpoints(self, *, last: int = -1) -> list[Kept]:
        """Give kept checkpoints, the latest first; at most `last` of them unless that is negative."""
        rows = self._execute(
            "SELECT epoch, size, root, note FROM checkpoint ORDER BY epoch DESC, size DESC LIMIT ?", (last,)
        )
        return [
            Kept(epoch, size, root, note, self._cosignatures(epoch, size))
            for epoch, size, root, note in rows.fetchall()
        ]

    def _cosignatures(self, epoch: int, size: int) -> list[Signature]:
        query = "SELECT name, key_id, blob FROM cosignature WHERE epoch = ? AND size = ? ORDER BY name, key_id"
        return [Signature(*row) for row in self._execute(query, (epoch, size))]
