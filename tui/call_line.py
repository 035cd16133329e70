"""Somebody to call, on one line of a list: whatever has to be shortened, a telephone number never is."""

from typing import Final

from rich.cells import cell_len

from shared.terminal.calling import CallList, Turn
from tui.cutting import cut
from tui.hostile import line

_NAME: Final = 20
"""Columns that a name with its company has at least, before further numbers are left out."""
_SHORTEST: Final = 12
"""Columns that are left to a name beside a long number."""
_WHY: Final = 12
"""Columns from which on it is worth beginning to say why they are here."""
_FAR: Final = "(number: go there)"
"""In the place of a number that is longer than the line."""
NOW, NEXT, OTHER = "NOW", "NEXT", "OTHER NO."


def mark_of(made: CallList, turn: Turn) -> str:
    """Whether somebody is to be called `NOW` or `NEXT`, or at their `OTHER` number first; "" for later.

    Nobody is NOW once somebody has answered, or as long as another number comes first.
    """
    if turn.callee.contact == made.other:
        return OTHER
    to_call = [one for one in made.turns if one.callee.status != "answered" and one.callee.contact != made.other]
    marks = (NEXT,) if made.answers or made.other is not None else (NOW, NEXT)
    return next((mark for mark, one in zip(marks, to_call, strict=False) if one is turn), "")


def call_line(turn: Turn, mark: str, room: int) -> str:
    """Write a turn in so many columns: who, what became of the last call, the number to try, and why them.

    Further numbers are told as `+1 more`; what is shortened ends in `~`. They stand whole above the list.
    """
    one = turn.callee
    tried = f" [{line(one.status)}, tried {one.tries}]" if one.tries else ""
    who = f"{mark} {line(one.name)}".lstrip() + (f", {line(one.company)}" if one.company else "")
    number = _number([line(turn.each[at]) for at in turn.order], room - _NAME - cell_len(tried))
    if cell_len(number) > room - _SHORTEST:
        number = _FAR
    left = room - cell_len(number) - 2
    if tried and left - cell_len(tried) < _NAME:
        tried = f" [{line(one.status)}]"
    who = cut(who, max(left - cell_len(tried), 0)) + tried
    words = f"{cut(who, max(left, 0))}  {number}".lstrip()
    rest = room - cell_len(words) - 2
    why = line(one.why) if one.contact else ""
    return f"{words}  {cut(why, rest)}" if why and rest >= min(_WHY, cell_len(why)) else words


def _number(numbers: list[str], room: int) -> str:
    """All numbers if there is room, else the one to try and how many more there are."""
    if not numbers:
        return "no number here"
    whole = ", ".join(numbers)
    return whole if cell_len(whole) <= room or not numbers[1:] else f"{numbers[0]} +{len(numbers) - 1} more"
