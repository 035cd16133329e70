"""How the screens end: a person leaves, the machine asks (signals), or the terminal is gone without any signal.

In each case what was typed is kept: drafts are with the performing thread at every key, and it is given a second.
When the terminal is gone, Textual 8.2 goes on for ever (Textualize/textual, pull 6690). And when it goes on after
SIGSTOP it starts a second reader beside the first, and takes raw mode for what the terminal was like before. Remove
either cure when Textual ends and goes on by itself.
"""

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

from textual.driver import Driver
from textual.geometry import Size

LONGEST_S: Final = 1.5
"""Seconds until the process ends in any case."""
TWICE_S: Final = 3.0
"""Seconds in which the key that leaves must be pressed a second time."""
_LOOK_MS: Final = 60_000
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class TerminalWatch(threading.Thread):
    """Calls `gone`, in a thread that is not the screens', when the terminal is not there any more, or a signal ends."""

    def __init__(self, gone: Callable[[], None], fd: int | None = None) -> None:
        """Watch the standard input, or another file descriptor."""
        super().__init__(name="terminal", daemon=True)
        self._gone = gone
        self._fd = sys.__stdin__.fileno() if fd is None and sys.__stdin__ is not None else (fd if fd is not None else 0)
        self._ended = threading.Event()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()

    def leave(self) -> None:
        """End orderly, and within `LONGEST_S` in any case."""
        last = threading.Timer(LONGEST_S, os._exit, (1,))
        last.daemon = True  # who ends in time is not held up by it
        last.start()
        self._gone()

    def run(self) -> None:
        """Watch."""
        if not os.isatty(self._fd):
            return
        poll = select.poll()
        poll.register(self._fd, 0)  # a hang-up is told in any case; input is somebody else's
        while not self._ended.is_set():
            if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(_LOOK_MS)):
                self.leave()
                return


def missed_size(shown: Size) -> Size | None:
    """Give the terminal's size if the screens have another one: in a storm of changes Textual may lose the last."""
    try:
        found = Size(*os.get_terminal_size(sys.__stdin__.fileno() if sys.__stdin__ is not None else 0))
    except OSError:
        return None
    return found if found != shown and all(found) else None


def heed_signals(watch: TerminalWatch, driver: Driver, repaint: Callable[[], object], *, kiosk: bool) -> None:
    """End orderly when a signal asks for it, and go on as before when the process was stopped; a kiosk does not stop.

    To be called in the screens' thread, once the driver has started.
    """
    loop = asyncio.get_running_loop()
    for one in _ENDING:
        loop.add_signal_handler(one, lambda: threading.Thread(target=watch.leave, daemon=True).start())

    def goes_on() -> None:
        if getattr(driver, "_must_signal_resume", False):  # it was SIGTSTP: Textual had put the terminal back
            driver.resume_application_mode()
        repaint()

    loop.add_signal_handler(signal.SIGCONT, goes_on)
    if kiosk:
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
