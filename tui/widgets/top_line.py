"""The top line of every screen: who, holds in force, local / in log / cosigned, age of last contact, time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from shared.terminal.synced import WELL
from tui.hostile import content, line

WIDE: Final = 100
"""Columns from which on the words are whole."""
_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_TELEPHONE: Final = "NOT SENT, TELEPHONE"
"""The words of domain.md 3, step 6."""


class Ago(NamedTuple):
    """How long ago something was, in words, in few, and in two letters or three."""

    words: str
    short: str
    least: str


class Top(NamedTuple):
    """How things stand.

    Attributes:
        who: the terminal's code and who is signed in.
        holds: holds in force.
        local: entries that are not in the log yet.
        size: entries that are in it.
        cosigned: how many of these both companies have cosigned.
        contact: how long ago the server was heard.
        trouble: the state of syncing where it is not well, "" else.
        urgent: whether anything about a hold or deviation is not in the log yet.
        doubted: whether the clock is off, or behind what is in the log.
        clock: the time.
    """

    who: str
    holds: int
    local: int
    size: int
    cosigned: int
    contact: Ago
    trouble: str
    urgent: bool
    doubted: bool
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
        """One line, in the width that there is: the longest words with which whoever is signed in stands whole."""
        width, top = self.size.width, self._top
        if top is None or not width:
            return Content("")
        left, right = line(top.who), Content("")
        for right in _rights(top, wide=width >= WIDE):
            if cell_len(left) + cell_len(right.plain) + 2 <= width:
                break
        room = max(width - cell_len(right.plain) - 2, 0)
        left = left if cell_len(left) <= room else f"{set_cell_size(left, max(room - 1, 0))}~"
        return Content.assemble(" ", content(set_cell_size(left, room), "bold"), " ", right)


def loud(top: Top) -> bool:
    """Whether the partner must be told by telephone: what stops or departs is not sent, and cannot be."""
    return bool(top.urgent and top.trouble)


def _rights(top: Top, *, wide: bool) -> Iterator[Content]:
    """All but who it is, the longest first."""
    holds, contact = top.holds, top.contact
    short = f" HELD {holds} "
    long = f" {holds} {'HOLD' if holds == 1 else 'HOLDS'} IN FORCE " if wide else short
    sent = least = f"{top.local} not sent" if top.local else "all sent"
    trouble = f"{top.trouble} {contact.least}"
    if loud(top):
        sent, least = f"{top.local} {_TELEPHONE}", _TELEPHONE
    behind = max(top.size - top.cosigned, 0)
    whole, fewer = f"{sent}, {top.size} in log", sent
    if top.cosigned:  # where nobody has ever cosigned, nobody does so: it is no fault of today's
        whole += f", {top.cosigned} cosigned"
        fewer += f", {f'{behind} not' if behind else 'all'} cosigned"
    for held, told, age in (
        (long, whole, contact.words), (short, whole, contact.words), (short, fewer, contact.words),
        (short, fewer, contact.short), (short, sent, contact.short),
    ):  # fmt: skip
        yield _right(top, held, told, trouble if top.trouble else age)
    yield _right(top, short, least, contact.least if loud(top) or not top.trouble else trouble)


def _right(top: Top, held: str, told: str, age: str) -> Content:
    warned = "$warning bold" if top.trouble or top.local else ""
    return Content.assemble(
        Content.styled(held, "$error reverse bold") if top.holds else content(" no holds ", "$success"),
        " ",
        content(told, "$error reverse bold" if loud(top) else "$warning bold" if top.local else ""),
        content(f"  {age}", warned),
        content("  CLOCK?", "$error bold") if top.doubted else Content(""),
        f"  {top.clock} ",
    )


def ago(ms: int | None) -> str:
    """How long ago the server was heard, as people say it; None for never."""
    return heard(ms).words


def heard(ms: int | None) -> Ago:
    """How long ago the server was heard, in words for each width; None for never."""
    if ms is None:
        return Ago("never synced", "never synced", "never")
    if ms < _MINUTE_MS:
        return Ago("synced now", "synced now", "now")
    least = age(ms).replace(" min", "m").replace(" ", "")
    return Ago(f"synced {age(ms)} ago", f"synced {least}", least)


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
    return "" if state in WELL or not state else {"unreachable": "NO SERVER"}.get(state, state.upper())
