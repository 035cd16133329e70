"""A list with more about what is under the cursor below it: trails, blockers, steps of a batch, items of a gate."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.listing import Rows
from tui.screens.acting import Acting
from tui.widgets.record_table import Heading, RecordTable, Row


class SplitPage(Acting):
    """Head, list, and detail of the row under the cursor."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["split.tcss"]
    HEADINGS: ClassVar[tuple[Heading, ...]] = ()
    EMPTY: ClassVar[str] = "Nothing here."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "more", show=False)]

    def __init__(self, record: str, part: str = "") -> None:
        """Show something of a record, beginning on the row of a part of it; "" for the `first`."""
        super().__init__()
        self._about = record
        self._begin_at = part
        self._source = Rows(self.HEADINGS)
        self._begun = False
        self._known: dict[str, tuple[object, int]] = {}
        self._readings = -1

    @property
    def record(self) -> str:
        """The record that this is about."""
        return self._about

    def body(self) -> Iterable[Widget]:
        """Head, list, detail."""
        yield Static(id="head")
        yield RecordTable(self._source, empty=self.EMPTY, id="list")
        yield VerticalScroll(Static(id="detail"), id="more", can_focus=False)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one(RecordTable).focus()

    def reread(self) -> None:
        """Read anew."""
        self._source.fill(self._marked(self.rows()))
        table = self.query_one(RecordTable)
        table.reread()
        if not self._begun:
            self._begun = True
            table.go_to(self._begin_at or self.first())
        self.query_one("#head", Static).update(self.head())
        self._detail(table.record)

    def on_record_table_moved(self, message: RecordTable.Moved) -> None:
        """Tell more about the row that the cursor is on now."""
        self._detail(message.record)

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        """Do what Enter does on a row."""
        self.chosen(message.record)

    def action_more(self) -> None:
        """Scroll the detail on by a page; at its end go back to its beginning."""
        if not self.is_attached:
            return  # somebody has left the screen meanwhile
        more = self.query_one("#more")
        if more.scroll_offset.y >= more.max_scroll_y:
            more.scroll_home(animate=False)
        else:
            more.scroll_page_down(animate=False)

    def _marked(self, rows: list[Row]) -> list[Row]:
        """The rows, with the number of the reading at which each came or changed since the screen was opened."""
        known = self._known
        self._known = {}
        for row in rows:
            says, at = self.says(row), self._readings
            before = known.get(row.record)
            self._known[row.record] = before if before is not None and before[0] == says else (says, at)
        self._readings = max(self._readings, 0) + 1
        return [row._replace(last=self._known[row.record][1]) for row in rows]

    def says(self, row: Row) -> object:
        """Give what is news about a row when it is another; where its entry is by now is none."""
        return row.cells

    def first(self) -> str:
        """Give the row on which the cursor begins, "" for the first."""
        return ""

    def head(self) -> Content:
        """Give what stands above the list."""
        raise NotImplementedError

    def rows(self) -> list[Row]:
        """Read the rows; `Row.record` is whatever tells them apart."""
        raise NotImplementedError

    def detail(self, key: str) -> Content:
        """Give what is told about a row."""
        raise NotImplementedError

    def chosen(self, key: str) -> None:
        """Do what Enter does on a row."""
        raise NotImplementedError

    def _detail(self, key: str) -> None:
        self.query_one("#detail", Static).update(self.detail(key) if key else Content(""))
        self.query_one("#more").scroll_home(animate=False)
        self.call_after_refresh(self._hint)

    def on_resize(self) -> None:
        """Say whether there is more than fits."""
        self.call_after_refresh(self._hint)

    def _hint(self) -> None:
        for more in self.query("#more"):  # none: somebody has left the screen meanwhile
            more.border_title = "Space shows more" if more.max_scroll_y else ""
