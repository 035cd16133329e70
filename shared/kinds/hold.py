"""Holds: stop a batch, step, lot or place; an object of its own that says who, when, why, and who may lift it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from shared.actions.action import Decision, Happened, Slot, World, Writer, action, anyone, roles, rule
from shared.actions.field import Text, ask
from shared.actions.kind import Blocker, Column, kind
from shared.actions.merge import cautious, constant, text, union
from shared.actions.world import Record
from shared.kinds.rating import ORDER, QA, criticality, qa_of_both


def deviations_of(w: World, hold: Record) -> list[Record]:
    """The deviations that were raised under this hold."""
    return w.all("deviation", "hold", hold.id)


def lifting(w: World, hold: Record) -> tuple[Slot, ...]:
    """Who must sign a lift, by the agreement: criticality of what is held -> QA of both companies, or one person.

    A hold with no deviation may be a mistaken pull: two people of the floor. One not rated yet counts as major.
    """
    found = deviations_of(w, hold)
    if not found:
        floor = Slot(frozenset({"qa", "supervisor"}))
        return (floor, floor)
    worst = max((criticality(one) or "major" for one in found), key=ORDER.index)
    if "both" in w.terms.lift.get(worst, ("both",)):
        return qa_of_both(w)
    return (Slot(frozenset({"qa", "supervisor"}) if w.terms.night_rating else QA),)


def in_force_on(w: World, things: Iterable[str], batch: str = "") -> list[Record]:
    """The holds in force on any of some things (a batch, step or place each), or that name the batch as concerned."""
    found = {one.id: one for thing in filter(None, things) for one in w.all("hold", "on", thing)}
    if batch:
        found |= {one.id: one for one in w.all("hold", "batch", batch)}
    return [one for one in found.values() if one.state == "held"]


def _lifted_by(w: World, hold: Record) -> str:
    """Who lifts it, in words: each of the signatures that it needs."""
    words = [slot.words() for slot in lifting(w, hold)]
    return f"{words[0]}, two people" if words == 2 * words[:1] else " and ".join(words)


def _in_the_way(w: World, hold: Record) -> list[Blocker]:
    """The hold itself; of one that was lifted, those that still hold the same thing, for it must not go on."""
    if hold.state == "held":
        return [Blocker(hold.id, "the hold is in force", "HOLD-1", _lifted_by(w, hold), "hold.lift")]
    found = _same(w, hold)
    what = f"{hold.on} is still held, by"
    return [Blocker(one.id, f"{what} {one.id}", "HOLD-1", _lifted_by(w, one), "hold.lift") for one in found]


def _same(w: World, hold: Record) -> list[Record]:
    """The holds in force on the same thing, or on the batch of a step that was held."""
    on = hold.on or ""
    return in_force_on(w, (on, on.partition("/")[0] if "/" in on else ""))


HOLD = kind(
    "hold",
    "HLD",
    "Stops a batch, step, lot or place until it is lifted.",
    facts={
        "state": cautious("lifted", "held"),
        "on": constant(index=True),
        "batch": constant(index=True),
        "sort": constant(),
        "reason": text(),
        "raised": constant(),
        "lifted": union(),
        "calls": union(),
        "acks": union(per="person"),
        "safe": cautious("done", "not done", per="step"),
        "made": union(per="step"),
        "samples": union(),
        "pressed": union(),
    },
    columns={
        "title": Column("what is held", lambda r: f"{r.on}: {r.reason}" if r.reason else r.on),
        "state": Column("state", lambda r: r.state),
        "on": Column("on", lambda r: r.on),
        "batch": Column("batch", lambda r: r.batch),
        "sort": Column("sort", lambda r: r.sort),
        "reason": Column("why", lambda r: r.reason),
        "by": Column("raised by", lambda r: (r.raised or {}).get("by")),
        "company": Column("company", lambda r: (r.raised or {}).get("company"), width=8),
        "since": Column("since", lambda r: (r.raised or {}).get("at"), time=True),
    },
    blockers=_in_the_way,
    toward="going on",
    tones={"held": "bad", "lifted": "faint"},
    first=("since", "batch", "sort", "by", "company"),
)


@action(
    HOLD,
    by=anyone,
    creates=True,
    says="stopped {on}: {reason}",
    writes=("state", "on", "batch", "sort", "reason", "raised"),
)
class Stop(Happened, frozen=True, kw_only=True, tag="hold.stop"):
    """Stops a batch, step, lot or place at once."""

    on: Annotated[Text, ask("what is held", most=80, refs=("place", "batch", "step"), suggest="post")]
    batch: Annotated[Text, ask("batch that it concerns", most=40, refs=("batch",), suggest="post")] = ""
    sort: Annotated[Literal["stop", "keep safe"], ask("stop it, or keep it running safely and bar the next step")] = (
        "stop"
    )
    reason: Annotated[Text, ask("why", most=500)] = ""

    def apply(self, r: Writer) -> None:
        """Hold it."""
        r.put("state", "held")
        r.put("on", self.on)
        r.put("batch", self.batch)
        r.put("sort", self.sort)
        r.put("reason", self.reason)
        r.put("raised", {"by": self.claimed or r.by, "company": r.company, "at": r.at})


@action(
    HOLD, by=roles("qa", "supervisor"), signed="lifted", says="lifted the hold: {reason}", writes=("state", "lifted")
)
class Lift(Decision, frozen=True, kw_only=True, tag="hold.lift"):
    """Lifts a hold: what was held may go on."""

    reason: Annotated[Text, ask("why it may go on", most=500)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """By the agreement: QA of both for critical and major, one for minor; two people where nothing was raised."""
        return lifting(w, w.here)

    @staticmethod
    def reminds(w: World, given: Mapping[str, Any]) -> list[str]:
        """What else holds the same thing: lifting this one does not let it go on."""
        others = [one.id for one in _same(w, w.here) if one.id != w.here.id]
        return [f"{w.here.on} stays held, by {' and '.join(others)}."] if others else []

    @rule("HOLD-1", source="21 CFR 211.192")
    def in_force(self, w: World) -> bool:
        """Only a hold in force is lifted; choose one from the list of holds."""
        return w.here.state == "held"

    @rule("HOLD-2", source="seed: production should not continue until the issue has been evaluated")
    def rated(self, w: World) -> bool | str:
        """What the hold was raised for is not rated yet; rate the deviation first."""
        open_ones = [one.id for one in deviations_of(w, w.here) if criticality(one) is None]
        return not open_ones or ", ".join(open_ones)

    def apply(self, r: Writer) -> None:
        """Lift it."""
        r.put("state", "lifted")
        r.put("lifted", {"by": r.by, "at": r.at, "reason": self.reason})


@action(
    HOLD,
    by=anyone,
    says="made safe: {step}; not done after all: {undone}",
    writes=("safe", "made"),
    quiet=True,
    card="Why is it not done after all?",
)
class Safe(Happened, frozen=True, kw_only=True, tag="hold.safe"):
    """Notes a step of the containment card as done, or as not done after all."""

    step: Annotated[Text, ask("step of the card, in its words", most=200)]
    undone: Annotated[Text, ask("it is not done after all: why", most=300)] = ""

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """A step of the card is done."""
        return bool(given.get("step"))

    def apply(self, r: Writer) -> None:
        """Note it; of two who did not know of each other, the one who says that it is not done is shown."""
        r.put("safe", "not done" if self.undone else "done", key=self.step)
        r.put("made", {"at": r.at, "by": self.claimed or r.by, "undone": self.undone}, key=self.step)


@action(
    HOLD,
    by=anyone,
    says="samples kept: {samples}",
    writes=("samples",),
    quiet=True,
    card="Samples kept: which, where?",
)
class Samples(Happened, frozen=True, kw_only=True, tag="hold.samples"):
    """Notes which samples were kept, and where."""

    samples: Annotated[Text, ask("samples kept: which, where", most=300)]

    def apply(self, r: Writer) -> None:
        """Note them, beside those noted before."""
        r.put("samples", {"at": r.at, "by": self.claimed or r.by, "text": self.samples})


@action(
    HOLD,
    by=anyone,
    says="what is wrong: {reason}",
    writes=("reason",),
    quiet=True,
    card="What is wrong, in a few words?",
)
class Reason(Happened, frozen=True, kw_only=True, tag="hold.reason"):
    """Says why it was stopped: a stop by one key asks nobody. Of a reason given before, the trail keeps the words."""

    reason: Annotated[Text, ask("what is wrong, in a few words", most=500)]

    def apply(self, r: Writer) -> None:
        """Write it in the place of what its author knew; a reason that they did not know of stands beside it."""
        r.put("reason", self.reason)


@action(
    HOLD,
    by=anyone,
    says="says to be who stopped it",
    writes=("pressed",),
    quiet=True,
    card="Who pressed? Name or user id.",
)
class Claim(Happened, frozen=True, kw_only=True, tag="hold.claim"):
    """Says who pressed the stop with nobody signed in: by claim, or signed by that person later."""

    @rule("SAFE-1", source="domain.md 3, step 1")
    def somebody(self, w: World) -> bool:
        """With nobody signed in, say who it was: a user id or a name."""
        return not w.by.startswith("@") or bool(self.claimed.strip(" \n"))

    def apply(self, r: Writer) -> None:
        """Note who it was."""
        by = self.claimed if r.by.startswith("@") and self.claimed else r.by
        r.put("pressed", {"at": r.at, "by": by, "signed": not r.by.startswith("@")})
