"""The thread that sees whether the screens have anything to do, so that they sleep as long as they have not.

A screen on which nothing happens hangs on the minute, on other processes' writing and on the terminal's size. To look
at these takes some microseconds here, and much more where the app must wake for it.
"""

import threading
from collections.abc import Callable
from typing import Final

LOOK_S: Final = 1.0
"""How often is looked."""
_ENDS_S: Final = 1.0
SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60_000


class Pulse(threading.Thread):
    """Looks each second, and tells when what it sees is not what it saw before."""

    def __init__(self, look: Callable[[], object], tell: Callable[[], object]) -> None:
        """Prepare.

        Args:
            look: gives what the screens hang on; called in this thread. Where it cannot, they are told each time,
                and look for themselves: the idle lock must not hang on this.
            tell: is called, in this thread, when a look finds something else than the one before, and once more after
                the next one: a file's stamp is another some ms before others can read what was written.
        """
        super().__init__(name="pulse", daemon=True)
        self._look = look
        self._tell = tell
        self._ended = threading.Event()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        if self.is_alive():
            self.join(_ENDS_S)

    def run(self) -> None:
        """Look until the end."""
        seen: object = None
        again = False
        while not self._ended.wait(LOOK_S):
            found = self._seen()
            other = found != seen
            if other or again:
                self._tell()
            seen, again = found, other

    def _seen(self) -> object:
        try:
            return self._look()
        except Exception as error:  # noqa: BLE001 - no two are equal, so the screens are told
            return error


def passed(now: int, since: tuple[int, ...], each: int = MINUTE_MS) -> tuple[int, ...]:
    """Give how many minutes have passed since some times, or how many of another length; all in ms since 1970 UTC."""
    return tuple((now - one) // each for one in since)
