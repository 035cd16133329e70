"""Calls: what became of telephoning a contact. Answered, it acknowledges for that person, witnessed by the caller."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from shared.actions.action import Happened, World, Writer, action, anyone, rule
from shared.actions.field import Text, ask
from shared.actions.kind import KINDS
from shared.kinds.contact import in_force, is_contact
from shared.kinds.deviation import DEVIATION
from shared.kinds.hold import HOLD
from shared.kinds.terminal import TERMINAL

Outcome = Literal["answered", "no answer", "busy", "cannot come", "wrong number"]
TELEPHONE = "by telephone, witnessed by the caller"
"""How an answered call acknowledges."""
CALLED_ABOUT = (DEVIATION, HOLD, TERMINAL)
"""Where calls are kept first of all; any kind with a `calls` fact will do."""


@action(
    None,
    by=anyone,
    says="called {contact} (number {number}): {outcome} {person} {name}; {text} {readback}",
    writes=("calls", "acks"),
    quiet=True,
)
class Log(Happened, frozen=True, kw_only=True, tag="call.log"):
    """Logs a call: on the deviation or hold that it was about, or on the terminal's own record when nothing is open."""

    contact: Annotated[Text, ask("contact that was called", most=40, refs=("contact",))]
    outcome: Annotated[Outcome, ask("what became of it")]
    person: Annotated[Text, ask("member who answered", most=40, refs=("member",), suggest="contact")] = ""
    name: Annotated[Text, ask("name of who answered, if not a member", most=100)] = ""
    text: Annotated[Text, ask("what was said", most=1000, long=True)] = ""
    readback: Annotated[Text, ask("the three words that were read back", most=60)] = ""
    number: Annotated[Text, ask("which of the contact's numbers, 1 for the first", most=4)] = ""

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """Who answered is whom the contact stands for, unless another name is given."""
        contact = str(given.get("contact", ""))
        if given.get("outcome") != "answered" or given.get("name") or not is_contact(w, contact):
            return {}
        found = in_force(w.get(contact), w.at)
        return {"person": found.card["person"]} if found and found.card.get("person") else {}

    @rule("CALL-1", source="domain.md 3, step 3")
    def keeps_calls(self, w: World) -> bool:
        """Calls are logged on a deviation or hold, or on the terminal when nothing is open; choose one that is here."""
        return "calls" in KINDS[w.here.kind].facts and w.here.exists

    @rule("CALL-2", source="domain.md 3, step 3")
    def known_contact(self, w: World) -> bool:
        """There is no such contact in this copy of the call tree; choose one from it, or say why you called another."""
        return is_contact(w, self.contact)

    @rule("CALL-3", source="domain.md 3, step 3; requirement DI-01")
    def somebody_answered(self, w: World) -> bool:
        """An answered call needs the person who answered: choose the member, or type the name."""
        return self.outcome != "answered" or bool(self.person or self.name.strip(" \n"))

    @rule("CALL-4", source="domain.md 3, step 3")
    def of_that_company(self, w: World) -> bool:
        """Who answered is no member of the contact's company, so no clock stops; choose that person's own contact."""
        if not self.person or not is_contact(w, self.contact):
            return True
        found = w.get(self.person)
        return bool(found.kind == "member" and found.exists and found.company == w.get(self.contact).company)

    def apply(self, r: Writer) -> None:
        """Keep the call; if somebody answered, that person has acknowledged."""
        by = self.claimed or r.by
        call = {
            "at": r.at,
            "by": by,
            "contact": self.contact,
            "name": self.name,
            "outcome": self.outcome,
            "person": self.person,
            "readback": self.readback,
            "text": self.text,
        }
        if self.number:  # its place only: the number itself stays outside the log, where it can be erased
            call["number"] = self.number
        r.put("calls", call)
        if self.outcome == "answered" and (self.person or self.name.strip(" \n")):
            ack = {"at": r.at, "by": by, "contact": self.contact, "how": TELEPHONE, "name": self.name}
            # Somebody who is no member has no id; the contact stands for them, and cannot be a member's id.
            r.put("acks", ack, key=self.person or self.contact)
