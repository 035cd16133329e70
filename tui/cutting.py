"""Texts in so many columns: cut with a mark, or wrapped so that the later lines do not look like lines of their own."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content


def cut(text: str, room: int) -> str:
    """A text in so many columns; `~` at its end says that there is more of it."""
    if cell_len(text) <= room:
        return text
    return f"{set_cell_size(text, room - 1).rstrip()}~" if room > 1 else ""


def hung(mark: str, words: str, room: int) -> list[str]:
    """Words in lines of so many columns behind a mark; the later lines begin where the words do."""
    indent = cell_len(mark)
    first, *more = [one.plain for one in Content(words).wrap(max(room - indent, 1))] or [""]
    return [f"{mark}{first}", *(f"{'':<{indent}}{one}" for one in more)]
