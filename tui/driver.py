"""The terminal's driver: keys are read the moment they come, and while none come it sleeps.

Textual 8.2 looks ten times a second whether its reading shall end, which is most of what an idle terminal costs; ending
it takes 200 ms, and throws away what was typed meanwhile: a stop among it.
"""

import os
import select
import signal
from time import monotonic
from typing import Final

from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from tui.typed import Typed

_MOST: Final = 4_096
_WHOLE_S: Final = ESCAPE_DELAY + 0.02
"""So long after a byte, no key can be half any more: an escape that nothing has followed is the key itself."""


class TerminalDriver(LinuxDriver):
    """Reads from a terminal; it can keep what is typed from now on for the next app."""

    _handing = False
    _pipe: tuple[int, ...] = ()
    """Where the reading thread listens, and where it is told to end; a new one for each thread."""

    def hand_over(self) -> list[Key]:
        """Keep keys from now on; the list fills until the app has ended."""
        self._handing = True
        self._kept: list[Key] = []
        return self._kept

    def process_message(self, message: Message) -> None:
        """Keep a key, or give it to the app; all else is this app's matter."""
        if self._handing and isinstance(message, Key):
            self._kept.append(message)
        else:
            super().process_message(message)

    def start_application_mode(self) -> None:
        """Begin reading, among all else."""
        self._close_pipe()
        self._pipe = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types

    def run_input_thread(self) -> None:
        """Read until told to end, and then until no key is half; or until the terminal is gone."""
        parser, typed = XTermParser(self._debug), Typed()
        told, watched = self._pipe[0], [self.fileno, self._pipe[0]]
        whole = float("-inf")
        while (left := whole - monotonic()) > 0 or told in watched:
            ready, _, _ = select.select(watched, (), (), left if left > 0 else None)
            if told in ready:
                watched.remove(told)
            if self.fileno in ready:
                data = os.read(self.fileno, _MOST)
                if not data:
                    return  # see `tui.leaving`
                if text := typed.text(data):  # none would mean to the parser that no more will come
                    for event in parser.feed(text):
                        self.process_message(event)
                whole = monotonic() + _WHOLE_S
            for event in parser.tick():
                self.process_message(event)

    def disable_input(self) -> None:
        """End reading. What nobody has read is thrown away, or left where the next app will read it."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._pipe[1], b"\0")
        if not self._handing:
            super().disable_input()
        elif not self.exit_event.is_set():
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
            self._disable_mouse_support()
            self.exit_event.set()
            if self._key_thread is not None:
                self._key_thread.join()
            self.exit_event.clear()

    def close(self) -> None:
        """Let go of what it holds."""
        super().close()
        self._close_pipe()

    def _close_pipe(self) -> None:
        for one in self._pipe:
            os.close(one)
        self._pipe = ()
