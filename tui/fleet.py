"""All programs of one home, for as long as its screens are open: each is kept in sync, and counted for the desk.

It outlives the desk's screens. While a program's own are open, that one is synced by them, and all others from here:
what F2 holds in another program has to get to its server too.
"""

from collections.abc import Callable
from functools import partial

from textual.message import Message

from shared.terminal.clock import Clock, system
from shared.terminal.desk import STANDARD_COSTS, Costs, Desk
from shared.terminal.home import Home
from shared.terminal.synced import Synced
from tui.counting import Counter, Who
from tui.messages import SyncTold, Told
from tui.programs import Contact, Counted, Program
from tui.syncing import Syncer


class FleetTold(Message):
    """Something is known of a program that was not before."""


class _Ear:
    """Takes what the syncer of one program tells."""

    def __init__(self, take: Callable[[Synced], None], ring: Callable[[], None]) -> None:
        self._take = take
        self._ring = ring

    def post_message(self, message: Message) -> bool:
        """Note how syncing stands; of all else it is enough that something changed."""
        if isinstance(message, SyncTold):
            self._take(message.synced)
        else:
            self._ring()
        return True


class Fleet:
    """The programs, in the order of the home."""

    def __init__(
        self, home: Home, *, clock: Clock | None = None, costs: Costs = STANDARD_COSTS, syncs: bool = True
    ) -> None:
        """Take a home; nothing runs before it is shown.

        Args:
            home: the terminal's folder.
            clock: what tells the time; the machine's if None.
            costs: see `Costs`.
            syncs: whether to sync in the background.
        """
        self.home = home
        self.clock = clock or system(home.zone)
        self._costs = costs
        self._syncs = syncs
        self._told: Told | None = None
        self._counted: dict[str, Counted] = {}
        self._told_of: dict[str, Synced] = {}
        self._syncers: dict[str, Syncer] = {}
        self._itself = ""
        self.counter = Counter(home, self._open, self._take)

    def programs(self) -> list[Program]:
        """Give all programs as they are known now, the most urgent first."""
        found = [Program(one, self._counted.get(one), self._contact(one)) for one in self.home.programs()]
        return sorted(found, key=Program.urgency)

    def show(self, told: Told, who: Who) -> None:
        """Tell the desk what changes, and count for whoever looks."""
        self._told, self._itself = told, ""
        self.follow()
        self.counter.look_for(who)
        if not self.counter.is_alive():
            self.counter.start()

    def hide(self) -> None:
        """The desk is not shown any more."""
        self._told = None
        self.counter.pause()

    def follow(self) -> None:
        """Keep every program in sync, also such as this terminal has joined meanwhile; not the one left to itself."""
        for program in self.home.programs() if self._syncs else ():
            if program not in {*self._syncers, self._itself}:
                ear = _Ear(partial(self._note, program), self.counter.ring)
                self._syncers[program] = Syncer(partial(self._open, program), ear)
                self._syncers[program].start()

    def leave_to_itself(self, program: str) -> None:
        """Do not sync a program until the desk is shown again: its own screens do."""
        self._itself = program
        syncer = self._syncers.pop(program, None)
        if syncer is not None:
            syncer.end()

    def end(self) -> None:
        """Let all threads end soon; nobody waits for them."""
        self.hide()
        for syncer in self._syncers.values():
            syncer.end()
        self.counter.end()

    def _open(self, program: str) -> Desk:
        return Desk.open(self.home, program, clock=self.clock, costs=self._costs)

    def _take(self, counted: Counted) -> None:
        self._counted[counted.program] = counted
        self._tell()

    def _note(self, program: str, synced: Synced) -> None:
        self._told_of[program] = synced
        self._tell()

    def _contact(self, program: str) -> Contact:
        heard, counted = self.home.heard.get(program), self._counted.get(program)
        return Contact(self._told_of.get(program), max(heard.at if heard else 0, counted.heard if counted else 0))

    def _tell(self) -> None:
        told = self._told
        if told is not None:
            told.post_message(FleetTold())
