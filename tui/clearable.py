"""What is in the way of open records, and whoever is signed in can clear now: ratings, lifts, answers, signatures."""

from collections.abc import Collection, Iterable, Iterator
from math import inf
from typing import Final, NamedTuple

from shared import kinds  # noqa: F401 - declares every kind
from shared.actions.action import ACTIONS, RULES
from shared.actions.kind import KINDS, Blocker, Kind
from shared.fold.unit import Unit
from shared.store.lists import Listed
from shared.terminal.record import in_the_way, proposals
from tui.blind import blinded
from tui.clearing import by_id, names
from tui.listing import runs_out
from tui.possible import judged, short
from tui.reader import Reader
from tui.session import Session

_MOST: Final = 100
"""Open records of a kind that are looked at, those that changed last."""


class Clearable(NamedTuple):
    """One thing: the record on which it is cleared, what is in the way, and what tells it from others.

    `by_id` tells that it names this very person, and nobody else will do it; `part` is the part of the record on which
    it is cleared, an item of a gate; "" for all of it.
    """

    row: Listed
    what: str
    id: str
    by_id: bool
    part: str


def clearable(reader: Reader, session: Session, told: Collection[str] = ()) -> Iterator[Clearable]:
    """List them for whoever is signed in, as the kinds declare what is in the way (`Blocker`); nothing for nobody.

    What names the person is listed as it is. What their role clears is listed where it is a decision that is possible
    now, and waits for no second person already: once a record, however much there is to do on it, and not where the
    record is `told` of already. What happens on the floor, and what anybody can clear, is nobody's in particular. What
    is hidden from them is hidden here too. What runs out first comes first.

    Args:
        reader: reads this terminal's file; within a snapshot of its store.
        session: who is signed in.
        told: the records of which something else is told.
    """
    found = _found(reader, session) if session.person else ()
    yield from sorted(_theirs(reader, session, found, set(told)), key=lambda one: runs_out(one.row) or inf)


def _theirs(reader: Reader, session: Session, found: Iterable[Blocker], there: set[str]) -> Iterator[Clearable]:
    for number, one in enumerate(found):
        named = by_id(one.who, session.person)
        row = reader.lists.row(one.record) if named or one.record not in there else None
        if row is None or not (named or _can(reader, session, one, row)):
            continue
        if not named:
            there.add(one.record)
        yield Clearable(row, _first(one), f"{one.record} {number}", named, one.part)


def _found(reader: Reader, session: Session) -> Iterator[Blocker]:
    """What is in the way of open records, each thing once; of a record itself before what waits for that record."""
    unit, now = Unit(reader.store.tables), reader.desk.clock.now()
    blind = blinded(reader, session.person, session.roles)
    own: dict[Blocker, None] = {}
    others: dict[Blocker, None] = {}
    for kind in KINDS.values():
        for row in _open(reader, kind):
            for one in blind.blockers(in_the_way(unit, row.record, now)):
                (own if one.record == row.record else others).setdefault(one)
    yield from own
    yield from (one for one in others if one not in own)


def _open(reader: Reader, kind: Kind) -> list[Listed]:
    """The records of a kind that something can be in the way of: not those that are over, by their state's tone."""
    if kind.blockers is None:
        return []
    states = [one for one in reader.lists.states(kind.name) if one not in kind.over]
    return reader.lists.rows(kind.name, {"state": states}, limit=_MOST) if states else []


def _can(reader: Reader, session: Session, one: Blocker, row: Listed) -> bool:
    """Whether somebody with these roles is asked for, and could begin now the decision that clears it."""
    if not one.do or ACTIONS[one.do].fact or not names(reader, one.who, session.person, session.company, session.roles):
        return False
    if "waiting" in row.flags:
        unit, now = Unit(reader.store.tables), reader.desk.clock.now()
        if any(each.do == one.do for each in proposals(unit, one.record, now)):
            return False
    return not judged(reader, session, one.do, one.record).why_not


def _first(one: Blocker) -> str:
    """What is in the way; of a rule's own text its first clause, for the rest says who clears it."""
    rule = RULES.get(one.rule)
    return short(one.what) if rule is not None and one.what == rule.text else one.what
