"""Finding records by what people have in hand: an id, a number of it, a code on a label, or words that are in it."""

import re
from collections.abc import Iterator
from typing import Final

from shared import kinds  # noqa: F401 - declares every kind
from shared.actions.kind import CODE, CODES, KINDS
from shared.store.lists import Found, Listed
from shared.terminal.clock import Clock
from shared.terminal.naming import Names
from tui.listing import until_of
from tui.reader import Reader
from tui.scanned import records_of
from tui.widgets.menu import Entry

MOST: Final = 50
"""The most that is shown: whoever does not see it there types another word."""
_RECENT: Final = 12
_EACH: Final = 5
_LONGEST: Final = 500
_NUMBER: Final = re.compile(r"(?:([A-Za-z]{3})[ -]?)?(?:([A-Za-z][A-Za-z0-9]{1,7})[ -])?([0-9]{1,16})")
_MOST_TERMINALS: Final = 40


def find(reader: Reader, text: str, wanted: frozenset[str] = frozenset()) -> list[Listed]:
    """Find records.

    Args:
        reader: reads this terminal's file.
        text: what was typed or scanned.
        wanted: only records of these kinds; of every kind where empty.

    Returns:
        Those that are meant exactly first, then those with these words in them, the latest first. With nothing typed
        what changed last, of kinds that are wanted also what is open.
    """
    text = text.encode("utf-8", "ignore").decode().strip()[:_LONGEST]
    found: dict[str, Listed] = {}
    with reader.store.snapshot():
        if not text:
            return _latest(reader, wanted)
        for record in [*records_of(reader, text), *_people(reader, text), *_numbered(reader, text)]:
            row = reader.lists.row(record)
            if row is not None:
                found[row.record] = row
        if len(text) > 1:
            for one in _with_words(reader, text, wanted):
                row = reader.lists.row(one.record) if one.record not in found else None
                if row is not None:
                    found[row.record] = row
    return [row for row in found.values() if not wanted or row.kind in wanted][:MOST]


def entry_of(row: Listed, names: Names, clock: Clock, why_not: str = "") -> Entry:
    """A record as one line of a list: what people call it, its kind, its state, where it is, what spoils, its title.

    `why_not` is why what is asked for cannot be done with it.
    """
    title = str(row.columns.get("title") or "")
    called = names.within(row.record)
    marks = " ".join(filter(None, [*(one.upper() for one in row.flags), until_of(row, clock, clock.at(clock.now()))]))
    title = names.within(title).removeprefix(called).strip()
    said = f"{called:<15} {row.kind:<10} {row.columns.get('state') or '':<9} {row.sync:<8}"
    return Entry(row.record, " ".join(filter(None, [said, marks, title])).rstrip(), why_not)


def _latest(reader: Reader, wanted: frozenset[str]) -> list[Listed]:
    if wanted:
        found = [row for kind in wanted for row in (*_open(reader, kind), *reader.lists.rows(kind, limit=MOST))]
        return sorted({row.record: row for row in found}.values(), key=lambda row: -row.last)
    named = [one.name for one in KINDS.values() if not one.quiet]
    rows = [row for kind in named for row in reader.lists.rows(kind, limit=_EACH)]
    return sorted(rows, key=lambda row: -row.last)[:_RECENT]


def _open(reader: Reader, kind: str) -> list[Listed]:
    """Those that are not over, however many others changed since."""
    states = [one for one in reader.lists.states(kind) if KINDS[kind].tones.get(one) != "faint"]
    return reader.lists.rows(kind, {"state": states}, limit=MOST) if states else []


def _with_words(reader: Reader, text: str, wanted: frozenset[str]) -> list[Found]:
    if not wanted:
        return reader.lists.search(text, limit=MOST)
    return [one for kind in sorted(wanted) for one in reader.lists.search(text, kind=kind, limit=MOST)]


def _people(reader: Reader, text: str) -> Iterator[str]:
    row = reader.member(text.lower())
    if row is not None:
        yield row.record


def _numbered(reader: Reader, text: str) -> Iterator[str]:
    """Records whose id ends in a number that was typed: `670`, `DEV 670`, `LYN1-670`."""
    parts = _NUMBER.fullmatch(text)
    if parts is None:
        return
    code, terminal, number = (part or "" for part in parts.groups())
    if code and not terminal and code.upper() not in CODES:
        code, terminal = "", code
    terminals = [terminal.upper()] if terminal else [row.record for row in _terminals(reader)]
    for one in [code.upper()] if len(code) == CODE else CODES:
        yield from (f"{one}-{each}-{number}" for each in terminals)


def _terminals(reader: Reader) -> list[Listed]:
    return reader.lists.rows("terminal", limit=_MOST_TERMINALS)
