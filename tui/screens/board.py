"""The board: what is held, deviations, and every other kind of daily work; each view is a list over the whole log."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.widget import Widget
from textual.widgets import Input, Static

from shared.actions.kind import KINDS
from tui.hostile import content
from tui.keys import binding
from tui.listing import MOST_FOUND, KindSource, heading_of, parted, plural
from tui.reader import Reader
from tui.screens.page import Page
from tui.widgets.record_table import RecordTable, under_cursor

SORTS_AT_MOST: Final = 20_000
"""Records up to which any column can be sorted by without waiting; longer lists are in the order of their changes."""


class BoardView(NamedTuple):
    """One view: its key, its words, the kind, and whether what is over is left out."""

    key: str
    words: str
    kind: str
    going: bool = False

    @property
    def without(self) -> frozenset[str]:
        """The states that are left out, as the kind has them now."""
        return KINDS[self.kind].over if self.going else frozenset()


FIRST: Final = (
    BoardView("held", "Held", "hold", going=True),
    BoardView("open", "Open deviations", "deviation", going=True),
    BoardView("deviation", "All deviations", "deviation"),
    BoardView("batch", "Batches", "batch"),
    BoardView("gate", "Gates", "gate"),
    BoardView("hold", "All holds", "hold"),
)
"""Views that are always there, in their order; other kinds of daily work follow once they have records."""


def views_of(reader: Reader) -> list[BoardView]:
    """Give the views."""
    there = {one.kind for one in FIRST}
    others = [one for one in KINDS.values() if not one.quiet and one.name not in there]
    return [
        *FIRST,
        *(
            BoardView(one.name, plural(one.name).capitalize(), one.name)
            for one in others
            if reader.lists.rows(one.name, limit=1)
        ),
    ]


def orders_of(view: BoardView, count: int) -> list[tuple[str, str]]:
    """Give the orders that a view can be in: by which heading, in words, and the order as lists take it."""
    kind = KINDS[view.kind]
    found = [("last change, newest first", "-last"), ("last change, oldest first", "last")]
    if count <= SORTS_AT_MOST:
        for name in (*kind.first, "title", "state"):
            column = kind.columns[name]
            if column.blobs:
                continue  # digests have no order that says anything
            words = f'"{heading_of(column)}"'
            found.append((f"{words}, latest first", f"-{name}") if column.time else (words, name))
    return found


def packed(first: str, parts: list[str], room: int) -> list[str]:
    """Parts in lines of so many cells behind a first word, each part whole on one line if that is long enough."""
    lines = [first]
    for at, part in enumerate(parts):
        text = f"{part}," if part and at + 1 < len(parts) else part
        if cell_len(f"{lines[-1]} {text}") <= room:
            lines[-1] += f" {text}"
        else:
            lines.append(f" {text}")
    return lines


class ViewLine(Static):
    """The views on one line, that which is shown in brackets; so many of them as fit."""

    def __init__(self, id: str) -> None:
        """Show nothing yet."""
        super().__init__(id=id)
        self._ends: list[tuple[int, int]] = []

    def tell(self, words: list[str], chosen: int) -> None:
        """Show these; the chosen one is always among what fits."""
        texts = [f"[{one}]" if at == chosen else f" {one} " for at, one in enumerate(words)]
        room = max(self.size.width - 4, 10)
        start = 0
        while start < chosen and sum(map(cell_len, texts[start : chosen + 1])) > room:
            start += 1
        parts = [content("< " if start else "  ", "$text-muted")]
        width, self._ends = 2, []
        for at in range(start, len(texts)):
            if width + cell_len(texts[at]) > room + 2:
                parts.append(content(">", "$text-muted"))
                break
            width += cell_len(texts[at])
            self._ends.append((width, at))
            parts.append(content(texts[at], "bold reverse" if at == chosen else ""))
        self.update(Content.assemble(*parts))

    def at(self, x: int) -> int | None:
        """Give which view stands in a column."""
        return next((at for end, at in self._ends if 2 <= x < end), None)  # noqa: PLR2004 - the mark before them


class BoardScreen(Page):
    """Lists of the records of daily work."""

    CSS_PATH = "board.tcss"
    HELP: ClassVar[str] = (
        "All records of daily work. Left and right go to another list; Enter opens the record under the cursor. What"
        " came in since you opened the list is marked with a star; the cursor stays on its record whatever comes in."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("sort"),
        binding("filter"),
        Binding("left,h", "view(-1)", show=False),
        Binding("right,l", "view(1)", show=False),
    ]

    def __init__(self, view: str = "held") -> None:
        """Begin with a view, by its key."""
        super().__init__()
        self._first = view
        self._views: list[BoardView] = []
        self._at = 0
        self._orders: dict[str, str] = {}
        self._person = ""

    def body(self) -> Iterable[Widget]:
        """The views, the field to filter with, the list, what of a row is never cut, and how it is sorted."""
        self._views = views_of(self.andon.reader)
        self._at = next((at for at, one in enumerate(self._views) if one.key == self._first), 0)
        yield ViewLine(id="views")
        said = self.andon.keyed("words, a number or a code; Enter goes to the list, {back} shows all")
        field = Input(placeholder=said, id="words")
        field.cursor_blink = False
        field.display = False
        yield field
        yield RecordTable(self._source(""), empty=self._empty(), id="list")
        yield Static(id="parts")
        yield Static(id="how")

    @property
    def view(self) -> BoardView:
        """The view that is shown."""
        return self._views[self._at]

    @property
    def record(self) -> str:
        """The record under the cursor, which the palette is about."""
        return under_cursor(self)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one(RecordTable).focus()

    def on_resize(self) -> None:
        """Fit the width."""
        self._draw()

    def reread(self) -> None:
        """Read anew; there may be kinds that had no records before."""
        chosen = self.view
        self._views = views_of(self.andon.reader)
        self._at = self._views.index(chosen) if chosen in self._views else 0
        if self._person == self.andon.session.person:
            self.query_one(RecordTable).reread()
            self._draw()
        else:
            self._list()  # somebody else looks, who may see other things, and to whom other things are news

    def action_view(self, by: int) -> None:
        """Show the next view, or the one before; the ends do not wrap."""
        self._show(max(0, min(self._at + by, len(self._views) - 1)))

    def action_sort(self) -> None:
        """Sort in the next way."""
        table = self.query_one(RecordTable)
        orders = [order for _, order in orders_of(self.view, table.count)]
        now = self._order()
        self._orders[self.view.key] = orders[(orders.index(now) + 1) % len(orders)] if now in orders else orders[0]
        record = table.record
        table.show(self._source())
        table.go_to(record)
        self._draw()

    def action_filter(self) -> None:
        """Ask for words."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def action_back(self) -> None:
        """Show all again; then go back."""
        field = self.query_one(Input)
        if not field.display:
            super().action_back()
            return
        record = self.query_one(RecordTable).record
        field.display = False
        field.value = ""
        self._list()
        table = self.query_one(RecordTable)
        table.go_to(record)
        table.focus()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Search while words are typed."""
        if message.input.display:
            self._list()

    def on_input_submitted(self) -> None:
        """Go to what was found."""
        self.query_one(RecordTable).focus()

    def on_record_table_moved(self) -> None:
        """Tell what of the record under the cursor is never cut."""
        self._draw_parts()

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        """Open it."""
        self.andon.open_record(message.record)

    def on_click(self, event: Click) -> None:
        """Show the view that was clicked."""
        line = self.query_one(ViewLine)
        if event.widget is line and (at := line.at(event.x)) is not None:
            self._show(at)

    def _show(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._list()

    def _list(self) -> None:
        table = self.query_one(RecordTable)
        table.empty = self._empty()
        table.show(self._source())
        self._draw()

    def _words(self) -> str:
        return "".join(field.value.strip() for field in self.query(Input) if field.display)

    def _order(self) -> str:
        return self._orders.get(self.view.key, "-last")

    def _source(self, words: str | None = None) -> KindSource:
        view, session = self.view, self.andon.session
        self._person = session.person
        return KindSource(
            self.andon.reader, view.kind, without=view.without, words=self._words() if words is None else words,
            order=self._order(), person=session.person, roles=session.roles,
        )  # fmt: skip

    def _empty(self) -> str:
        if self._words():
            return "Nothing in this list has these words."
        return {"held": "Nothing is held.", "open": "No deviation is open."}.get(self.view.key, "Nothing here.")

    def _draw(self) -> None:
        if not self._views:
            return
        self.query_one(ViewLine).tell([one.words for one in self._views], self._at)
        self.query_one("#how", Static).update(Content("").join(self._how()))
        self._draw_parts()

    def _draw_parts(self) -> None:
        shown, found = self.query_one("#parts", Static), self.query_one(RecordTable).parts
        shown.display = found is not None
        if found is None:
            return  # most lists have no such column, and a cursor key should cost nothing more there
        room = max(self.size.width - 2, 1)
        lines = [line for words, parts in found.items() for line in packed(f"{words}:", parts, room)]
        shown.update(content("\n".join(lines)))

    def _how(self) -> Iterator[Content]:
        count = self.query_one(RecordTable).count
        orders = {order: words for words, order in orders_of(self.view, 0)}  # also where it has grown long
        yield content(f" {count} {'record' if count == 1 else 'records'}", "bold")
        words, rating = parted(self._words(), self.view.kind)
        if rating:
            yield content(f" rated {rating}")
        if words:
            yield content(f" with {words}" + (f" (the latest {MOST_FOUND})" if count == MOST_FOUND else ""))
        yield content(f"; by {orders[self._order()]}", "$text-muted")
