"""Templates: checklists that gates are opened from, in versions that count from a time on, signed by QA of both."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, Slot, World, Writer, action, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import constant, effective
from shared.actions.world import Record
from shared.kinds.member import is_time
from shared.kinds.rating import qa_of_both
from shared.kinds.readiness_list import READINESS, Line

RUNS = ("engineering", "clinical", "PPQ", "commercial")
"""The phases in which batches run (domain.md 7), least to most demanding; a checklist has a column for each."""
Run = Literal["engineering", "clinical", "PPQ", "commercial"]
Need = Literal["required", "optional", "not needed"]
_NEEDS: Mapping[str, Need] = {"x": "required", "o": "optional", "-": "not needed"}

TEMPLATE = kind(
    "template",
    "TPL",
    "A checklist that gates are opened from.",
    facts={
        "name": constant(index=True),
        "phase": constant(),
        "versions": effective(per="version"),
    },
    columns={
        "title": Column("checklist", lambda r: r.name),
        "state": Column("state", lambda r: "published" if in_force(r) else "not yet in force"),
        "phase": Column("for", lambda r: r.phase),
        "version": Column("version", lambda r: in_force(r).get("version")),
        "items": Column("items", lambda r: len(in_force(r).get("items", []))),
        "from": Column("in force from", lambda r: in_force(r).get("from"), time=True),
        "reason": Column("why", lambda r: in_force(r).get("reason")),
    },
)


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One item of a checklist: what must be so, whose it is, what shows it, and for which runs."""

    id: Annotated[Text, ask("id, like FAC-01", most=16)]
    area: Annotated[Text, ask("area", most=60)]
    text: Annotated[Text, ask("requirement", most=300)]
    workstream: Annotated[Text, ask("workstream that owns it", most=40)]
    evidence: Annotated[Text, ask("evidence asked", most=200)] = ""
    engineering: Annotated[Need, ask("for engineering runs")] = "not needed"
    clinical: Annotated[Need, ask("for clinical runs")] = "not needed"
    ppq: Annotated[Need, ask("for PPQ runs")] = "not needed"
    commercial: Annotated[Need, ask("for commercial runs")] = "not needed"


def in_force(template: Record) -> dict[str, Any]:
    """The version in force at the reader's time: the one with the latest start that has come; empty for none."""
    come = [one for one in (template.versions or {}).values() if one]
    return max(come, key=lambda one: (one["from"], one["version"])) if come else {}


def needed(item: Mapping[str, Any], phase: str) -> str:
    """Whether an item is "required", "optional" or "not needed" in a phase; optional where it says nothing."""
    return str(item.get(phase.lower(), "not needed")) if phase in RUNS else "optional"


def shipped() -> list[dict[str, Any]]:
    """The items of the list that Andon ships, as a template's `items`."""
    return [msgspec.to_builtins(_item(line)) for line in READINESS]


def _item(line: Line) -> Item:
    engineering, clinical, ppq, commercial = (_NEEDS[sign] for sign in line.needs)
    return Item(
        id=line.id, area=line.area, text=line.text, workstream=line.workstream, evidence=line.evidence,
        engineering=engineering, clinical=clinical, ppq=ppq, commercial=commercial,
    )  # fmt: skip


class Version(Decision, frozen=True, kw_only=True):
    """What publishing a checklist and revising it have in common: the whole new version, and QA of both companies."""

    version: Annotated[Text, ask("version", most=20)]
    items: Annotated[list[Item], ask("items", most=300, suggest="shipped list")]
    effective: Annotated[Time, ask("in force from", suggest="now")]

    def needs(self, w: World) -> tuple[Slot, ...]:
        """QA of both companies."""
        return qa_of_both(w)

    @staticmethod
    def suggests(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is left out: the list that Andon ships."""
        return {"items": shipped()}

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return is_time(self.effective)

    @rule("TPL-1", source="domain.md 7")
    def sound(self, w: World) -> bool:
        """A checklist needs a version and items with an id of their own, a text and a workstream; complete them."""
        ids = [one.id for one in self.items]
        whole = all(one.id and one.text and one.workstream for one in self.items)
        return bool(self.version and ids) and whole and len(set(ids)) == len(ids)

    def put_version(self, r: Writer, reason: str) -> None:
        """Add this version with its time."""
        content = {
            "version": self.version, "from": time_of(self.effective), "items": msgspec.to_builtins(self.items),
            "reason": reason, "by": r.by, "at": r.at,
        }  # fmt: skip
        r.put("versions", content, key=self.version)


@action(
    TEMPLATE,
    by=roles("qa"),
    signed="approved",
    creates=True,
    says="published the checklist {name}, version {version}, from {effective} on",
    writes=("name", "phase", "versions"),
)
class Publish(Version, frozen=True, kw_only=True, tag="template.publish"):
    """Publishes a new checklist; QA of both companies sign."""

    name: Annotated[Text, ask("name of the checklist", most=100)]
    phase: Annotated[Literal["any", Run], ask("run phase that it is for")] = "any"

    @rule("TPL-2", source="21 CFR 11.10(k)")
    def new_name(self, w: World) -> bool | str:
        """A checklist of this name is there already; revise that one (template.revise), its versions stay together."""
        there = [one.id for one in w.all("template", "name", self.name) if one.id != w.here.id]
        return not there or ", ".join(sorted(there))

    def apply(self, r: Writer) -> None:
        """Enter the first version."""
        r.put("name", self.name)
        r.put("phase", self.phase)
        self.put_version(r, "")


@action(
    TEMPLATE,
    by=roles("qa"),
    signed="approved",
    says="revised the checklist to version {version}, from {effective} on: {reason}",
    writes=("versions",),
)
class Revise(Version, frozen=True, kw_only=True, tag="template.revise"):
    """Publishes another version of a checklist; gates that were opened from an earlier one keep it."""

    reason: Annotated[Text, ask("why", most=500)]

    @rule("TPL-3", source="21 CFR 11.10(k)")
    def new_version(self, w: World) -> bool:
        """This version was published before, and versions do not change; give it another one."""
        return all(key != self.version for _, key, _ in w.here.entries("versions"))

    def apply(self, r: Writer) -> None:
        """Add the version."""
        self.put_version(r, self.reason)
