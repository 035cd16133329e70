"""The call sheet: six short screens on which a deviation is talked through, each saved when left (domain.md 3)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from shared.actions.action import ACTIONS, World, Writer, action, anyone, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.sentence import in_words
from shared.kinds.deviation import DEVIATION, OnOpen
from shared.kinds.member import is_time


@action(
    DEVIATION,
    by=anyone,
    says="problem: {problem}; observed {observed}, limit {limit}, from {since}, until {until}",
    writes=("problem", "observed", "limit", "since", "until", "procedure", "justification"),
    sheet="Problem",
)
class Problem(OnOpen, frozen=True, kw_only=True, tag="deviation.problem"):
    """Call sheet, screen 1: defines the problem; procedure and justification may follow."""

    problem: Annotated[Text, ask("what is wrong", most=2000, long=True)] = ""
    observed: Annotated[Text, ask("observed value", most=120)] = ""
    limit: Annotated[Text, ask("limit", most=120)] = ""
    since: Annotated[Time, ask("from", when="past")] = ""
    until: Annotated[Time, ask("until", when="past")] = ""
    procedure: Annotated[Text, ask("procedure departed from", most=120)] = ""
    justification: Annotated[Text, ask("justification (21 CFR 211.100(b))", most=1000, long=True)] = ""

    @rule("TIME-1", source="design.md 3")
    def good_times(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return all(not one or is_time(one) for one in (self.since, self.until))

    def apply(self, r: Writer) -> None:
        """Set what was typed; what was left empty stays as it was."""
        for fact, value in (
            ("problem", self.problem),
            ("observed", self.observed),
            ("limit", self.limit),
            ("procedure", self.procedure),
            ("justification", self.justification),
        ):
            if value:
                r.put(fact, value)
        for fact, time in (("since", self.since), ("until", self.until)):
            if is_time(time):
                r.put(fact, time_of(time))


@action(
    DEVIATION,
    by=anyone,
    says="option: {option} (for: {pro}; against: {con}); {verdict} {why}",
    writes=("options",),
    sheet="Options",
)
class Option(OnOpen, frozen=True, kw_only=True, tag="deviation.option"):
    """Call sheet, screen 2: an option with what speaks for and against it, chosen or not, and why."""

    option: Annotated[Text, ask("option", most=500)]
    pro: Annotated[Text, ask("for", most=500)] = ""
    con: Annotated[Text, ask("against", most=500)] = ""
    verdict: Annotated[Literal["open", "chosen", "not chosen"], ask("chosen?")] = "open"
    why: Annotated[Text, ask("why", most=500)] = ""
    advice: Annotated[Text, ask("on whose advice by telephone", most=40, refs=("member",))] = ""

    def apply(self, r: Writer) -> None:
        """Add the option."""
        r.put(
            "options",
            {
                "option": self.option,
                "pro": self.pro,
                "con": self.con,
                "verdict": self.verdict,
                "why": self.why,
                "advice": self.advice,
            },
        )


@action(DEVIATION, by=anyone, says="time: {spoils} spoils by {by_time}", writes=("urgency",), sheet="Time")
class Urgency(OnOpen, frozen=True, kw_only=True, tag="deviation.urgency"):
    """Call sheet, screen 3: time sensitivity, the product clock: what spoils, and by when."""

    spoils: Annotated[Text, ask("what spoils", most=300)] = ""
    by_time: Annotated[Time, ask("by when", when="coming")] = ""

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return not self.by_time or is_time(self.by_time)

    def apply(self, r: Writer) -> None:
        """Set the product clock; no time means that nothing spoils."""
        r.put("urgency", {"spoils": self.spoils, "by": time_of(self.by_time) if is_time(self.by_time) else None})


@action(DEVIATION, by=anyone, says="escalation: {path}", writes=("path",), sheet="Path")
class Path(OnOpen, frozen=True, kw_only=True, tag="deviation.path"):
    """Call sheet, screen 4: the escalation path."""

    path: Annotated[Text, ask("who decides next, and who after that", most=500)]

    def apply(self, r: Writer) -> None:
        """Set the path."""
        r.put("path", self.path)


@action(DEVIATION, by=anyone, says="audience: {audience}", writes=("audience",), sheet="Audience")
class Audience(OnOpen, frozen=True, kw_only=True, tag="deviation.audience"):
    """Call sheet, screen 5: who must know."""

    audience: Annotated[list[Text], ask("who must know: people or roles")]

    def apply(self, r: Writer) -> None:
        """Add them."""
        r.put("audience", self.audience)


@action(
    DEVIATION,
    by=anyone,
    says="assessed: patient {patient}, attribute {attribute}, parameter {parameter}, equipment {equipment}",
    writes=("assessment",),
    sheet="Questions",
)
class Assess(OnOpen, frozen=True, kw_only=True, tag="deviation.assess"):
    """Call sheet, screen 6: the fixed questions, which propose a criticality; a person decides.

    ICH Q9(R1) asks for fixed criteria.
    """

    patient: Annotated[Literal["no", "possible", "likely"], ask("harm to a patient, also if caught in time")]
    attribute: Annotated[bool, ask("a quality attribute touched")]
    parameter: Annotated[bool, ask("a critical parameter touched")]
    equipment: Annotated[bool, ask("critical equipment touched")]
    other_batches: Annotated[bool, ask("other batches concerned", answered=True)] = False
    distributed: Annotated[bool, ask("distributed product concerned", answered=True)] = False

    def apply(self, r: Writer) -> None:
        """Keep the answers and what they propose (domain.md 1, criticality)."""
        major = self.attribute or self.parameter or self.equipment or self.patient == "possible"
        proposes = "critical" if self.patient == "likely" else "major" if major else "minor"
        r.put(
            "assessment",
            {
                "proposes": proposes,
                "by": self.claimed or r.by,
                "patient": self.patient,
                "attribute": self.attribute,
                "parameter": self.parameter,
                "equipment": self.equipment,
                "other_batches": self.other_batches,
                "distributed": self.distributed,
            },
            key=self.claimed or r.by,
        )


def answers(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the fixed questions as the form asks them, each with what one person answered, from an assessment."""
    return [(one.words, in_words(said[one.name])) for one in ACTIONS["deviation.assess"].fields if one.name in said]
