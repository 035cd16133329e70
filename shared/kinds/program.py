"""The program: the two companies, the product, and the agreement between them.

One record, `PROGRAM`, begins the log.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, Newcomer, Slot, World, Writer, action, only_terminal, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import cautious, effective, single, text
from shared.actions.terms import Terms
from shared.kinds.member import good_key, is_time, put_key, two_officers
from shared.kinds.rating import qa_of_both
from shared.kinds.terminal import ENROLLED

PROGRAM = kind(
    "program",
    "",
    "One sponsor, one CDMO, one product: the log of two companies.",
    facts={
        "product": text(),
        "patients": text(),
        "companies": single(per="company"),
        "host": single(),
        "log_key": single(),
        "recovery": single(per="company"),
        "state": cautious("founded", "proposed"),
        "terms": effective(),
    },
    columns={
        "title": Column("product", lambda r: r.product),
        "state": Column("state", lambda r: r.state),
        "patients": Column("patients", lambda r: r.patients),
        "companies": Column("companies", lambda r: sorted(r.companies)),
        "host": Column("server", lambda r: r.host),
    },
    quiet=True,
    roster=True,
    tones={"proposed": "warn"},
)
FEWEST_OFFICERS = 2
OFFICER = frozenset({"identity"})
_MEMBER_FACTS = ("name", "company", "state", "roles", "key", "keys", "publics", "identity", "accountable")


class Company(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One company: its code in all records, its printed name, its part in the program, its cold recovery key."""

    code: Annotated[Text, ask("company code", most=16)]
    name: Annotated[Text, ask("printed name", most=100)]
    part: Annotated[Literal["sponsor", "cdmo"], ask("sponsor or CDMO")]
    recovery: Annotated[Text, ask("public key of the cold recovery key", most=64)] = ""


class Officer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One identity officer: person id, printed name, company code, public key, how the identity was checked."""

    id: Annotated[Text, ask("person id", most=32)]
    name: Annotated[Text, ask("printed name", most=100)]
    company: Annotated[Text, ask("company code", most=16)]
    public: Annotated[Text, ask("public key", most=64)]
    checked: Annotated[Text, ask("how the identity was checked, by whom and when (21 CFR 11.100(b))", most=300)]


def _newcomers(officers: list[Officer]) -> dict[str, Newcomer]:
    return {one.id: Newcomer(one.company, OFFICER, one.public) for one in officers}


def _sound(companies: list[Company], officers: list[Officer]) -> bool:
    ids, publics = {one.id for one in officers}, {one.public for one in officers}
    enough = all(sum(one.company == company.code for one in officers) >= FEWEST_OFFICERS for company in companies)
    return (
        enough
        and len(ids) == len(publics) == len(officers)
        and {one.company for one in officers} <= {company.code for company in companies}
        and len({company.code for company in companies})
        == len({company.part for company in companies})
        == len(companies)
        and all(good_key(one.public) and one.id == one.id.lower() for one in officers)
    )


def _enter(r: Writer, companies: list[Company], officers: list[Officer]) -> None:
    for company in companies:
        r.put("companies", {"name": company.name, "part": company.part}, key=company.code)
        if company.recovery:
            r.put("recovery", company.recovery, key=company.code)
    for one in officers:
        r.make(one.id)
        r.put("name", one.name, record=one.id)
        r.put("company", one.company, record=one.id)
        r.put("state", "active", record=one.id)
        r.put("roles", "granted", key="identity", record=one.id)
        r.put("identity", one.checked, record=one.id)
        r.put("accountable", r.at, record=one.id)
        put_key(r, one.public, one.id)


@action(
    PROGRAM,
    by=only_terminal,
    creates=True,
    says="founded the program for {product}",
    writes=("product", "patients", "companies", "host", "log_key", "recovery", *_MEMBER_FACTS, *ENROLLED),
)
class Found(Decision, frozen=True, kw_only=True, tag="program.found"):
    """Begins a program: its companies, identity officers, first terminal and log key.

    All officers named sign it by confirming.
    """

    product: Annotated[Text, ask("product", most=100)]
    patients: Annotated[Text, ask("whom it is for, in one line", most=300)] = ""
    companies: Annotated[list[Company], ask("companies: code, name, part, recovery key")]
    officers: Annotated[list[Officer], ask("identity officers, two or more of each company")]
    terminal: Annotated[Text, ask("code of the first terminal", most=8)]
    company: Annotated[Text, ask("company of the first terminal", most=16)]
    site: Annotated[Text, ask("site of the first terminal", most=60)]
    public: Annotated[Text, ask("public key of the first terminal", most=64)]
    log_key: Annotated[Text, ask("the log's public key", most=200)]
    host: Annotated[Text, ask("address of the server that orders the log", most=200)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Every officer named."""
        return tuple(Slot(names=frozenset({one.id})) for one in self.officers)

    def introduces(self) -> dict[str, Newcomer]:
        """The officers and the first terminal."""
        return {**_newcomers(self.officers), f"@{self.terminal}": Newcomer(self.company, frozenset(), self.public)}

    @rule("PRG-2", source="design.md 6")
    def sound(self, w: World) -> bool:
        """A program begins its log; name one or two companies, two officers each, with different ids and good keys."""
        return (
            not w.here.exists
            and w.by == f"@{self.terminal}"
            and good_key(self.public)
            and _sound(self.companies, self.officers)
        )

    def apply(self, r: Writer) -> None:
        """Enter companies, officers and the first terminal."""
        r.put("product", self.product)
        r.put("patients", self.patients)
        r.put("host", self.host)
        r.put("log_key", self.log_key)
        r.put("state", "founded")
        _enter(r, self.companies, self.officers)
        r.make(self.terminal)
        r.put("company", self.company, record=self.terminal)
        r.put("site", self.site, record=self.terminal)
        r.put("state", "active", record=self.terminal)
        put_key(r, self.public, self.terminal)


@action(
    PROGRAM,
    by=roles("identity"),
    signed="joined",
    says="brought {company} into the program",
    writes=("companies", "recovery", *_MEMBER_FACTS),
)
class CompanyJoin(Decision, frozen=True, kw_only=True, tag="company.join"):
    """Brings the second company in.

    An officer of the first proposes it; a second one and all officers named of the new one confirm.
    """

    company: Annotated[Company, ask("the company: code, name, part, recovery key")]
    officers: Annotated[list[Officer], ask("its identity officers, two or more")]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """Two officers of the company that is there, and every officer named of the new one."""
        return (*two_officers(w.me.company), *(Slot(names=frozenset({one.id})) for one in self.officers))

    def introduces(self) -> dict[str, Newcomer]:
        """The new company's officers."""
        return _newcomers(self.officers)

    @rule("PRG-3", source="design.md 1, idea 1")
    def second(self, w: World) -> bool:
        """One sponsor, one CDMO; the new company needs a code and part of its own, and two officers with new ids."""
        there = w.here.companies
        return (
            len(there) == 1
            and self.company.code not in there
            and self.company.part not in {one["part"] for one in there.values()}
            and _sound([self.company], self.officers)
            and not any(w.get(one.id).exists for one in self.officers)
        )

    def apply(self, r: Writer) -> None:
        """Enter the company and its officers."""
        _enter(r, [self.company], self.officers)


@action(PROGRAM, by=roles("qa"), signed="agreed", says="set the agreement from {start} on: {reason}", writes=("terms",))
class AgreementSet(Decision, frozen=True, kw_only=True, tag="agreement.set"):
    """Sets who lifts, rates and releases, and the clocks, from a time on; QA of both companies sign."""

    terms: Annotated[Terms, ask("terms; what is left out has its default")]
    start: Annotated[Time, ask("in force from", suggest="now")]
    reason: Annotated[Text, ask("why", most=300)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """QA of both companies."""
        return qa_of_both(w)

    @staticmethod
    def starts_with(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a form starts with: the terms in force."""
        return {"terms": msgspec.to_builtins(w.terms)}

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.start)

    def apply(self, r: Writer) -> None:
        """Add the version with its time."""
        r.put("terms", {"from": time_of(self.start), "terms": msgspec.to_builtins(self.terms)})
