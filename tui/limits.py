"""How long a text may be, as its field declares it: said while it is typed, refused when it is too long, never cut."""

from typing import Final

from shared.actions.action import ACTIONS
from shared.terminal.fields import field_of

_TIGHT: Final = 0.8
"""From which part of the limit on it is told."""


def most_of(do: str, field: str) -> int:
    """The most characters of an action's field; 0 for as many as an entry holds."""
    return field_of(ACTIONS[do], field).most or 0


def limit_of(do: str, field: str, typed: str) -> str:
    """How many of its characters are typed, in a bracket; "" as long as there is plenty of room."""
    most = most_of(do, field)
    return f"  ({len(typed)} of {most})" if most and len(typed) > most * _TIGHT else ""


def too_long(do: str, field: str, typed: str) -> str:
    """Why a text is not taken as it is; "" if it is."""
    most = most_of(do, field)
    if not most or len(typed) <= most:
        return ""
    return f"FORM-3: {len(typed)} characters, and there is room for {most}. Shorten it; what you typed is still here."
