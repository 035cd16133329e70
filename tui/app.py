"""The screens' wiring: one log, who is signed in, the threads that write and sync, and what keys do."""

import time
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.binding import BindingType

from shared.store.written import written
from shared.terminal.asked import Asked, Done, DraftName
from shared.terminal.clock import Clock
from shared.terminal.desk import STANDARD_COSTS, Costs, Desk
from shared.terminal.home import Home
from tui.failure import unsaved
from tui.keys import binding
from tui.messages import Changed, Finished, Scanned, SyncTold
from tui.pages import LOADED, page_named
from tui.performing import Performer
from tui.pulse import MINUTE_MS, SECOND_MS, passed
from tui.reader import Reader
from tui.scanned import open_named, open_scanned
from tui.screens.idle import IdleScreen
from tui.screens.page import Page
from tui.session import Session
from tui.shell import Shell
from tui.standing import Standing
from tui.syncing import Syncer
from tui.widgets.top_line import Top

if TYPE_CHECKING:
    from shared.terminal.drafts import Draft
    from tui.fleet import Fleet

T = TypeVar("T")


class AndonApp(Shell, inherit_bindings=False):
    """One program on one terminal."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["andon.tcss", "screens/idle.tcss"]  # the first screen's is read once
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("help", "page('help')"),
        binding("stop", priority=True),
        binding("call", "page('call')", priority=True),
        binding("board", "page('board')"),
        binding("attention", "page('attention')"),
        binding("find", "page('find')"),
        binding("palette", "page('palette')"),
        binding("lock", priority=True),
        binding("desk", show=False),
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
        fleet: "Fleet | None" = None,
        begin: str = "",
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
            fleet: where there are several programs: the others, to be kept in sync, and the desk over all to go to.
            begin: an action to begin with, as bindings name it.
            monotonic: seconds that only go forward, for the idle lock.

        Raises:
            Refused, StoreError: the log cannot be opened.
        """
        super().__init__(home, monotonic)
        self._program = home.choose(program)
        self._clock = clock
        self._costs = costs
        self._first = record
        self._begins = begin
        self._fleet = fleet
        self.to_desk = False
        """Whether somebody left for the desk."""
        self.was_signed_in = False
        """Whether anybody has signed in since the screens were opened; who locked then is signed in no more."""
        self.reader = Reader(self._open())
        self.performer = Performer(self._open, self, lambda error: self.tell(unsaved(error), bad=True, seconds=120))
        self.signer = Performer(self._open, self, self.tell_error, LOADED)  # for passwords: no stop waits for one
        self.unsaved: dict[DraftName, Draft | None] = {}
        """Drafts that are not written yet; None for one that is forgotten."""
        self.syncer = Syncer(self._open, self) if syncs else None
        self.standing = Standing(self.reader)
        self.stopping = False  # whether a hold that F2 has asked for is being saved
        self._changes = 0

    def _open(self) -> Desk:
        return Desk.open(self.home, self._program, clock=self._clock, costs=self._costs)

    def get_default_screen(self) -> IdleScreen:
        """Give the first screen, below all others."""
        return IdleScreen()

    def on_mount(self) -> None:
        """Open what was asked for; threads begin when the first screen is painted."""
        if self._first:
            open_named(self, self._first)
        if self._begins:
            self.call_later(self.run_action, self._begins)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.heed_terminal()
        self.performer.start()
        self.signer.start()
        if self.syncer is not None:
            self.syncer.start()
        if self._fleet is not None:
            self._fleet.follow()
        self._changes = self.reader.changes()

    def on_unmount(self) -> None:
        """Write what waits, and close."""
        self._pulse.end()
        if self.syncer is not None:
            self.syncer.end()
        self.performer.end()
        self.signer.end()
        self.reader.desk.close()

    def _terminal_gone(self) -> None:
        self.performer.settle(1.0)
        super()._terminal_gone()

    # What screens ask

    @property
    def has_desk(self) -> bool:
        """Whether there is a desk over several programs to go to."""
        return self._fleet is not None

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
        """Begin an action: its form, then its signature if it has one.

        A screen of a call sheet opens with the others; what became of a call to somebody, over the call list.
        """
        from tui.screens.call import CallScreen  # noqa: PLC0415 - after the first paint
        from tui.screens.form import FormScreen  # noqa: PLC0415 - after the first paint
        from tui.screens.outcome import LOG  # noqa: PLC0415 - after the first paint
        from tui.screens.sheet import SheetScreen, steps_of  # noqa: PLC0415 - after the first paint

        known = given or {}
        if do in steps_of(record):
            self.push_screen(SheetScreen(record, do))
        elif do == LOG and known.get("contact"):
            self.push_screen(CallScreen(record, known["contact"]))
        else:
            self.push_screen(FormScreen(do, record, known))

    def sign(
        self, asked: Asked, then: Callable[[Done], None], failed: Callable[[Exception], None] | None = None
    ) -> None:  # fmt: skip
        """Show the sheet of an action, and let a person sign it."""
        from tui.screens.sign import SignScreen  # noqa: PLC0415 - loads the cryptography, after the first paint

        self.push_screen(SignScreen(asked, then, failed or self.tell_error))

    def open_record(self, record: str, part: str = "") -> None:
        """Show a record; with a part of it, an item of a gate, beginning there."""
        from tui.screens.record import record_screen  # noqa: PLC0415 - after the first paint

        self.push_screen(record_screen(record, part))

    def open_new(self, record: str) -> None:
        """Show a record that was just made here, with what comes next: a hold's card, a deviation's call sheet."""
        from tui.card_lines import card_lines  # noqa: PLC0415 - after the first paint
        from tui.screens.sheet import SheetScreen, steps_of  # noqa: PLC0415 - after the first paint
        from tui.screens.stopped import StoppedScreen  # noqa: PLC0415 - after the first paint

        self.open_record(record)
        if steps_of(record):
            self.push_screen(SheetScreen(record))
        elif card_lines(record):
            self.push_screen(StoppedScreen(record))

    def close(self, screen: Page) -> None:
        """Close a screen; one that is not in front closes when it is shown again."""
        if self.screen is screen:
            self.go_back()
        else:
            screen.finished = True

    def go_home(self) -> None:
        """Close all but the first screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def top(self) -> Top:
        """Give how things stand; where there are several programs, say in which one this is."""
        top = self.standing.top(self.home.code, self.session.name)
        return top._replace(who=f"{top.who}  {self._product()}") if self.has_desk else top

    def _product(self) -> str:
        row = self.reader.program()
        return str(row.columns["title"] or "") if row else ""

    # What happens

    def on_finished(self, message: Finished) -> None:
        """Give the outcome of a job to who asked for it."""
        message.tell()

    def on_changed(self, message: Changed) -> None:
        """Read anew what is shown."""
        if self.syncer is not None and message.here:
            self.syncer.ring()
        self.reading(self._reread)

    def on_sync_told(self, message: SyncTold) -> None:
        """Note how syncing stands."""
        for news in self.standing.note(message.synced):
            self.tell(news, bad=True)
        self.tell_top()

    def on_scanned(self, message: Scanned) -> None:
        """Open what was scanned; nobody who had the focus took it."""
        open_scanned(self, message.code)

    def hangs_on(self) -> tuple[object, ...]:
        """Give also who wrote, and the minutes: the clock's, and those since the server was heard."""
        store, now = self.reader.store, self.reader.desk.clock.now()
        minutes = passed(now, (0, self.standing.heard_at), SECOND_MS if now >= self.due else MINUTE_MS)
        return (*super().hangs_on(), written(store.path), minutes)

    def _tick(self) -> None:
        now = self.monotonic()
        if self.session.expired(now):
            self.lock()
            self.tell("Signed out: nobody has pressed a key for some minutes. What was typed is kept.", seconds=300)
        elif self.session.idle(now) and any(isinstance(one, Page) and one.private for one in self.screen_stack):
            self.go_home()
        super()._tick()
        self.reading(self._look)

    def _look(self) -> None:
        if self.reader.changes() != self._changes:
            self._reread()
        else:
            self.tell_top()
            if isinstance(self.screen, Page) and self.screen.was_read:
                self.screen.tick()

    def _reread(self) -> None:
        changes = self.reader.changes()
        self.tell_top()
        if isinstance(self.screen, Page) and self.screen.was_read:
            self.screen.reread()
        self._changes = changes  # what could not be read is read again at the next look

    # Keys

    def action_desk(self) -> None:
        """Go back to the desk over all programs; whoever is signed in here is signed out."""
        if self.has_desk:
            self.to_desk = True
            self.hand_over()

    def action_stop(self) -> None:
        """Hold what this terminal stands beside, at once."""
        from tui.screens.stop import stop  # noqa: PLC0415 - after the first paint

        stop(self)

    def action_page(self, name: str) -> None:
        """Show one of the screens that a key or the palette names; one that is open already comes to the front."""
        page = page_named(name)
        if isinstance(self.screen, page) or (isinstance(self.screen, Page) and self.screen.part_of == name):
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
        self.session = Session(touched=self.monotonic())  # the lock screen stays for who comes back
        self.clear_notifications()
        self.go_home()
        self.action_page("lock")

    def sign_in(self, session: Session) -> None:
        """Let somebody sit down: the screens of whoever was there before close, but for what goes on with anybody."""
        nobody = not self.session.person
        session.touch(self.monotonic())
        self.session, self.was_signed_in = session, True
        pages = [one.again(nobody=nobody) for one in self.screen_stack if isinstance(one, Page)]
        self.go_home()
        for page in filter(None, pages):
            self.call_later(self.push_screen, page)
        self.tell_top()
