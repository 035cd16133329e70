"""The command card: a printed sheet of codes with which the terminal works by scanner alone, hands in gloves.

Its codes begin like no other: a record's id begins with three letters and a hyphen, a person's id is in small letters,
a GS1 code begins with digits or a bracket. All characters are in Code 39, the plainest barcode.
"""

from typing import Final, NamedTuple

PREFIX: Final = "$ANDON/"


class Card(NamedTuple):
    """One code of the card: the word behind the prefix, what it does, and the key that it stands for, if any."""

    word: str
    does: str
    key: str = ""


_MEANS: Final = {"1": "; of a call: answered", "2": "; of a call: no answer"}
"""What digits mean where they always mean the same (domain.md 3, step 3); YES then takes them."""
CARDS: Final = (
    Card("STOP", "holds what this terminal stands beside, at once"),
    Card("CALL", "whom to call now"),
    Card("YES", "Enter: choose, go on", "enter"),
    Card("NO", "Esc: go back", "escape"),
    *(Card(digit, f"the digit {digit}{_MEANS.get(digit, '')}", digit) for digit in "0123456789"),
)
_BY_CODE: Final = {f"{PREFIX}{one.word}": one for one in CARDS}


def card_of(code: str) -> Card | None:
    """The command that a code stands for, None if it is not of the card."""
    return _BY_CODE.get(code.upper())
