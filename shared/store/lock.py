"""One writer at a time on a file, over all processes; readers never wait for it.

SQLite would keep writers apart too, but polls without order, and before 3.51.3 does not keep a checkpoint apart from a
writer. So every transaction that writes, and every checkpoint, holds this lock: `flock` on a file beside the log.

Who wants it first takes a turn, a second such lock, and gives that back once it has the first. So whoever has just
written, and writes again at once, is behind whoever has waited meanwhile; and who writes can see that somebody waits.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.store.errors import Busy, Unsafe
from shared.store.sqlite import VERSION, safe_by_itself

try:
    import fcntl
except ImportError:  # not a POSIX system
    LOCKS = False
else:
    LOCKS = True

WAIT_S = 5.0
"""How long a writer waits for another one, in seconds."""
_FIRST_PAUSE_S = 0.0005
_LONGEST_PAUSE_S = 0.004


class WriterLock:
    """The right to write one file; made once per store, taken for each transaction."""

    def __init__(self, path: Path, *, wait: float = WAIT_S) -> None:
        """Prepare the lock beside `path`; `wait` is in seconds.

        Raises:
            Unsafe: there are no such locks here, and this SQLite needs them.
        """
        self._name = path.name
        self._wait = wait
        self._file: int | None = None
        self._turn = -1
        if LOCKS:
            self._file = _opened(f"{path}.lock")
            self._turn = _opened(f"{path}.turn.lock")
        elif not safe_by_itself(VERSION):
            version = ".".join(map(str, VERSION))
            raise Unsafe(
                f"SQLite {version} can damage a log that two programs write, and this system has no file locks that "
                "prevent it. Install pysqlite3, or a Python with SQLite 3.51.3 or later."
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            Busy: another process held it all the time that this one waits.
        """
        if self._file is None:
            yield
            return
        end = time.monotonic() + self._wait
        self._take(self._turn, end)
        try:
            self._take(self._file, end)
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def wanted(self) -> bool:
        """Whether somebody waits for the lock, of this process or another; to be asked by who holds it."""
        if self._file is None:
            return False
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._turn, fcntl.LOCK_UN)
        return False

    def _take(self, file: int, end: float) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise Busy(
                        f"{self._name}: another Andon has been writing for {self._wait:g} s."
                        " Wait a moment, then do it again."
                    ) from None
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                return

    def close(self) -> None:
        """Give the lock's file back."""
        if self._file is not None:
            os.close(self._file)
            os.close(self._turn)
            self._file = None


def _opened(path: str) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
