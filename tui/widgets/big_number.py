"""A telephone number in digits three lines high, of plain characters, to be read at arm's length."""

from typing import Final

from rich.cells import cell_len

from tui.hostile import line

_SHAPES: Final = {
    "0": (" _ ", "| |", "|_|"), "1": ("   ", "  |", "  |"), "2": (" _ ", " _|", "|_ "), "3": (" _ ", " _|", " _|"),
    "4": ("   ", "|_|", "  |"), "5": (" _ ", "|_ ", " _|"), "6": (" _ ", "|_ ", "|_|"), "7": (" _ ", "  |", "  |"),
    "8": (" _ ", "|_|", "|_|"), "9": (" _ ", "|_|", " _|"), "+": ("   ", " + ", "   "), " ": (" ", " ", " "),
}  # fmt: skip


def big(number: str, width: int) -> str:
    """A number in three lines; on one line where it does not fit, or is no number."""
    plain = line(number)
    shapes = [_SHAPES.get(one) for one in plain]
    rows = [" ".join(shape[row] for shape in shapes if shape) for row in range(3)]
    if None in shapes or cell_len(rows[0]) > width:
        return plain
    return "\n".join(rows)
