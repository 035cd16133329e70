"""The call tree: whom to call now, in which order, and why them. Read from local files, with nobody signed in.

SMEs of the expertise come first, whichever company they belong to; of two alike the terminal's own company. The head of
the list is always who to call next: somebody who did not answer goes behind those not tried, somebody who cannot come
goes last. Nobody is ever left out for having been tried.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from shared.actions.world import Record, World
from shared.kinds.contact import InForce, field_key, in_force
from shared.kinds.cover import TIERS, next_change, on_duty
from shared.kinds.hours import Duty

NOBODY = (
    "This copy of the call tree has nobody: use the printed list or the switchboard, then ask a coordinator to enter"
    " contacts (contact.set)."
)
"""Why a list is empty, where it is."""


class Callee(NamedTuple):
    """One line of the list.

    `tier` is 1, 2 or 3 (`cover.TIERS`), 0 for somebody who is not on duty; `until` is when this duty ends (ms since
    1970 UTC, None for no end or no duty); `numbers` are the digests of the numbers: several where two people changed
    them without knowing of each other, and then all are to be tried; `status` is the outcome of the last call to them
    about this record, "" for not tried, and `tries` how many there were; `why` says in words why they are here.
    `contact` is "" in the one line that says that there is nobody.
    """

    contact: str
    name: str
    person: str
    company: str
    expertise: tuple[str, ...]
    tier: int
    until: int | None
    numbers: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    status: str
    tries: int
    why: str


class Rank(IntEnum):
    """Why somebody is on the list; the first three are the tiers."""

    ON_CALL = 1
    DEPUTY = 2
    NEXT_TIER = 3
    EXPERT = 4
    ELSEWHERE = 5
    LISTED = 6


class _Turn(NamedTuple):
    rank: Rank
    general: bool
    tier: int
    expertise: str
    duty: Duty

    def best_first(self) -> tuple[int, bool, int, str, bool, float]:
        until = float("inf") if self.duty.until is None else self.duty.until
        return self.rank, self.general, self.tier, self.expertise, self.duty.guessed, -until


class _Tried(NamedTuple):
    status: str = ""
    tries: int = 0
    at: int = 0


class _Candidate(NamedTuple):
    contact: Record
    card: InForce
    rank: Rank
    turn: _Turn | None
    expert: bool
    tried: _Tried


_ATTEMPTED = {"": 0, "no answer": 1, "busy": 1, "answered": 2, "wrong number": 3, "cannot come": 4}
"""What sends somebody how far down the list."""


def whom_to_call(world: World, now_ms: int, expertise: str, calls: Sequence[Mapping[str, Any]] = ()) -> list[Callee]:
    """Whom to call, next one first.

    On call for the expertise, deputies, the next tier, then others who know it, then anybody on duty. Where nobody on
    call or deputy covers it: everybody who knows it, then the next tier, then anybody on duty. If that is nobody:
    everybody entered; if that is nobody, one line without a contact that says so.

    Args:
        world: the view to read contacts and covers from; its author's company goes first among equals.
        now_ms: the time, ms since 1970 UTC.
        expertise: what is needed, "" where that is not known: then everybody on duty is as good.
        calls: the `calls` fact of the record that it is about, in any order.

    Returns:
        At least one line, each contact once.
    """
    wanted = field_key(expertise)
    turns = _turns(world, now_ms, wanted)
    tried = _tried(calls)
    found = []
    for contact in world.all("contact", "state", "active"):
        card = in_force(contact, now_ms)
        if card is not None:
            turn = min(turns.get(contact.id, []), key=_Turn.best_first, default=None)
            expert = bool(wanted) and wanted in {field_key(one) for one in card.card["expertise"]}
            rank = _rank(turn, expert=expert)
            found.append(_Candidate(contact, card, rank, turn, expert, tried.get(contact.id, _Tried())))
    chosen = [one for one in found if one.rank is not Rank.LISTED] or found
    covered = any(one.rank in {Rank.ON_CALL, Rank.DEPUTY} for one in chosen)
    own = world.me.company
    chosen.sort(key=lambda one: _order(one, own, covered=covered))
    words = f'"{wanted}"' if wanted else "this"
    return [_callee(one, words, covered=covered) for one in chosen] or [
        Callee("", "nobody", "", "", (), 0, None, (), "", (), "", 0, NOBODY)
    ]


def lasts_until(world: World, now_ms: int) -> int | None:
    """When somebody else may be the one to call: a turn ends or begins (ms since 1970 UTC); None if none does."""
    changes = (next_change(cover, now_ms) for cover in world.all("cover", "state", "in force"))
    return min((one for one in changes if one is not None), default=None)


def _turns(world: World, now_ms: int, wanted: str) -> dict[str, list[_Turn]]:
    """The turns of duty that are on now, by contact."""
    found: dict[str, list[_Turn]] = {}
    for cover in world.all("cover", "state", "in force"):
        duty = on_duty(cover, now_ms)
        if duty.on:
            covers, tier = cover.expertise or "", cover.turn["tier"]
            rank = Rank(tier) if covers in {wanted, ""} or not wanted else Rank.ELSEWHERE
            found.setdefault(cover.contact, []).append(_Turn(rank, not covers, tier, covers, duty))
    return found


def _tried(calls: Sequence[Mapping[str, Any]]) -> dict[str, _Tried]:
    """What became of the calls to each contact: the last one counts, of two at once the less hopeful."""
    found: dict[str, _Tried] = {}
    for call in calls:
        contact, outcome, at = call["contact"], call["outcome"], call["at"]
        before = found.get(contact, _Tried(at=at))
        last = max(
            (before.at, _ATTEMPTED.get(before.status, 0), before.status), (at, _ATTEMPTED.get(outcome, 0), outcome)
        )
        found[contact] = _Tried(last[2], before.tries + 1, last[0])
    return found


def _rank(turn: _Turn | None, *, expert: bool) -> Rank:
    if turn is not None and turn.rank is not Rank.ELSEWHERE:
        return turn.rank
    if expert:
        return Rank.EXPERT
    return Rank.LISTED if turn is None else Rank.ELSEWHERE


def _order(one: _Candidate, own: str, *, covered: bool) -> tuple[int | bool | str, ...]:
    # Where nobody covers it, those who know it are woken before those who lead; where somebody does, they may sleep.
    uncovered_expert = one.rank is Rank.EXPERT and not covered
    return (
        _ATTEMPTED.get(one.tried.status, 0),
        one.tried.tries,
        Rank.ON_CALL if uncovered_expert else one.rank,
        not one.expert,
        one.turn is not None and one.turn.general,
        one.contact.company != own,
        one.contact.id,
    )


def _callee(one: _Candidate, wanted: str, *, covered: bool) -> Callee:
    card, turn = one.card.card, one.turn
    return Callee(
        contact=one.contact.id,
        name=card["name"],
        person=card["person"],
        company=one.contact.company or "",
        expertise=tuple(card["expertise"]),
        tier=turn.tier if turn else 0,
        until=turn.duty.until if turn else None,
        numbers=one.card.numbers,
        zone=card["zone"],
        languages=tuple(card["languages"]),
        status=one.tried.status,
        tries=one.tried.tries,
        why=_why(one, wanted, covered=covered),
    )


def _why(one: _Candidate, wanted: str, *, covered: bool) -> str:
    turn = one.turn
    duty = f"{TIERS[turn.tier]} for {turn.expertise or 'everything'}" if turn else "not on duty"
    if turn and turn.duty.guessed:
        duty += " (hours not certain: their zone is not known to this machine)"
    if one.rank is Rank.EXPERT:
        return f"knows {wanted}, {duty}" if covered else f"nobody covers {wanted} now: knows it, {duty}"
    if one.rank is Rank.LISTED:
        return f"nobody is on duty now, and nobody knows {wanted}: entered in the call tree"
    return duty if one.rank is not Rank.ELSEWHERE or covered else f"nobody covers {wanted} now: {duty}"
