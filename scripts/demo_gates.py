"""The demo's checklist and three gates: engineering and clinical are go, PPQ has three items left."""

from typing import Any, Final

from scripts.demo_cast import (
    BOSTON,
    CDMO,
    DESK,
    FLOOR,
    LEAD,
    OPERATOR,
    PARIS,
    QA,
    QA2,
    REVIEW,
    S_LEAD,
    S_QA,
    S_QA2,
    S_SME,
    SPONSOR,
    SUPERVISOR,
)
from scripts.demo_timetable import DAY, HOUR, MINUTE, Calendar, Story
from scripts.demo_world import World
from shared.kinds.readiness import PRINT
from shared.kinds.template import needed, shipped

_LIST: Final = "readiness list"
_VERSION: Final = "1.0"
LEFT: Final = ("VAL-01", "TRN-04", "PRD-01")
"""Items of the PPQ gate that nobody has answered yet."""
_OWNER: Final = {
    "facility": LEAD,
    "manufacturing": SUPERVISOR,
    "quality": QA2,
    "supply": LEAD,
    "analytical": S_SME,
    "technology": S_LEAD,
}
_LEADS: Final = (  # workstreams, lead, deputy of either company
    (("facility", "manufacturing", "supply", "technology"), LEAD, QA2, S_LEAD, S_QA2),
    (("quality", "analytical"), QA, QA2, S_QA, S_QA2),
)
_TERMINAL: Final = {SUPERVISOR: FLOOR, OPERATOR: FLOOR, S_SME: REVIEW, S_LEAD: REVIEW, S_QA: REVIEW, S_QA2: REVIEW}
_NOT_PLAIN: Final = {
    "SOP-04": ("not applicable", "All SOPs of the suite are in French and English already."),
    "TRB-02": ("go with condition", "The maker's night line answered after 25 minutes."),
    "MAT-05": ("go with condition", "The second size of tubing was tried with water only."),
}


def publish(world: World, calendar: Calendar) -> Story:
    """Publish the list that Andon ships as the program's checklist; QA of both sign."""
    made = world.joint(
        DESK, "template.publish", "", QA, S_QA, name="Readiness of runs", version=_VERSION, items=shipped(),
        effective=calendar.write(world.hand.now),
    )  # fmt: skip
    world.ids[_LIST] = made.record
    yield from ()


def gate(world: World, calendar: Calendar, phase: str, days: int, left: tuple[str, ...] = ()) -> Story:
    """Open a gate, answer its items over some days, and have the leads sign unless something is left."""
    due = calendar.write(calendar.office(world.hand.now + days * DAY))
    made = world.joint(
        DESK, "gate.open", "", LEAD, S_LEAD, QA, name=f"{phase[:1].upper()}{phase[1:]} runs", phase=phase,
        template=world.ids[_LIST], version=_VERSION, items=_items(phase, due), leads=_leads(),
    )  # fmt: skip
    items = [one for one in _items(phase, due) if one["id"] not in left]
    covers = []
    begun = world.hand.now
    for number, item in enumerate(items):
        zone = BOSTON if _terminal(item["owner"]) == REVIEW else PARIS
        yield calendar.office(begun + number * days * DAY // len(items), zone) + (number * 7 % 50) * MINUTE
        entry = _answered(world, calendar, made.record, item, phase)
        if item["id"] in _NOT_PLAIN:
            covers.append(entry[:PRINT])
    if left:
        return
    for lead in (LEAD, QA, S_LEAD, S_QA):
        yield calendar.office(world.hand.now + HOUR, PARIS if lead in {LEAD, QA} else BOSTON)
        world.do(_terminal(lead), "gate.verdict", made.record, lead, verdict="go", round=1, covers=sorted(covers))


def _terminal(person: str) -> str:
    return _TERMINAL.get(person, DESK)


def _answered(world: World, calendar: Calendar, record: str, item: dict[str, Any], phase: str) -> str:
    """Have an item's owner answer it; gives the entry."""
    answer, reason = _NOT_PLAIN.get(item["id"], ("go", ""))
    fields: dict[str, Any] = {"evidence": [f"DOC-{item['id']}-{phase[:3].upper()}, version 1"]}
    if answer == "go with condition":
        expires = calendar.write(calendar.now + 40 * DAY)
        fields["condition"] = {"text": "Repeat the test and attach its record.", "owner": LEAD, "expires": expires}
    if reason:
        fields["reason"] = reason
    who = item["owner"]
    return world.do(_terminal(who), "gate.answer", record, who, item=item["id"], answer=answer, **fields).id


def _items(phase: str, due: str) -> list[dict[str, Any]]:
    """What the checklist asks for a phase; of the engineering runs, which come early, only what is required."""
    found: list[dict[str, Any]] = []
    for one in shipped():
        need = needed(one, phase)
        if need == "required" or (need == "optional" and phase == "PPQ"):
            words = {word: one[word] for word in ("id", "area", "text", "workstream", "evidence")}
            found.append({**words, "need": need, "owner": _OWNER[one["workstream"]], "due": due})
    return found


def _leads() -> list[dict[str, str]]:
    return [
        {"workstream": workstream, "company": company, "lead": lead, "deputy": deputy}
        for workstreams, own, own_deputy, theirs, their_deputy in _LEADS
        for workstream in workstreams
        for company, lead, deputy in ((CDMO, own, own_deputy), (SPONSOR, theirs, their_deputy))
    ]
