"""The screens' wiring: one log, who is signed in, the threads that write and sync, and what keys do."""

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from rich.console import RenderableType
from textual.app import App
from textual.binding import BindingType
from textual.events import Event, Key, MouseEvent, Paste, Resize
from textual.filter import LineFilter

from shared.store.errors import StoreError
from shared.terminal.asked import Asked, Done, DraftName
from shared.terminal.clock import Clock
from shared.terminal.desk import STANDARD_COSTS, Costs, Desk
from shared.terminal.home import Home
from tui.crash import incident
from tui.failure import explained, unsaved
from tui.hostile import Guard, line
from tui.keys import binding, keyed
from tui.leaving import TWICE_S, TerminalWatch, heed_signals, missed_size
from tui.messages import Changed, Finished, Scanned, SyncTold
from tui.pages import page_named
from tui.performing import Performer
from tui.plain import Plain, encoding_here, is_plain
from tui.reader import Reader
from tui.scanned import Scanner, open_named, open_scanned
from tui.screens.idle import IdleScreen
from tui.screens.page import Page
from tui.session import Session
from tui.settings import configured
from tui.standing import Standing
from tui.syncing import Syncer
from tui.themes import THEMES
from tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from shared.terminal.drafts import Draft

T = TypeVar("T")
TICK_S: Final = 1.0
"""How often the clock, the idle lock and other processes' writing are looked at."""


class AndonApp(App[None], inherit_bindings=False):
    """One program on one terminal."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["andon.tcss", "screens/idle.tcss"]  # the first screen's is read once
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("help", "page('help')"),
        binding("stop", priority=True),
        binding("call", "page('call')", priority=True),
        binding("board", "page('board')"),
        binding("attention", "page('attention')"),
        binding("find", "page('find')"),
        binding("palette", "page('palette')"),
        binding("lock", priority=True),
        binding("leave", "leave_twice", show=False, priority=True),
    ]

    def __init__(  # noqa: PLR0913 - a home, and what tests put in the place of the machine's own
        self,
        home: Home,
        program: str = "",
        record: str = "",
        *,
        clock: Clock | None = None,
        costs: Costs = STANDARD_COSTS,
        syncs: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open a program's log.

        Args:
            home: the terminal's folder.
            program: the program's id, or its beginning.
            record: a record to open at once.
            clock: what tells the time; the machine's if None.
            costs: see `Costs`.
            syncs: whether to sync in the background.
            monotonic: seconds that only go forward, for the idle lock.

        Raises:
            Refused, StoreError: the log cannot be opened.
        """
        self._guard = Guard()
        self.plain = is_plain(os.environ, encoding_here())
        """Whether this terminal shows plain characters only."""
        self._plain = [Plain(encoding_here())] if self.plain else []
        super().__init__()
        self._home = home
        self._program = home.choose(program)
        self._clock = clock
        self._costs = costs
        self._monotonic = monotonic
        self._first = record
        self.reader = Reader(self._open())
        self.settings, self.unsaveable, self.keys, self.faults = configured(home.path)
        self._dress()
        self.session = Session()
        self.performer = Performer(self._open, self, lambda error: self.tell(unsaved(error), bad=True, seconds=120))
        self.signer = Performer(self._open, self, self.tell_error)  # for passwords: a stop must not wait for one
        self.unsaved: dict[DraftName, Draft | None] = {}
        """Drafts that are not written yet; None for one that is forgotten."""
        self.syncer = Syncer(self._open, self) if syncs else None
        self._standing = Standing(self.reader)
        self.scanner = Scanner(self)
        self._unread = ""
        self.stopping = False  # whether a hold that F2 has asked for is being saved
        self._changes = 0
        self._gone = TerminalWatch(self._terminal_gone)
        self._leaving = float("-inf")
        self.crashed = ""
        """What to tell a person after the screens broke; "" if they did not."""

    def _open(self) -> Desk:
        return Desk.open(self._home, self._program, clock=self._clock, costs=self._costs)

    def _dress(self) -> None:
        """Put the colours in before the first stylesheet is read; set later, all of them would be read twice."""
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(App.theme, self.settings.theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """Show the first screen; threads begin when it is painted."""
        self.set_keymap(self.keys)
        self.push_screen(IdleScreen())
        if self._first:
            open_named(self, self._first)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not gc.isenabled():  # see `tui.cli`
            gc.freeze()
            gc.enable()
        self.performer.start()
        self.signer.start()
        if self.syncer is not None:
            self.syncer.start()
        self._gone.start()
        if self._driver is not None and not self.is_headless:
            heed_signals(self._gone, self._driver, self.refresh, kiosk=self.settings.kiosk)
        self._changes = self.reader.changes()
        self.set_interval(TICK_S, self._tick)

    async def on_unmount(self) -> None:
        """Write what waits, and close."""
        self._gone.end()
        if self.syncer is not None:
            self.syncer.end()
        self.performer.end()
        self.signer.end()
        self.reader.desk.close()

    def terminal_gone(self) -> None:
        """End: nobody is there any more. From any thread but the screens' own."""
        self._gone.leave()

    def _terminal_gone(self) -> None:
        self.performer.settle(1.0)
        self.call_from_thread(self.exit)

    def _handle_exception(self, error: Exception) -> None:
        """Say that it broke, and where; never what was in memory (Textual would show every local variable)."""
        if not self.crashed:  # what else breaks while it ends comes of that
            self.crashed = incident(error, self._home.path)
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

    # What screens ask

    def tell(self, text: str, *, bad: bool = False, seconds: float = 5) -> None:
        """Say one line for some seconds."""
        self.notify(line(text), severity="error" if bad else "information", markup=False, timeout=seconds)

    def tell_error(self, error: Exception) -> None:
        """Say what was refused, by which rule, and what to do next."""
        rule, text, then = explained(error)
        if rule == "BUG-1":
            incident(error, self._home.path)
        self.tell(f"{rule}: {text} {then}", bad=True, seconds=8)

    def work(
        self, job: Callable[[Desk], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:  # fmt: skip
        """Let the performing thread do a job that writes, or that takes long."""
        self.performer.ask(job, then, failed or self.tell_error)

    def perform(
        self, asked: Asked, then: Callable[[Done], None], failed: Callable[[Exception], None] | None = None
    ) -> None:  # fmt: skip
        """Perform an action without a signature."""
        from shared.terminal.perform import perform  # noqa: PLC0415 - loads the fold, after the first paint

        self.work(lambda desk: perform(desk, asked), then, failed)

    def act(self, do: str, record: str = "", given: Mapping[str, Any] | None = None) -> None:
        """Begin an action: its form, then its signature if it has one."""
        from tui.screens.form import FormScreen  # noqa: PLC0415 - after the first paint

        self.push_screen(FormScreen(do, record, given or {}))

    def sign(
        self, asked: Asked, then: Callable[[Done], None], failed: Callable[[Exception], None] | None = None
    ) -> None:  # fmt: skip
        """Show the sheet of an action, and let a person sign it."""
        from tui.screens.sign import SignScreen  # noqa: PLC0415 - loads the cryptography, after the first paint

        self.push_screen(SignScreen(asked, then, failed or self.tell_error))

    def open_record(self, record: str) -> None:
        """Show a record."""
        from tui.screens.record import record_screen  # noqa: PLC0415 - after the first paint

        self.push_screen(record_screen(record))

    def open_new(self, record: str) -> None:
        """Show a record that was just made here; a deviation with its call sheet, which comes next."""
        self.open_record(record)
        row = self.reader.lists.row(record)
        if row is not None and row.kind == "deviation":
            from tui.screens.sheet import SheetScreen  # noqa: PLC0415 - after the first paint

            self.push_screen(SheetScreen(record))

    def close(self, screen: Page) -> None:
        """Close a screen; one that is not in front closes when it is shown again."""
        if self.screen is screen:
            self.go_back()
        else:
            screen.finished = True

    def go_back(self) -> None:
        """Go back to the screen before; the first one stays."""
        if len(self.screen_stack) > 2:  # noqa: PLR2004 - Textual's own, and the first of ours
            self.pop_screen()

    def go_home(self) -> None:
        """Close all but the first screen."""
        while len(self.screen_stack) > 2:  # noqa: PLR2004 - as above
            self.pop_screen()

    def tell_top(self) -> None:
        """Say on the top line of the screen that is shown how things stand."""
        found = self.screen.query(TopLine)
        if found:
            found.first().tell(self._standing.top(self._home.code, self.session.name))

    def keyed(self, text: str) -> str:
        """Put the keys that commands have now into a text of ours: `{stop}` becomes F2."""
        return keyed(text, self.keys)

    # What happens

    def on_finished(self, message: Finished) -> None:
        """Give the outcome of a job to who asked for it."""
        message.tell()

    def on_changed(self, message: Changed) -> None:
        """Read anew what is shown."""
        self._changes = self.reader.changes()
        if self.syncer is not None and message.here:
            self.syncer.ring()
        self.reading(self._reread)

    def on_sync_told(self, message: SyncTold) -> None:
        """Note how syncing stands."""
        for news in self._standing.note(message.synced):
            self.tell(news, bad=True)
        self.tell_top()

    async def on_event(self, event: Event) -> None:
        """Tell scans from typing before a key, of whatever binding, gets anywhere."""
        if isinstance(event, Key) and not event.is_forwarded:
            self.session.touch(self._monotonic())
            if self.scanner.take(event):
                return
        elif isinstance(event, (Paste, MouseEvent)):
            self.session.touch(self._monotonic())
        await super().on_event(event)

    def on_scanned(self, message: Scanned) -> None:
        """Open what was scanned; nobody who had the focus took it."""
        open_scanned(self, message.code)

    def _tick(self) -> None:
        now = self._monotonic()
        if self.session.expired(now):
            self.lock()
        elif self.session.idle(now) and any(isinstance(one, Page) and one.private for one in self.screen_stack):
            self.go_home()
        size = None if self.is_headless else missed_size(self.size)
        if size is not None:
            self.post_message(Resize(size, size))
        self.reading(self._look)

    def _look(self) -> None:
        changes = self.reader.changes()
        if changes != self._changes:
            self._changes = changes
            self._reread()
        else:
            self.tell_top()
            if isinstance(self.screen, Page) and self.screen.was_read:
                self.screen.tick()

    def _reread(self) -> None:
        self.tell_top()
        if isinstance(self.screen, Page) and self.screen.was_read:
            self.screen.reread()

    def reading(self, read: Callable[[], None]) -> None:
        """Read for the screen in front; a file that cannot be read is told, and stopping and calling stay."""
        try:
            read()
        except StoreError as error:
            if str(error) != self._unread:
                self.tell_error(error)
            self._unread = str(error)
        else:
            self._unread = ""

    # Keys

    def action_leave_twice(self) -> None:
        """Leave if the key is pressed twice; once may be a slip."""
        now = self._monotonic()
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

    def action_stop(self) -> None:
        """Hold what this terminal stands beside, at once."""
        from tui.screens.stop import stop  # noqa: PLC0415 - after the first paint

        stop(self)

    def action_page(self, name: str) -> None:
        """Show one of the screens that a key or the palette names; one that is open already comes to the front."""
        page = page_named(name)
        if isinstance(self.screen, page):
            return
        while any(isinstance(one, page) for one in self.screen_stack):
            self.pop_screen()
        self.push_screen(page())

    def action_lock(self) -> None:
        """Ask whether to lock, or who comes; pressed again, lock. With nobody signed in, ask who it is."""
        if self.session.person and isinstance(self.screen, page_named("lock")):
            self.lock()
        else:
            self.action_page("lock")

    def lock(self) -> None:
        """Lock: what was typed is kept as a draft, and whoever signs in next begins with their own start screen."""
        self.session = Session()
        self.clear_notifications()
        self.go_home()
        self.action_page("lock")

    def sign_in(self, session: Session) -> None:
        """Let somebody sit down: the screens of whoever was there before are closed."""
        from tui.screens.stopped import StoppedScreen  # noqa: PLC0415 - after the first paint

        session.touch(self._monotonic())
        self.session = session
        card = next((one for one in reversed(self.screen_stack) if isinstance(one, StoppedScreen)), None)
        self.go_home()
        if card is not None and card.in_force():
            self.call_later(self.push_screen, StoppedScreen(card.record, card.done))  # it is not made safe yet
        self.tell_top()
