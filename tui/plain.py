"""Terminals that show little more than ASCII: what widgets draw around texts is drawn there with plain characters.

Textual draws borders, scroll bars and the mark of a cut text with block and box characters. A filter over every painted
line replaces them, whichever widget drew them; and, where the locale cannot write a character at all, that character.
"""

import sys
from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_ACROSS: Final = "─━╌╍┄┅┈┉═▔▁▂▃▀▄╴╶╸╺╼╾⎺⎻⎼⎽"
_DOWN: Final = "│┃╎╏┆┇┊┋║▏▎▍▌▋▊▉▐▕╵╷╹╻╽╿"
_FULL: Final = "█▅▆▇░▒▓▖▗▘▙▚▛▜▝▞▟"
_MARKS: Final = {
    "…": "~", "•": "*", "·": ".", "▶": ">", "▼": "v", "▲": "^", "◀": "<", "✓": "x", "✔": "x", "✖": "x", "→": ">",
    "←": "<", "●": "*", "○": "o", "‾": "-", "\N{REPLACEMENT CHARACTER}": "?",
}  # fmt: skip
_FIRST_BOX, _LAST_BLOCK = 0x2500, 0x259F
TABLE: Final = {
    **dict.fromkeys(range(_FIRST_BOX, _LAST_BLOCK + 1), "+"),
    **{ord(one): "-" for one in _ACROSS},
    **{ord(one): "|" for one in _DOWN},
    **{ord(one): "#" for one in _FULL},
    **{ord(one): plain for one, plain in _MARKS.items()},
}
"""What stands for which character; corners are a plus."""


def is_plain(environ: Mapping[str, str], encoding: str) -> bool:
    """Whether a terminal is one of those: its locale is not UTF-8, or it is the console of Linux, or a real old one."""
    kind = environ.get("TERM", "")
    return encoding.lower().replace("-", "").replace("_", "") != "utf8" or kind == "linux" or kind.startswith("vt")


def encoding_here() -> str:
    """What this process writes to its terminal in; Textual writes there through standard error."""
    stream = sys.__stderr__ or sys.__stdout__
    return (stream.encoding if stream is not None else None) or "ascii"


class Plain(LineFilter):
    """Replaces what such a terminal cannot show, in lines that are painted; widths stay as they are."""

    def __init__(self, encoding: str) -> None:
        """Write in this encoding."""
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments, with plain characters."""
        del background
        if all(segment.control or segment.text.isascii() for segment in segments):
            return segments
        return [
            segment if segment.control or segment.text.isascii() else Segment(self._shown(segment.text), segment.style)
            for segment in segments
        ]

    def _shown(self, text: str) -> str:
        text = text.translate(TABLE)
        try:
            text.encode(self._encoding)
        except UnicodeEncodeError:
            return "".join(self._one(character) for character in text)
        return text

    def _one(self, character: str) -> str:
        try:
            character.encode(self._encoding)
        except UnicodeEncodeError:
            return "?" * cell_len(character)
        return character
