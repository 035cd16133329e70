"""A disk that fails on demand: a crash at any statement or commit, a commit that is torn, no space left.

A process that crashed is not heard of again: none of its connections does anything, and its files are those of the
very moment. Whoever starts it again opens these.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from shared.store import sqlite
from tests.simulation.steps import Trouble

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "COMMIT")
_FILES: Final = ("", "-wal")
Real = Callable[..., Any]


class Crash(BaseException):
    """The process is gone, wherever it was."""


class Disk:
    """The disk of one machine, and the connections of the process that runs there.

    Attributes:
        trouble: what strikes next; None if nothing does.
        factory: the connections' class.
        dead: whether the process is gone.
    """

    def __init__(self, path: Path) -> None:
        """Watch over the file at `path`."""
        self.path = path
        self.trouble: Trouble | None = None
        self.dead = False
        self._count = 0
        self._left: dict[str, bytes] = {}
        self._open: list[sqlite.Connection] = []
        disk = self

        class Watched(sqlite.Connection):
            """A connection on this disk."""

            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                disk._open.append(self)

            def execute(self, *args: Any) -> Any:
                if disk.trouble is None and not disk.dead:
                    return super().execute(*args)
                return disk._run(super().execute, *args)

            def executemany(self, *args: Any) -> Any:
                if disk.trouble is None and not disk.dead:
                    return super().executemany(*args)
                return disk._run(super().executemany, *args)

            def close(self) -> None:
                if not disk.dead:
                    super().close()

        self.factory = Watched

    def arm(self, trouble: Trouble | None) -> None:
        """Let something strike from now on; None: nothing any more."""
        self.trouble, self._count = trouble, 0

    def _run(self, real: Real, *args: Any) -> Any:
        if self.dead:
            raise Crash
        trouble = self.trouble
        if trouble is None or not self._counted(trouble, args[0]):
            return real(*args)
        self._count += 1
        if trouble.how == "full":
            if self._count >= trouble.at:
                raise sqlite.Error("database or disk is full")
            return real(*args)
        if self._count != trouble.at:
            return real(*args)
        if trouble.when == "before":
            raise self._crash(self._read())
        before = self._read()
        real(*args)
        after = self._read()
        if trouble.when == "torn" and before[""] == after[""]:
            after["-wal"] = torn(before.get("-wal", b""), after.get("-wal", b""), trouble.at)
        raise self._crash(after)

    @staticmethod
    def _counted(trouble: Trouble, query: str) -> bool:
        if trouble.where == "commit":
            return query == "COMMIT"
        return trouble.how == "crash" or query.startswith(_WRITES)

    def _read(self) -> dict[str, bytes]:
        places = {ending: self.path.with_name(self.path.name + ending) for ending in _FILES}
        return {ending: place.read_bytes() for ending, place in places.items() if place.exists()}

    def _crash(self, left: dict[str, bytes]) -> Crash:
        self.dead, self._left = True, left
        return Crash()

    def kill(self) -> None:
        """Let the process be gone now."""
        self._crash(self._read())

    def bury(self) -> None:
        """Put the files as the process left them, for the next one; its objects must not be used any more."""
        for connection in self._open:
            sqlite.Connection.close(connection)
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        for ending, data in self._left.items():
            self.path.with_name(self.path.name + ending).write_bytes(data)
        self._open.clear()
        self.dead = False
        self.arm(None)


def torn(before: bytes, after: bytes, at: int) -> bytes:
    """What is on the disk if a write stopped part of the way: the new bytes up to somewhere, the old ones behind."""
    old = before.ljust(len(after), b"\0")
    differs = [place for place in range(0, len(after), 512) if old[place : place + 512] != after[place : place + 512]]
    if not differs:
        return after
    end = differs[at * 7919 % len(differs)] + at * 101 % 512
    return after[:end] + (before[end:] if len(before) > end else b"")
