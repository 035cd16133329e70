"""A scanner is a keyboard that types fast: what it types is told apart from what people type, before anybody gets it.

With a preamble (a key that the scanner sends first) everything up to Enter is one scan, wherever the focus is, and none
of it reaches a widget or a binding. Without one, a fast burst that ends with Enter and has a known form is a scan too;
its letters have gone to the focused widget by then, and are to be taken out again (research/tui.md 4.2).
Time is that of the events, so that a busy machine does not make a person of a scanner.
"""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from tui.command_card import card_of

GS: Final = "\x1d"
"""What stands for FNC1 within a GS1 code: no printable character, but part of the code."""
LONGEST_S: Final = 1.0
"""The longest that a scan may take: whatever comes later is a person's."""
MOST: Final = 500
"""Characters of a code; a longer one is none."""
GAP_S: Final = 0.035
"""The longest pause within a burst that has no preamble."""
FEWEST: Final = 6
"""Characters of the shortest burst that counts as a scan."""
_ENTER: Final = frozenset({"enter", "ctrl+m", "ctrl+j"})
_RECORD: Final = re.compile(r"[A-Z]{3}-[A-Z][A-Z0-9]{1,7}-[0-9]{1,16}(?:/[!-~]{1,40})?")


class Fed(NamedTuple):
    """What became of a key.

    Attributes:
        kept: whether it is the scanner's, and nobody else may have it.
        code: the scan that it ends, "" for none.
        typed: how many characters of the scan went to the focused widget, and must be taken out again.
        first: whether it begins a burst: what a field holds now is what it held before a scan.
        broken: whether a scan ends with it that is none, because it was too long or did not end.
    """

    kept: bool = False
    code: str = ""
    typed: int = 0
    first: bool = False
    broken: bool = False


class Scanning:
    """Tells scans from typing, key by key."""

    def __init__(self, preamble: str, *, pattern: bool) -> None:
        """Expect a preamble ("" for none), or bursts of a known form too."""
        self._preamble = preamble
        self._pattern = pattern
        self._begun: float | None = None
        self._code: list[str] = []
        self._burst: list[str] = []
        self._last = float("-inf")
        self._late = False

    def feed(self, key: str, character: str | None, at: float) -> Fed:
        """Take a key that was pressed at a time, s."""
        gap, self._last = at - self._last, at
        if self._preamble and key == self._preamble:
            self._begun, self._code, self._burst, self._late = at, [], [], False
            return Fed(kept=True)
        if self._begun is not None:
            if at - self._begun <= LONGEST_S:
                return self._within(key, character)
            self._begun, self._late = None, True
            return self._loose(key, character, gap)._replace(broken=True)
        return self._loose(key, character, gap)

    def forget(self) -> None:
        """Forget what was typed: it was a password's."""
        self._burst = []

    def _within(self, key: str, character: str | None) -> Fed:
        if key not in _ENTER:
            if character is not None and (character.isprintable() or character == GS):
                self._code.append(character)
            return Fed(kept=True)
        code, self._begun = "".join(self._code), None
        if not 0 < len(code) <= MOST:
            return Fed(kept=True, broken=True)
        return Fed(kept=True, code=code)

    def _loose(self, key: str, character: str | None, gap: float) -> Fed:
        """Take a key that no preamble announced."""
        fast = gap < GAP_S
        if key in _ENTER:
            code, self._burst = "".join(self._burst) if fast else "", []
            # The rest of a scan that took too long is on the screen by now; but its Enter must not submit it.
            late, self._late = self._late and fast, False
            if self._pattern and len(code) >= FEWEST and known(code):
                return Fed(kept=True, code=code, typed=len(code))
            return Fed(kept=late)
        self._late = self._late and fast
        if not self._pattern:
            return Fed()  # nothing that is typed is kept where only a preamble makes a scan
        if character is None or not (character.isprintable() or character == GS):
            self._burst = []
            return Fed()
        if not (fast and self._burst):
            self._burst = [character]
            return Fed(first=True)
        if len(self._burst) <= MOST:
            self._burst.append(character)
        return Fed()


def known(code: str) -> bool:
    """Whether a text has the form of what is scanned: a record's id, a command, a GS1 code."""
    return bool(_RECORD.fullmatch(code)) or card_of(code) is not None or gs1_of(code) is not None


def gs1_of(code: str) -> dict[str, str] | None:
    """The elements of a GS1 code by identifier, None for any other text."""
    from tui.gs1 import NotGs1, parse  # noqa: PLC0415 - after the first paint

    try:
        return {one.ai: one.value for one in parse(code, datetime.now(UTC).year)}
    except NotGs1:
        return None


def gs1_words(code: str) -> str:
    """A GS1 code as it is printed below its bars, (01)09506000134352 (10)LOT7; "" for any other text."""
    return " ".join(f"({ai}){value}" for ai, value in (gs1_of(code) or {}).items())
