"""A short list of things to choose from, at most some thirty; what cannot be chosen now has a mark and says why."""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.cutting import cut
from tui.hostile import line

NOT: Final = "- "
"""Stands before what cannot be chosen now, for nobody sees by its colour alone that it is grey."""


_DIGITS: Final = frozenset("123456789")
_MOVES: Final = frozenset("jkgG")
_TEXT_S: Final = 1.5
"""Seconds within which keys that come one after the other are one text."""


class Entry(NamedTuple):
    """One entry: what is told when it is chosen, its words, and why it cannot be chosen now ("" if it can)."""

    key: str
    words: str
    why_not: str = ""


class Menu(ScrollView, can_focus=True):
    """The list. A digit goes to an entry, Enter chooses it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-8)", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("home,g", "move(-9999)", show=False),
        Binding("end,G", "move(9999)", show=False),
        Binding("enter", "choose", "Choose", show=False),
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(1, 10)),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"menu--entry", "menu--cursor", "menu--grey"}
    DEFAULT_CSS = """
    Menu { height: auto; scrollbar-size-vertical: 1; overflow-x: hidden; }
    Menu > .menu--entry { color: $foreground; }
    Menu > .menu--cursor { text-style: reverse; }
    Menu > .menu--grey { color: $text-disabled; }
    """

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, key: str) -> None:
            """Take its key."""
            super().__init__()
            self.key = key

    class Refused(Message):
        """An entry was chosen that cannot be; `why` says why."""

        def __init__(self, why: str) -> None:
            """Take the reason."""
            super().__init__()
            self.why = why

    class Moved(Message):
        """The cursor is on another entry, "" for none."""

        def __init__(self, key: str) -> None:
            """Take its key."""
            super().__init__()
            self.key = key

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        *,
        steered: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Show entries; a `steered` menu is moved by a field above it that keeps the focus."""
        super().__init__(id=id, classes=classes)
        self.steered = steered
        self._entries = list(entries)
        self._cursor = 0
        self._text_at = self._digit_at = float("-inf")
        self._before = 0

    @property
    def key(self) -> str:
        """The key of the entry under the cursor, "" for none."""
        return self._entries[self._cursor].key if self._entries else ""

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries; the cursor stays on its entry if that is still there."""
        before = self.key
        self._entries = list(entries)
        keys = [one.key for one in self._entries]
        self._cursor = keys.index(before) if before in keys else 0
        self._measure()
        self._land(self._cursor)
        if self.key != before:
            self._tell(self.Moved(self.key))
        self.refresh(layout=True)

    def go_to(self, key: str) -> None:
        """Put the cursor on an entry, if there is such a one."""
        keys = [one.key for one in self._entries]
        if key in keys:
            self._land(keys.index(key))

    def on_mount(self) -> None:
        """Take the room that it needs."""
        self._measure()

    def on_resize(self) -> None:
        """Fit the width."""
        self._measure()
        self._land(self._cursor)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line an entry."""
        del container, viewport, width
        return max(len(self._entries), 1)

    def render_line(self, y: int) -> Strip:
        """Draw one entry."""
        width, index = self.scrollable_content_region.width, y + self.scroll_offset.y
        plain = self.get_component_rich_style("menu--entry")
        if index >= len(self._entries):
            return Strip([Segment(" " * width, plain)], width)
        one = self._entries[index]
        style = self.get_component_rich_style("menu--grey") if one.why_not else plain
        if index == self._cursor and (self.has_focus or self.steered):
            style += self.get_component_rich_style("menu--cursor")
        number = f"{index + 1}" if index < 9 and not self.steered else " "  # noqa: PLR2004 - digits
        mark = ">" if index == self._cursor else " "
        before = f"{mark}{number} "
        return Strip([Segment(set_cell_size(f"{before}{said(one, width - len(before))}", width), style)], width)

    def action_move(self, by: int) -> None:
        """Go up or down; the ends do not wrap."""
        self._land(self._cursor + by)

    def on_key(self, event: Key) -> None:
        """Whoever types text here has not read the list: no digit in it goes to an entry, nor stays there."""
        if not event.is_printable or event.character in _MOVES:
            return
        soon = event.time - max(self._text_at, self._digit_at) < _TEXT_S
        if event.character not in _DIGITS:
            if soon and self._digit_at > self._text_at:
                self._land(self._before)
            self._text_at = event.time
        elif soon and self._text_at > self._digit_at:
            event.stop()
            self._text_at = event.time
        else:
            self._before, self._digit_at = self._cursor, event.time

    def action_digit(self, digit: int) -> None:
        """Go to an entry; Enter then chooses it."""
        if digit <= len(self._entries):
            self._land(digit - 1)

    def action_choose(self) -> None:
        """Choose the entry under the cursor."""
        if not self._entries:
            return
        one = self._entries[self._cursor]
        self._tell(self.Refused(one.why_not) if one.why_not else self.Chosen(one.key))

    def on_click(self, event: Click) -> None:
        """Go where was clicked; a second click chooses it."""
        index = event.y + self.scroll_offset.y
        if index < len(self._entries):
            again = index == self._cursor
            self._land(index)
            if again:
                self.action_choose()

    def _tell(self, message: Message) -> None:
        # As sent by the menu, whoever made it move: what its parent sends would not go on to the screen.
        self.post_message(message.set_sender(self))

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._entries))

    def _land(self, index: int) -> None:
        before, self._cursor = self._cursor, max(0, min(index, len(self._entries) - 1))
        if self._cursor != before:
            self._tell(self.Moved(self.key))
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if self._cursor < top or self._cursor >= top + height:
            self.scroll_to(
                0, self._cursor if self._cursor < top else self._cursor - height + 1, animate=False, force=True
            )
        self.refresh()


def said(one: Entry, width: int) -> str:
    """An entry in so many cells: of one that cannot be chosen the words leave room for the reason, at most half."""
    if not one.why_not:
        return cut(line(one.words), width)
    words, why = f"{NOT}{line(one.words)}", f"  ({line(one.why_not)})"
    words = cut(words, max(width - cell_len(why), width // 2))
    room = width - cell_len(words)
    return words + (why if cell_len(why) <= room else f"{cut(why[:-1], room - 1)})")
