"""Steps one below the other, each whole; the one that is looked at is scrolled into view, whatever room there is."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.cutting import hung
from tui.hostile import line


class Part(NamedTuple):
    """One step, or one thing that is said beside: the mark before it, its words, and how it stands out.

    `tone` is "head", "due", "faint" or "" for none; `looked_at` says that it must be in view.
    """

    mark: str
    words: str
    tone: str = ""
    looked_at: bool = False


class Card(ScrollView, can_focus=False):
    """The card. It scrolls by itself: the keys are the menu's below it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"card--head", "card--due", "card--faint", "card--plain"}
    DEFAULT_CSS = """
    Card { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
    Card > .card--head { text-style: bold; }
    Card > .card--due { text-style: bold; }
    Card > .card--faint { color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Nothing is on it yet."""
        super().__init__(id=id)
        self._parts: Sequence[Part] = ()
        self._lines: list[tuple[str, str]] = []

    def show(self, parts: Sequence[Part]) -> None:
        """Show other lines; where none of them must be in view, that is the last one."""
        self._parts = parts
        self._draw()

    def on_resize(self) -> None:
        """Fit the room."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, at = self.scrollable_content_region.width, y + self.scroll_offset.y
        text, tone = self._lines[at] if at < len(self._lines) else ("", "")
        style = self.get_component_rich_style(f"card--{tone or 'plain'}")
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _draw(self) -> None:
        width, height = self.scrollable_content_region.size
        self._lines, first, last = [], 0, 0
        for one in self._parts:
            lines = hung(one.mark, line(one.words), width)
            if one.looked_at or (one is self._parts[-1] and not last):
                first, last = len(self._lines), len(self._lines) + len(lines)
            self._lines += [(text, one.tone) for text in lines]
        self.virtual_size = Size(width, len(self._lines))
        top = self.scroll_offset.y
        top = first if first < top else max(top, last - height)
        self.scroll_to(0, min(top, first), animate=False, force=True, immediate=True)
        self.refresh()
