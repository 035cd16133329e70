"""Gates: go or no-go before a phase, on a checklist, in rounds, signed by the leads of both companies (domain.md 7)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, Slot, World, Writer, action, roles, rule
from shared.actions.field import Text, Time, ask
from shared.actions.kind import Column, kind
from shared.actions.merge import constant, single, union
from shared.actions.world import Record
from shared.kinds.member import is_time
from shared.kinds.readiness import (
    ANSWERS,
    VERDICTS,
    conditions,
    forecast,
    in_the_way,
    missing_seats,
    open_items,
    present_round,
    sign_for,
    state_of,
    worsened,
)
from shared.kinds.template import Run, in_force, needed

Phase = Literal[
    "technical transfer",
    "facility and suite start-up",
    "SOPs",
    "operational readiness",
    "batch records",
    "process characterisation",
    "analytical development",
    "stability",
    Run,
]
LEADING = frozenset({"lead", "coordinator"})
MOST_ITEMS = 300

GATE = kind(
    "gate",
    "GAT",
    "A go or no-go decision before a phase, resting on a checklist.",
    facts={
        "phase": constant(index=True),
        "name": constant(),
        "template": constant(),
        "version": constant(),
        "items": constant(),
        "opened": constant(),
        "leads": single(),
        "rounds": union(),
        "answers": ANSWERS,
        "details": single(per="item"),
        "exceptions": union(),
        "verdicts": VERDICTS,
        "signatures": single(per="round and person"),
    },
    columns={
        "title": Column("gate", lambda r: r.name),
        "state": Column("state", state_of),
        "phase": Column("phase", lambda r: r.phase),
        "round": Column("round", present_round, width=5),
        "answered": Column("answered", lambda r: len(r.answers), width=8),
        "total": Column("items", lambda r: len(r.items or []), brief="of", width=5),
        "open": Column("open items", lambda r: [one["id"] for one, _ in open_items(r)]),
        "recheck": Column("to recheck", worsened),
        "conditions": Column("with condition", lambda r: sorted({one["item"] for one in conditions(r)})),
        "missing": Column(
            "signatures missing",
            lambda r: [f"{one['workstream']} of {one['company']}: {sign_for(one)}" for one in missing_seats(r)],
        ),
        "forecast": Column("between you and go", forecast, width=40),
        "template": Column("checklist", lambda r: r.template),
        "version": Column("its version", lambda r: r.version),
        "company": Column("company", lambda r: (r.opened or {}).get("company"), width=8),
    },
    blockers=in_the_way,
    toward="go",
    tones={"open": "warn", "no-go": "bad", "unsigned": "warn", "go": "good"},
    first=("round", "answered", "total", "forecast"),
)


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One item as frozen when the gate is opened: the checklist's words, with owner and due time."""

    id: Annotated[Text, ask("id", most=16)]
    area: Annotated[Text, ask("area", most=60)]
    text: Annotated[Text, ask("requirement", most=300)]
    workstream: Annotated[Text, ask("workstream that owns it", most=40)]
    need: Annotated[Literal["required", "optional"], ask("required or optional")] = "required"
    evidence: Annotated[Text, ask("evidence asked", most=200)] = ""
    owner: Annotated[Text, ask("who answers it", most=40, refs=("member",))] = ""
    due: Annotated[Time, ask("until when", when="coming")] = ""


class Lead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who is accountable for one workstream at one company, and who deputises."""

    workstream: Annotated[Text, ask("workstream", most=40)]
    company: Annotated[Text, ask("company code", most=16)]
    lead: Annotated[Text, ask("accountable person", most=40, refs=("member",))]
    deputy: Annotated[Text, ask("deputy", most=40, refs=("member",))] = ""


def items_for(template: Record, phase: str, owner: str = "", due: str = "") -> list[dict[str, Any]]:
    """What a checklist in force requires or offers for a phase, as `gate.open` takes it, with this owner and due."""
    found = []
    for one in in_force(template).get("items", []):
        need = needed(one, phase)
        if need != "not needed":
            words = {key: one[key] for key in ("id", "area", "text", "workstream", "evidence") if key in one}
            found.append({**words, "need": need} | ({"owner": owner} if owner else {}) | ({"due": due} if due else {}))
    return found


def both_lead(w: World) -> tuple[Slot, ...]:
    """A lead or coordinator of each company, and QA of either."""
    leading = tuple(Slot(LEADING, company) for company in sorted(w.get("PROGRAM").companies))
    return (*leading, Slot(frozenset({"qa"})))


def unfit_leads(w: World, leads: list[Lead], workstreams: set[str]) -> str:
    """What is wrong with a list of leads, in words; "" for nothing.

    Each workstream has exactly one accountable lead of each company, who holds the role; deputies are other people.
    """
    companies = set(w.get("PROGRAM").companies)
    seats = [(one.workstream, one.company) for one in leads]
    wanted = {(workstream, company) for workstream in workstreams for company in companies}
    without = sorted(wanted - set(seats))
    if without:
        return "no lead for " + ", ".join(f"{workstream} of {company}" for workstream, company in without)
    if len(set(seats)) < len(seats) or any(company not in companies for _, company in seats):
        return "a workstream stands twice, or for a company that is not of the program"
    for one in leads:
        for person in (one.lead, one.deputy) if one.deputy else (one.lead,):
            known = w.person(person)
            if known.company != one.company or not known.roles & {"lead", "deputy"} or one.lead == one.deputy:
                return f"{person or 'nobody'} cannot stand for {one.workstream} of {one.company}"
    return "" if leads else "nobody is named"


@action(
    GATE,
    by=roles("lead", "coordinator", "qa"),
    signed="approved",
    creates=True,
    says="opened the gate {name} for {phase}",
    writes=("phase", "name", "template", "version", "items", "opened", "leads", "rounds"),
)
class Open(Decision, frozen=True, kw_only=True, tag="gate.open"):
    """Opens a gate: its requirements, reviewed and signed by a lead or coordinator of both companies and by QA."""

    name: Annotated[Text, ask("name of the gate", most=100)]
    phase: Annotated[Phase, ask("phase that it is before")]
    template: Annotated[Text, ask("checklist", most=40, refs=("template",))]
    version: Annotated[Text, ask("version of the checklist", most=20, suggest="version in force")]
    items: Annotated[list[Item], ask("items with owner and due", most=MOST_ITEMS, suggest="checklist in force")]
    leads: Annotated[list[Lead], ask("accountable lead and deputy of each workstream, of both companies", most=100)]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """A lead or coordinator of each company, and QA."""
        return both_lead(w)

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is left out: the version in force of the checklist named, and its items for the phase named."""
        template = w.get(str(given.get("template", "")))
        if template.kind != "template":
            return {}
        return {
            "version": in_force(template).get("version", ""),
            "items": items_for(template, str(given.get("phase", ""))),
        }

    @staticmethod
    def starts_with(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a form starts with: a seat for each workstream that owns an item, at each company."""
        template = w.get(str(given.get("template", "")))
        items = items_for(template, str(given.get("phase", ""))) if template.kind == "template" else []
        streams = dict.fromkeys(str(one["workstream"]) for one in items)
        companies = sorted(w.get("PROGRAM").companies)
        return {"leads": [{"workstream": one, "company": each} for one in streams for each in companies]}

    @rule("GATE-2", source="domain.md 7")
    def from_checklist(self, w: World) -> bool | str:
        """A gate asks what its checklist in force asks, all that is required; take the items from there."""
        template = w.get(self.template)
        known = in_force(template) if template.kind == "template" else {}
        if not known or known["version"] != self.version:
            return f"version {self.version or '(none)'} of {self.template or '(no checklist)'} is not in force"
        asked = {one["id"]: one for one in known["items"]}
        own = {one.id: one for one in self.items}
        left_out = sorted(id_ for id_, one in asked.items() if needed(one, self.phase) == "required" and id_ not in own)
        other = sorted(id_ for id_, one in own.items() if not same_item(one, asked.get(id_), self.phase))
        if left_out or other or len(own) < len(self.items) or not own:
            return f"left out: {', '.join(left_out) or 'none'}; not as in the checklist: {', '.join(other) or 'none'}"
        return True

    @rule("GATE-3", source="domain.md 7; requirement Q10-02")
    def led(self, w: World) -> bool | str:
        """Each workstream needs one accountable lead of each company, and items known owners; name them."""
        strangers = sorted({one.owner for one in self.items if one.owner and not w.person(one.owner).roles})
        problem = unfit_leads(w, self.leads, {one.workstream for one in self.items})
        return not (problem or strangers) or problem or f"not a member: {', '.join(strangers)}"

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return all(not one.due or is_time(one.due) for one in self.items)

    def apply(self, r: Writer) -> None:
        """Freeze the items and begin round 1."""
        r.put("phase", self.phase)
        r.put("name", self.name)
        r.put("template", self.template)
        r.put("version", self.version)
        r.put("items", msgspec.to_builtins(self.items))
        r.put("leads", msgspec.to_builtins(self.leads))
        r.put("rounds", {"round": 1, "at": r.at, "by": r.by, "reason": ""})
        r.put("opened", {"by": r.by, "company": r.company, "at": r.at})


def same_item(item: Item, asked: Mapping[str, Any] | None, phase: str) -> bool:
    """Whether an item has the words of the checklist's, and is required where that one is."""
    if asked is None:
        return False
    words = (item.area, item.text, item.workstream, item.evidence)
    same = words == (asked["area"], asked["text"], asked["workstream"], asked.get("evidence", ""))
    return same and (item.need == "required" or needed(asked, phase) != "required")
