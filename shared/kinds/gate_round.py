"""What happens within a gate: answers to its items, the leads' verdicts, and new rounds."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, Slot, World, Writer, action, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.kinds.gate import GATE, Lead, both_lead, unfit_leads
from shared.kinds.member import is_time
from shared.kinds.readiness import (
    GO,
    NO,
    conditions,
    exceptions,
    open_items,
    present_round,
    state_of,
    uncovered,
    verdicts,
    worsened,
)

ANSWERERS = ("operator", "supervisor", "sme", "qa", "lead", "deputy", "release", "coordinator")
"""Who answers items: all but those who keep the system, steer, or only read (domain.md 2)."""
CONDITION = "go with condition"


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What must still be done for a go, by whom, and until when."""

    text: Annotated[Text, ask("what must be so", most=500)] = ""
    owner: Annotated[Text, ask("who sees to it", most=40, refs=("member",))] = ""
    expires: Annotated[Time, ask("until when", when="coming")] = ""


@action(
    GATE,
    by=roles(*ANSWERERS),
    signed="answered",
    says="answered {item}: {answer}. {reason}",
    writes=("answers", "details", "exceptions"),
)
class Answer(Decision, frozen=True, kw_only=True, tag="gate.answer"):
    """Answers one item.

    Of two answers that did not know of each other the more cautious is shown until somebody answers again.
    """

    item: Annotated[Text, ask("item", most=16, refs=("item",))]
    answer: Annotated[Literal["go", "go with condition", "no-go", "not applicable"], ask("answer")]
    reason: Annotated[Text, ask("why, unless it is a plain go", most=1000, long=True)] = ""
    evidence: Annotated[list[Text], ask("evidence: records or digests", most=50)] = msgspec.field(default_factory=list)
    condition: Annotated[Condition, ask("condition")] = Condition()

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """An item is answered; one that is answered already, anew."""
        return any(one["id"] == given.get("item") for one in w.here.items or [])

    @rule("GATE-4", source="domain.md 7")
    def known(self, w: World) -> bool:
        """The gate has no such item; choose one from its list."""
        return any(one["id"] == self.item for one in w.here.items or [])

    @rule("GATE-5", source="domain.md 7; 21 CFR 211.100(b)")
    def reasoned(self, w: World) -> bool:
        """Any answer but a plain go needs a reason; write it."""
        return self.answer == GO or bool(self.reason.strip())

    @rule("GATE-6", source="domain.md 7")
    def conditional(self, w: World) -> bool:
        """A go with condition, and only that, has one; say what, which member sees to it, and until when."""
        one = self.condition
        if self.answer != CONDITION:
            return one == Condition()
        whole = one.text.strip() and w.person(one.owner).roles and is_time(one.expires)
        return bool(whole) and time_of(one.expires) > w.at

    @staticmethod
    def reminds(w: World, given: Mapping[str, Any]) -> list[str]:
        """What the item asks, for who answers signs for that."""
        found = [one for one in w.here.items or [] if one["id"] == given.get("item")]
        asked = [f"{one['id']}: {one['text']}" for one in found]
        return asked + [f"Evidence asked: {one['evidence']}" for one in found if one.get("evidence")]

    def apply(self, r: Writer) -> None:
        """Answer, with what speaks for it."""
        r.put("answers", self.answer, key=self.item)
        if self.answer != GO:
            r.put("exceptions", self.answer, key=self.item)
        details: dict[str, Any] = {"answer": self.answer, "reason": self.reason, "evidence": self.evidence}
        if self.answer == CONDITION and is_time(self.condition.expires):
            expires = time_of(self.condition.expires)
            details["condition"] = {"text": self.condition.text, "owner": self.condition.owner, "expires": expires}
        r.put("details", {**details, "by": r.by, "at": r.at}, key=self.item)


@action(
    GATE,
    by=roles("lead", "deputy"),
    signed="verdict",
    says="signed {verdict} in round {round}. {reason}",
    writes=("verdicts", "signatures"),
)
class Verdict(Decision, frozen=True, kw_only=True, tag="gate.verdict"):
    """Signs go or no-go on the list as it stands.

    It counts in the present round, for every workstream that the signer leads.
    """

    verdict: Annotated[Literal["go", "no-go"], ask("verdict")]
    round: Annotated[int, ask("round", suggest="present round")]
    covers: Annotated[
        list[Text], ask("answers that were no plain go, by their entries", suggest="list shown", entry=True)
    ] = msgspec.field(default_factory=list)
    reason: Annotated[Text, ask("why, for a no-go", most=1000, long=True)] = ""

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """The list as a whole, and no item of it, is signed."""
        return not given.get("item")

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is left out: the present round, and the list as shown."""
        return {
            "round": present_round(w.here),
            "covers": sorted(entry for entries in exceptions(w.here).values() for entry in entries),
        }

    @rule("GATE-7", source="domain.md 7")
    def present(self, w: World) -> bool | str:
        """Verdicts are signed in the present round only; look at the list again and sign there."""
        now = present_round(w.here)
        return self.round == now or f"round {now} is on"

    @rule("GATE-8", source="domain.md 7")
    def leads(self, w: World) -> bool:
        """Only the leads named for this gate sign its verdict, or their deputies; ask one of them."""
        return any(w.by in {seat["lead"], seat.get("deputy", "")} for seat in w.here.leads or [])

    @rule("GATE-9", source="domain.md 7")
    def reasoned(self, w: World) -> bool:
        """A no-go says why; write it."""
        return self.verdict == GO or bool(self.reason.strip())

    @rule("GATE-11", source="domain.md 7")
    def unblocked(self, w: World) -> bool | str:
        """One no-go blocks the round; clear what it names, then open a new round (gate.round)."""
        said = sorted(person for person, verdict in verdicts(w.here, self.round).items() if verdict == NO)
        return self.verdict == NO or not said or f"no-go of {', '.join(said)}"

    @rule("GATE-12", source="domain.md 7; 21 CFR 11.70")
    def one_list(self, w: World) -> bool | str:
        """All sign one list, and an answer became worse since it was signed or shown; open a new round, sign there."""
        again = sorted({*uncovered(w.here, self.covers), *worsened(w.here, self.round)})
        return self.verdict == NO or not again or ", ".join(again)

    @rule("GATE-10", source="domain.md 7")
    def answered(self, w: World) -> bool | str:
        """A go needs every item answered, none with no-go, and no condition that has run out; answer these first."""
        late = [one["item"] for one in conditions(w.here) if one["expires"] <= w.at]
        left = sorted({*(one["id"] for one, _ in open_items(w.here)), *late})
        return self.verdict == NO or not left or ", ".join(left)

    def apply(self, r: Writer) -> None:
        """Sign, with the list that was shown."""
        key = f"{self.round}/{r.by}"
        r.put("verdicts", self.verdict, key=key)
        signature = {"round": self.round, "verdict": self.verdict, "covers": self.covers, "reason": self.reason}
        r.put("signatures", {**signature, "by": r.by, "at": r.at}, key=key)


@action(
    GATE,
    by=roles("lead", "deputy", "coordinator", "qa"),
    signed="approved",
    says="opened round {round}: {reason}",
    writes=("rounds", "leads"),
)
class NewRound(Decision, frozen=True, kw_only=True, tag="gate.round"):
    """Opens a new round after a no-go, or after an answer became worse.

    It may name other leads from now on, which both companies sign.
    """

    reason: Annotated[Text, ask("why", most=1000, long=True)]
    round: Annotated[int, ask("number of the new round", suggest="next round")]
    leads: Annotated[list[Lead], ask("other leads from now on; none to keep them", most=100)] = msgspec.field(
        default_factory=list
    )

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Other leads need a lead or coordinator of each company, and QA; a new round alone needs nobody else."""
        return both_lead(w) if self.leads else ()

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is left out: the number after the present round's."""
        return {"round": present_round(w.here) + 1}

    @rule("GATE-13", source="domain.md 7")
    def next_one(self, w: World) -> bool | str:
        """A new round has the number after the present one's; look which round is on."""
        # The same number again, of two people who open it without knowing of each other, is one and the same round.
        now = present_round(w.here)
        return (self.round > 1 and self.round in {now, now + 1}) or f"round {now} is on"

    @rule("GATE-14", source="domain.md 7")
    def called_for(self, w: World) -> bool:
        """A new round follows a no-go, a worse answer, or a change of leads; sign in the round that is on."""
        return bool(self.leads) or state_of(w.here, self.round - 1) in {NO, "unsigned"}

    @rule("GATE-3", source="domain.md 7; requirement Q10-02")
    def led(self, w: World) -> bool | str:
        """Each workstream needs one accountable lead of each company, and items known owners; name them."""
        problem = unfit_leads(w, self.leads, {one["workstream"] for one in w.here.items or []}) if self.leads else ""
        return problem == "" or problem

    def apply(self, r: Writer) -> None:
        """Begin the round."""
        r.put("rounds", {"round": self.round, "at": r.at, "by": r.by, "reason": self.reason})
        if self.leads:
            r.put("leads", msgspec.to_builtins(self.leads))
