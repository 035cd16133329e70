"""The text that is signed, on a screen that may be narrower than it: the same characters in the same order.

Its own line ends stay. Where a line is too long for the screen, the screen ends it at a blank, and goes on below, to
the right of where labels and bars stand: so nobody takes what goes on for a line of the sheet.
"""

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from textual.widgets import Static

from shared.actions.sheet import MARGIN
from tui.hostile import content

LEAST: Final = 12
"""Columns that a value has at the least, however narrow the screen is."""


class SheetText(Static):
    """A sheet in the width that there is."""

    _sheet = ""

    def show(self, sheet: str) -> None:
        """Show a sheet."""
        self._sheet = sheet
        self.on_resize()

    def on_resize(self) -> None:
        """Fit the width."""
        if self._sheet and self.size.width:
            self.update(content("\n".join(fitted(self._sheet, self.size.width))))

    @property
    def cut(self) -> bool:
        """Whether the screen ends lines that the sheet does not end."""
        return any(cell_len(line) > self.size.width for line in self._sheet.split("\n"))


def fitted(sheet: str, width: int) -> Iterator[str]:
    """Give a sheet's lines in a width; what was added to go on with one is blanks at its beginning."""
    hang = " " * min(MARGIN, max(width - LEAST, 0))
    for line in sheet.split("\n"):
        rest, before, room = line, "", width
        while (end := _end(rest, room, 0 if before else MARGIN)) < len(rest):
            yield before + rest[:end]
            rest, before, room = rest[end:], hang, max(width - len(hang), 1)
        yield before + rest


def _end(text: str, room: int, least: int) -> int:
    """Where a text is ended that is to stand in a room: behind a blank if there is one from `least` on."""
    end = used = 0
    while end < len(text) and (used := used + cell_len(text[end])) <= room:
        end += 1
    while text[end : end + 1] == " ":  # blanks may stand outside: nobody sees them
        end += 1
    return end if end == len(text) else text.rfind(" ", least, end) + 1 or max(end, 1)
