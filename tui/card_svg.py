"""Draws the command card for printing: each command with its barcode in Code 39, which every scanner reads.

python -m tui.card_svg > docs/manual/command-card.svg
"""

from collections.abc import Iterator
from typing import Final

from tui.command_card import CARDS, PREFIX

# Five bars and four spaces a character, bar first; 1 is a wide one. `*` begins and ends a code.
_CODE39: Final = {
    "0": "000110100", "1": "100100001", "2": "001100001", "3": "101100000", "4": "000110001", "5": "100110000",
    "6": "001110000", "7": "000100101", "8": "100100100", "9": "001100100", "A": "100001001", "B": "001001001",
    "C": "101001000", "D": "000011001", "E": "100011000", "F": "001011000", "G": "000001101", "H": "100001100",
    "I": "001001100", "J": "000011100", "K": "100000011", "L": "001000011", "M": "101000010", "N": "000010011",
    "O": "100010010", "P": "001010010", "Q": "000000111", "R": "100000110", "S": "001000110", "T": "000010110",
    "U": "110000001", "V": "011000001", "W": "111000000", "X": "010010001", "Y": "110010000", "Z": "011010000",
    "-": "010000101", ".": "110000100", " ": "011000100", "*": "010010100", "$": "010101000", "/": "010100010",
    "+": "010001010", "%": "000101010",
}  # fmt: skip
NARROW_MM: Final = 0.3
"""The width of a narrow bar: easily read from an arm's length."""
WIDE: Final = 2.5
"""How many times as wide a wide bar is."""
_PAGE_MM: Final = (210, 297)
_COLUMNS, _LEFT, _TOP, _ACROSS, _DOWN, _HEIGHT = 2, 18, 30, 92, 36, 16


def bars(code: str) -> Iterator[tuple[float, float]]:
    """Give the bars of a code: where each begins and how wide it is, mm."""
    at = 0.0
    for character in f"*{code}*":
        for number, wide in enumerate(_CODE39[character]):
            width = NARROW_MM * (WIDE if wide == "1" else 1)
            if number % 2 == 0:
                yield at, width
            at += width
        at += NARROW_MM  # between two characters


def svg() -> str:
    """Draw the card, on one page of A4."""
    width, height = _PAGE_MM
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"',
        f'  width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="18" font-size="7" font-weight="bold">Andon: command card</text>',
    ]
    for number, one in enumerate(CARDS):
        x, y = _LEFT + number % _COLUMNS * _ACROSS, _TOP + number // _COLUMNS * _DOWN
        parts += [
            f'<rect x="{x + at:.2f}" y="{y}" width="{wide:.2f}" height="{_HEIGHT}"/>'
            for at, wide in bars(f"{PREFIX}{one.word}")
        ]
        words = f'<tspan font-weight="bold">{one.word}</tspan><tspan font-size="3.5"> {one.does}</tspan>'
        parts.append(f'<text x="{x}" y="{y + _HEIGHT + 5}" font-size="5">{words}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    print(svg(), end="")  # noqa: T201 - its purpose
