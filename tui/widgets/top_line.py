"""The top line of every screen: who, holds in force, local / in log / cosigned, age of last contact, time."""

from typing import Final, NamedTuple

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from shared.terminal.synced import IN_LOG, WAITING
from tui.hostile import content, line

WIDE: Final = 100
"""Columns from which on the words are whole."""
NARROW: Final = 72
"""Columns from which on there is room for the age of the last contact."""
_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_QUIET: Final = frozenset({IN_LOG, WAITING})


class Top(NamedTuple):
    """How things stand.

    Attributes:
        who: the terminal's code and who is signed in.
        holds: holds in force.
        local: entries that are not in the log yet.
        contact: how long ago the server was heard, in words.
        trouble: the state of syncing where it is not well, "" else.
        clock: the time.
    """

    who: str
    holds: int
    local: int
    contact: str
    trouble: str
    clock: str


class TopLine(Widget):
    """One line; it is painted only when what it says changes."""

    _top: Top | None = None
    """Nothing is known yet; the app may tell before the line is mounted."""

    def on_resize(self) -> None:
        """Fit the width."""
        self.refresh()

    def tell(self, top: Top) -> None:
        """Say how things stand."""
        if top != self._top:
            self._top = top
            self.refresh()

    def render(self) -> RenderResult:
        """One line, in the width that there is."""
        width = self.size.width
        if self._top is None or not width:
            return Content("")
        who, holds, local, contact, trouble, clock = self._top
        held = f" {holds} {'HOLD' if holds == 1 else 'HOLDS'} IN FORCE " if width >= WIDE else f" HELD {holds} "
        middle = Content.styled(held, "$error reverse bold") if holds else content(" no holds ", "$success")
        sent = f"{local} not sent" if local else "all sent"
        told = trouble or (contact if width >= NARROW else "")
        state = content(f"  {told}" if told else "", "$warning bold" if trouble or local else "")
        right = Content.assemble(middle, " ", content(sent, "$warning bold" if local else ""), state, f"  {clock} ")
        room = width - cell_len(right.plain) - 1
        left = line(who)
        left = left if cell_len(left) <= room else left[: max(room - 1, 0)] + "~"
        pad = " " * max(width - cell_len(left) - 1 - cell_len(right.plain), 0)
        return Content.assemble(" ", content(left, "bold"), pad, right)


def ago(ms: int | None) -> str:
    """How long ago, as people say it on a top line."""
    if ms is None:
        return "never synced"
    return "synced now" if ms < _MINUTE_MS else f"synced {age(ms)} ago"


def age(ms: int) -> str:
    """A length of time in a word."""
    if ms < _MINUTE_MS:
        return "now"
    if ms < _HOUR_MS:
        return f"{ms // _MINUTE_MS} min"
    hours = ms // _HOUR_MS
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"  # noqa: PLR2004 - two days


def in_trouble(state: str) -> str:
    """The state of syncing in words for the top line, "" where it is well."""
    return "" if state in _QUIET or not state else {"unreachable": "NO SERVER"}.get(state, state.upper())
