"""Keeping hostile text harmless: whatever a record holds is shown as symbols, and nothing of it reaches the terminal.

Texts become `Content` without markup. The guard is the last defence: it sees every line that is painted, whichever
widget made it (`research/tui.md`; threat table of `research/security.md` 8).
"""

from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from shared.actions.visible import visible

_LOST = "\N{REPLACEMENT CHARACTER}"


def content(text: object, style: str = "") -> Content:
    """A text of a record as widgets take it: no markup is read in it, and every character of it is seen."""
    return Content.styled(visible(str(text), keep="\n"), style) if style else Content(visible(str(text), keep="\n"))


def line(text: object) -> str:
    """A text on one line, every character of it seen."""
    return visible(str(text).replace("\n", " "))


class Guard(LineFilter):
    """Replaces whatever a terminal would obey or nobody would see, in lines that are painted."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments, the bad ones of them replaced."""
        del background
        if all(segment.control or segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment("".join(one if one.isprintable() else _LOST for one in segment.text), segment.style)
            for segment in segments
        ]
