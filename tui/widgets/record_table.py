"""The one list of the screens: rows at rest in SQLite, of which only those on the screen are read (line API).

What comes in meanwhile never moves the cursor: it stays on its record, and the record on its line of the screen; what
is new is marked until somebody has been on it; what changes under the cursor, until that leaves or opens it.
"""

from typing import ClassVar, Final, NamedTuple, Protocol, runtime_checkable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.cutting import cut
from tui.hostile import line

WINDOW: Final = 60
"""Rows that are read at once around what is shown; on a screen that is higher it is three screens."""
PART: Final = ", "
"""Stands between the parts of a cell whose column is in `parts`."""
BELOW: Final = "see below"
"""In the place of parts of which not even one fits; whoever shows such a list tells them below it."""
_TITLE: Final = 60
"""Cells that the rest keeps before other columns grow."""
NEW: Final = "*"
"""Stands before a row that came, or changed, since the list was opened."""


class Row(NamedTuple):
    """One row: the record, its cells as text, when it last changed (a position), and the tone it is shown in.

    `last` is -1 for what is no news to who sits here, because it was written at this terminal. `tone` names a component
    class of the table: "", "bad", "warn", "good" or "faint". It repeats what a cell says in words, for no state is told
    by colour alone. `folded` are, cell by cell, the words that stand before the title where that cell's column does not
    fit; "" for a cell that can be missed.
    """

    record: str
    cells: tuple[str, ...]
    last: int
    tone: str = ""
    folded: tuple[str, ...] = ()


class Heading(NamedTuple):
    """One column: words, width in cells (0 takes the rest), and from which width of the table on it is shown.

    Of a column in `parts` no part is ever cut: those that there is room for are shown, and how many more there are.
    Where the table is so wide that more is left for the rest than `_TITLE`, it grows up to `most` cells.
    """

    words: str
    width: int
    least: int = 0
    parts: bool = False
    most: int = 0


class Source(Protocol):
    """Where rows come from; each method is quick, whatever the number of rows."""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns, in order."""

    def count(self) -> int:
        """Give the number of rows."""

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Give some rows, in order."""

    def place(self, record: str) -> int | None:
        """Give where a record stands now, None if it is not in the list any more."""


@runtime_checkable
class Dated(Protocol):
    """A source that knows what was there when it was made; of another one it is what is read first."""

    def newest(self) -> int:
        """Give the position after which whatever changed is news."""


class RecordTable(ScrollView, can_focus=True):
    """A list of records over a source. Enter opens one; left and right are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+u", "page(-1)", show=False),
        Binding("pagedown,ctrl+d", "page(1)", show=False),
        Binding("home,g", "first", show=False),
        Binding("end,G", "last", show=False),
        Binding("enter", "open", "Open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--heading", "table--row", "table--cursor", "table--bad", "table--warn", "table--good", "table--faint",
    }  # fmt: skip

    class Opened(Message):
        """Somebody chose a record."""

        def __init__(self, record: str) -> None:
            """Take the record's id."""
            super().__init__()
            self.record = record

    class Moved(Message):
        """The cursor is on another record, "" for none."""

        def __init__(self, record: str) -> None:
            """Take the record's id."""
            super().__init__()
            self.record = record

    def __init__(
        self, source: Source, *, empty: str = "Nothing here.", id: str | None = None, classes: str | None = None
    ) -> None:  # fmt: skip
        """Show a source; `empty` is said where it has no rows."""
        super().__init__(id=id, classes=classes)
        self._source = source
        self.empty = empty
        self._count = 0
        self._cursor = 0
        self._record = ""
        self._start = 0
        self._window: list[Row] = []
        self._begun = False
        self._news = -1
        self._visited: set[tuple[str, int]] = set()

    @property
    def record(self) -> str:
        """The record under the cursor, "" for none."""
        return self._record

    @property
    def count(self) -> int:
        """The number of rows."""
        return self._count

    @property
    def parts(self) -> dict[str, list[str]] | None:
        """All parts of the row under the cursor, by heading; None where no column is in parts."""
        headings = {at: one.words for at, one in enumerate(self._source.headings) if one.parts}
        row = self._row(self._cursor)
        if not headings:
            return None
        return {words: row.cells[at].split(PART) for at, words in headings.items()} if row is not None else {}

    def show(self, source: Source) -> None:
        """Show another source, from its beginning."""
        self._source = source
        self._visited.clear()
        self._begin()

    def reread(self) -> None:
        """Read anew what is shown, after a change; the cursor stays on its record, and that on its line.

        What is read first, when its screen comes to the front, is no news; what comes later is.
        """
        if not self._begun:
            self._begin()
            return
        before, top = self._cursor, self.scroll_offset.y
        at = self._source.place(self._record) if self._record else None
        self._count = self._source.count()
        self._cursor = min(before if at is None else at, max(self._count - 1, 0))
        top = max(0, top + self._cursor - before)
        self._read(top)
        self._measure()
        self.scroll_to(0, top, animate=False, force=True)
        self._reveal()
        self.refresh()
        self._told()

    def render_line(self, y: int) -> Strip:
        """Draw one line: the headings, a row, or nothing."""
        width = self.size.width
        if y == 0:
            return self._headings(width)
        index = self.scroll_offset.y + y - 1
        plain = self.get_component_rich_style("table--row")
        if not self._count and y == 1:
            return Strip([Segment(set_cell_size(f"  {line(self.empty)}", width), plain)], width)
        row = self._row(index)
        if row is None:
            return Strip([Segment(" " * width, plain)], width)
        style = self.get_component_rich_style(f"table--{row.tone}") if row.tone else plain
        if index == self._cursor:
            style += self.get_component_rich_style("table--cursor")
        shown = self._cells(row)
        marks = (">" if index == self._cursor else "") + (NEW if self._is_new(row) else "")
        return self._strip(shown, marks, style, width)

    def action_move(self, by: int) -> None:
        """Go up or down; the ends do not wrap."""
        self._land(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Go up or down by a screen."""
        self._land(self._cursor + by * max(self._height() - 1, 1))

    def action_first(self) -> None:
        """Go to the first."""
        self._land(0)

    def action_last(self) -> None:
        """Go to the last."""
        self._land(self._count - 1)

    def action_open(self) -> None:
        """Open the record under the cursor."""
        if self._record:
            self._visit(self._cursor)
            self.post_message(self.Opened(self._record))

    def go_to(self, record: str) -> None:
        """Put the cursor on a record, if it is in the list."""
        at = self._source.place(record)
        if at is not None:
            self._land(at)

    def on_click(self, event: Click) -> None:
        """Go where was clicked; a second click opens it."""
        if event.y > 0 and (index := self.scroll_offset.y + event.y - 1) < self._count:
            again = index == self._cursor
            self._land(index)
            if again:
                self.action_open()

    def on_resize(self, event: Resize) -> None:
        """Keep the cursor on the screen."""
        del event
        self._measure()
        self._reveal()

    def _cells(self, row: Row) -> tuple[str, ...]:
        """The cells whose columns fit; what must not be missed of the others stands before the title."""
        headings = self._source.headings
        away = [word for word, one in zip(row.folded, headings, strict=False) if word and not self._fits(one)]
        before = f"[{', '.join(away)}] " if away else ""
        return tuple(
            cell if one.width else before + cell
            for cell, one in zip(row.cells, headings, strict=True)
            if self._fits(one)
        )

    def _columns(self) -> list[Heading]:
        """The columns that fit, in their widths: what a wide table has to spare goes to those that may grow."""
        found = [one for one in self._source.headings if self._fits(one)]
        spare = self.size.width - 2 - sum(one.width + 1 for one in found) - _TITLE
        for at, one in enumerate(found):
            more = min(max(one.most - one.width, 0), max(spare, 0))
            found[at] = one._replace(width=one.width + more)
            spare -= more
        return found

    def _fits(self, heading: Heading) -> bool:
        return self.size.width >= heading.least

    def _headings(self, width: int) -> Strip:
        """The columns' words; at their end how much came in above what is shown, which nobody would see else."""
        style = self.get_component_rich_style("table--heading")
        plain = self._strip(tuple(one.words for one in self._columns()), " ", style, width)
        above = sum(map(self._is_new, self._window[: max(self.scroll_offset.y - self._start, 0)]))
        said = f" {above} new above "
        if not above or width <= len(said):
            return plain
        warn = style + self.get_component_rich_style("table--warn")
        return Strip([*plain.crop(0, width - len(said)), Segment(said, warn)], width)

    def _is_new(self, row: Row) -> bool:
        return row.last > self._news and (row.record, row.last) not in self._visited

    def _strip(self, cells: tuple[str, ...], marks: str, style: Style, width: int) -> Strip:
        columns = self._columns()
        fixed = sum(one.width + 1 for one in columns if one.width)
        loose = sum(not one.width for one in columns) or 1
        rest = max((width - 2 - fixed) // loose - 1, 4)
        parts = [
            (_parts if one.parts else _fitted)(line(cell), one.width or rest)
            for cell, one in zip(cells, columns, strict=True)
        ]
        return Strip([Segment(set_cell_size(f"{marks:2}" + " ".join(parts), width), style)], width)

    def _height(self) -> int:
        return max(self.size.height - 1, 1)

    def _measure(self) -> None:
        # One line more than there are rows, for the headings, which stay where they are.
        self.virtual_size = Size(self.size.width, self._count + 1)

    def _begin(self) -> None:
        """Read a source from its beginning."""
        self._begun = True
        self._cursor = 0
        self._count = self._source.count()
        self._read(0)
        source = self._source
        first = max((row.last for row in self._window), default=-1)
        self._news = source.newest() if isinstance(source, Dated) else first
        self._measure()
        self.scroll_to(0, 0, animate=False, force=True)
        self.refresh()
        self._told()

    def _land(self, index: int) -> None:
        """Put the cursor on a row, and scroll as little as is needed."""
        old, self._cursor = self._cursor, max(0, min(index, self._count - 1))
        self._visit(old)  # it may have changed under the cursor
        self._visit(self._cursor)
        if not self._reveal():
            for one in {old, self._cursor}:
                self.refresh(Region(0, one - self.scroll_offset.y + 1, self.size.width, 1))
        self._told()

    def _reveal(self) -> bool:
        """Scroll as little as is needed for the cursor to be seen, and tell whether that was anything."""
        top, height, index = self.scroll_offset.y, self._height(), self._cursor
        if top <= index < top + height:
            return False
        self.scroll_to(0, index if index < top else index - height + 1, animate=False, force=True)
        self.refresh()
        return True

    def _visit(self, index: int) -> None:
        """Somebody was on a row: as it is now, it is no news any more."""
        row = self._row(index)
        if row is not None:
            self._visited.add((row.record, row.last))

    def _told(self) -> None:
        """Say which record the cursor is on."""
        row = self._row(self._cursor)
        record = row.record if row else ""
        if record != self._record:
            self._record = record
            self.post_message(self.Moved(record))

    def _row(self, index: int) -> Row | None:
        if not 0 <= index < self._count:
            return None
        if not self._start <= index < self._start + len(self._window):
            self._read(index)
        at = index - self._start
        return self._window[at] if 0 <= at < len(self._window) else None

    def _read(self, top: int) -> None:
        """Read the rows around what is shown from `top` on, a third of them above it; how many there are stays."""
        window = max(WINDOW, 3 * self._height())
        self._start = max(0, top - window // 3)
        self._window = self._source.rows(self._start, window)


def _fitted(text: str, width: int) -> str:
    return set_cell_size(cut(text, width), width)


def _parts(text: str, width: int) -> str:
    """As many whole parts as there is room for, and how many more there are."""
    parts = text.split(PART)
    fitting = (
        PART.join(parts[:shown]) + (f" +{len(parts) - shown} more" if shown < len(parts) else "")
        for shown in range(len(parts), 0, -1)
    )
    return set_cell_size(next((one for one in fitting if cell_len(one) <= width), BELOW), width)


def under_cursor(page: Widget) -> str:
    """Give the record under the cursor of a screen's list; "" where the list is not there yet, or no more."""
    return next((one.record for one in page.query(RecordTable)), "")
