"""The terminal's driver: keys are read the moment they come, and while none come it sleeps.

Textual 8.2 looks ten times a second whether its reading shall end, which is most of what an idle terminal costs; ending
it takes 200 ms, and throws away what was typed meanwhile: a stop among it. A second start while it reads, as after
SIGSTOP, makes it read twice, and a key that cannot be ends it.
"""

import os
import select
import signal
from threading import Lock
from time import monotonic
from typing import Any, Final

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from tui.typed import Typed

_MOST: Final = 4_096
_WHOLE_S: Final = ESCAPE_DELAY + 0.02
"""So long after a byte, no key can be half any more: an escape that nothing has followed is the key itself."""
_LONGEST_S: Final = 2 * _WHOLE_S
"""How long ending waits for the rest of a key at most, for somebody may go on typing."""
_NOTHING_S: Final = 0.1
"""The pause after a read that gave nothing: the terminal is going, and `tui.leaving` ends the screens then."""


class TerminalDriver(LinuxDriver):
    """Reads from a terminal. Keys are kept until the app can take them, and again from when it ends, for the next."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:  # fmt: skip
        """Prepare, as Textual does."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._kept: list[Key] | None = []
        self._keeping = Lock()
        self._ends = False
        self._pipe: tuple[int, ...] = ()
        """Where the reading thread listens, and where it is told to end; a new one for each thread."""

    def release(self) -> list[Key]:
        """Give the keys that were kept; those that come from now on go to the app."""
        with self._keeping:
            kept, self._kept = self._kept or [], None
        return kept

    def hand_over(self) -> list[Key]:
        """Keep keys from now on; the list fills until the app has ended."""
        with self._keeping:
            self._kept, self._ends = self._kept or [], True
            return self._kept

    def process_message(self, message: Message) -> None:
        """Keep a key, or give it to the app; all else is this app's matter."""
        with self._keeping:
            if isinstance(message, Key) and self._kept is not None:
                self._kept.append(message)
                return
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Begin reading, among all else; not while it reads."""
        if self._reads:
            return
        self._close_pipe()
        self._pipe = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types

    def run_input_thread(self) -> None:
        """Read until told to end, and then until no key is half."""
        parser, typed = XTermParser(self._debug), Typed()
        told, watched = self._pipe[0], [self.fileno, self._pipe[0]]
        whole, last = float("-inf"), float("inf")
        while (left := min(whole, last) - monotonic()) > 0 or told in watched:
            ready, _, _ = select.select(watched, (), (), left if left > 0 else None)
            if told in ready:
                watched.remove(told)
                last = monotonic() + _LONGEST_S
            if self.fileno in ready:
                data = self._read()
                if not data and told in watched:
                    select.select([told], (), (), _NOTHING_S)
                try:
                    self._feed(parser, typed.text(data))
                except (ValueError, OverflowError):  # Textual takes any number in a key for a character
                    parser = XTermParser(self._debug)
                whole = monotonic() + _WHOLE_S
            for event in parser.tick():
                self.process_message(event)

    def disable_input(self) -> None:
        """End reading. What nobody has read is thrown away, or left where the next app will read it."""
        if self._reads:
            os.write(self._pipe[1], b"\0")
        if not self._ends:
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

    @property
    def _reads(self) -> bool:
        return self._key_thread is not None and self._key_thread.is_alive()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _MOST)
        except OSError:  # EIO, between the end of the other side and the hang-up of this one
            return b""

    def _feed(self, parser: XTermParser, text: str) -> None:
        for event in parser.feed(text) if text else ():  # no text would mean to the parser that no more will come
            self.process_message(event)

    def _close_pipe(self) -> None:
        pipe, self._pipe = self._pipe, ()
        for one in pipe:
            os.close(one)
