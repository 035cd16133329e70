"""What is shown after an update while the log is read anew, which takes seconds: before the screens can be opened.

Nothing can be stopped or saved here meanwhile, and that is what it says.
"""

import gc
import os
import threading
from collections.abc import Sequence
from typing import Final

from rich.console import RenderableType
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.widgets import Static

from shared.store.errors import Busy
from shared.store.rebuild import rebuild
from shared.terminal.home import Home
from tui.hostile import Guard, content
from tui.leaving import TerminalWatch, heed_signals
from tui.plain import Plain, encoding_here, is_plain
from tui.settings import Settings
from tui.themes import THEMES

TOLD_S: Final = 0.5
"""How often it says how far it is."""
WORDS: Final = """STOP BY HAND, TELEPHONE: nothing can be held or saved here until this is done.

{done}

This is done once after an update, from what is saved on this terminal. Nothing is lost. The screens open by themselves.
"""


class RebuildingApp(App[None], inherit_bindings=False):
    """One log that is read anew, in a thread; it ends when that has."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { padding: 1 2; } Static { height: auto; }"

    def __init__(self, home: Home, program: str, settings: Settings) -> None:
        """Read a program's log anew.

        Args:
            home: the terminal's folder.
            program: the program's id, or its beginning.
            settings: of its screens.
        """
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme
        self._home, self._program, self._settings = home, program, settings
        self._filters = [Guard(), *([Plain(encoding_here())] if is_plain(os.environ, encoding_here()) else [])]
        self._watch = TerminalWatch(self._gone)
        self._done = "Reading the log anew ..."
        self.whole = False
        """Whether it was done to the end."""
        self.failed: BaseException | None = None
        """What went wrong."""

    def compose(self) -> ComposeResult:
        """Words, nothing else."""
        yield Static(self._words())

    def on_mount(self) -> None:
        """Begin when the words are painted."""
        self.set_interval(TOLD_S, lambda: self.query_one(Static).update(self._words()))
        self.call_after_refresh(self._begin)

    def _words(self) -> RenderableType:
        return content(WORDS.format(done=self._done), "bold")

    def _begin(self) -> None:
        gc.enable()
        self._watch.start()
        if self._driver is not None and not self.is_headless:
            heed_signals(self._watch, self._driver, self.refresh, kiosk=self._settings.kiosk)
        threading.Thread(target=self._run, name="rebuilding", daemon=True).start()

    def _run(self) -> None:
        self._home.anew = lambda store: rebuild(store, self._tell)
        try:
            while not self.whole:
                try:
                    self._home.open_log(self._program).close()
                    self.whole = True
                except Busy:
                    self._done = "Another Andon on this machine reads the log anew ..."
        except Exception as error:  # noqa: BLE001 - told by who started it, when the words are gone
            self.failed = error
        finally:
            self._watch.end()
            self.call_from_thread(self.exit)

    def _tell(self, done: int, of: int) -> None:
        self._done = f"Reading the log anew, {done:,} of {of:,} entries ..."

    def _gone(self) -> None:
        self.call_from_thread(self.exit)

    def _handle_exception(self, error: Exception) -> None:
        """End; Textual would show every local variable."""
        self.failed = self.failed or error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's own threads end so."""
        del renderables
        self._handle_exception(RuntimeError())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """All that is painted goes through the guard."""
        return [*super().get_line_filters(), *self._filters]
