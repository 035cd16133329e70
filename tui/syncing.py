"""Syncing in the background: nothing on the screens waits for it."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Final

from shared.store.errors import StoreError
from shared.terminal.desk import Desk
from shared.terminal.refusal import Refused
from shared.terminal.synced import LATER, UNREACHABLE, Synced
from tui.failure import explained
from tui.messages import Changed, SyncTold, Told

if TYPE_CHECKING:
    from shared.terminal.watch import Watch

LOOK_S: Final = 1.0
"""Seconds until what another process wrote is noticed; the screens' own writing rings."""
AGAIN_S: Final = 15.0
"""When it is tried again after a fault of this machine's own."""


class Syncer(threading.Thread):
    """Keeps one program in sync; what it did comes to `told` as messages."""

    def __init__(self, opened: Callable[[], Desk], told: Told) -> None:
        """Prepare; `opened` opens the desk, in the thread itself."""
        super().__init__(name="syncer", daemon=True)
        self._opened = opened
        self._told = told
        self._watch: Watch | None = None
        self._ended = threading.Event()

    def ring(self) -> None:
        """Sync now: something was written here."""
        if self._watch is not None:
            self._watch.ring()

    def end(self) -> None:
        """Let it end soon; nobody waits for it."""
        self._ended.set()
        if self._watch is not None:
            self._watch.stop()

    def run(self) -> None:
        """Stay in sync until the end."""
        # The network, the fold and the cryptography are loaded here, when the first screen is painted.
        from shared.terminal.net import BadAddress, server_of  # noqa: PLC0415 - as above
        from shared.terminal.watch import Watch  # noqa: PLC0415 - as above

        while not self._ended.is_set():
            try:
                with self._opened() as desk, closing(server_of(desk)) as server:
                    self._watch = Watch(desk, server, self._say, look=LOOK_S)
                    if not self._ended.is_set():
                        self._watch.run()
            except (BadAddress, Refused) as error:
                self._fault(UNREACHABLE, str(error))
            except (StoreError, OSError) as error:
                self._fault(LATER, str(error))
            except Exception as error:  # noqa: BLE001 - a fault of syncing must not take stopping and calling along
                self._fault(LATER, " ".join(explained(error)))

    def _fault(self, state: str, text: str) -> None:
        self._told.post_message(SyncTold(Synced(0, 0, 0, state, text, ())))
        self._ended.wait(AGAIN_S)

    def _say(self, synced: Synced) -> None:
        self._told.post_message(SyncTold(synced))
        if synced.pushed or synced.pulled or synced.refused:
            self._told.post_message(Changed(here=False))
