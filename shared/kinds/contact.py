"""Contacts: whom to call, for which expertise, from when on. The numbers themselves stay outside the log (design.md 3).

A card counts from its `start`; the latest that has come is in force, and two of the same start that did not know of
each other contest. Cards of different starts stand side by side: one entered ahead does not end the present one.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import msgspec

from shared.actions.action import Decision, World, Writer, action, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import constant, effective, shown, single, union
from shared.actions.world import Record
from shared.kinds.hours import is_zone
from shared.kinds.member import is_time
from shared.kinds.reasoned import Reasoned
from shared.log.canonical import is_b64

KEEPERS = roles("coordinator", "qa", "supervisor")
"""Who keeps the call tree."""
DIGEST = "sha256:"
"""What the digest of a blob starts with, before SHA-256(salt | text) in base64url."""
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

CONTACT = kind(
    "contact",
    "CON",
    "Somebody to call: a member, or a person or hotline of a company, with fields of expertise.",
    facts={
        "company": constant(index=True),
        "state": single(index=True),
        "card": effective(per="start"),
        "fields": union(index=True),
    },
    columns={
        "title": Column("name", lambda r: _latest(r).get("name", ""), width=16),
        "state": Column("state", lambda r: r.state),
        "numbers": Column("numbers", lambda r: list(_numbers(r)), width=25, blobs=True),
        "company": Column("company", lambda r: r.company, width=8),
        "person": Column("member", lambda r: _latest(r).get("person", "")),
        "expertise": Column("expertise", lambda r: _latest(r).get("expertise", [])),
        "zone": Column("zone", lambda r: _latest(r).get("zone", "")),
        "languages": Column("languages", lambda r: _latest(r).get("languages", [])),
        "from": Column("from", lambda r: _latest(r).get("from"), time=True),
    },
    tones={"retired": "faint"},
    first=("numbers", "expertise", "company", "person", "languages", "zone", "from"),
    called="title",
)


class InForce(NamedTuple):
    """The card in force, and every number digest of its start: more than one where the card is contested."""

    card: dict[str, Any]
    numbers: tuple[str, ...]


def in_force(contact: Record, now_ms: int) -> InForce | None:
    """A contact's card at a time (ms), None before its first has come."""
    values = [value for _, _, value in contact.entries("card")]
    card = shown(CONTACT.facts["card"], values, now_ms)
    if card is None:
        return None
    others = sorted({one["numbers"] for one in values if one["from"] == card["from"]} - {card["numbers"]})
    return InForce(card, (card["numbers"], *others))


def field_key(expertise: str) -> str:
    """A field of expertise as it is compared: small letters (ASCII only: Unicode versions differ), single spaces."""
    return " ".join(part for part in expertise.translate(_LOWER).split(" ") if part)


def is_digest(text: str) -> bool:
    """Whether this is the digest of a blob, `sha256:` and 32 bytes in base64url."""
    return text.startswith(DIGEST) and is_b64(text.removeprefix(DIGEST), 32)


def is_contact(w: World, contact: str) -> bool:
    """Whether a view holds a contact of this id, retired or not."""
    found = w.get(contact)
    return found.kind == CONTACT.name and found.exists


def _latest(contact: Record) -> dict[str, Any]:
    return max((one for one in contact.card.values() if one), key=lambda one: one["from"], default={})


def _numbers(contact: Record) -> tuple[str, ...]:
    """The digests of the numbers of the card that has come last; before any has, of the first to come."""
    first = min((one["from"] for _, _, one in contact.entries("card")), default=0)
    found = in_force(contact, _latest(contact).get("from", first))
    return found.numbers if found else ()


class OfCard(Decision, frozen=True, kw_only=True):
    """A whole card: who it is, what for, how to reach them, from when on."""

    name: Annotated[Text, ask("name, as the person who answers will say it", most=100)]
    person: Annotated[Text, ask("member, if they are one", most=40, refs=("member",))] = ""
    expertise: Annotated[list[Text], ask("fields of expertise")] = msgspec.field(default_factory=list)
    numbers: Annotated[Text, ask("numbers, in the order to try", most=300, blob=True)]
    zone: Annotated[Text, ask("zone they live in, like Europe/Paris", most=64)] = ""
    languages: Annotated[list[Text], ask("languages")] = msgspec.field(default_factory=list)
    start: Annotated[Time, ask("from", suggest="now")]

    @rule("CON-5", source="domain.md 3, step 3")
    def has_name(self, w: World) -> bool:
        """A contact needs a name that can be asked for; a hotline's or a desk's will do."""
        return bool(self.name.strip(" \n"))

    @rule("CON-2", source="design.md 3; research/security.md 8")
    def numbers_outside(self, w: World) -> bool:
        """Numbers never stand in the log, only their digest; type them into the form, which keeps them outside."""
        return is_digest(self.numbers)

    @rule("ZONE-1", source="domain.md 1")
    def good_zone(self, w: World) -> bool:
        """The zone must be a name like Europe/Paris."""
        return not self.zone or is_zone(self.zone)

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.start)

    def put_card(self, r: Writer) -> None:
        """Add the card, and make it found by each field of expertise."""
        start = time_of(self.start)
        # Keys in their order, here and in every kept table: which of two values is shown must not depend on spelling.
        card = {
            "expertise": self.expertise,
            "from": start,
            "languages": self.languages,
            "name": self.name,
            "numbers": self.numbers,
            "person": self.person,
            "zone": self.zone,
        }
        r.put("card", card, key=str(start))
        for field in dict.fromkeys(field_key(one) for one in self.expertise):
            r.put("fields", field)


def _of_company(w: World, person: str, company: str) -> bool:
    found = w.get(person)
    return bool(found.kind == "member" and found.exists and found.company == company)


@action(
    CONTACT,
    by=KEEPERS,
    signed="approved",
    creates=True,
    says="entered the contact {name} {person} of {company} for {expertise} from {start} on",
    writes=("company", "state", "card", "fields"),
)
class Set(OfCard, frozen=True, kw_only=True, tag="contact.set"):
    """Enters somebody to call."""

    company: Annotated[Text, ask("company code, or the name of a third party", most=60)]

    @rule("CON-1", source="domain.md 3, step 3")
    def known_person(self, w: World) -> bool:
        """The member is not known here, or belongs to another company; leave it empty for somebody who is none."""
        return not self.person or _of_company(w, self.person, self.company)

    @rule("CON-6", source="domain.md 3, step 6")
    def has_company(self, w: World) -> bool:
        """A contact belongs to a company: whose clock stops depends on it; type its code, or a third party's name."""
        return bool(self.company.strip(" \n"))

    def apply(self, r: Writer) -> None:
        """Enter the contact with its first card."""
        r.put("company", self.company)
        r.put("state", "active")
        self.put_card(r)


@action(
    CONTACT,
    by=KEEPERS,
    signed="approved",
    says="changed the contact from {start} on: {name} {person} for {expertise}; {reason}",
    writes=("card", "fields"),
)
class Change(OfCard, frozen=True, kw_only=True, tag="contact.change"):
    """Changes a contact from a time on; the whole card is given, the form starts with the present one."""

    reason: Annotated[Text, ask("why", most=300)]
    says_why = Reasoned.says_why  # the rule alone: a struct has one base

    @staticmethod
    def starts_with(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a form starts with: the card in force, else the latest, field by field."""
        found = in_force(w.here, w.at) if w.here.exists else None
        card = (found.card if found else None) or (_latest(w.here) if w.here.exists else {})
        names = ("name", "person", "expertise", "numbers", "zone", "languages")
        return {name: card[name] for name in names if card.get(name)}

    @rule("CON-1", source="domain.md 3, step 3")
    def known_person(self, w: World) -> bool:
        """The member is not known here, or belongs to another company; leave it empty for somebody who is none."""
        return not self.person or _of_company(w, self.person, w.here.company or "")

    @rule("CON-3", source="domain.md 3, step 3")
    def not_retired(self, w: World) -> bool:
        """This contact is retired; enter a new one."""
        return bool(w.here.state == "active")

    def apply(self, r: Writer) -> None:
        """Add the card."""
        self.put_card(r)


@action(CONTACT, by=KEEPERS, signed="approved", says="retired the contact: {reason}", writes=("state",))
class Retire(Reasoned, frozen=True, kw_only=True, tag="contact.retire"):
    """Takes a contact out of the call tree; what was covered by it is covered no more."""

    @rule("CON-4", source="domain.md 3, step 3")
    def active(self, w: World) -> bool:
        """This contact is retired already."""
        return bool(w.here.state == "active")

    def apply(self, r: Writer) -> None:
        """Retire it."""
        r.put("state", "retired")
