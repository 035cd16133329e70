"""What the screens have around them, whatever they show: colours, guards, keys, scans, how they break and how they end.

Two apps are made of it: one program's screens (`tui.app`), and the desk over all programs (`tui.desk_app`).
"""

import gc
import os
from collections.abc import Callable, Sequence
from math import inf

from rich.console import RenderableType
from textual.app import App
from textual.events import Event, Key, MouseEvent, Paste, Resize
from textual.filter import LineFilter

from shared.store.errors import StoreError
from shared.terminal.home import Home
from tui.crash import incident
from tui.driver import TerminalDriver
from tui.failure import explained
from tui.hostile import Guard, line
from tui.keys import keyed
from tui.leaving import TWICE_S, TerminalWatch, heed_signals, missed_size
from tui.messages import Pulsed
from tui.plain import Plain, encoding_here, is_plain
from tui.pulse import Pulse
from tui.scanned import Scanner
from tui.screens.page import Page
from tui.session import Session
from tui.settings import configured
from tui.themes import THEMES
from tui.widgets.top_line import Top


class Shell(App[None], inherit_bindings=False):
    """An app on one terminal. What is shown, and what keys do to it, is the matter of who is made of it."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, home: Home, monotonic: Callable[[], float]) -> None:
        """Read how this terminal is set up.

        Args:
            home: the terminal's folder.
            monotonic: seconds that only go forward, for the idle lock.
        """
        self._guard = Guard()
        self.plain = is_plain(os.environ, encoding_here())
        """Whether this terminal shows plain characters only."""
        self._plain = [Plain(encoding_here())] if self.plain else []
        super().__init__(driver_class=TerminalDriver)
        self.home = home
        self.monotonic = monotonic
        self.settings, self.unsaveable, self.keys, self.faults = configured(home.path)
        self._dress()
        self.session = Session()
        self.scanner = Scanner(self)
        self._unread = ""
        self._gone = TerminalWatch(self._terminal_gone)
        self._pulse = Pulse(self.hangs_on, lambda: self.post_message(Pulsed()))
        self.due = inf
        """From when on the screen in front is looked at each second, ms since 1970 UTC; see `Page`."""
        self._leaving = float("-inf")
        self.typed: list[Key] = []
        """Keys that were pressed before this app was there, for it to begin with; then such as are for the next one."""
        self.crashed = ""
        """What to tell a person after the screens broke; "" if they did not."""

    def _dress(self) -> None:
        """Put the colours in before the first stylesheet is read; set later, all of them would be read twice."""
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, self.settings.theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_load(self) -> None:
        """Put this terminal's own keys in before any screen shows keys."""
        self.set_keymap(self.keys)

    def heed_terminal(self) -> None:
        """Watch for what becomes of the terminal, and for what the screens hang on: the first one is painted."""
        if not gc.isenabled():  # see `tui.cli`
            gc.freeze()
            gc.enable()
        self._gone.start()
        if self._driver is not None and not self.is_headless:
            heed_signals(self._gone, self._driver, self.refresh, kiosk=self.settings.kiosk)
        self._pulse.start()
        kept = self._driver.release() if isinstance(self._driver, TerminalDriver) else []
        for one in (*self.typed, *kept):
            self.post_message(one)

    def on_unmount(self) -> None:
        """Watch for nothing any more; Textual calls this after the one of whatever app it is."""
        self._gone.end()
        self._pulse.end()

    def hangs_on(self) -> tuple[object, ...]:
        """Give what the screens hang on beside keys and messages; from any thread."""
        now = self.monotonic()
        missed = None if self.is_headless else missed_size(self.size)
        again = bool(missed or self._unread)  # until it is shown in its size, and can be read, each look is another
        return self.session.idle(now), again and now

    def on_pulsed(self) -> None:
        """Look at the clock, at who has gone, and at what others wrote."""
        if self.is_running:
            self._tick()

    def hand_over(self) -> None:
        """End, for another app to begin, which gets the keys that are pressed from now on."""
        self.typed = self._driver.hand_over() if isinstance(self._driver, TerminalDriver) else []
        self.exit()

    def terminal_gone(self) -> None:
        """End: nobody is there any more. From any thread but the screens' own."""
        self._gone.leave()

    def _terminal_gone(self) -> None:
        self.call_from_thread(self.exit)

    def _tick(self) -> None:
        size = None if self.is_headless else missed_size(self.size)
        if size is not None:
            self.post_message(Resize(size, size))

    def _handle_exception(self, error: Exception) -> None:
        """Say that it broke, and where; never what was in memory (Textual would show every local variable)."""
        if not self.crashed:  # what else breaks while it ends comes of that
            self.crashed = incident(error, self.home.path)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's own threads end so; what they would print is not shown either."""
        del renderables
        self._handle_exception(RuntimeError())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All that is painted goes through the guard."""
        return [*super().get_line_filters(), self._guard, *self._plain]

    async def on_event(self, event: Event) -> None:
        """Tell scans from typing before a key, of whatever binding, gets anywhere."""
        if isinstance(event, Key) and not event.is_forwarded:
            self.session.touch(self.monotonic())
            if self.scanner.take(event):
                return
        elif isinstance(event, (Paste, MouseEvent)):
            self.session.touch(self.monotonic())
        await super().on_event(event)

    # What screens ask

    def tell(self, text: str, *, bad: bool = False, seconds: float = 5) -> None:
        """Say one line for some seconds."""
        self.notify(line(text), severity="error" if bad else "information", markup=False, timeout=seconds)

    def tell_error(self, error: Exception) -> None:
        """Say what was refused, by which rule, and what to do next."""
        rule, text, then = explained(error)
        if rule == "BUG-1":
            incident(error, self.home.path)
        self.tell(f"{text} {then} ({rule})", bad=True, seconds=8)

    def go_back(self) -> None:
        """Go back to the screen before; the first one stays."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def top(self) -> Top:
        """Give how things stand, for the top line."""
        raise NotImplementedError

    def tell_top(self) -> None:
        """Say on the top line of the screen that is shown how things stand."""
        if isinstance(self.screen, Page) and self.screen.top_line is not None:
            self.screen.top_line.tell(self.top())

    def keyed(self, text: str) -> str:
        """Put the keys that commands have now into a text of ours: `{stop}` becomes F2."""
        return keyed(text, self.keys)

    def reading(self, read: Callable[[], None]) -> None:
        """Read for the screen in front; a file that cannot be read is told, and stopping and calling stay."""
        if not self.is_running:
            return  # the widgets go one by one while it ends
        try:
            read()
        except StoreError as error:
            if str(error) != self._unread:
                self.tell_error(error)
            self._unread = str(error)
        else:
            self._unread = ""
        self.due = self.screen.due if isinstance(self.screen, Page) else inf

    # Keys

    def action_stop(self) -> None:
        """Hold what this terminal stands beside, at once."""
        raise NotImplementedError

    def action_page(self, name: str) -> None:
        """Show one of the screens that a key or the palette names."""
        raise NotImplementedError

    def action_leave_twice(self) -> None:
        """Leave if the key is pressed twice; once may be a slip."""
        now = self.monotonic()
        twice, self._leaving = now - self._leaving <= TWICE_S, now
        if twice or self.settings.kiosk:
            self.action_leave()
        else:
            self.tell(self.keyed("{leave} once more leaves the screens."))

    def action_leave(self) -> None:
        """Leave the screens, unless this is a kiosk: there is nothing behind them."""
        if self.settings.kiosk:
            self.tell("This terminal is a kiosk: its screens stay.", bad=True)
        else:
            self.exit()
