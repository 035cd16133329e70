"""A PPQ campaign for stories: the shipped checklist published, a gate of 60 items opened from it, a batch planned."""

from typing import Any

from shared.actions.action import ACTIONS, decode
from shared.fold.judge import Refusal, rules
from shared.fold.view import View
from shared.kinds.readiness import open_items, state_of
from shared.kinds.template import shipped
from shared.log.canonical import encode
from shared.log.clock import format_at
from tests.fold.floor import Floor, founded

WORKSTREAMS = ("analytical", "facility", "manufacturing", "quality", "supply", "technology")
LEADS = [
    {"workstream": workstream, "company": company, "lead": lead}
    for workstream in WORKSTREAMS
    for company, lead in (("cdmo", "lena"), ("sponsor", "luis"))
]
STEPS = [
    {"key": "010", "words": "Thaw the cells", "place": "S1"},
    {
        "key": "020", "words": "Expand in the bioreactor", "place": "R-101", "key_step": True, "safe_hold": 240,
        "parameters": [{"name": "temperature", "unit": "degC", "low": "36.5", "high": "37.5", "critical": True}],
    },
    {"key": "030", "words": "Harvest", "place": "S2"},
]  # fmt: skip
WARM = [{"parameter": "temperature", "value": "37.0", "unit": "degC"}]
HOT = [{"parameter": "temperature", "value": "39.2", "unit": "degC"}]


def suggested(floor: Floor, do: str, record: str, **given: object) -> dict[str, Any]:
    """The fields as a terminal fills them in before it performs."""
    view = View(floor.unit, None, floor.now, record)
    found: dict[str, Any] = ACTIONS[do].cls.suggests(view, given)  # type: ignore[attr-defined]  # only some have it
    return {**found, **given}


def refusal(floor: Floor, do: str, record: str, by: str, **fields: object) -> str:
    """The id of the rule that would refuse this now, "" for none; as a terminal asks before it performs."""
    spec, made, _ = decode(encode({"do": do, **fields}))
    assert spec is not None
    assert made is not None, f"malformed: {fields}"
    found: Refusal | None = rules(View(floor.unit, None, floor.now, record, by), spec, made)
    return found.rule if found else ""


def words(floor: Floor, do: str, record: str, by: str, **fields: object) -> str:
    """The text of that refusal."""
    spec, made, _ = decode(encode({"do": do, **fields}))
    assert spec is not None
    assert made is not None
    found = rules(View(floor.unit, None, floor.now, record, by), spec, made)
    return found.text if found else ""


def published(floor: Floor, **changed: object) -> str:
    """The shipped list as a template, signed by QA of both; its record."""
    fields: dict[str, Any] = {
        "name": "PPQ readiness",
        "version": "1",
        "items": shipped(),
        "effective": format_at(floor.now, 60),
    }
    asked = floor.do("LYN1", "template.publish", by="anna", **{**fields, **changed})
    floor.do("LYN1", "entry.confirm", floor.record(asked), "quin", of=asked)
    return floor.record(asked)


def opened(floor: Floor, template: str, phase: str = "PPQ", **changed: object) -> str:
    """A gate opened from a template and signed by both companies and QA; its record."""
    given = {"name": f"{phase} gate", "phase": phase, "template": template, "leads": LEADS, **changed}
    fields = suggested(floor, "gate.open", "", **given)
    asked = floor.do("LYN1", "gate.open", by="lena", **fields)
    for person in ("luis", "anna"):
        floor.do("LYN1", "entry.confirm", floor.record(asked), person, of=asked)
    return floor.record(asked)


def answered(floor: Floor, gate: str, *but: str) -> None:
    """Answer go to every item that needs an answer, but for these."""
    for item, _ in open_items(floor.see(gate)):
        if item["id"] not in but:
            floor.do("LYN1", "gate.answer", gate, "sven", item=item["id"], answer="go")
    floor.pull()


def sign(floor: Floor, gate: str, by: str, at: str = "LYN1", verdict: str = "go", **changed: object) -> str:
    """Sign the list as everybody sees it now; the entry's id."""
    fields = suggested(floor, "gate.verdict", gate, verdict=verdict, **changed)
    return floor.do(at, "gate.verdict", gate, by, **fields)


def gone(floor: Floor) -> str:
    """A PPQ gate that is go; its record."""
    gate = opened(floor, published(floor))
    answered(floor, gate)
    sign(floor, gate, "lena")
    sign(floor, gate, "luis")
    floor.pull()
    assert state_of(floor.see(gate)) == "go"
    return gate


def planned(floor: Floor, number: str = "PPQ-001", phase: str = "PPQ", **changed: object) -> str:
    """A planned batch; its record."""
    fields: dict[str, Any] = {"number": number, "product": "Antibody A", "phase": phase, "steps": STEPS, **changed}
    return floor.record(floor.do("LYN1", "batch.plan", by="sven", **fields))


def started() -> tuple[Floor, str]:
    """A PPQ batch that runs, seen everywhere."""
    floor = founded()
    gone(floor)
    batch = planned(floor)
    floor.do("LYN1", "batch.start", batch, "sven")
    floor.pull()
    return floor, batch


def derived(floor: Floor, fact: str) -> str:
    """The deviation that a fact opened by breaking a rule; its record, "" for none."""
    position = floor.unit.find(fact)
    assert position is not None
    entry = floor.unit.entry(position)
    assert entry is not None
    record = f"DEV-{entry.terminal}-{entry.n}"
    return record if floor.see(record).exists else ""
