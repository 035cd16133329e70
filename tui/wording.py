"""Words for people: values of any kind as a screen writes them, times, how long there is left, and what flags mean."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from shared.actions.action import ACTIONS, Spec
from shared.actions.kind import Column
from shared.kinds.contact import is_digest
from shared.log.clock import is_at, parse_at
from shared.store.lists import Cell, Listed
from shared.terminal.blobs import ABSENT, inside, parts_inside
from shared.terminal.naming import Names
from shared.terminal.times import readable
from tui.reader import Reader

_ACTION: Final = re.compile(r"\b[a-z]+\.[a-z]+\b")
_TIMES: Final = 10**12
"""From here on a number that no column declares is taken for a time in ms since 1970 UTC.

Nothing else that is counted is as large. Parts of a fact, and keys of a table, have no declaration to ask.
"""
_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
SOON_MS: Final = 10 * _MINUTE
"""Spans under this are told with seconds."""
MEANT: Final = {
    "contested": "CONTESTED: different values stand; whoever has seen them all settles it.",
    "overtaken": "OVERTAKEN: it was decided without news that would have forbidden it; look at the trail.",
    "uncounted": "NOT COUNTED: an act does not count until another QA person accepts it; look at the trail.",
    "undone": "NO EFFECT: all had signed, and did not know that somebody had taken it back; propose it anew.",
    "newer": "NEEDS A NEWER ANDON: no decision can be taken on it here.",
    "derived": "RULE BROKEN: a rule was broken, and that opened it.",
    "cloned": "MADE TWICE: two machines wrote under one id; look at the trail.",
}
"""What a flag means, and what to do; what waits is told with whom it waits for."""
SYNC: Final = {
    "local": "saved here, not sent yet", "in log": "in the log",
    "cosigned": "in the log, cosigned by both companies",
}  # fmt: skip
"""Where a record or an entry is, in words."""

REPEATED: Final = frozenset({"raised", "planned", "opened", "raters", "rating", "turn", "fields"})
"""Facts that columns tell in a shorter way."""


class Wording:
    """Writes values for people at this terminal: records by their names, times in its zone."""

    def __init__(self, reader: Reader) -> None:
        """Write as this terminal's clock and names have it."""
        self._clock = reader.desk.clock
        self._blobs = reader.store.blobs
        self._names: Names = reader.names()

    def record(self, record: str) -> str:
        """A record by the name that people use."""
        return self._names.within(record)

    def text(self, text: str) -> str:
        """A text in which names stand for ids."""
        return self._names.within(text)

    def title(self, row: Listed) -> str:
        """A record's title, without the name that stands before it anyway."""
        title = self._names.within(str(row.columns.get("title") or ""))
        return title.removeprefix(f"{self._names.within(row.record)} ")

    def value(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """A value on one line; "" for what is empty."""
        if isinstance(value, dict):
            parts = [(key.replace("_", " "), self.value(one)) for key, one in value.items()]
            return ", ".join(f"{key} {text}" for key, text in parts if text)
        if isinstance(value, list):
            return ", ".join(filter(None, map(self.value, value)))
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else self._one(value) if isinstance(value, str | int) else str(value)

    def groups(self, value: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - any JSON value
        """The groups of a list or table, each with what it stands under, "" in a list; [] for what is neither."""
        if isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
            return [(self.key(str(key)), one) for key, one in value.items()]
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            return [("", one) for one in value]
        return []

    def cell(self, column: Column, value: Cell) -> str:
        """What a column of a record holds, as its kind declares it."""
        if isinstance(value, int):
            return readable(self._clock.at(value)) if column.time else str(value)
        return self.value(value)

    def outside(self, digests: Iterable[str]) -> list[str]:
        """What is kept outside the log, part by part: telephone numbers, one by one."""
        return parts_inside(self._blobs, digests)

    def time(self, ms: int) -> str:
        """A time in short, in this terminal's zone."""
        return short_time(self._clock.at(ms), self._clock.at(self._clock.now()))

    @property
    def now(self) -> int:
        """The time, ms since 1970 UTC."""
        return self._clock.now()

    def left(self, until: int) -> str:
        """How long there is left until a time: in hours and minutes, in seconds only when it is soon."""
        rest = until - self._clock.now()
        return f"{span(rest)} left" if rest > 0 else f"RAN OUT {span(-rest)} ago"

    def key(self, key: str) -> str:
        """What a value of a table stands under: a record, or a time."""
        return self.time(int(key)) if key.isascii() and key.isdigit() and int(key) >= _TIMES else self.text(key)

    def late(self, due: str) -> bool:
        """Whether a time, as entries hold it, is past; not where there is none."""
        return is_at(due) and parse_at(due) < self._clock.now()

    def _one(self, value: str | int) -> str:
        if isinstance(value, str):
            if is_at(value):
                return self.time(parse_at(value))
            if is_digest(value):  # what is kept outside the log, so that it can be erased (design.md 3)
                return inside(self._blobs, value) or ABSENT
            return self._names.whole(value)
        return readable(self._clock.at(value)) if value >= _TIMES else str(value)


def short_time(at: str, now: str) -> str:
    """A time of an entry or clock as lists show it: day and time, of another year the date alone."""
    moment = datetime.fromisoformat(at)
    return f"{moment:%d %b %H:%M}" if at[:4] == now[:4] else at[:10]


def span(ms: int) -> str:
    """A time span: "2 d 3 h", "3 h 20 min", "25 min", and under ten minutes "9:41"."""
    if ms < SOON_MS:
        return f"{ms // _MINUTE}:{ms % _MINUTE // _SECOND:02}"
    hours, minutes = divmod(ms // _MINUTE, 60)
    if hours >= 48:  # noqa: PLR2004 - two days
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def plain(do: str) -> str:
    """An action's name as people read it: "hold lift" for `hold.lift`."""
    return do.replace(".", " ")


def deed(spec: Spec) -> str:
    """What an action does, in the first words of its declaration: "starts a batch"."""
    words = spec.doc.partition(". ")[0].partition(";")[0].rstrip(".")
    return f"{words[:1].lower()}{words[1:]}"


def spoken(text: str) -> str:
    """A rule's or kind's own text with actions by those names: "(hold lift)" for "(hold.lift)"."""
    return _ACTION.sub(lambda one: plain(one[0]) if one[0] in ACTIONS else one[0], text)


def who(by: str, claimed: str = "") -> str:
    """Who did it: a person, or a terminal and who says so without having signed."""
    return f"{by}, says {claimed}" if claimed else by
