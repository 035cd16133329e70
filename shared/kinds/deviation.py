"""Deviations: raised on the floor, talked through on six short screens, rated, fixed, closed."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from shared.actions.action import (
    RULES,
    Decision,
    Happened,
    Slot,
    World,
    Writer,
    action,
    anyone,
    declare_rule,
    roles,
    rule,
)
from shared.actions.derive import derives
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Blocker, Column, kind
from shared.actions.merge import cautious, constant, single, text, union
from shared.actions.world import Record
from shared.kinds.member import is_time
from shared.kinds.rating import ORDER, QA, RATING, criticality, qa_of_both, second_rater_due


def stage(r: Record) -> str:
    """open, triaged or closed.

    It leaves *open* when it is rated, with procedure and justification on record (21 CFR 211.100(b)).
    """
    if r.state == "closed":
        return "closed"
    return "triaged" if r.rating and r.procedure and r.justification else "open"


def proposed(r: Record) -> str | None:
    """What the fixed questions propose, the highest of all answers; None where nobody has answered them.

    Notices run on it, but at least on major, until the deviation is rated.
    """
    answers = [one["proposes"] for one in r.assessment.values()]
    return max(answers, key=ORDER.index) if answers else None


_CONCERNED: Final = ("attribute", "parameter", "equipment", "other_batches", "distributed")
"""Answers of yes or no: a quality attribute, a critical parameter, critical equipment, and where it may be too."""


def _answers(said: dict[str, Any]) -> str:
    """What somebody answered to the fixed questions, in words; what is no is left out."""
    words = [f"harm to a patient {said['patient']}"] if said.get("patient", "no") != "no" else []
    words += [f"{name.replace('_', ' ')} concerned" for name in _CONCERNED if said.get(name)]
    return f"{', '.join(words) or 'nothing is concerned'} (answered by {said['by']})"


def _point(id_: str, source: str, text: str) -> str:
    """Declare a rule of closing that the fold (CLOSE-1) or the list of what is missing refers to, and give its id."""
    return declare_rule(id_, source, text, lambda _action, _world: True).id


_point("CLOSE-1", "domain.md 5", "A fact came in that the closing had not seen; read it, and close again.")
DESCRIBED = _point(
    "CLOSE-2", "21 CFR 211.100(b)", "Procedure or justification is missing; record both (deviation.problem)."
)
RATED = _point(
    "CLOSE-3",
    "seed; domain.md 3, step 5",
    "It is not rated; qa, an sme or (minor) a supervisor rates it (deviation.rate).",
)
RATED_TWICE = _point(
    "CLOSE-4", "ICH Q9(R1)", "A second rater is due; qa or an sme other than the first rates it too (deviation.rate)."
)
SETTLED = _point(
    "CLOSE-5",
    "design.md 4, Ratings",
    "Ratings differ; qa who has seen all of them settles them by a new one (deviation.rate).",
)
FIXED = _point(
    "CLOSE-6",
    "seed: short-term fix",
    "The short-term fix is not recorded; record what was done at once (deviation.fix).",
)


def in_the_way(w: World, r: Record) -> list[Blocker]:
    """What a deviation still needs before it can be closed, and who can do it."""
    if r.state == "closed":
        return []
    another = f"qa or sme other than {' and '.join(sorted(set(r.raters)))}"
    points = [
        (not (r.procedure and r.justification), DESCRIBED, "anybody", "deviation.problem"),
        (criticality(r) is None, RATED, "qa, sme or supervisor", "deviation.rate"),
        (second_rater_due(w, r), RATED_TWICE, another, "deviation.rate"),
        (r.contested("rating"), SETTLED, "qa who has seen all ratings", "deviation.rate"),
        (not r.fix, FIXED, "anybody", "deviation.fix"),
    ]
    return [Blocker(r.id, RULES[id_].text, id_, who, do) for missing, id_, who, do in points if missing]


DEVIATION = kind(
    "deviation",
    "DEV",
    "Any departure from an approved instruction or established standard; a nonconformance is one with another origin.",
    facts={
        "state": cautious("closed", "open"),
        "title": text(),
        "sort": constant(),
        "on": constant(index=True),
        "batch": single(index=True),
        "hold": single(index=True),
        "origin": union(),
        "raised": constant(),
        "detected": single(),
        "occurred": single(),
        "problem": text(),
        "observed": text(),
        "limit": text(),
        "since": single(),
        "until": single(),
        "procedure": text(),
        "justification": text(),
        "options": union(),
        "urgency": single(),
        "path": text(),
        "audience": union(),
        "assessment": single(per="person"),
        "rating": RATING,
        "raters": union(),
        "fix": text(),
        "notes": union(),
        "closing": text(),
        "calls": union(),
        "acks": union(per="person"),
    },
    columns={
        "title": Column("what happened", lambda r: r.title),
        "state": Column("state", stage),
        "criticality": Column("criticality", criticality, searched=False, brief="rating", width=9),
        "proposed": Column("proposed", proposed, searched=False),
        "raters": Column("rated by", lambda r: sorted(set(r.raters))),
        "on": Column("on", lambda r: r.on),
        "batch": Column("batch", lambda r: r.batch),
        "hold": Column("hold", lambda r: r.hold),
        "by": Column("raised by", lambda r: (r.raised or {}).get("by")),
        "company": Column("company", lambda r: (r.raised or {}).get("company"), width=8),
        "detected": Column("detected", lambda r: r.detected, time=True),
        "spoils": Column("product clock", lambda r: (r.urgency or {}).get("by"), time=True, width=14, until="SPOILS"),
        "problem": Column("problem", lambda r: r.problem),
        "fix": Column("short-term fix", lambda r: r.fix),
    },
    blockers=in_the_way,
    toward="closing it",
    tones={"open": "warn", "triaged": "warn", "closed": "faint"},
    first=("criticality", "on", "batch", "spoils", "detected", "by", "company"),
)


@action(
    DEVIATION,
    by=anyone,
    creates=True,
    says="raised: {title}",
    writes=("state", "title", "sort", "on", "batch", "hold", "raised", "detected", "occurred"),
)
class Raise(Happened, frozen=True, kw_only=True, tag="deviation.raise"):
    """Opens a deviation with what is known; everything else may follow."""

    title: Annotated[Text, ask("what happened, in one line", most=200)]
    on: Annotated[
        Text, ask("where: place, batch or step", most=80, refs=("place", "batch", "step"), suggest="post")
    ] = ""
    batch: Annotated[Text, ask("batch", most=40, refs=("batch",), suggest="post")] = ""
    hold: Annotated[Text, ask("the hold that was raised for it", most=40, refs=("hold",), suggest="hold")] = ""
    sort: Annotated[Literal["deviation", "nonconformance"], ask("deviation or nonconformance")] = "deviation"
    detected: Annotated[Time, ask("detected at", suggest="now", when="past")]
    occurred: Annotated[Time, ask("occurred at, if known", when="past", not_after="detected")] = ""

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a hold was raised for was detected when that was, however much later it is written down."""
        hold = w.get(str(given.get("hold", "")))
        since = (hold.raised or {}).get("at") if hold.kind == "hold" else None
        return {"detected": since} if since and since <= w.at else {}

    @rule("TIME-1", source="design.md 3")
    def good_times(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.detected) and (not self.occurred or is_time(self.occurred))

    def apply(self, r: Writer) -> None:
        """Open it."""
        r.put("state", "open")
        r.put("title", self.title)
        r.put("sort", self.sort)
        r.put("on", self.on)
        r.put("batch", self.batch)
        r.put("hold", self.hold)
        r.put("raised", {"by": self.claimed or r.by, "company": r.company, "at": r.at})
        r.put("detected", time_of(self.detected) if is_time(self.detected) else r.at)
        if self.occurred and is_time(self.occurred):
            r.put("occurred", time_of(self.occurred))


@derives("DEV", ("state", "title", "sort", "on", "batch", "raised", "detected", "origin", "problem"))
def from_broken_rule(r: Writer, rule_id: str, sentence: str, about: str) -> None:
    """Open a deviation for a fact that broke a rule (design.md 4, "Facts").

    It names the batch that the fact is about, so that the deviation bars that batch's release.
    """
    r.put("state", "open")
    r.put("title", f"{rule_id} broken")
    r.put("problem", sentence)
    r.put("sort", "deviation")
    r.put("on", about)
    if about.startswith("BAT-"):
        r.put("batch", about)
    r.put("raised", {"by": r.by, "company": r.company, "at": r.at})
    r.put("detected", r.at)
    r.put("origin", {"entry": r.id, "rule": rule_id})


class OnOpen(Happened, frozen=True, kw_only=True):
    """Facts about a deviation that is being worked on."""

    @rule("DEV-1", source="domain.md 3, step 7")
    def is_open(self, w: World) -> bool:
        """The deviation is closed; reopen it with a reason, or add a note."""
        return w.here.state != "closed"


@action(
    DEVIATION,
    by=roles("qa", "sme", "supervisor"),
    signed="rated",
    says="rated {criticality}: {reason}",
    writes=("rating", "raters"),
)
class Rate(Decision, frozen=True, kw_only=True, tag="deviation.rate"):
    """Rates the criticality.

    Ratings stand per rater, and the highest is shown until somebody who saw all settles it.
    """

    criticality: Annotated[Literal["minor", "major", "critical"], ask("criticality")]
    reason: Annotated[Text, ask("why", most=1000)]
    settles: Annotated[list[Text], ask("entries of ratings that this one settles", entry=True)] = []

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """What was talked through is rated: a person decides, with a reason, and signs."""
        return w.here.state != "closed"

    @staticmethod
    def reminds(w: World, given: Mapping[str, Any]) -> list[str]:
        """What the fixed questions propose, and why: whoever rates differently says so knowingly."""
        return [
            f"The questions propose {one['proposes'].upper()}: {_answers(one)}." for one in w.here.assessment.values()
        ]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Lowering what stands needs QA of both companies."""
        # domain.md 5
        lowers = any(
            entry in self.settles and ORDER.index(value) > ORDER.index(self.criticality)
            for entry, _, value in w.here.entries("rating")
        )
        return qa_of_both(w) if lowers else ()

    @rule("RATE-1", source="domain.md 3, step 5")
    def by_supervisor(self, w: World) -> bool:
        """A supervisor rates minor only, and only where the agreement lets them; ask QA or an SME."""
        return bool(w.me.roles & {"qa", "sme"}) or (self.criticality == "minor" and w.terms.night_rating)

    @rule("RATE-2", source="ICH Q9(R1); requirement Q9-01")
    def another_rater(self, w: World) -> bool:
        """You have rated this; the second rating is another person's. To change your own, name it in settles."""
        own = [entry for entry, key, _ in w.here.entries("rating") if key == w.by]
        return all(entry in self.settles for entry in own)

    @rule("RATE-3", source="design.md 4, Ratings")
    def settles_standing(self, w: World) -> bool:
        """Only ratings that stand on this deviation can be settled; look at its trail for their entries."""
        return set(self.settles) <= {entry for entry, _, _ in w.here.entries("rating")}

    @rule("RATE-4", source="domain.md 3, step 10")
    def is_open(self, w: World) -> bool:
        """The deviation is closed; reopen it with a reason first."""
        return w.here.state != "closed"

    def apply(self, r: Writer) -> None:
        """Rate as this person."""
        r.put("rating", self.criticality, key=r.by)
        r.put("raters", r.by)


@action(DEVIATION, by=anyone, says="short-term fix: {fix}", writes=("fix",))
class Fix(OnOpen, frozen=True, kw_only=True, tag="deviation.fix"):
    """Records the short-term fix on the floor."""

    fix: Annotated[Text, ask("what was done at once", most=2000, long=True)]

    def apply(self, r: Writer) -> None:
        """Set the fix."""
        r.put("fix", self.fix)


@action(DEVIATION, by=anyone, says="note: {text}", writes=("notes",))
class Note(Happened, frozen=True, kw_only=True, tag="deviation.note"):
    """Adds a note; notes are never changed."""

    text: Annotated[Text, ask("note", most=4000, long=True)]

    def apply(self, r: Writer) -> None:
        """Add it."""
        r.put("notes", {"text": self.text, "by": self.claimed or r.by, "at": r.at})


@action(
    DEVIATION, by=roles("qa"), signed="closed", says="closed: {conclusion}", writes=("state", "closing"), closes=True
)
class Close(Decision, frozen=True, kw_only=True, tag="deviation.close"):
    """Closes a deviation; critical and major ones with QA of both companies."""

    conclusion: Annotated[Text, ask("conclusion and follow-up", most=2000, long=True)]
    other_batches: Annotated[Text, ask("other batches or products concerned, or why none (21 CFR 211.192)", most=500)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """QA of both for critical and major, one QA for minor."""
        return (Slot(QA),) if criticality(w.here) == "minor" else qa_of_both(w)

    @rule("CLOSE-0", source="domain.md 3")
    def is_open(self, w: World) -> bool:
        """The deviation is closed already."""
        return w.here.state != "closed"

    @rule("CLOSE-7", source="21 CFR 211.192; domain.md 3, step 5")
    def complete(self, w: World) -> bool | str:
        """Something is still missing before it can be closed; see `andon why`."""
        found = in_the_way(w, w.here)
        return not found or "; ".join(one.what for one in found)

    def apply(self, r: Writer) -> None:
        """Close it."""
        r.put("state", "closed")
        r.put("closing", {"conclusion": self.conclusion, "other_batches": self.other_batches, "by": r.by, "at": r.at})


@action(DEVIATION, by=roles("qa", "supervisor"), signed="reopened", says="reopened: {reason}", writes=("state",))
class Reopen(Decision, frozen=True, kw_only=True, tag="deviation.reopen"):
    """Opens a closed deviation again."""

    reason: Annotated[Text, ask("why", most=500)]

    @rule("DEV-2", source="domain.md 3")
    def is_closed(self, w: World) -> bool:
        """Only a closed deviation is reopened."""
        return w.here.state == "closed"

    def apply(self, r: Writer) -> None:
        """Open it again."""
        r.put("state", "open")
