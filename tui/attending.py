"""What needs somebody: refused, contested, overtaken, uncounted, waiting for a second person, typed and not sent."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from shared import kinds  # noqa: F401 - declares every kind
from shared.actions.action import ACTIONS
from shared.actions.kind import KINDS
from shared.fold.shown import waiting
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.readiness import open_items
from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine, Entry, Line, parse_line
from shared.store.lists import Listed
from shared.terminal.drafts import load
from shared.terminal.naming import Names
from shared.terminal.refusal import CLONE_1, CLONE_2
from tui.clearable import clearable
from tui.drafting import part_of
from tui.listing import until_of
from tui.possible import short
from tui.reader import Reader
from tui.session import Session, owner_of
from tui.wording import Wording, plain

REFUSED, CLONED, CONTESTED, OVERTAKEN = "REFUSED", "COPIED", "CONTESTED", "OVERTAKEN"
UNCOUNTED, UNDONE, MINE, NAMED, LATE = "UNCOUNTED", "NO EFFECT", "FOR YOU", "YOURS", "OVERDUE"
DRAFT, OTHERS, UNSENT = "DRAFT", "WAITS", "NOT SENT"
SECTIONS: Final = (REFUSED, CLONED, CONTESTED, OVERTAKEN, UNCOUNTED, UNDONE, MINE, NAMED, LATE, DRAFT, OTHERS, UNSENT)
"""In the order in which they matter."""
URGENT: Final = frozenset({REFUSED, CLONED, CONTESTED, OVERTAKEN, UNCOUNTED, UNDONE, MINE, NAMED, LATE, DRAFT})
"""What somebody at this terminal can do something about."""
_FLAGS: Final = {
    "cloned": CLONED, "contested": CONTESTED, "overtaken": OVERTAKEN, "uncounted": UNCOUNTED, "undone": UNDONE,
}  # fmt: skip
_SAID: Final = {
    "overtaken": "decided without news", "uncounted": "signed by somebody whose right was taken back",
    "undone": "signed by all, and declined or withdrawn unseen",
}  # fmt: skip
_CHASERS: Final = frozenset({"coordinator", "lead", "deputy"})
"""Roles that see to it that what is due is done (domain.md 2)."""
_MOST: Final = 200
_NOTHING: Final[Mapping[str, Any]] = {}


class Item(NamedTuple):
    """One thing that needs somebody.

    Attributes:
        section: which sort of thing.
        record: what it is about, "" for something that is no record yet.
        words: what is the matter.
        id: what tells it apart within its section.
        do: the action to enter again, or to go on typing; "" where the record is to be looked at.
        fields: what was typed for it.
        sync: where the record is: "local", "in log" or "cosigned"; "" for what is no record.
        part: the item of the gate that it is about; "" for all of the record.
    """

    section: str
    record: str
    words: str
    id: str
    do: str = ""
    fields: Mapping[str, Any] = _NOTHING
    sync: str = ""
    part: str = ""


def attention(reader: Reader, session: Session) -> list[Item]:
    """List all of it, for whoever is signed in, in the order of the sections."""
    with reader.store.snapshot():
        names = reader.names()
        found = [*_refused(reader), *_flagged(reader, names), *_proposals(reader, session, names)]
        told = {one.record for one in found if one.section in URGENT}
        found += [
            *_named(reader, session, names, told),
            *_overdue(reader, session),
            *_drafts(reader, session),
            *_unsent(reader),
        ]
    return sorted(found, key=lambda one: SECTIONS.index(one.section))


def counts(items: list[Item], unsent: int) -> dict[str, int]:
    """How many there are in each section that has any; `unsent` is the true number, for not all of them are listed."""
    found = {section: sum(one.section == section for one in items) for section in SECTIONS}
    found[UNSENT] = unsent
    return {section: number for section, number in found.items() if number}


def _refused(reader: Reader) -> Iterator[Item]:
    for terminal, n, why, line in reader.store.pending.refused():
        entry = _entry(line)
        do, fields = _action(entry) if entry else ("", {})
        spec = ACTIONS.get(do)
        made = spec is not None and spec.creates and spec.kind is not None and bool(spec.kind.code)
        known = do if spec is not None and spec.by.people else ""
        record = entry.record if entry and not made else ""
        yield Item(REFUSED, record, f"{plain(do) or 'not readable'}: {why}", f"{terminal} {n}", known, fields)


def _flagged(reader: Reader, names: Names) -> Iterator[Item]:
    for kind in KINDS:
        for row in reader.lists.flagged(kind, tuple(_FLAGS), limit=_MOST):
            title = _title(reader, row, names)
            for flag, section in _FLAGS.items():
                words = _words(reader, row, flag) if flag in row.flags else ""
                if words:
                    yield Item(section, row.record, f"{words}: {title}", row.record, sync=row.sync)


def _title(reader: Reader, row: Listed, names: Names) -> str:
    """A record's title, with what spoils before it."""
    clock = reader.desk.clock
    title, until = names.within(str(row.columns.get("title") or "")), until_of(row, clock, clock.at(clock.now()))
    return f"[{until}] {title}" if until else title


def _words(reader: Reader, row: Listed, flag: str) -> str:
    """What is the matter with a record that has a flag; "" where nobody has to do anything any more."""
    if flag == "cloned":
        seen = reader.record(row.record)
        rules = {one.rule for one in seen.blockers} if seen else set()
        found = next((one for one in (CLONE_1, CLONE_2) if one.id in rules), None)
        return f"{found.id} {short(found.text)}" if found else ""
    if flag == "contested":
        seen = reader.record(row.record)
        facts = seen.looked.contested if seen and seen.looked else []
        return f"two values of {', '.join(facts)}" if facts else "two values"
    return _SAID[flag]


def _proposals(reader: Reader, session: Session, names: Names) -> Iterator[Item]:
    unit, now = Unit(reader.store.tables), reader.desk.clock.now()
    rows = [row for kind in KINDS for row in reader.lists.flagged(kind, ("waiting",), limit=_MOST)]
    about = {row.record: _title(reader, row, names) for row in rows}
    syncs = {row.record: row.sync for row in rows}
    for record in [*about, *(one for one in reader.lists.unborn() if one not in about)]:
        view = View(unit, None, now, record, session.person or f"@{reader.desk.code}")
        for act in waiting(unit, record):
            shown = view.proposal(act.id)
            if shown.state != "waiting":
                continue
            section = MINE if shown.fits else OTHERS
            needs = "" if shown.fits else f", waits for {' and '.join(shown.open)}"
            words = f"{plain(act.do)} by {act.by}{needs}: {about.get(record) or 'new'}"
            yield Item(section, record, words, f"{record} {act.id}", sync=syncs.get(record, ""))


def _named(reader: Reader, session: Session, names: Names, told: Collection[str]) -> Iterator[Item]:
    """What is in the way of open records, and this very person can clear; what is told of a record is told once."""
    said = Wording(reader)
    for one in clearable(reader, session, told):
        title = "" if one.by_id else f": {_title(reader, one.row, names)}"
        late = f"{LATE} " if one.part and _late(reader, said, one.row.record, one.part) else ""
        words = f"{late}{names.within(one.what)}{title}"
        yield Item(NAMED, one.row.record, words, one.id, sync=one.row.sync, part=one.part)


def _late(reader: Reader, said: Wording, gate: str, item: str) -> bool:
    """Whether an item of a gate should have been answered by now."""
    found = open_items(reader.view(gate).here)
    return any(one["id"] == item and not answer and said.late(str(one.get("due") or "")) for one, answer in found)


def _overdue(reader: Reader, session: Session) -> Iterator[Item]:
    """Items of gates that others should have answered by now, for those who see to it that they do."""
    if not session.roles & _CHASERS:
        return
    said = Wording(reader)
    for row in reader.lists.rows("gate", limit=_MOST):
        if row.columns.get("state") == "go":
            continue
        for one, answer in open_items(reader.view(row.record).here):
            owner = str(one.get("owner") or "nobody")
            if not answer and said.late(str(one.get("due") or "")) and owner != session.person:
                words = f"{one['id']} due {said.value(one['due'])}, {owner}: {one['text']}"
                yield Item(LATE, row.record, words, f"{row.record} {one['id']}", part=str(one["id"]))


def _drafts(reader: Reader, session: Session) -> Iterator[Item]:
    """Those of whoever is signed in, and those of the terminal itself, with which anybody may go on."""
    code = reader.desk.code
    for owner in dict.fromkeys((session.owner(code), owner_of("", code))):
        for form in reader.store.drafts.of(owner):
            draft = load(reader.desk, owner, form)
            if draft is not None and draft.do in ACTIONS:
                typed = ", ".join(filter(None, map(Wording(reader).value, draft.fields.values())))
                by = f" (by {draft.by})" if draft.by not in {"", session.person} else ""
                yield Item(
                    DRAFT,
                    draft.record,
                    f"{plain(draft.do)}{by}: {typed}",
                    f"{owner} {form}",
                    draft.do,
                    part_of(form, draft),
                )


def _unsent(reader: Reader) -> Iterator[Item]:
    for one in reader.store.pending.lines(limit=_MOST):
        entry = _entry(one.line) if one.position is not None else None
        if entry is not None:
            do, _ = _action(entry)
            when = entry.at[:16].replace("T", " ")
            yield Item(
                UNSENT, entry.record, f"{plain(do)} by {entry.by}, {when}", f"{one.terminal} {one.n}", sync="local"
            )


def _entry(line: bytes) -> Entry | None:
    try:
        parsed = parse_line(line)
    except (NotCanonical, BadLine):
        return None
    return parsed.entry if isinstance(parsed, Line) else None


def _action(entry: Entry) -> tuple[str, dict[str, Any]]:
    fields: dict[str, Any] = msgspec.json.decode(entry.action)
    return str(fields.pop("do", "")), fields
