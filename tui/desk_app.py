"""The desk over all programs: it opens no log itself, and ends when one is chosen, whose own screens then begin."""

import time
from collections.abc import Callable
from pathlib import PurePath
from typing import ClassVar, NamedTuple

from textual.binding import BindingType

from shared.store.written import written
from tui.counting import NOBODY, Who
from tui.fleet import Fleet
from tui.keys import binding
from tui.messages import Scanned
from tui.pages import page_named
from tui.pulse import passed
from tui.screens.desk import DeskScreen
from tui.session import Session
from tui.shell import Shell
from tui.widgets.top_line import Top, heard


class Choice(NamedTuple):
    """A program, and the action to begin with there, as bindings name it; "" for none."""

    program: str
    begin: str = ""


class DeskApp(Shell, inherit_bindings=False):
    """All programs of one terminal."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["andon.tcss", "screens/desk.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("help", "page('help')"),
        binding("stop", priority=True),
        binding("call", "page('call')", priority=True),
        binding("board", "page('board')"),
        binding("attention", "page('attention')"),
        binding("find", "page('find')"),
        binding("lock", priority=True),
        binding("leave", "leave_twice", show=False, priority=True),
    ]

    def __init__(  # noqa: PLR0913 - where somebody comes from, and who it is
        self,
        fleet: Fleet,
        at: str = "",
        session: Session | None = None,
        signed_in_at: str = "",
        failed: Exception | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Show the programs.

        Args:
            fleet: the programs.
            at: the program that somebody comes from, "" for none.
            session: who was signed in last.
            signed_in_at: the program in which that was.
            failed: why its screens could not be opened.
            monotonic: seconds that only go forward, for forgetting who looks.
        """
        super().__init__(fleet.home, monotonic)
        self.fleet = fleet
        self._at = at
        self._failed = failed
        self.session = session or self.session
        self.signed_in_at = signed_in_at
        self._wanted = ""
        self._heard: tuple[int, ...] = ()
        self.chosen: Choice | None = None
        """What was chosen; None if somebody left for good."""

    def get_default_screen(self) -> DeskScreen:
        """Give the list, below all other screens."""
        return DeskScreen(self._at)

    def on_mount(self) -> None:
        """Reading and syncing begin when the list is painted."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.heed_terminal()
        self.fleet.show(self, Who(self.signed_in_at, self.session.person) if self.session.person else NOBODY)
        if self._failed is not None:
            self.tell_error(self._failed)

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self.fleet.hide()

    def on_fleet_told(self) -> None:
        """Show it; and go on with what had to wait for it."""
        self._draw()
        if self._wanted:
            self._go(self._wanted)

    def choose(self, program: str, begin: str = "") -> None:
        """Open a program's own screens."""
        if self.chosen is None:
            self.chosen = Choice(program, begin)
            self.hand_over()

    def top(self) -> Top:
        """Give all programs in one line: the sum of what is held and not sent, the longest silence, any trouble."""
        programs, now = self.fleet.programs(), self.fleet.clock.now()
        known = [one.counted for one in programs if one.counted]
        self._heard = tuple(one.contact.heard for one in programs)
        last = min(self._heard, default=0)
        return Top(
            who=f"{self.home.code}  desk" + (f" for {self.session.name}" if self.session.person else ""),
            holds=sum(one.held for one in known),
            local=sum(one.unsent for one in known),
            size=sum(one.size for one in known),
            cosigned=sum(one.cosigned for one in known),
            contact=heard(max(now - last, 0) if last else None),
            trouble=next((one.contact.trouble for one in programs if one.contact.trouble), ""),
            urgent=any(one.alarm for one in known),
            doubted=False,  # each program's own screens tell, by the time of its own server
            clock=self.fleet.clock.at(now)[11:16],
        )

    def hangs_on(self) -> tuple[object, ...]:
        """Give also which program's log was written, and the minutes: the clock's, and since each server was heard."""
        logs = [(one, written(self.home.log_path(one))) for one in self.home.programs()]
        return (*super().hangs_on(), logs, passed(self.fleet.clock.now(), (0, *self._heard)))

    def _tick(self) -> None:
        super()._tick()
        if self.session.expired(self.monotonic()):
            self._forget()
        self.fleet.follow()
        self.fleet.counter.ring()
        self._draw()

    def _draw(self) -> None:
        self.tell_top()
        if isinstance(self.screen, DeskScreen) and self.screen.was_read:
            self.screen.reread()

    def _forget(self) -> None:
        """Count for nobody any more."""
        self.session = Session()
        self.fleet.counter.look_for(NOBODY)
        self._draw()

    def _go(self, begin: str) -> None:
        """Begin something in the program in which this terminal stands somewhere; if in none, where the cursor is.

        As long as some program is not read yet, it may be that one.
        """
        programs, under = self.fleet.programs(), self._under()
        posted = [one.id for one in programs if one.counted and one.counted.posted]
        if posted:
            self.choose(under if under in posted else posted[0], begin)
        elif all(one.counted for one in programs):
            self.choose(under or programs[0].id, begin)
        else:
            self._wanted = begin
            self.tell("Reading where this terminal stands ...")

    def _under(self) -> str:
        return next((one.program for one in self.screen_stack if isinstance(one, DeskScreen)), "")

    # Keys

    def action_stop(self) -> None:
        """Hold what this terminal stands beside, in the program in which it does."""
        self._go("stop")

    def action_page(self, name: str) -> None:
        """Show the help; all other screens are those of a program."""
        if name == "call":
            self._go("page('call')")
        elif name != "help":
            self.choose(self._under(), f"page('{name}')")
        elif isinstance(self.screen, DeskScreen):
            self.push_screen(page_named(name)())

    def action_lock(self) -> None:
        """Count for nobody; signing in is a program's matter."""
        if self.session.person:
            self._forget()
        else:
            self.tell("Nobody is signed in at the desk. Open a program to sign in.")

    def on_scanned(self, message: Scanned) -> None:
        """A code is a program's matter; it may stand for something in several."""
        del message
        self.tell("Open a program first, then scan.", bad=True)
