"""The desk: all programs of this terminal, the most urgent first; Enter opens one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.hostile import content
from tui.programs import Counted, Program
from tui.screens.page import Page
from tui.widgets.record_table import Heading, RecordTable, Row, under_cursor

if TYPE_CHECKING:
    from tui.desk_app import DeskApp

_NONE: Final = "-"
"""In the place of 0, so that numbers are seen."""
_HALF: Final = 2
_LEAST_LINES: Final = 3


class _Programs:
    """The list as the table reads it; a program whose numbers changed since the desk was opened is news."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._news: dict[str, int] = {}
        self.headings: tuple[Heading, ...] = headings(signed_in=False)

    def fill(self, rows: list[Row], *, signed_in: bool) -> bool:
        """List other rows; whether anything is otherwise than before."""
        known, self.headings = self.headings, headings(signed_in=signed_in)
        before = {row.record: row for row in self._rows}
        for row in rows:
            old = before.get(row.record)
            # Neither the first numbers are news, nor how long ago the server was heard.
            if old is not None and old.last >= 0 and old.cells[:-1] != row.cells[:-1]:
                self._news[row.record] = self._news.get(row.record, 0) + 1
        rows = [row if row.last < 0 else row._replace(last=self._news.get(row.record, 0)) for row in rows]
        other, self._rows = rows != self._rows or known != self.headings, rows
        return other

    def newest(self) -> int:
        """What was there when the desk was opened is no news."""
        return 0

    def count(self) -> int:
        """How many."""
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Some of them."""
        return self._rows[offset : offset + limit]

    def place(self, record: str) -> int | None:
        """Where one stands."""
        return next((at for at, row in enumerate(self._rows) if row.record == record), None)


class DeskScreen(Page):
    """The list, and below it what is urgent in the program under the cursor."""

    CSS_PATH = "desk.tcss"
    HELP: ClassVar[str] = (
        "All programs of this terminal, the most urgent first: holds in force, critical and open deviations, what waits"
        " for you, what must be settled (refused, contested, overtaken), what is not sent yet, and when its server was"
        " heard. Each line is counted from that program's own log. Enter opens the program; {board}, {attention} and"
        " {find} open it there. {stop} and {call} go to the program in which this terminal stands somewhere. Nobody is"
        " signed in here: who was signed in last in a program is counted for, until {lock}, or five minutes without a"
        " key. A star marks what changed since you came."
    )

    def __init__(self, at: str = "") -> None:
        """Begin with the cursor on a program."""
        super().__init__()
        self._at = at
        self._begun = False
        self._shown = Content("")
        self._source = _Programs()
        self._programs: dict[str, Program] = {}

    @property
    def desk(self) -> "DeskApp":
        """The app."""
        return cast("DeskApp", self.app)

    @property
    def program(self) -> str:
        """The program under the cursor, "" for none."""
        return under_cursor(self) or self._at

    def body(self) -> Iterable[Widget]:
        """The list, and more about one."""
        yield self.faults()
        yield RecordTable(self._source, empty="No program is here.")
        yield VerticalScroll(Static(id="urgent"), can_focus=False)
        yield Static(id="how")

    def on_mount(self) -> None:
        """Go into the list."""
        self.query_one(RecordTable).focus()
        said = "Enter opens it; {board} its board, {attention} what needs somebody."
        self.query_one("#how", Static).update(content(self.shell.keyed(said), "$text-muted"))

    def on_resize(self) -> None:
        """Leave room for what is urgent."""
        self._measure()

    def reread(self) -> None:
        """Show what is known by now."""
        programs = self.desk.fleet.programs()
        now = self.desk.fleet.clock.now()
        self._programs = {one.id: one for one in programs}
        rows = [row_of(one, now) for one in programs]
        if self._source.fill(rows, signed_in=bool(self.shell.session.person)):
            table = self.query_one(RecordTable)
            table.reread()
            if not self._begun:  # the cursor begins where somebody comes from, or on what is most urgent
                table.go_to(self._at or rows[0].record)
                self._begun = all(one.counted for one in programs)
            self._measure()
        self._more()

    def on_record_table_moved(self, message: RecordTable.Moved) -> None:
        """Say more about it."""
        message.stop()
        self._more()

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        """Open its screens."""
        message.stop()
        self.desk.choose(message.record)

    def _measure(self) -> None:
        """Give the list as many lines as it has, and half of the screen at most."""
        lines = self._source.count() + 1
        self.query_one(RecordTable).styles.height = max(min(lines, self.size.height // _HALF), _LEAST_LINES)

    def _more(self) -> None:
        one = self._programs.get(self.query_one(RecordTable).record)
        said = more_of(one, self.shell.session.name) if one else Content("")
        if said != self._shown:  # it is asked for often, and painted when it is another one
            self._shown = said
            self.query_one("#urgent", Static).update(said)


def headings(*, signed_in: bool) -> tuple[Heading, ...]:
    """The columns."""
    return (
        Heading("product", 0), Heading("with", 0, 100), Heading("crit", 4), Heading("held", 4), Heading("open", 4),
        Heading("for you" if signed_in else "waits", 7), Heading("settle", 6), Heading("unsent", 6, 66),
        Heading("server", 10),
    )  # fmt: skip


def row_of(one: Program, now: int) -> Row:
    """A program's line; before it is counted it says so."""
    found, server = one.counted, one.server(now)
    if found is None or found.unreadable:
        words = "cannot be read" if found else "reading ..."
        return Row(one.id, (f"{one.id[:12]} {words}", *[""] * 7, server), -1, "bad" if found else "faint")
    numbers = (found.critical, found.held, found.open, found.waiting, found.settle, found.unsent)
    cells = (found.product, ", ".join(found.partners), *(str(number or _NONE) for number in numbers), server)
    bad, warn = found.critical or found.held, found.settle or found.waiting or one.contact.trouble
    return Row(one.id, cells, 0, "bad" if bad else "warn" if warn else "")


def more_of(one: Program, name: str) -> Content:
    """What is urgent in a program, and what is the matter with its server."""
    found = one.counted
    if found is None:
        return content("It is being read.", "$text-muted")
    if found.unreadable:
        return content(found.unreadable, "$error")
    lines = [content(f"{found.product}, with {', '.join(found.partners) or 'nobody yet'}", "bold"), *_said(found, name)]
    if one.contact.trouble and one.contact.synced:
        lines.append(content(f"{one.contact.trouble}: {one.contact.synced.text}".removesuffix(": "), "$warning"))
    lines += [
        Content.assemble(content(f"{sort:<10}", "$error bold" if bad else "$warning"), content(words))
        for sort, words, bad in found.urgent
    ]
    return Content("\n").join(lines)


def _said(found: Counted, name: str) -> list[Content]:
    said = []
    if name:
        here = f"Counted for {name}, {found.person} here." if found.person else f"{name} has no part in this program."
        said.append(content(here, "$text-muted"))
    if not found.urgent:
        said.append(content("Nothing is urgent.", "$success"))
    return said
