"""Which kinds have lists in a store, and how a record's row is computed; both are loaded when they are first needed."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shared.fold import VERSION
from shared.store.sqlite import Connection

if TYPE_CHECKING:
    from shared.actions.kind import Kind
    from shared.fold.shown import Shown
    from shared.fold.unit import Unit


CALLED = "called"
"""Under which `Listing.called` is noted, for who lists records and loads no kinds."""
_DECLARED = Path(__file__).parents[1] / "kinds"


@cache
def stamp() -> str:
    """Give a checksum of the files that declare the kinds: while it is the one noted, no kind need be loaded.

    It tells one installation from the next, no more; what the files say is compared by `schema.shape`. "" where
    there are no such files to read, as in an installation of compiled modules only.
    """
    files = sorted(_DECLARED.glob("*.py"))
    said = b"".join(b"%s\0%s\0" % (one.name.encode(), one.read_bytes()) for one in files)
    return f"{len(said)}-{crc32(said):08x}" if files else ""


class Listing:
    """The kinds of one store, those of `shared.kinds` unless others are given."""

    def __init__(
        self,
        kinds: Mapping[str, Kind] | None = None,
        show: Callable[[Unit, str], Shown | None] | None = None,
        *,
        part: bool = False,
    ) -> None:
        """Take kinds and the function that computes rows, or None for our own; and whether only a part is folded."""
        self._part = part
        self._kinds = kinds
        self._own = kinds is None
        self._show = show

    @property
    def loaded(self) -> bool:
        """Whether the kinds are known without loading them."""
        return self._kinds is not None

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that have lists."""
        if self._kinds is None:
            from shared.actions.kind import KINDS  # noqa: PLC0415  both load much: not for a command that lists
            from shared.kinds import load  # noqa: PLC0415 - as above

            load()
            self._kinds = KINDS
        return self._kinds

    def show(self, unit: Unit, record: str) -> Shown | None:
        """Compute a record's row, None for one that is not there."""
        if self._show is None:
            from shared.fold.shown import row  # noqa: PLC0415  loads the fold

            self._show = row
        return self._show(unit, record)

    def stamp(self) -> str:
        """Give the checksum of the kinds' files; "" for kinds that were given."""
        return stamp() if self._own else ""

    def called(self) -> str:
        """Give by which column people call the records of each kind: "BAT number" by the codes of ids, a line each."""
        return "\n".join(f"{one.code} {one.called}" for one in self.kinds.values() if one.called)

    def version(self) -> str:
        """Name what the folded tables depend on: the fold, and the kinds with their facts, columns and actions."""
        from shared.store.schema import shape  # noqa: PLC0415  loads the kinds

        return f"{VERSION}.{shape(self.kinds.values())}{'.part' if self._part else ''}"

    def fill(self, connection: Connection) -> None:
        """Make all tables of a new file; within a transaction."""
        from shared.store import schema  # noqa: PLC0415  for a new file only

        schema.create(connection)
        self.fill_folded(connection)

    def fill_folded(self, connection: Connection) -> None:
        """Make the folded tables, empty; within a transaction."""
        from shared.store import schema  # noqa: PLC0415  loads sqlite-utils in turn

        schema.create_folded(connection, self.kinds)
        query = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"
        noted = [("fold_version", self.version()), ("kinds_stamp", self.stamp()), (CALLED, self.called())]
        connection.executemany(query, noted)
