"""What comes from the terminal, as text: no bytes end or stall the screens."""

from codecs import getincrementaldecoder
from typing import Final

_ESC: Final = "\x1b"
_BEGIN: Final = "\x1b[200~"
_END: Final = "\x1b[201~"


class Typed:
    """Makes text of bytes.

    Bytes that are no UTF-8, as of a scanner set up for another code page, are a strange key, and escapes within a paste
    are left out.

    Textual takes each escape in a paste for the begin of a key, at a cost that grows with what follows: a megabyte of
    them kept the screens busy for minutes.
    """

    def __init__(self) -> None:
        """Begin outside a paste."""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._pasting = False
        self._held = ""

    def text(self, data: bytes) -> str:
        """Give the text of some bytes; half a character, or half a paste's end, is held back until the rest comes."""
        text = self._held + self._decode(data)
        self._held = ""
        found = []
        while text:
            mark = _END if self._pasting else _BEGIN
            part, told, text = text.partition(mark)
            if not told and self._pasting:
                part, self._held = _split(part)
            found += [part.replace(_ESC, "") if self._pasting else part, told]
            self._pasting ^= bool(told)
        return "".join(found)


def _split(text: str) -> tuple[str, str]:
    """A text, and what at its end may be the beginning of the end of a paste."""
    for length in range(len(_END) - 1, 0, -1):
        if text.endswith(_END[:length]):
            return text[:-length], _END[:length]
    return text, ""
