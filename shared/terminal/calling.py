"""Whom to call now: the call tree for a record or for this terminal's post, with the numbers that are held here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec

from shared.actions.kind import KINDS
from shared.actions.world import Record, World
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.calltree import Callee, lasts_until, whom_to_call
from shared.kinds.hold import deviations_of
from shared.kinds.whereabouts import expertise_of
from shared.log.canonical import b64
from shared.terminal.blobs import inside, parts_of
from shared.terminal.desk import Desk
from shared.terminal.heard import last_heard
from shared.terminal.references import any_record
from shared.terminal.refusal import FORM_2, refused
from shared.terminal.suggest import latest_deviation, latest_hold, post_of

LASTS_MS: Final = 24 * 3_600_000
"""How long a printed list counts at most."""
_SHORT: Final = 8
_NOT_REACHED: Final = frozenset({"no answer", "busy", "wrong number"})


class Turn(NamedTuple):
    """Somebody to call.

    Attributes:
        callee: who, and why them.
        numbers: their numbers as far as this terminal holds them, as they were entered: several in one text, perhaps.
        missing: whether there are numbers that are not on this terminal yet.
        tried: how often each was tried without an answer, by its place in `each`, from 0; none for never.
    """

    callee: Callee
    numbers: tuple[str, ...]
    missing: bool
    tried: Mapping[int, int]

    @property
    def each(self) -> list[str]:
        """The numbers, one by one, in the order in which they were entered."""
        return parts_of(self.numbers)

    @property
    def order(self) -> list[int]:
        """The places in `each` in the order in which to try them: those tried least often first."""
        return sorted(range(len(self.each)), key=lambda place: (self.tried.get(place, 0), place))


class Answer(NamedTuple):
    """An answered call: the contact, the name of who answered, and when (ms since 1970 UTC)."""

    contact: str
    name: str
    at: int


class CallList(NamedTuple):
    """A call list.

    Attributes:
        record: what it is about; this terminal's code when nothing is open.
        expertise: what is needed, "" where that is not known.
        turns: whom to call, next one first.
        version: size of the log that this copy was made from.
        age: ms since the last contact, None where there never was one.
        digest: short digest of who and which numbers, to compare two lists by.
        expires: from when on somebody else may be on duty, or 24 h from now; ms since 1970 UTC.
        answers: who answered already, oldest first, each contact once.
        other: the contact whose other number comes before the next person: called last, not reached, and a number of
            theirs is not tried yet; None for nobody.
    """

    record: str
    expertise: str
    turns: list[Turn]
    version: int
    age: int | None
    digest: str
    expires: int
    answers: tuple[Answer, ...]
    other: str | None


def call_list(desk: Desk, record: str = "") -> CallList:
    """Make the call list.

    Args:
        desk: the program's log on this terminal.
        record: what it is about; "" for the latest hold on this terminal's post, the deviation of one there, or the
            post itself.

    Raises:
        Refused: FORM-2, there is no such record here.
    """
    return _list(desk, record, logged=True)


def on_call(desk: Desk) -> CallList:
    """Make the list of this terminal's post as it is before anything has happened: no call that was made counts."""
    return _list(desk, desk.code, logged=False)


def _list(desk: Desk, record: str, *, logged: bool) -> CallList:
    with desk.store.snapshot():
        tables = desk.store.tables
        now = max(desk.clock.now(), tables.received(desk.store.log.size()))  # a clock that was put back hides nobody
        unit = Unit(tables)
        world = View(unit, None, now, desk.code, f"@{desk.code}")
        about = world.get(_about(world, desk, record))
        expertise = expertise_of(world, about)
        calls = _calls(world, about) if logged else []
        callees = whom_to_call(world, now, expertise, calls)
        turns = [_turn(desk, one, calls) for one in callees]
        answers = tuple(_answers(world, callees, calls))
        changes = lasts_until(world, now)
        size = desk.store.log.size()
        heard = last_heard(desk)
    return CallList(
        about.id, expertise, turns, size, max(now - heard.at, 0) if heard else None, _digest(turns),
        now + LASTS_MS if changes is None else min(changes, now + LASTS_MS), answers,
        _other(turns, calls),
    )  # fmt: skip


def _about(world: View, desk: Desk, record: str) -> str:
    if not record:
        post = post_of(world, desk.code)
        return latest_hold(world, post) or latest_deviation(world, post) or desk.code
    found = any_record(world, record)
    if not world.get(found).exists:
        raise refused(FORM_2, found)
    return found


def _calls(world: World, about: Record) -> list[Mapping[str, Any]]:
    """The calls about a record, oldest first: a hold and the deviations that name it are one thing to call about."""
    records = [about]
    if about.kind == "hold":
        records += deviations_of(world, about)
    elif about.kind == "deviation" and about.hold:
        hold = world.get(about.hold)
        records += [hold] if hold.kind == "hold" else []
    found = [call for one in records if "calls" in KINDS[one.kind].facts for call in one.calls]
    return sorted(found, key=lambda call: call["at"])


def _turn(desk: Desk, callee: Callee, calls: Sequence[Mapping[str, Any]]) -> Turn:
    texts = [inside(desk.store.blobs, digest) for digest in callee.numbers]
    failed = [one for one in calls if one["contact"] == callee.contact and one["outcome"] != "answered"]
    places = [int(one.get("number") or 1) - 1 for one in failed if str(one.get("number") or 1).isdecimal()]
    held = tuple(text for text in texts if text is not None)
    return Turn(callee, held, any(text is None for text in texts), Counter(places))


def _other(turns: Sequence[Turn], calls: Sequence[Mapping[str, Any]]) -> str | None:
    """The contact called last, if they were not reached and there is a number that was not tried."""
    last: str | None = calls[-1]["contact"] if calls else None
    turn = next((one for one in turns if one.callee.contact == last), None)
    if turn is None or turn.callee.status not in _NOT_REACHED or not turn.tried:
        return None
    return last if any(place not in turn.tried for place in turn.order) else None


def _answers(world: World, callees: Sequence[Callee], calls: Sequence[Mapping[str, Any]]) -> Iterator[Answer]:
    """Who answered last at each contact, as far as no later call to them says otherwise."""
    names = {one.contact: one.name for one in callees if one.status == "answered"}
    last = {one["contact"]: one for one in calls if one["outcome"] == "answered"}
    for contact, call in last.items():
        if contact in names:
            member = world.get(call["person"]) if call["person"] else None
            yield Answer(contact, call["name"] or (member.name if member else "") or names[contact], call["at"])


def _digest(turns: list[Turn]) -> str:
    said = sorted([one.callee.contact, one.callee.tier, *one.callee.numbers] for one in turns)
    return b64(sha256(msgspec.json.encode(said)).digest())[:_SHORT]
