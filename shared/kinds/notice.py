"""Notices: "I have it". Says nothing else, signs nothing off, and stops the clock of that person's company only."""

from typing import Annotated

from shared.actions.action import Happened, World, Writer, action, anyone, rule
from shared.actions.field import Text, ask
from shared.actions.kind import KINDS
from shared.actions.world import Record
from shared.kinds.contact import is_contact
from shared.kinds.deviation import DEVIATION
from shared.kinds.hold import HOLD

ACKNOWLEDGED = (DEVIATION, HOLD)
"""What is acknowledged first of all; any kind with an `acks` fact will do."""


@action(
    None,
    by=anyone,
    signed="acknowledged",
    says="acknowledged: {claimed} {through} {text}",
    writes=("acks",),
    quiet=True,
)
class Acknowledge(Happened, frozen=True, kw_only=True, tag="notice.acknowledge"):
    """Says "I have it": a member who signs, or a terminal for somebody who says so (a code read out or sent back)."""

    through: Annotated[Text, ask("how it came, if not here: code by mail, page on the phone", most=80)] = ""
    text: Annotated[Text, ask("remark", most=500)] = ""

    @rule("NOTICE-1", source="domain.md 1, acknowledge")
    def has_acks(self, w: World) -> bool:
        """Only a deviation or a hold that is here is acknowledged; choose one from the list, or sync first."""
        return "acks" in KINDS[w.here.kind].facts and w.here.exists

    @rule("NOTICE-2", source="requirement DI-01")
    def somebody(self, w: World) -> bool:
        """With nobody signed in, say which member has it; or sign in and acknowledge yourself."""
        if not w.by.startswith("@"):
            return True
        found = w.get(self.claimed)
        return found.kind == "member" and found.exists

    def apply(self, r: Writer) -> None:
        """Note that this person has it; whoever signs speaks for themselves only."""
        claimed = r.by.startswith("@")
        person = self.claimed if claimed else r.by
        if person:
            how = self.through or ("claimed, not signed" if claimed else "signed")
            r.put("acks", {"at": r.at, "by": r.by, "contact": "", "how": how, "name": ""}, key=person)


def acknowledged(world: World, record: Record) -> dict[str, list[str]]:
    """Who has a record, by company: members' ids, and the contact's id for somebody who is no member.

    An answered call counts for the company of the contact that was called; if who answered is said to be of another
    company, it counts for neither, and both clocks run on.
    """
    found: dict[str, set[str]] = {}
    if "acks" not in KINDS[record.kind].facts:
        return {}
    for _, who, value in record.entries("acks"):
        company = _company(world, who, value["contact"])
        if company:
            found.setdefault(company, set()).add(who)
    return {company: sorted(people) for company, people in sorted(found.items())}


def _company(world: World, who: str, contact: str) -> str:
    member = world.get(who)
    own = str(member.company or "") if member.kind == "member" and member.exists else ""
    if not contact:
        return own
    called = str(world.get(contact).company or "") if is_contact(world, contact) else ""
    return called if who == contact or own == called else ""
