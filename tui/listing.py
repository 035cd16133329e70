"""What lists show: the rows of a kind as `RecordTable` takes them, with words, times and marks for people."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from shared import kinds  # noqa: F401 - declares every kind, whose columns are read here
from shared.actions.kind import KINDS, Column, Kind, kind_of
from shared.kinds.rating import ORDER
from shared.store.lists import PENDING, Cell, Listed
from shared.terminal.blind import HIDDEN
from shared.terminal.blobs import parts_inside
from shared.terminal.clock import Clock
from shared.terminal.naming import Names
from shared.terminal.record import outside_now
from tui.blind import blinded
from tui.reader import Reader
from tui.widgets.record_table import PART, Heading, Row
from tui.wording import short_time

FLAGS: Final = {
    "contested": "contested", "overtaken": "overtaken", "uncounted": "not counted", "undone": "no effect",
    "waiting": "waiting", "newer": "needs a newer Andon", "derived": "rule broken", "cloned": "made twice",
}  # fmt: skip
"""The flags of a record in a word or two."""
_LEAST_TITLE: Final = 34
_RECORD, _STATE, _SYNC, _TIME, _USUAL = 14, 9, 8, 12, 14
_RATING: Final = "criticality"
UNRATED: Final = "not rated"
MOST_FOUND: Final = 200
"""Records that a search in a list shows at most; those that were made last."""


def plural(kind: str) -> str:
    """Several records of a kind, in one word."""
    return f"{kind}es" if kind.endswith("ch") else f"{kind}s"


def is_over(row: Listed) -> bool:
    """Whether nobody has to do anything about a record any more: it is closed, lifted, or ended."""
    return str(row.columns.get("state")) in KINDS[row.kind].over


def runs_out(row: Listed) -> int | None:
    """When the time of a record runs out, ms since 1970 UTC: its product clock; None for one that has no such time."""
    until = row.columns.get(KINDS[row.kind].runs_out)
    return until if isinstance(until, int) else None


def until_of(row: Listed, clock: Clock, now: str) -> str:
    """When what is not over runs out, in few words: the time, more than a day away the date; "" for never."""
    until = runs_out(row)
    if until is None or is_over(row):
        return ""
    left = datetime.fromisoformat(clock.at(until)) - datetime.fromisoformat(now)
    day = f"{datetime.fromisoformat(clock.at(until)):%d %b}"
    when = clock.at(until)[11:16] if abs(left) < timedelta(1) else day
    kind = KINDS[row.kind]
    return f"{'RAN OUT' if left <= timedelta() else kind.columns[kind.runs_out].until} {when}"


def marked(row: Listed, title: str) -> str:
    """A title with what people must know of the record before it."""
    marks = ", ".join(FLAGS.get(one, one) for one in row.flags)
    return f"[{marks}] {title}" if marks else title


def tone(row: Listed) -> str:
    """The tone of a row: its state's, or a worse one for what is critical or must be settled."""
    found = KINDS[row.kind].tones.get(str(row.columns.get("state") or ""), "")
    if found == "faint":
        return "warn" if row.flags else found
    return "bad" if row.columns.get("criticality") == "critical" or {"contested", "overtaken"} & {*row.flags} else found


def heading_of(column: Column) -> str:
    """What heads a column of a list."""
    return column.brief or column.words


def headings_of(kind: Kind) -> tuple[Heading, ...]:
    """The headings of a kind's list; the wider the terminal, the more of them are shown."""
    extra = []
    needed = 2 + _RECORD + _STATE + _SYNC + 3 + (kind.columns["title"].width or _LEAST_TITLE)
    for name in kind.first:
        column = kind.columns[name]
        fixed = bool(column.width or column.time)
        width = column.width or (_TIME if column.time else _USUAL)
        needed += width + 1
        extra.append(Heading(heading_of(column)[:width], width, needed, column.blobs, 0 if fixed else 2 * width))
    title = Heading(kind.columns["title"].words, 0)
    return (
        Heading("record", _RECORD), Heading("state", _STATE), *extra[:1], title, *extra[1:], Heading("sync", _SYNC)
    )  # fmt: skip


def parted(words: str, kind: str) -> tuple[str, str]:
    """Part words that are searched for from a rating among them, which only deviations have; "" for none of either."""
    found = words.split()
    rating = next((one for one in found if kind == "deviation" and one.casefold() in ORDER), "")
    if not rating:
        return words.strip(), ""
    found.remove(rating)
    return " ".join(found), rating.casefold()


class KindSource:
    """Records of one kind, as they stand in its list; see `record_table.Source`."""

    def __init__(  # noqa: PLR0913 - what is listed, and for whom
        self,
        reader: Reader,
        kind: str,
        *,
        without: frozenset[str] = frozenset(),
        words: str = "",
        order: str = "-last",
        person: str = "",
        roles: frozenset[str] = frozenset(),
    ) -> None:
        """List a kind.

        Args:
            reader: reads this terminal's file.
            kind: the kind's name.
            without: states that are left out.
            words: only records that a search for this finds; it may be what people call a place or a batch, too. Of
                deviations a rating among them is looked for in its own column, and nowhere else.
            order: as `Lists.rows` takes it.
            person: who looks, from whom ratings are hidden that they may not see yet.
            roles: that person's roles.
        """
        self._reader = reader
        self._lists = reader.lists
        self._kind = KINDS[kind]
        self._without = without
        self._words, self.rating = parted(words, kind)
        self._order = order
        self._blind = blinded(reader, person, roles)
        self._unseen = self._blind.unseen(kind)
        self._known: tuple[int, dict[str, Cell]] | None = None
        self._since = reader.store.log.size()
        self._extra = self._kind.first
        self._outside = any(column.blobs for column in self._kind.columns.values())
        self._headings = headings_of(self._kind)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns, in order."""
        return self._headings

    def newest(self) -> int:
        """What was in the log when this was made is no news."""
        return self._since - 1

    def count(self) -> int:
        """Give the number of records."""
        return self._lists.count(self._kind.name, self._where(), self._unseen)

    def place(self, record: str) -> int | None:
        """Give where a record stands."""
        return self._lists.place(self._kind.name, record, self._where(), order=self._order, unseen=self._unseen)

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Give some records."""
        found = self._lists.rows(
            self._kind.name, self._where(), order=self._order, limit=limit, offset=offset, unseen=self._unseen
        )
        if self._outside:
            found = self._told(found)
        names, clock = self._reader.names(), self._reader.desk.clock
        now = clock.at(clock.now())
        return [self._row(one, names, now) for one in found]

    def _told(self, rows: list[Listed]) -> list[Listed]:
        """Rows with the texts of what is kept outside the log in the place of digests."""
        with self._reader.store.snapshot():
            view, blobs = self._reader.view(), self._reader.store.blobs
            digests = [outside_now(view, one.record) for one in rows]
            texts = [{name: parts_inside(blobs, some) for name, some in one.items()} for one in digests]
        return [row._replace(columns={**row.columns, **told}) for row, told in zip(rows, texts, strict=True)]

    def _where(self) -> dict[str, Cell]:
        """Which records, asked anew after each change: there may be other states by then, and others are found."""
        changes = self._reader.changes()
        if self._known is None or self._known[0] != changes:
            self._known = (changes, self._asked())
        return self._known[1]

    def _asked(self) -> dict[str, Cell]:
        where: dict[str, Cell] = {}
        if self.rating:
            where[_RATING] = self.rating
        if self._without:
            where["state"] = [one for one in self._lists.states(self._kind.name) if one not in self._without]
        if self._words:
            where["record"] = self._found()
        return where

    def _found(self) -> list[str]:
        """The records that the words find, by themselves or as the name of a place or batch."""
        found = self._lists.search(self._words, kind=self._kind.name, limit=MOST_FOUND)
        named = self._reader.named(self._words)
        if named:
            found += self._lists.search(named, kind=self._kind.name, limit=MOST_FOUND)
        return list(dict.fromkeys(one.record for one in found))

    def _row(self, row: Listed, names: Names, now: str) -> Row:
        extra = [self._cell(row, one, names, now) for one in self._extra]
        title = names.within(str(row.columns["title"] or ""))
        name = names.within(row.record)
        # What stands in the first column need not be said twice; where that would be all, the number tells more.
        shown = row.record if name == title else name
        title = marked(row, title.removeprefix(f"{shown} "))
        cells = (shown, str(row.columns["state"] or ""), *extra[:1], title, *extra[1:], row.sync)
        away = [self._away(row, name, cell, now) for name, cell in zip(self._extra, extra, strict=True)]
        folded = ("", "", *away[:1], "", *away[1:], "")
        return Row(row.record, cells, self._last(row), tone(self._blind.shown(row)), folded)

    def _away(self, row: Listed, column: str, cell: str, now: str) -> str:
        """What must be told of a column that does not fit."""
        if column == self._kind.runs_out:
            return until_of(row, self._reader.desk.clock, now)
        return cell if column == _RATING and cell != UNRATED else ""

    def _last(self, row: Listed) -> int:
        """When it last changed, -1 where that is no news: it was there, or was done at this very terminal."""
        if not self._since <= row.last < PENDING or self._lists.terminal(row.last) == self._reader.desk.code:
            return -1
        return row.last

    def _cell(self, row: Listed, column: str, names: Names, now: str) -> str:
        value = row.columns[column]
        if column == _RATING:
            return HIDDEN if self._blind.hides(row) else rated(row)
        if value is None:
            return ""
        if column == self._kind.runs_out and (until := until_of(row, self._reader.desk.clock, now)):
            return until
        if isinstance(value, int) and self._kind.columns[column].time:
            return short_time(self._reader.desk.clock.at(value), now)
        if isinstance(value, list):
            return PART.join(names.within(str(one)) for one in value)
        return names.within(str(value))


def rated(row: Listed) -> str:
    """A deviation's criticality in a list: what is in force, or what the fixed questions propose, with a mark."""
    proposed = row.columns.get("proposed")
    return str(row.columns.get(_RATING) or (f"{proposed}?" if proposed else UNRATED))


class Rows:
    """Rows that are all at hand, of a list that is short; see `record_table.Source`."""

    def __init__(self, headings: Sequence[Heading], rows: Sequence[Row] = ()) -> None:
        """Take headings and rows."""
        self._headings = tuple(headings)
        self._rows = list(rows)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The columns, in order."""
        return self._headings

    def fill(self, rows: Sequence[Row]) -> None:
        """Take other rows; who shows them reads them anew."""
        self._rows = list(rows)

    def count(self) -> int:
        """Give the number of rows."""
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Give some rows."""
        return self._rows[offset : offset + limit]

    def place(self, record: str) -> int | None:
        """Give where a row stands."""
        return next((at for at, row in enumerate(self._rows) if row.record == record), None)


def known_record(reader: Reader, text: object) -> Listed | None:
    """The record that a value names by its id, None for any other value."""
    if not isinstance(text, str) or kind_of(text) is None:
        return None
    return reader.lists.row(text)
