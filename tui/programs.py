"""How programs stand, as the desk shows them. Loads neither the fold nor the kinds: the desk is painted at once."""

from typing import NamedTuple

from shared.terminal.synced import Synced
from tui.widgets.top_line import age, in_trouble


class Urgent(NamedTuple):
    """One urgent thing of a program: what sort of thing, what it is, and whether it is as bad as can be."""

    sort: str
    words: str
    bad: bool = False


class Counted(NamedTuple):
    """One program in numbers, from its own log.

    Attributes:
        program: its id.
        product: what it is about.
        partners: the printed names of the other companies.
        person: who looks, by the id that they have in this program; "" for nobody, or somebody who is not in it.
        held: holds in force.
        open: open deviations.
        critical: those of them that are critical, as far as whoever looks may see it.
        waiting: what waits for whoever looks; with nobody there, what waits for anybody.
        settle: what is refused, copied, contested, overtaken or does not count yet.
        unsent: entries that wait here.
        size: entries in the log.
        cosigned: how many of these both companies have cosigned.
        alarm: whether anything about a hold or deviation waits here.
        heard: when its server was last heard, as this terminal keeps it, ms since 1970 UTC; 0 for never.
        posted: whether this terminal stands beside something in it.
        urgent: a few urgent things in words.
        unreadable: why nothing can be told of it; "" if all is well.
    """

    program: str
    product: str = ""
    partners: tuple[str, ...] = ()
    person: str = ""
    held: int = 0
    open: int = 0
    critical: int = 0
    waiting: int = 0
    settle: int = 0
    unsent: int = 0
    size: int = 0
    cosigned: int = 0
    alarm: bool = False
    heard: int = 0
    posted: bool = False
    urgent: tuple[Urgent, ...] = ()
    unreadable: str = ""


class Contact(NamedTuple):
    """How syncing with a server stands: what was told last, and when the server was heard last, ms; 0 for never."""

    synced: Synced | None = None
    heard: int = 0

    @property
    def trouble(self) -> str:
        """The state where it is not well, "" else."""
        return in_trouble(self.synced.state) if self.synced else ""


class Program(NamedTuple):
    """One program as the desk shows it: None for numbers that are not counted yet."""

    id: str
    counted: Counted | None
    contact: Contact

    def urgency(self) -> tuple[object, ...]:
        """What programs are sorted by, the most urgent first: what nobody can read, critical, held, and so on.

        Not whether its server answers: that comes and goes, and the list would never stand still.
        """
        one = self.counted or Counted(self.id)
        numbers = (one.critical, one.held, one.settle, one.waiting, one.open, one.unsent)
        told = (not one.unreadable, *(-number for number in numbers))
        return (*told, one.product, self.id)

    def server(self, now: int) -> str:
        """How it stands with the server, in a word or two."""
        last = self.contact.heard
        return self.contact.trouble or (age(max(now - last, 0)) if last else "never")
