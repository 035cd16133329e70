"""The second person: one confirmation, decline or withdrawal for every joint act (design.md 1, idea 7).

What these entries do to the act they name, whatever its kind, is the fold's work (shared/fold/joint.py); here stands
who may say so, and when.
"""

from typing import Annotated

from shared.actions.action import Decision, World, Writer, action, any_member, roles, rule
from shared.actions.field import Text, ask
from shared.actions.world import Proposal


class Spoken(Decision, frozen=True, kw_only=True):
    """What is common to them: the entry spoken to, by id."""

    of: Annotated[Text, ask("the entry, by its id", most=64, entry=True)]

    @rule("CONF-1", source="design.md 4")
    def known(self, w: World) -> bool:
        """There is no such proposal on this record here; choose one from the list, or sync first."""
        found = w.proposal(self.of)
        return found.state != "unknown" and found.record == w.here.id

    def apply(self, r: Writer) -> None:
        """Nothing of its own: the act that it names follows."""


def still_open(found: Proposal) -> bool | str:
    """Whether a proposal still waits; otherwise what became of it."""
    return found.state in {"waiting", "unknown"} or f"the proposal is {found.state}"


@action(None, by=any_member, signed="confirmed", says="confirmed {of}", writes=())
class Confirm(Spoken, frozen=True, kw_only=True, tag="entry.confirm"):
    """Signs what somebody proposed; it takes effect when enough have confirmed."""

    @rule("CONF-2", source="21 CFR 11.200(a)(3); domain.md 2")
    def another(self, w: World) -> bool:
        """Two people are two people: who proposed or confirmed it cannot confirm it again; ask somebody else."""
        return w.by not in w.proposal(self.of).signers

    @rule("CONF-4", source="design.md 4")
    def waiting(self, w: World) -> bool | str:
        """Only a proposal that waits can be confirmed; after a decline, withdrawal or expiry propose it anew."""
        return still_open(w.proposal(self.of))

    @rule("CONF-3", source="21 CFR 11.10(g)")
    def fits(self, w: World) -> bool | str:
        """It needs somebody else to confirm; ask one of those named."""
        found = w.proposal(self.of)
        return found.state != "waiting" or found.fits or f"needs {', '.join(found.open)}"

    @rule("CONF-5", source="design.md 4")
    def still_allowed(self, w: World) -> bool | str:
        """What was proposed is no longer allowed; decline it, or clear what stands in the way."""
        found = w.proposal(self.of)
        return not found.refusal or found.refusal


@action(None, by=any_member, signed="declined", says="declined {of}: {reason}", writes=())
class Decline(Spoken, frozen=True, kw_only=True, tag="entry.decline"):
    """Refuses what somebody proposed; it then needs a new proposal."""

    reason: Annotated[Text, ask("why not", most=500)]

    @rule("CONF-6", source="design.md 4")
    def waiting(self, w: World) -> bool | str:
        """Only a proposal that waits can be declined; undo what is done by a new action."""
        return still_open(w.proposal(self.of))

    @rule("CONF-3", source="21 CFR 11.10(g)")
    def fits(self, w: World) -> bool | str:
        """It needs somebody else to confirm; ask one of those named."""
        found = w.proposal(self.of)
        return found.state != "waiting" or found.fits or f"needs {', '.join(found.open)}"


@action(None, by=any_member, signed="withdrawn", says="withdrew {of}: {reason}", writes=())
class Withdraw(Spoken, frozen=True, kw_only=True, tag="entry.withdraw"):
    """Takes one's own proposal back."""

    reason: Annotated[Text, ask("why", most=500)]

    @rule("CONF-7", source="design.md 4")
    def own(self, w: World) -> bool | str:
        """Only who proposed it can withdraw it, and only while it waits; others decline it."""
        found = w.proposal(self.of)
        return still_open(found) if found.author == w.by else False


@action(
    None,
    by=roles("qa"),
    signed="accepted",
    says="accepted {of}, made before its author's right was known to be revoked: {reason}",
    writes=(),
)
class Accept(Decision, frozen=True, kw_only=True, tag="entry.accept"):
    """Lets an act count whose author had been revoked, neither knowing of the other."""

    of: Annotated[Text, ask("the entry, by its id", most=64, entry=True)]
    reason: Annotated[Text, ask("why it may count", most=500)]

    @rule("WHO-7", source="design.md 4, Roster; research/security.md 7, row 6")
    def second_person(self, w: World) -> bool:
        """Only an act that does not count is accepted, by another QA person of its author's company."""
        found = w.proposal(self.of)
        return (
            found.state == "uncounted"
            and found.record == w.here.id
            and found.company == w.me.company
            and found.author != w.by
        )

    def apply(self, r: Writer) -> None:
        """Nothing of its own: the act that it names follows."""
