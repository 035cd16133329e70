"""The thread that counts: it reads each program's log with a connection of its own, when something in it has changed.

The desk itself opens no file, so that a log that takes long, or cannot be read, keeps nobody from the others.
"""

import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from shared.store.errors import StoreError
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.refusal import Refused
from tui.programs import Counted
from tui.reader import Reader
from tui.session import Session

AGAIN_S: Final = 15.0
"""When a log that could not be read is tried again."""
_LEAST_S: Final = 1.0


class Who(NamedTuple):
    """Who looks: somebody who was signed in in a program, by their id in it. Empty for nobody."""

    program: str = ""
    person: str = ""


NOBODY: Final = Who()


class Counter(threading.Thread):
    """Counts all programs of a home. Any thread may ask; `told` is told of each, in this thread."""

    def __init__(self, home: Home, opened: Callable[[str], Desk], told: Callable[[Counted], None]) -> None:
        """Prepare.

        Args:
            home: the terminal's folder.
            opened: opens the desk of a program, in the thread itself.
            told: takes what was counted.
        """
        super().__init__(name="counter", daemon=True)
        self._home = home
        self._opened = opened
        self._told = told
        self._bell = threading.Condition()
        self._who = NOBODY
        self._rung = self._paused = self._ended = False
        self._idle = False
        self._readers: dict[str, Reader] = {}
        self._seen: dict[str, tuple[int, Who]] = {}
        self._again: dict[str, float] = {}

    def look_for(self, who: Who) -> None:
        """Count for somebody from now on, or for nobody."""
        with self._bell:
            self._who, self._paused = who, False
            self._ring()

    def ring(self) -> None:
        """Look now: something was written."""
        with self._bell:
            self._ring()

    def pause(self) -> None:
        """Look at nothing until somebody is to be counted for: a program's own screens are open."""
        with self._bell:
            self._paused = True

    def end(self) -> None:
        """Let it end soon; nobody waits for it."""
        with self._bell:
            self._ended = True
            self._bell.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait until all that changed is counted; False if it takes longer."""
        with self._bell:
            return self._bell.wait_for(lambda: self._idle and not self._rung, seconds)

    def run(self) -> None:
        """Count until the end."""
        while (who := self._next()) is not None:
            for program in self._home.programs():
                self._look(program, who)
        for reader in self._readers.values():
            reader.desk.close()

    def _ring(self) -> None:
        self._rung = True
        self._bell.notify_all()

    def _next(self) -> Who | None:
        """Wait until it is time to look; give for whom, None at the end."""
        with self._bell:
            self._idle = True
            self._bell.notify_all()
            again = max(min(self._again.values()) - time.monotonic(), _LEAST_S) if self._again else None
            self._bell.wait_for(lambda: self._rung or self._ended, again)
            while self._paused and not self._ended:
                self._bell.wait()
            self._rung = self._idle = False
            return None if self._ended else self._who

    def _look(self, program: str, who: Who) -> None:
        """Count one program, if anything in it has changed since, or somebody else looks."""
        if time.monotonic() < self._again.get(program, 0.0):
            return
        try:
            reader = self._reader(program)
            seen = (reader.changes(), who)
            if self._seen.get(program) == seen:
                return
            found = self._count(reader, who)
        except (StoreError, Refused) as error:
            self._lose(program)
            found = Counted(program, unreadable=str(error))
        else:
            self._seen[program] = seen
            self._again.pop(program, None)
        self._told(found)

    def _count(self, reader: Reader, who: Who) -> Counted:
        # The fold and the kinds are loaded here, when the desk is painted.
        from tui.counted import counted, member_of, session_of  # noqa: PLC0415 - as above

        if not who.person:
            return counted(reader, Session())
        row = self._reader(who.program).member(who.person)
        if row is None:
            return counted(reader, Session())
        if reader.desk.program == who.program:
            return counted(reader, session_of(row))
        return counted(reader, member_of(reader, str(row.columns.get("key") or "")))

    def _reader(self, program: str) -> Reader:
        if program not in self._readers:
            self._readers[program] = Reader(self._opened(program))
        return self._readers[program]

    def _lose(self, program: str) -> None:
        """Let go of a log that cannot be read; later it is tried again."""
        reader = self._readers.pop(program, None)
        if reader is not None:
            reader.desk.close()
        self._seen.pop(program, None)
        self._again[program] = time.monotonic() + AGAIN_S
