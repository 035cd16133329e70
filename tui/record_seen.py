"""One record as its screen shows it: what is contested, and by whom; what waits, what is linked, how it was rated."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shared import kinds  # noqa: F401 - declares every kind and action
from shared.actions.action import decode
from shared.actions.kind import KINDS, Blocker, Kind, kind_of
from shared.actions.sentence import sentence_of
from shared.actions.world import Record
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.batch_record import holds_on
from shared.kinds.hold import in_force_on
from shared.store.lists import Listed
from shared.terminal.blind import SENTENCE
from shared.terminal.record import Looked, Proposed, in_the_way, look, outside_now, proposals
from tui.blind import blinded
from tui.listing import known_record
from tui.reader import Reader
from tui.session import Session
from tui.wording import who

_MOST_LINKS = 20


class Contest(NamedTuple):
    """A fact that people set without knowing of each other: its name, and each value with who set it."""

    fact: str
    values: tuple[tuple[str, Any], ...]


class Link(NamedTuple):
    """A record that this one names, or that names this one: its kind, and its row."""

    kind: str
    row: Listed


class Waiting(NamedTuple):
    """What waits for somebody: the proposal, and in a sentence what it would do."""

    proposed: Proposed
    sentence: str


class Rating(NamedTuple):
    """How somebody rated a deviation, and why, by which entry; `rating` is "" where it is hidden from who looks."""

    entry: str
    person: str
    rating: str
    reason: str


class RecordSeen(NamedTuple):
    """All of it; `row` and `looked` are None where the record is only proposed yet."""

    record: str
    kind: Kind | None
    row: Listed | None
    looked: Looked | None
    blockers: list[Blocker]
    held: list[str]
    """The holds in force on what it is about."""
    waiting: list[Waiting]
    contests: list[Contest]
    links: list[Link]
    ratings: list[Rating]
    blind: bool


def seen(reader: Reader, session: Session, record: str) -> RecordSeen:
    """Read a record for whoever is signed in.

    Args:
        reader: reads this terminal's file.
        session: who looks.
        record: the record's id.
    """
    now = reader.desk.clock.now()
    blind = blinded(reader, session.person, session.roles)
    with reader.store.snapshot():
        unit = Unit(reader.store.tables)
        row = reader.lists.row(record)
        looked = look(unit, record, now) if row is not None else None
        view = View(unit, None, now, record)
        if row is not None:
            row = row._replace(columns={**row.columns, **outside_now(view, record)})
        hidden = blind.hides(row)
        waiting = [
            Waiting(one, SENTENCE if hidden and blind.covers(one.do, one.by) else _sentence(unit, one))
            for one in proposals(unit, record, now)
        ]
        blockers = blind.blockers(in_the_way(unit, record, now)) if row else []
        contests = [
            Contest(fact, tuple(_said(unit, view, fact)))
            for fact in (looked.contested if looked else ())
            if not (hidden and fact == "rating")
        ]
        return RecordSeen(
            record, kind_of(record), row, looked, blockers,
            [one.id for one in _held(view, row)] if row else [], waiting, contests,
            list(_links(reader, view, row)) if row else [], list(_ratings(unit, view, session, hidden=hidden)), hidden,
        )  # fmt: skip


def _held(view: View, row: Listed) -> list[Record]:
    """Of a batch also holds on its steps and their places; of anything else those on what it says that it is about."""
    if row.kind == "hold":
        return []
    if row.kind == "batch":
        return holds_on(view, view.here)
    on = row.columns.get("on")
    things = [on, _batch_of(on), row.columns.get("batch")]
    return in_force_on(view, [one for one in things if isinstance(one, str)])


def _said(unit: Unit, view: View, fact: str) -> Iterator[tuple[str, Any]]:
    for entry, _, value in view.here.entries(fact):
        yield _author(unit, entry), value


def _author(unit: Unit, entry: str) -> str:
    """Who set it; of what a terminal entered also who said to be there."""
    position = unit.find(entry)
    act = unit.act(position) if position is not None else None
    return who(act.by, str(getattr(_fields(unit, entry), "claimed", ""))) if act else ""


def _fields(unit: Unit, entry: str) -> Any:  # noqa: ANN401 - any action, or None
    position = unit.find(entry)
    said = unit.entry(position) if position is not None else None
    return decode(bytes(said.action))[1] if said else None


def _sentence(unit: Unit, one: Proposed) -> str:
    position = unit.find(one.entry)
    entry = unit.entry(position) if position is not None else None
    return sentence_of(bytes(entry.action), record=entry.record, by=entry.by) if entry else one.do


def _ratings(unit: Unit, view: View, session: Session, *, hidden: bool) -> Iterator[Rating]:
    if view.here.kind != "deviation":
        return
    for entry, person, value in view.here.entries("rating"):
        if hidden and person != session.person:
            yield Rating(entry, person, "", "")
        else:
            yield Rating(entry, person, str(value), str(getattr(_fields(unit, entry), "reason", "")))


def _links(reader: Reader, view: View, row: Listed) -> Iterator[Link]:
    """What it names in its columns, then what names it, the latest first; of a batch also holds on steps and places."""
    there = {row.record}
    for value in row.columns.values():
        found = known_record(reader, value) or known_record(reader, _batch_of(value))
        if found is not None and KINDS[found.kind].code and found.record not in there:
            there.add(found.record)
            yield Link(found.kind, found)
    for hold in holds_on(view, view.here) if row.kind == "batch" else ():
        other = reader.lists.row(hold.id)
        if other is not None and hold.id not in there:
            there.add(hold.id)
            yield Link(other.kind, other)
    for kind in KINDS.values():
        for fact, merge in kind.facts.items():
            if not merge.indexed:
                continue
            for record in reversed(view.unit.members(kind.name, fact, row.record)[-_MOST_LINKS:]):
                other = reader.lists.row(record) if record not in there else None
                if other is not None and _names(getattr(view.get(record), fact), row.record):
                    there.add(record)
                    yield Link(kind.name, other)


def _batch_of(value: object) -> str:
    """The batch of a step that is named as BATCH/STEP; "" for anything else."""
    return value.partition("/")[0] if isinstance(value, str) and "/" in value else ""


def _names(value: object, record: str) -> bool:
    return record in value if isinstance(value, list) else value == record
