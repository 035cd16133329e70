"""Live pokes: who listens is told that a log has grown, and pulls it; a lost poke costs a moment, never data."""

import asyncio
from typing import Final

from shared.log.wire import Poke

MOST_LISTENERS: Final = 2_000
MOST_STRANGERS: Final = 200
"""Sockets that may be open and listen to nothing yet; one more ends the one that has for longest."""


class Listener:
    """One open socket: what it listens to, and what it has not been told yet."""

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self.programs: dict[str, str] = {}
        """The programs that it listens to, and as which terminal."""
        self._news: dict[str, int | None] = {}
        self._wake = asyncio.Event()
        self._ended = False

    @property
    def untold(self) -> int:
        """Logs of which there is news that it has not been told yet."""
        return len(self._news)

    def tell(self, program: str, size: int | None) -> None:
        """Note what it must be told; the latest size counts."""
        self._news[program] = size
        self._wake.set()

    def end(self) -> None:
        """Let `news` end."""
        self._ended = True
        self._wake.set()

    async def news(self) -> list[Poke] | None:
        """Wait for something to tell; None when the server stops."""
        await self._wake.wait()
        if self._ended:
            return None
        self._wake.clear()
        found = [Poke(program, size) for program, size in self._news.items()]
        self._news.clear()
        return found


class Hub:
    """All who listen; for one event loop."""

    def __init__(self) -> None:
        """Begin without any."""
        self._listeners: dict[str, set[Listener]] = {}
        self._every: set[Listener] = set()
        self._strangers: dict[Listener, None] = {}
        self.closed = False

    def __len__(self) -> int:
        """The number of open sockets."""
        return len(self._every)

    def enter(self) -> Listener | None:
        """Begin to listen; None if there are too many, or the server stops."""
        if self.closed or len(self._every) >= MOST_LISTENERS:
            return None
        if len(self._strangers) >= MOST_STRANGERS:
            self.end_stranger(next(iter(self._strangers)))
        one = Listener()
        self._every.add(one)
        self._strangers[one] = None
        return one

    def end_stranger(self, one: Listener) -> None:
        """Let somebody go who listens to nothing; if it does by now, it stays."""
        if one in self._strangers:
            del self._strangers[one]
            one.end()

    def leave(self, one: Listener) -> None:
        """Listen no more."""
        self._every.discard(one)
        self._strangers.pop(one, None)
        for program in one.programs:
            self._forget(one, program)

    def subscribe(self, one: Listener, program: str, terminal: str, size: int) -> None:
        """Let somebody listen to a log, and tell how far it is."""
        self._strangers.pop(one, None)
        one.programs[program] = terminal
        self._listeners.setdefault(program, set()).add(one)
        one.tell(program, size)

    def listening(self, program: str) -> dict[str, set[Listener]]:
        """Give who listens to a log, by the terminal."""
        found: dict[str, set[Listener]] = {}
        for one in self._listeners.get(program, ()):
            found.setdefault(one.programs[program], set()).add(one)
        return found

    def drop(self, one: Listener, program: str) -> None:
        """Tell somebody no more of a log, and say so."""
        one.programs.pop(program, None)
        self._forget(one, program)
        one.tell(program, None)

    def _forget(self, one: Listener, program: str) -> None:
        listeners = self._listeners.get(program, set())
        listeners.discard(one)
        if not listeners:
            self._listeners.pop(program, None)

    def poke(self, program: str, size: int) -> None:
        """Tell all who listen to a log that it has grown."""
        for one in self._listeners.get(program, ()):
            one.tell(program, size)

    def close(self) -> None:
        """Let everybody go, for the server stops."""
        self.closed = True
        for one in self._every:
            one.end()
