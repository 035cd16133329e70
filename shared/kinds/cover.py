"""Cover: who is on call, deputy or next tier up, for which expertise, and when. One record a turn; they may overlap."""

from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, World, Writer, action, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import constant, single, union
from shared.actions.world import Record
from shared.kinds.contact import KEEPERS, field_key, is_contact
from shared.kinds.hours import Duty, duty, is_zone, next_begin, window
from shared.kinds.member import is_time
from shared.kinds.reasoned import Reasoned

Day = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
TIERS = {1: "on call", 2: "deputy", 3: "next tier up"}
"""What the tiers are called; the third is leadership and steering (domain.md 3, step 6)."""

COVER = kind(
    "cover",
    "COV",
    "A turn of duty: a contact covers an expertise on given days and hours.",
    facts={
        "contact": constant(index=True),
        "expertise": constant(index=True),
        "company": constant(index=True),
        "state": single(index=True),
        "turn": constant(),
        "ended": union(),
    },
    columns={
        "title": Column("who covers what", lambda r: f"{r.contact}: {r.expertise or 'everything'}", width=16),
        "state": Column("state", lambda r: r.state),
        "contact": Column("contact", lambda r: r.contact),
        "expertise": Column("expertise", lambda r: r.expertise),
        "company": Column("company", lambda r: r.company, width=8),
        "tier": Column("tier", lambda r: TIERS.get(_turn(r).get("tier", 0), "")),
        "days": Column("days", lambda r: _turn(r).get("days", [])),
        "between": Column("hours", lambda r: _turn(r).get("between", "")),
        "zone": Column("zone", lambda r: _turn(r).get("zone", "")),
        "start": Column("from", lambda r: _turn(r).get("start"), time=True),
        "until": Column("until", lambda r: _turn(r).get("until"), time=True),
    },
    tones={"ended": "faint"},
    first=("start", "until", "tier", "days", "between", "zone", "expertise", "contact", "company"),
)


def _turn(cover: Record) -> dict[str, Any]:
    return cover.turn or {}


def on_duty(cover: Record, now_ms: int) -> Duty:
    """Whether a turn that is in force is on at a time (ms), and until when, by its hours and its dates."""
    turn = _turn(cover)
    until = turn.get("until")
    if now_ms < turn.get("start", 0) or (until is not None and now_ms >= until):
        return Duty(on=False)
    found = duty(turn.get("days", []), turn.get("between", ""), turn.get("zone", ""), now_ms)
    ends = [one for one in (found.until, until) if one is not None]
    return found._replace(until=min(ends, default=None) if found.on else None)


def next_change(cover: Record, now_ms: int) -> int | None:
    """When a turn that is in force ends, or begins, next (ms since 1970 UTC); None for never, or not known."""
    turn, found = _turn(cover), on_duty(cover, now_ms)
    if found.on:
        return found.until
    start = turn.get("start", 0)
    if now_ms < start:
        return int(start)
    begins = next_begin(turn.get("days", []), turn.get("between", ""), turn.get("zone", ""), now_ms)
    until = turn.get("until")
    return begins if begins is not None and (until is None or begins < until) else None


@action(
    COVER,
    by=KEEPERS,
    signed="approved",
    creates=True,
    says="{contact} of {company} covers {expertise}, tier {tier}: {days} {between} {zone}, from {start} until {until}",
    writes=("contact", "expertise", "company", "state", "turn"),
)
class Set(Decision, frozen=True, kw_only=True, tag="cover.set"):
    """Says who covers an expertise, and when. To change a turn, end it and set another."""

    contact: Annotated[Text, ask("contact", most=40, refs=("contact",))]
    expertise: Annotated[Text, ask("expertise; empty for everything", most=60)] = ""
    company: Annotated[Text, ask("company of the contact", most=60)]
    tier: Annotated[int, ask("tier: 1 on call, 2 deputy, 3 leadership or steering")]
    days: Annotated[list[Day], ask("days on which the hours begin; none for every day")] = msgspec.field(
        default_factory=list
    )
    between: Annotated[Text, ask("hours, like 19:00-07:00; empty for all day", most=11)] = ""
    zone: Annotated[Text, ask("zone of these hours, like Europe/Paris", most=64)] = ""
    start: Annotated[Time, ask("valid from", suggest="now")]
    until: Annotated[Time, ask("valid until; empty for no end", when="coming")] = ""

    @rule("COV-1", source="domain.md 3, step 3")
    def known_contact(self, w: World) -> bool:
        """There is no such contact of that company in the call tree; choose one from the list, or enter it first."""
        if not is_contact(w, self.contact):
            return False
        found = w.get(self.contact)
        return bool(found.state == "active" and found.company == self.company)

    @rule("COV-2", source="domain.md 3, step 6")
    def known_tier(self, w: World) -> bool:
        """The tier is 1 (on call), 2 (deputy) or 3 (leadership or steering)."""
        return self.tier in TIERS

    @rule("COV-3", source="domain.md 3, step 3")
    def good_hours(self, w: World) -> bool:
        """Hours are written like 19:00-07:00, and hours or days need the zone whose clock they mean."""
        return (not self.between or window(self.between) is not None) and (
            is_zone(self.zone) or not (self.between or self.days or self.zone)
        )

    @rule("TIME-1", source="design.md 3")
    def good_times(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.start) and (not self.until or is_time(self.until))

    @rule("COV-4", source="domain.md 3, step 3")
    def some_time(self, w: World) -> bool:
        """It ends before it begins; set `until` later than `start`, or leave it empty."""
        return not self.until or time_of(self.until) > time_of(self.start)

    def apply(self, r: Writer) -> None:
        """Enter the turn."""
        r.put("contact", self.contact)
        r.put("expertise", field_key(self.expertise))
        r.put("company", self.company)
        r.put("state", "in force")
        turn = {
            "between": self.between,
            "days": self.days,
            "start": time_of(self.start),
            "tier": self.tier,
            "until": time_of(self.until) if self.until else None,
            "zone": self.zone,
        }
        r.put("turn", turn)


@action(COVER, by=KEEPERS, signed="approved", says="ended this cover: {reason}", writes=("state", "ended"))
class End(Reasoned, frozen=True, kw_only=True, tag="cover.end"):
    """Ends a turn at once."""

    @rule("COV-5", source="domain.md 3, step 3")
    def in_force(self, w: World) -> bool:
        """This cover has been ended already."""
        return bool(w.here.state == "in force")

    def apply(self, r: Writer) -> None:
        """End it."""
        r.put("state", "ended")
        r.put("ended", {"at": r.at, "by": r.by, "reason": self.reason})
