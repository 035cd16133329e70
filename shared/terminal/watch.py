"""Staying in sync: pushed as soon as something is written here, pulled as soon as the server has something new.

Pokes over the live socket only save time: whatever is lost of them, a poll every few seconds finds it, and whatever
fails is tried again by itself.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Final

import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from shared.log.wire import LIVE, Poke, Subscribe, live_path
from shared.store.errors import Busy, Full
from shared.terminal.beat import sync_and_beat
from shared.terminal.desk import Desk
from shared.terminal.net import Http
from shared.terminal.synced import LATER, WELL, Synced

POLL_S: Final = 5.0
"""How often the server is asked when nothing seems to happen."""
LOOK_S: Final = 0.04
"""How often this terminal's file is looked at for what another process has written."""
LONGEST_S: Final = 15.0
"""The longest pause before a server that did not answer is tried again."""
_FIRST_S: Final = 0.25
_DOUBLED: Final = 10
_OPEN_S: Final = 5.0
_MOST_WORD: Final = 4_096
_MINUTE_MS: Final = 60_000
_DRAWN: Final = Random()  # noqa: S311 - nothing secret; of its own, for whoever seeds the common one

_poke: Final = msgspec.json.Decoder(Poke).decode
_said: Final = msgspec.json.Encoder().encode


class Watch:
    """Keeps one log in sync. `run` is one thread's; `ring` and `stop` may be called from any."""

    def __init__(
        self, desk: Desk, server: Http, told: Callable[[Synced], None], *, look: float = LOOK_S
    ) -> None:  # fmt: skip
        """Prepare.

        Args:
            desk: the program's log on this terminal.
            server: its server.
            told: is told of each sync that changed something, in the thread that runs.
            look: seconds after which the file is looked at for what another process has written; more where whoever
                writes rings.
        """
        self._look = look
        self._desk = desk
        self._server = server
        self._told = told
        self._bell = threading.Event()
        self._stopped = threading.Event()
        self._live = _Live(server, desk.program, self._poked)

    def ring(self) -> None:
        """Sync now: something was written here."""
        self._bell.set()

    def stop(self) -> None:
        """Let `run` end soon."""
        self._stopped.set()
        self._bell.set()

    def run(self) -> None:
        """Stay in sync until stopped.

        Raises:
            StoreError: this terminal's file cannot be written.
        """
        self._live.start()
        try:
            self._run()
        finally:
            self._live.stop()

    def _run(self) -> None:
        last: tuple[int, str, int] | None = None
        failures = 0
        while not self._ended():
            seen = self._desk.store.changes()
            found = self._synced()
            now = (found.position, found.state, round(found.offset / _MINUTE_MS))  # a clock that is set is news
            if found.pushed or found.pulled or found.refused or now != last:
                self._told(found)
            last = now
            if found.state in WELL:
                failures = 0
                self._idle(seen)
            else:
                failures += 1
                self._bell.wait(_pause(failures))

    def _ended(self) -> bool:
        """Hear the bell, then look whether it was for the end: in the other order an end between the two is missed."""
        self._bell.clear()
        return self._stopped.is_set()

    def _synced(self) -> Synced:
        """Sync; a full disk or a file that another program keeps is a reason to try again, not to give up."""
        try:
            return sync_and_beat(self._desk, self._server)
        except (Busy, Full) as error:
            return Synced(0, 0, self._desk.store.size(), LATER, str(error), ())

    def _idle(self, seen: int) -> None:
        """Wait until there is a reason to sync.

        Args:
            seen: how often others had changed this terminal's file before the last sync began.
        """
        end = time.monotonic() + POLL_S
        while not self._bell.wait(self._look) and time.monotonic() < end:
            now = self._desk.store.changes()
            if now != seen:
                seen = now
                if self._desk.store.pending.last(self._desk.code):
                    return

    def _poked(self, size: int) -> None:
        del size  # what it says is older than the answer to a pull
        self._bell.set()


class _Live:
    """The live socket, in a thread of its own; it is opened again for as long as it is wanted."""

    def __init__(self, server: Http, program: str, poked: Callable[[int], None]) -> None:
        self._server = server
        self._program = program
        self._poked = poked
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            heard = False
            with suppress(OSError, WebSocketException, TimeoutError, msgspec.DecodeError):
                for size in self._sizes():
                    heard = True
                    self._poked(size)
            failures = 0 if heard else failures + 1
            self._stopped.wait(_pause(failures))

    def _sizes(self) -> Iterator[int]:
        """Listen; ends when this terminal may not, or may no longer."""
        asked = Subscribe(self._program, self._server.authorization("LIVE", live_path(self._program)))
        where = f"ws://{self._server.place}{LIVE}"
        with connect(where, open_timeout=_OPEN_S, compression=None, max_size=_MOST_WORD, proxy=None) as socket:
            socket.send(_said(asked).decode())
            while not self._stopped.is_set():
                try:
                    said = _poke(socket.recv(timeout=1.0))
                except TimeoutError:
                    continue
                if said.size is None:
                    return
                yield said.size


def _pause(failures: int) -> float:
    """How long to wait after so many failures, s; drawn, so that not all come at once."""
    longest = min(LONGEST_S, _FIRST_S * 2.0 ** min(failures, _DOUBLED))  # a weekend without network is many failures
    return longest * _DRAWN.uniform(0.5, 1.0)
