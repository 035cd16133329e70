"""Checklists: the shipped one, its versions, and who signs them."""

from collections import Counter

import pytest

from shared.kinds.gate import items_for
from shared.kinds.readiness_list import READINESS
from shared.kinds.template import in_force, shipped
from shared.log.clock import format_at
from tests.fold.floor import founded
from tests.kinds.ppq import published, refusal

DAY = 86_400_000


def test_shipped_list_covers_fourteen_areas_and_asks_sixty_items_for_ppq() -> None:
    assert len(READINESS) == 91
    assert len({one.id for one in READINESS}) == 91
    assert len({one.area for one in READINESS}) == 14
    asked = [sum(one.needs[run] != "-" for one in READINESS) for run in range(4)]
    assert asked[2] == 60
    assert all(count >= 35 for count in asked)
    assert set(Counter(sign for one in READINESS for sign in one.needs)) == {"x", "o", "-"}
    assert all(len(one.needs) == 4 and one.evidence for one in READINESS)


@pytest.mark.requirement("P11-11")
def test_checklist_counts_when_qa_of_both_have_signed_and_every_version_keeps_author_time_and_reason() -> None:
    floor = founded()
    asked = floor.do(
        "LYN1",
        "template.publish",
        by="anna",
        name="Ready",
        version="1",
        items=shipped(),
        effective=format_at(floor.now, 60),
    )
    assert floor.verdict(asked) == "waiting"
    template = floor.record(asked)
    floor.do("LYN1", "entry.confirm", template, "quin", of=asked)
    assert floor.show(template).columns["items"] == 91

    items = [one for one in shipped() if one["area"] != "SOPs"]
    fields = {"version": "2", "items": items, "effective": format_at(floor.now + DAY, 60)}
    asked = floor.do("LYN1", "template.revise", template, "anna", reason="SOPs moved to the site's own list", **fields)
    floor.do("LYN1", "entry.confirm", template, "quin", of=asked)
    assert in_force(floor.see(template))["version"] == "1"  # the second counts from tomorrow on
    floor.now += DAY
    now = in_force(floor.see(template))
    assert (now["version"], now["by"], now["reason"]) == ("2", "anna", "SOPs moved to the site's own list")
    assert {key: len(one["items"]) for _, key, one in floor.see(template).entries("versions")} == {"1": 91, "2": 85}


def test_name_and_version_are_given_once() -> None:
    floor = founded()
    template = published(floor)
    fields = {"items": shipped(), "effective": format_at(floor.now, 60)}
    assert (
        refusal(floor, "template.publish", "TPL-LYN1-999", "anna", name="PPQ readiness", version="2", **fields)
        == "TPL-2"
    )
    assert refusal(floor, "template.revise", template, "anna", version="1", reason="typo", **fields) == "TPL-3"
    assert not refusal(floor, "template.revise", template, "anna", version="2", reason="typo", **fields)


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"id": "A-01", "area": "a", "text": "t", "workstream": "w"}] * 2,
        [{"id": "", "area": "a", "text": "t", "workstream": "w"}],
    ],
)
def test_checklist_needs_items_of_their_own(items: list[dict[str, str]]) -> None:
    floor = founded()
    when = format_at(floor.now, 60)
    assert (
        refusal(floor, "template.publish", "TPL-LYN1-9", "anna", name="n", version="1", items=items, effective=when)
        == "TPL-1"
    )
    assert (
        refusal(floor, "template.publish", "TPL-LYN1-9", "anna", name="n", version="1", items=items, effective="now")
        == "TIME-1"
    )


def test_gate_asks_what_its_phase_requires_or_offers() -> None:
    floor = founded()
    template = floor.see(published(floor))
    counts = {run: len(items_for(template, run)) for run in ("engineering", "clinical", "PPQ", "commercial")}
    assert counts["PPQ"] == 60
    mine = items_for(template, "engineering", owner="sven", due=format_at(floor.now, 60))
    assert all(one["owner"] == "sven" and one["due"] for one in mine)
    assert len(items_for(template, "stability")) == 91  # no column for it: all on offer, none required
