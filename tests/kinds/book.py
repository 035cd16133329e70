"""A call tree for tests: contacts and covers in one line each, and the list of whom to call."""

from hashlib import sha256
from typing import Any

from shared.actions.world import World
from shared.fold.view import View
from shared.kinds.calltree import Callee, whom_to_call
from shared.log.canonical import b64
from shared.log.clock import parse_at
from tests.fold.floor import Floor

SUNDAY_NIGHT = "2026-11-22T03:10:00.000+01:00"
LONG_AGO = "2026-01-01T00:00:00.000+01:00"


def digest(numbers: str) -> str:
    """What an entry holds instead of numbers."""
    return f"sha256:{b64(sha256(numbers.encode()).digest())}"


def contact(floor: Floor, name: str, company: str, *expertise: str, **more: Any) -> str:
    """Enter somebody to call; the answer is the contact's record."""
    fields = {"start": LONG_AGO, "numbers": digest(name), **more}
    done = floor.do("LYN1", "contact.set", by="anna", name=name, company=company, expertise=list(expertise), **fields)
    assert floor.verdict(done) == "stands", floor.act(done).text
    return floor.record(done)


def cover(floor: Floor, who: str, company: str, field: str, tier: int = 1, **more: Any) -> str:
    """Put a contact on duty; the answer is the cover's record."""
    fields = {"start": LONG_AGO, "contact": who, "company": company, "expertise": field, "tier": tier, **more}
    done = floor.do("LYN1", "cover.set", by="anna", **fields)
    assert floor.verdict(done) == "stands", floor.act(done).text
    return floor.record(done)


def world(floor: Floor, at: int | None = None, by: str = "@LYN1") -> World:
    return View(floor.unit, None, floor.now if at is None else at, by=by)


def callees(floor: Floor, expertise: str, about: str = "", at: str = SUNDAY_NIGHT) -> list[Callee]:
    """The list as terminal LYN1 shows it for a record, at a time."""
    now = parse_at(at)
    calls = floor.see(about).calls if about else []
    return whom_to_call(world(floor, now), now, expertise, calls)


def names(found: list[Callee]) -> list[str]:
    return [one.name for one in found]
