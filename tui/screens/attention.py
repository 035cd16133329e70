"""F5: what needs somebody, in the order in which it matters; Enter opens it, or lets it be entered again."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.terminal.desk import Desk
from shared.terminal.drafts import drop
from shared.terminal.naming import Names
from tui.attending import (
    CLONED,
    CONTESTED,
    DRAFT,
    LATE,
    MINE,
    NAMED,
    OTHERS,
    OVERTAKEN,
    REFUSED,
    UNCOUNTED,
    UNDONE,
    UNSENT,
    URGENT,
    Item,
    attention,
    counts,
)
from tui.hostile import content
from tui.keys import binding
from tui.listing import Rows
from tui.screens.page import Page
from tui.widgets.record_table import Heading, RecordTable, Row, under_cursor

_HEADINGS: Final = (Heading("what", 9), Heading("record", 15), Heading("about", 0), Heading("sync", 8, 72))
_TONES: Final = {
    REFUSED: "bad", CLONED: "bad", CONTESTED: "warn", OVERTAKEN: "warn", UNCOUNTED: "warn", UNDONE: "warn", MINE: "",
    NAMED: "", LATE: "bad", DRAFT: "", OTHERS: "faint", UNSENT: "faint",
}  # fmt: skip
_DOES: Final = {
    REFUSED: "The server refused this. Enter: type it again, all that was typed is kept.",
    CLONED: "Two machines write under one code. Enter: look at it; identity officers revoke the code.",
    CONTESTED: "Different values stand. Enter: look at all of them, and settle it.",
    OVERTAKEN: "News came that the one who decided did not have. Enter: look at it.",
    UNCOUNTED: "It does not count before another QA accepts it. Enter: look at it.",
    UNDONE: "It came to nothing: look who took it back, and propose it anew if it is still right. Enter: look at it.",
    NAMED: "It is yours to answer or to sign. Enter: look at it.",
    LATE: "It is due, and nobody has answered it. Enter: look at it, then ask its owner.",
    MINE: "It waits for somebody like you to confirm or decline it. Enter: look at it.",
    DRAFT: "Typed and not saved. Enter: go on.",
    OTHERS: "It waits for somebody else. Enter: look at it.",
    UNSENT: "Saved here, not with the server yet; it goes by itself. Enter: look at it.",
}


class AttentionScreen(Page):
    """The counts, the list, what to do about the one under the cursor."""

    CSS_PATH = "attention.tcss"
    HELP: ClassVar[str] = (
        "What needs somebody: what the server refused, what two people set differently, what was decided without news"
        " that came later, what waits for a second person, drafts of yours, and what is not sent yet. The line below"
        " the list says what to do; Enter does it. Sign in ({lock}) to see what waits for you."
    )

    BINDINGS: ClassVar[list[BindingType]] = [binding("back"), binding("put_away")]

    def __init__(self) -> None:
        """Nothing is read yet."""
        super().__init__()
        self._items: dict[str, Item] = {}
        self._source = Rows(_HEADINGS)
        self._asked = ""

    def body(self) -> Iterable[Widget]:
        """Counts, list, what to do."""
        yield Static(id="counts")
        yield RecordTable(self._source, empty="Nothing needs you.")
        yield Static(id="more")

    def on_mount(self) -> None:
        """Go into the list."""
        self.query_one(RecordTable).focus()

    def reread(self) -> None:
        """Read all of it."""
        reader = self.andon.reader
        items = attention(reader, self.andon.session)
        self._items = {key_of(one): one for one in items}
        names = reader.names()
        self._source.fill([row_of(one, names) for one in items])
        self.query_one(RecordTable).reread()
        self.query_one("#counts", Static).update(self._counts(items))
        self._more()

    def on_record_table_moved(self, message: RecordTable.Moved) -> None:
        """Say what to do about it."""
        message.stop()
        self._more()

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        """Open the record, or the form with what was typed."""
        message.stop()
        one = self._items.get(message.record)
        if one is None:
            return
        if one.do:
            self.andon.act(one.do, one.record, one.fields)
        elif one.record and one.section != REFUSED:
            self.andon.open_record(one.record, one.part)
        else:
            self.andon.tell(one.words, bad=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was refused, and drafts, can be put away."""
        del parameters
        one = self._items.get(self._chosen())
        return action != "put_away" or bool(one and one.section in {REFUSED, DRAFT})

    def action_put_away(self) -> None:
        """Put it away when the key is pressed a second time; once may be a slip."""
        one = self._items.get(self._chosen())
        if one is None:
            return
        if self._asked != self._chosen():
            self._asked = self._chosen()
            self.andon.tell(self.andon.keyed("{put_away} once more puts it away for good; it is not entered."))
            return
        whose, _, which = one.id.partition(" ")

        def job(desk: Desk) -> None:
            if one.section == DRAFT:
                drop(desk, whose, which)
                return
            with desk.store.write() as tx:
                tx.put_refused_away(whose, int(which))

        self.andon.work(job, lambda _: self.andon.tell("Put away."))

    def _chosen(self) -> str:
        return under_cursor(self)

    def _counts(self, items: list[Item]) -> Content:
        found = counts(items, self.andon.reader.store.pending.count())
        if not found:
            return content("Nothing needs you: nothing refused, contested, waiting or not sent.", "$success")
        parts = [
            content(f"{number} {section}", "bold $warning" if section in URGENT else "")
            for section, number in found.items()
        ]
        return Content("   ").join(parts)

    def _more(self) -> None:
        one = self._items.get(self._chosen())
        if self._asked != self._chosen():
            self._asked = ""
        self.refresh_bindings()
        said = Content.assemble(content(_DOES[one.section], "bold"), "\n", content(one.words)) if one else Content("")
        self.query_one("#more", Static).update(said)


def row_of(one: Item, names: Names) -> Row:
    """An item as the table shows it."""
    cells = (one.section, names.within(one.record), one.words, one.sync)
    return Row(key_of(one), cells, -1, _TONES[one.section])


def key_of(one: Item) -> str:
    """What tells an item apart from all others."""
    return f"{one.section} {one.id}"
