"""Whom to call now: the call tree for a record or for this terminal's post, with the numbers that are held here."""

from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from shared.actions.kind import KINDS
from shared.actions.world import Record
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.calltree import Callee, whom_to_call
from shared.kinds.place import expertise_for
from shared.log.canonical import b64
from shared.terminal.blobs import inside
from shared.terminal.desk import Desk
from shared.terminal.references import any_record
from shared.terminal.refusal import FORM_2, refused
from shared.terminal.suggest import latest_deviation, latest_hold, post_of

LASTS_MS: Final = 24 * 3_600_000
"""How long a printed list counts at most."""
_SHORT: Final = 8


class Turn(NamedTuple):
    """Somebody to call, with numbers as far as this terminal holds them."""

    callee: Callee
    numbers: tuple[str, ...]
    missing: bool


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
    """

    record: str
    expertise: str
    turns: list[Turn]
    version: int
    age: int | None
    digest: str
    expires: int


def call_list(desk: Desk, record: str = "") -> CallList:
    """Make the call list.

    Args:
        desk: the program's log on this terminal.
        record: what it is about; "" for the latest hold on this terminal's post, the deviation of one there, or the
            post itself.

    Raises:
        Refused: FORM-2, there is no such record here.
    """
    with desk.store.snapshot():
        tables = desk.store.tables
        now = max(desk.clock.now(), tables.received(desk.store.log.size()))  # a clock that was put back hides nobody
        unit = Unit(tables)
        world = View(unit, None, now, desk.code, f"@{desk.code}")
        about = world.get(_about(world, desk, record))
        expertise = _expertise(world, about, desk)
        calls = about.calls if "calls" in KINDS[about.kind].facts else []
        callees = whom_to_call(world, now, expertise, calls)
        turns = [_turn(desk, one) for one in callees]
        size = desk.store.log.size()
        contact = tables.received(size)
    ends = [one.until for one in callees if one.until is not None]
    return CallList(
        about.id, expertise, turns, size, max(now - contact, 0) if size else None, _digest(turns),
        min([*ends, now + LASTS_MS]),
    )  # fmt: skip


def _about(world: View, desk: Desk, record: str) -> str:
    if not record:
        post = post_of(world, desk.code)
        return latest_hold(world, post) or latest_deviation(world, post) or desk.code
    found = any_record(world, record)
    if not world.get(found).exists:
        raise refused(FORM_2, found)
    return found


def _expertise(world: View, about: Record, desk: Desk) -> str:
    """The expertise that is needed where it happened, else where this terminal stands."""
    on = about.on if "on" in KINDS[about.kind].facts else ""
    post = post_of(world, desk.code)
    for place in filter(None, (on, *reversed(post.get("places") or []))):
        found = expertise_for(world, place)
        if found:
            return found
    return ""


def _turn(desk: Desk, callee: Callee) -> Turn:
    texts = [inside(desk.store.blobs, digest) for digest in callee.numbers]
    return Turn(callee, tuple(text for text in texts if text is not None), any(text is None for text in texts))


def _digest(turns: list[Turn]) -> str:
    said = sorted([one.callee.contact, one.callee.tier, *one.callee.numbers] for one in turns)
    return b64(sha256(msgspec.json.encode(said)).digest())[:_SHORT]
