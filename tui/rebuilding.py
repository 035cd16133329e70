"""What is shown after an update while the log is read anew, which takes seconds: before the screens can be opened.

Nothing can be stopped or saved here meanwhile, and that is what it says.
"""

import threading
import time
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from shared.store.errors import Busy
from shared.store.rebuild import rebuild
from shared.terminal.home import Home
from tui.hostile import content
from tui.shell import Shell

TOLD_S: Final = 0.5
"""How often it says how far it is."""
WORDS: Final = """STOP BY HAND, TELEPHONE: nothing can be held or saved here until this is done.

{done}

This is done once after an update, from what is saved on this terminal. Nothing is lost. The screens open by themselves.
"""


class RebuildingApp(Shell, inherit_bindings=False):
    """One log that is read anew, in a thread; it ends when that has. No key and no scan does anything here."""

    CSS: ClassVar[str] = "Screen { padding: 1 2; } Static { height: auto; }"

    def __init__(self, home: Home, program: str) -> None:
        """Read a program's log anew.

        Args:
            home: the terminal's folder.
            program: the program's id, or its beginning.
        """
        super().__init__(home, time.monotonic)
        self._program = program
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

    def _words(self) -> Content:
        return content(WORDS.format(done=self._done), "bold")

    def _begin(self) -> None:
        self.heed_terminal()
        threading.Thread(target=self._run, name="rebuilding", daemon=True).start()

    def action_stop(self) -> None:
        """Nothing can be held yet: the words on the screen say what to do."""

    def action_page(self, name: str) -> None:
        """There is no other screen yet."""

    def _run(self) -> None:
        self.home.anew = lambda store: rebuild(store, self._tell)
        try:
            while not self.whole:
                try:
                    self.home.open_log(self._program).close()
                    self.whole = True
                except Busy:
                    self._done = "Another Andon on this machine reads the log anew ..."
        except Exception as error:  # noqa: BLE001 - told by who started it, when the words are gone
            self.failed = error
        finally:
            self.call_from_thread(self.exit)

    def _tell(self, done: int, of: int) -> None:
        self._done = f"Reading the log anew, {done:,} of {of:,} entries ..."

    def _handle_exception(self, error: Exception) -> None:
        """Let who started it tell, when the words are gone."""
        self.failed = self.failed or error
        super()._handle_exception(error)
