"""All that can be written, within `Store.write`: the log, the folded tables, what is pending, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from shared.fold.leaf import Place, take
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.chain import Seal
from shared.log.entry import Line
from shared.log.merkle import Edge
from shared.log.note import Signature
from shared.log.push import OrderedLeaf
from shared.store.apply import Applier
from shared.store.pending import Pending
from shared.store.sqlite import Connection

if TYPE_CHECKING:
    from shared.store.store import Store

UNIT = 256
"""Leaves that are folded before they are written down: more need more memory, fewer more queries."""


class Tx:
    """One transaction; what it offers is valid until its block ends.

    Attributes:
        store: the store that it writes.
        connection: for this package only; everybody else uses the methods.
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        """Write through the store's connection, which is in a transaction."""
        self.store = store
        self.connection = connection
        self._tables = store.tables
        self._log = store.log
        self._applier: Applier | None = None

    def unit(self) -> Unit:
        """Give an empty unit of work above what is folded here, with the kinds loaded: else all would be "newer"."""
        self.store.load_kinds()
        return Unit(self._tables)

    def append(
        self, leaves: Sequence[OrderedLeaf], seal: Seal | None = None, sound: Sequence[bool | None] | None = None
    ) -> Edge:
        """Add leaves to the log without folding them: `arrive` does both.

        Args:
            leaves: in order, the first at the log's present size.
            seal: the one that covers the last of them.
            sound: of each, whether its person's signature fits; None (or no list) while that is not checked.

        Returns:
            The tree's new right edge.

        Raises:
            Gap: a leaf is not at the next position, or continues no known line.
        """
        edge = self._log.append(leaves, self._log.place(leaves), sound or [None] * len(leaves))
        if seal is not None and leaves:
            self._log.add_seal(leaves[-1].position, seal)
        return edge

    def arrive(
        self, leaves: Sequence[OrderedLeaf], seals: Sequence[tuple[int, Seal]] = (), sound: Sequence[bool | None] = ()
    ) -> Edge:
        """Take leaves into log and folded tables: pending lines are undone before, and folded again after.

        Where the store folds a part of the entries only, the others are in the log and nowhere else.

        Args:
            leaves: in order, the first at the log's present size.
            seals: with the position of the last line that each covers.
            sound: of each leaf, whether its person's signature fits; None (or nothing) while that is not checked,
                and then it is taken to fit until `mark_sound` says otherwise.

        Returns:
            The tree's new right edge.

        Raises:
            Gap: a leaf is not at the next position, or continues no known line.
            Outdated: the folded tables must be rebuilt first.
            GaveWay: see `Store.give_way`.
        """
        self._pending.undo()
        self._pending.drop(leaf.id for leaf in leaves)
        edge = self._log.tree.edge()
        for at in range(0, len(leaves), UNIT):
            self.store.give_way()
            part = leaves[at : at + UNIT]
            fits = list(sound[at : at + UNIT]) or list(repeat(None, len(part)))
            placed = self._log.place(part)
            unit, folds = self.unit(), self.store.folds
            for leaf, (branch, left), sane in zip(part, placed, fits, strict=True):
                place = Place(leaf.position, branch, left, leaf.received)
                entry = leaf.line.entry if isinstance(leaf.line, Line) else None
                take(unit, place, b64(leaf.id), entry, folds, sound=sane is not False)
            edge = self._log.append(part, placed, fits)
            self.apply(unit)
        for position, seal in seals:
            self._log.add_seal(position, seal)
        self._pending.redo()
        return edge

    @property
    def applier(self) -> Applier:
        """For this package only: what writes folded rows."""
        if self._applier is None:
            self.store.require_current()
            self._applier = Applier(self.connection, self._tables, self.store.kinds, self.store.show)
        return self._applier

    def finish(self) -> None:
        """For this package only: what is left to do at the end."""
        if self._applier is not None:
            self._applier.finish()

    def apply(self, unit: Unit, *, keep: bool = False) -> None:
        """Write a folded unit's changes down; the unit must not be folded onto any more.

        Args:
            unit: made by `unit`, with entries whose leaves are stored by now.
            keep: note what was there before, for `undo_pending`; only for pending lines.
        """
        self.applier.apply(unit, keep=keep)

    def add_pending(
        self, line: bytes, *, parent: bytes | None = None, sound: bool | None = True, state: str = "new"
    ) -> int:
        """Keep a line that is not in the log yet, and fold it above everything else.

        Args:
            line: its exact bytes, an entry's.
            parent: the link before it; needed only if several lines of that terminal have the number before.
            sound: whether its person's signature fits; None while that is not checked.
            state: what the pushing side wants to know of it.

        Returns:
            The position at which it is folded, 2^40 or more; a line that is pending already has one.

        Raises:
            Gap: it continues no known line of its terminal, or is in the log already.
        """
        return self._pending.add(line, parent=parent, sound=sound, state=state)

    @property
    def _pending(self) -> Pending:
        return Pending(self.connection, self)

    def undo_pending(self) -> None:
        """Put the folded tables back to what the log alone says."""
        self._pending.undo()

    def redo_pending(self) -> None:
        """Fold what is pending again, in the order in which it came."""
        self._pending.redo()

    def put_refused_away(self, terminal: str, n: int) -> None:
        """Forget a line that the server refused; why it was stays on the terminal's trail, by its skip."""
        self._pending.put_away(terminal, n)

    def skip_pending(self, terminal: str, n: int, skip: bytes, why: str) -> None:
        """Put a skip in the place of a line that the server refused; the refused line is kept in `refused`.

        Args:
            terminal: the terminal's code.
            n: the refused line's number.
            skip: the skip's line.
            why: the refusal, for people.

        Raises:
            Gap: no such line is pending.
        """
        self._pending.skip(terminal, n, skip, why)

    def set_state(self, terminal: str, n: int, state: str) -> None:
        """Note how far a pending line has come."""
        self.connection.execute("UPDATE outbox SET state = ? WHERE terminal = ? AND n = ?", (state, terminal, n))

    def set_meta(self, key: str, value: Any) -> None:  # noqa: ANN401  text, number or bytes
        """Note a value; None forgets it."""
        if value is None:
            self.connection.execute("DELETE FROM meta WHERE key = ?", (key,))
        else:
            self.connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def add_checkpoint(
        self, epoch: int, size: int, root: bytes, note: bytes, cosignatures: Sequence[Signature] = ()
    ) -> None:
        """Keep a verified checkpoint, with cosignatures that were verified."""
        self._log.add_checkpoint(epoch, size, root, note)
        for signature in cosignatures:
            self._log.add_cosignature(epoch, size, signature)

    def set_cosigned(self, size: int) -> None:
        """Note up to which size terminals of both companies have cosigned; it never falls (domain.md 8, I5)."""
        self.set_meta("cosigned", max(size, self.store.meta("cosigned") or 0))

    def set_heard(self, at: int, offset: int) -> None:
        """Note when the server was heard, and by how much its clock was ahead; see `keep.Heard`."""
        self.set_meta("heard", f"{at} {offset}")  # in one value: nobody reads the one without the other

    def mark_sound(self, position: int, *, sound: bool) -> None:
        """Note that an entry's signature was checked; one that does not fit needs a rebuild, which this asks for."""
        self._log.set_sound(position, sound)
        if not sound:
            self.set_meta("fold_version", "0")
