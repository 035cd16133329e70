"""From one app to the next: the keys that are pressed while one ends and the other begins go to the other one.

Textual 8.2 takes 200 ms to end its reading, and throws away what was typed meanwhile: a stop among it.
"""

import signal

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message


class HandingDriver(LinuxDriver):
    """The terminal's driver, which can keep what is typed from now on for the next one."""

    _handing = False

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

    def disable_input(self) -> None:
        """End reading as Textual does, but leave what nobody has read where the next one will read it."""
        if not self._handing:
            super().disable_input()
        elif not self.exit_event.is_set():
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
            self._disable_mouse_support()
            self.exit_event.set()
            if self._key_thread is not None:
                self._key_thread.join()
            self.exit_event.clear()
