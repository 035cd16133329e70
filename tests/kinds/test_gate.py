"""Gates: answers, the leads' one list, rounds, and the batch that waits for them."""

import pytest

from shared.actions.kind import KINDS
from shared.fold.view import View
from shared.kinds.readiness import answer_of, forecast, open_items, state_of
from shared.log.clock import format_at
from tests.fold.floor import Floor, founded
from tests.kinds.ppq import LEADS, answered, gone, opened, planned, published, refusal, sign, suggested, words

HOUR = 3_600_000


def blockers(floor: Floor, record: str) -> list[str]:
    """What `andon why` says."""
    view = View(floor.unit, None, floor.now, record)
    found = KINDS[view.here.kind].blockers
    assert found is not None
    return [f"{one.what} <- {one.who}" for one in found(view, view.here)]


def on_condition(floor: Floor, hours: int = 1) -> dict[str, object]:
    """A go with condition on an SOP."""
    condition = {"text": "SOP 12 in force", "owner": "anna", "expires": format_at(floor.now + hours * HOUR, 60)}
    return {"item": "SOP-01", "answer": "go with condition", "reason": "one SOP is in review", "condition": condition}


def test_gate_is_opened_when_a_lead_of_both_companies_and_qa_have_signed() -> None:
    floor = founded()
    fields = suggested(floor, "gate.open", "", name="PPQ", phase="PPQ", template=published(floor), leads=LEADS)
    asked = floor.do("LYN1", "gate.open", by="lena", **fields)
    gate = floor.record(asked)
    for person in ("luis", "anna"):
        assert floor.verdict(asked) == "waiting"
        floor.do("LYN1", "entry.confirm", gate, person, of=asked)
    columns = floor.show(gate).columns
    assert (columns["state"], columns["answered"], columns["total"], columns["round"]) == ("open", 0, 60, 1)


def test_gate_takes_its_items_from_the_checklist_and_leaves_out_none_that_is_required() -> None:
    floor = founded()
    template = published(floor)
    given = {"name": "PPQ", "phase": "PPQ", "template": template, "leads": LEADS}
    fields = suggested(floor, "gate.open", "", **given)
    items = fields["items"]
    required = next(one for one in items if one["need"] == "required")
    optional = next(one for one in items if one["need"] == "optional")

    def ask(**changed: object) -> str:
        return refusal(floor, "gate.open", "GAT-LYN1-999", "lena", **{**fields, **changed})

    assert not ask()
    assert not ask(items=[one for one in items if one != optional])  # sized to its criticality
    assert ask(items=[one for one in items if one != required]) == "GATE-2"
    assert ask(items=[{**one, "text": "any"} if one == required else one for one in items]) == "GATE-2"
    assert ask(items=[{**one, "need": "optional"} if one == required else one for one in items]) == "GATE-2"
    assert ask(items=[*items, items[0]]) == "GATE-2"
    assert ask(version="2") == "GATE-2"
    assert ask(template="TPL-LYN1-1") == ask(template="") == ask(template="anna") == "GATE-2"


@pytest.mark.requirement("Q10-02")
def test_each_workstream_has_one_accountable_lead_of_each_company() -> None:
    floor = founded()
    fields = suggested(floor, "gate.open", "", name="PPQ", phase="PPQ", template=published(floor), leads=LEADS)

    def ask(leads: list[dict[str, str]]) -> str:
        return words(floor, "gate.open", "GAT-LYN1-999", "lena", **{**fields, "leads": leads})

    assert not ask(LEADS)
    assert "no lead for analytical of cdmo" in ask(LEADS[1:])
    assert "stands twice" in ask([*LEADS, {**LEADS[0], "lead": "lena"}])
    assert "luis cannot stand" in ask([{**LEADS[0], "lead": "luis"}, *LEADS[1:]])  # of the other company
    assert "anna cannot stand" in ask([{**LEADS[0], "lead": "anna"}, *LEADS[1:]])  # no lead
    assert "nobody cannot stand" in ask([{**LEADS[0], "lead": ""}, *LEADS[1:]])
    assert "cannot stand" in ask([{**LEADS[0], "deputy": "lena"}, *LEADS[1:]])


def test_answer_needs_a_reason_unless_it_is_go_and_a_condition_needs_owner_and_expiry() -> None:
    floor = founded()
    gate = opened(floor, published(floor))

    def ask(**fields: object) -> str:
        return refusal(floor, "gate.answer", gate, "sven", **{"item": "SOP-01", **fields})

    assert not ask(answer="go")
    assert ask(answer="go", item="SOP-99") == "GATE-4"
    assert ask(answer="no-go") == ask(answer="not applicable", reason=" ") == "GATE-5"
    assert not ask(answer="no-go", reason="the SOP is a draft")
    assert not ask(**on_condition(floor))
    assert ask(**{**on_condition(floor), "condition": {}}) == "GATE-6"
    assert ask(**{**on_condition(floor), "answer": "go"}) == "GATE-6"
    assert ask(**on_condition(floor, hours=-1)) == "GATE-6"
    for part, value in (("owner", "nobody"), ("owner", ""), ("text", " "), ("expires", "tomorrow")):
        fields = on_condition(floor)
        fields["condition"] = {**fields["condition"], part: value}  # type: ignore[dict-item]  # a dict by construction
        assert ask(**fields) == "GATE-6"


def test_forecast_says_who_and_what_is_between_you_and_go() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate, "SOP-01", "TRN-01")
    assert forecast(floor.see(gate)) == "2 people and 2 items (SOPs, training verification) stand between you and go"
    answered(floor, gate)
    assert sign(floor, gate, "lena")
    assert forecast(floor.see(gate)) == "1 person stands between you and go"
    assert blockers(floor, gate)[0] == "analytical of sponsor has not signed <- luis (gate.verdict)"
    sign(floor, gate, "luis")
    assert forecast(floor.see(gate)) == "go"
    assert not blockers(floor, gate)


def test_go_is_signed_when_every_item_is_answered_by_the_leads_named_in_the_present_round() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=1) == "GATE-10"
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="no-go", round=1) == "GATE-9"
    answered(floor, gate)
    assert not refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=1)
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=2) == "GATE-7"
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=-1) == "GATE-7"
    assert refusal(floor, "gate.verdict", gate, "anna", verdict="go", round=1) == "GATE-8"
    assert floor.act(floor.do("LYN1", "gate.verdict", gate, "anna", verdict="go", round=1)).refused == "WHO-3"


def test_one_no_go_blocks_the_round_and_in_round_two_all_leads_sign_one_list_and_the_batch_starts() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate)
    batch = planned(floor)
    sign(floor, gate, "lena")
    sign(floor, gate, "luis", verdict="no-go", reason="TRN-01: the night shift is not trained")
    assert state_of(floor.see(gate)) == "no-go"
    assert refusal(floor, "batch.start", batch, "sven") == "GATE-1"
    assert refusal(floor, "gate.verdict", gate, "luis", verdict="go", round=1) == "GATE-11"  # not even by who said it
    assert "opens a new one (gate.round)" in blockers(floor, gate)[0]

    assert refusal(floor, "gate.round", gate, "anna", round=3, reason="r") == "GATE-13"
    floor.do("LYN1", "gate.round", gate, "anna", **suggested(floor, "gate.round", gate, reason="night shift trained"))
    assert floor.show(gate).columns["round"] == 2
    sign(floor, gate, "lena")
    assert state_of(floor.see(gate)) == "open"  # what was signed in round 1 does not count in round 2
    assert refusal(floor, "batch.start", batch, "sven") == "GATE-1"
    sign(floor, gate, "luis")
    assert state_of(floor.see(gate)) == "go"
    start = floor.do("LYN1", "batch.start", batch, "sven")
    assert not floor.act(start).refused
    assert floor.show(batch).columns["state"] == "started"


def test_new_round_is_only_opened_when_one_is_called_for() -> None:
    floor = founded()
    gate = gone(floor)
    assert refusal(floor, "gate.round", gate, "anna", round=2, reason="again") == "GATE-14"


@pytest.mark.requirement("A11D-14")
def test_answer_that_becomes_worse_after_signing_leaves_the_gate_unsigned_until_a_new_round() -> None:
    floor = founded()
    gate = gone(floor)
    batch = planned(floor)
    floor.do("LYN1", "gate.answer", gate, "sven", item="SOP-01", answer="no-go", reason="withdrawn today")
    assert state_of(floor.see(gate)) == "unsigned"
    assert answer_of(floor.see(gate), "SOP-01") == "recheck"
    assert refusal(floor, "batch.start", batch, "sven") == "GATE-1"

    floor.do("LYN1", "gate.answer", gate, "sven", item="SOP-01", answer="go")
    assert state_of(floor.see(gate)) == "unsigned"  # nobody has signed that it is well again
    assert (
        refusal(floor, "gate.verdict", gate, "lena", **suggested(floor, "gate.verdict", gate, verdict="go"))
        == "GATE-12"
    )
    floor.do("LYN1", "gate.round", gate, "lena", round=2, reason="SOP-01 was withdrawn and is back")
    assert answer_of(floor.see(gate), "SOP-01") == "go"
    sign(floor, gate, "lena")
    sign(floor, gate, "luis")
    assert state_of(floor.see(gate)) == "go"


def test_answer_that_becomes_better_leaves_the_signatures_as_they_are() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate, "SOP-01")
    floor.do("LYN1", "gate.answer", gate, "sven", **on_condition(floor))
    sign(floor, gate, "lena")
    floor.do("LYN1", "gate.answer", gate, "sven", item="SOP-01", answer="go")
    sign(floor, gate, "luis")
    assert state_of(floor.see(gate)) == "go"


def test_verdict_covers_the_list_that_was_shown_and_no_other() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate, "SOP-01")
    floor.do("LYN1", "gate.answer", gate, "sven", **on_condition(floor))
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=1) == "GATE-12"
    assert refusal(floor, "gate.verdict", gate, "lena", verdict="go", round=1, covers=["00" * 16]) == "GATE-12"
    assert not refusal(floor, "gate.verdict", gate, "lena", **suggested(floor, "gate.verdict", gate, verdict="go"))


def test_condition_that_runs_out_closes_the_gate_again() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate, "SOP-01")
    floor.do("LYN1", "gate.answer", gate, "sven", **on_condition(floor))
    sign(floor, gate, "lena")
    sign(floor, gate, "luis")
    batch = planned(floor)
    assert not refusal(floor, "batch.start", batch, "sven")
    assert any("open condition of SOP-01: SOP 12 in force <- anna" in one for one in blockers(floor, batch))
    floor.now += 2 * HOUR
    assert "the condition of SOP-01" in words(floor, "batch.start", batch, "sven")


def test_leads_are_replaced_with_the_signatures_of_both_companies() -> None:
    floor = founded()
    gate = gone(floor)
    asked = floor.do("LYN1", "gate.round", gate, "lena", round=2, reason="luis is on leave", leads=LEADS[::2])
    assert floor.act(asked).refused == "GATE-3"  # nobody would sign for the sponsor
    asked = floor.do("LYN1", "gate.round", gate, "lena", round=2, reason="order of the list", leads=LEADS[::-1])
    assert floor.verdict(asked) == "waiting"
    assert state_of(floor.see(gate)) == "go"
    for person in ("luis", "quin"):
        floor.do("LYN1", "entry.confirm", gate, person, of=asked)
    assert (state_of(floor.see(gate)), open_items(floor.see(gate))) == ("open", [])


def test_every_gate_of_a_phase_must_be_go() -> None:
    floor = founded()
    first = gone(floor)
    batch = planned(floor)
    second = opened(floor, floor.see(first).template)
    assert f"{second} is open" in words(floor, "batch.start", batch, "sven")
