"""Whatever a hostile terminal writes about batches, checklists and gates folds, and changes nothing that it may not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.actions.action import ACTIONS
from shared.actions.kind import KINDS
from shared.fold.shown import row
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.readiness import state_of
from shared.log.canonical import NotCanonical, encode
from tests.actions.examples import documents
from tests.fold.floor import Floor
from tests.kinds.ppq import derived, started

OURS = [spec for spec in ACTIONS.values() if spec.kind and spec.kind.name in {"batch", "gate", "template"}]
FLOOR, BATCH = started()
GATE = FLOOR.unit.members("gate", "phase", "PPQ")[0]
TEMPLATE = FLOOR.see(GATE).template
RECORDS = [BATCH, GATE, TEMPLATE, "BAT-", "BAT-LYN1-4: x on y", "GAT-LYN1-1", "TPL-LYN1-1", "PROGRAM", "sven", "LYN1"]
PEOPLE = ["sven", "anna", "lena", "luis", "omar", "quin", "olga", "nobody", ""]


def again() -> Floor:
    """The started program, to be changed freely."""
    floor = Floor()
    floor.program, floor.unit, floor.log, floor.now = FLOOR.program, Unit(FLOOR.unit), list(FLOOR.log), FLOOR.now
    for code, terminal in FLOOR.terminals.items():
        copy = floor.terminal(code)
        copy.size, copy.n = len(floor.log), terminal.n
    return floor


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_any_value_that_the_form_allows_folds_and_shows(data: st.DataObject) -> None:
    floor = again()
    touched = set(RECORDS)
    for _ in range(data.draw(st.integers(1, 3))):
        spec = data.draw(st.sampled_from(OURS))
        fields: dict[str, Any] = data.draw(documents(spec))
        for name, known in (
            ("step", "020"),
            ("item", "SOP-01"),
            ("round", 1),
            ("template", TEMPLATE),
            ("phase", "PPQ"),
        ):
            if name in fields and data.draw(st.booleans()):
                fields[name] = known
        try:
            encode(fields)
        except NotCanonical:
            continue  # no server orders it
        record = "" if spec.creates and data.draw(st.booleans()) else data.draw(st.sampled_from(RECORDS))
        del fields["do"]
        entry = floor.do("LYN1", spec.name, record, data.draw(st.sampled_from(PEOPLE)), **fields)
        touched.add(floor.record(entry))
    for one in sorted(touched):
        row(floor.unit, one)
        view = View(floor.unit, None, floor.now, one)
        found = KINDS[view.here.kind].blockers if view.here.kind else None
        if found:
            list(found(view, view.here))


def test_decision_that_no_honest_terminal_makes_is_void_and_changes_nothing() -> None:
    floor = again()
    acts = [
        floor.do("LYN1", "gate.verdict", GATE, "lena", verdict="go", round=2),
        floor.do("LYN1", "gate.round", GATE, "anna", round=2, reason="r"),
        floor.do("LYN1", "gate.round", GATE, "anna", round=2**53 - 1, reason="r"),
        floor.do("LYN1", "gate.answer", GATE, "sven", item="none", answer="no-go", reason="r"),
        floor.do("LYN1", "gate.answer", GATE, "olga", item="SOP-01", answer="no-go", reason="r"),
        floor.do("LYN1", "gate.answer", BATCH, "sven", item="SOP-01", answer="no-go", reason="r"),
        floor.do("LYN1", "gate.answer", "GAT-LYN1-9999", "sven", item="SOP-01", answer="no-go", reason="r"),
        floor.do("LYN1", "batch.dispose", BATCH, "axel", verdict="release"),
        floor.do("LYN1", "step.check", BATCH, "sven", step="020"),
    ]
    assert {floor.verdict(one) for one in acts} == {"void"}
    assert state_of(floor.see(GATE)) == "go"
    assert floor.see(BATCH).dispositions == {}


def test_gate_and_batch_opened_by_one_person_alone_do_not_count() -> None:
    floor = again()
    fields = {"name": "g", "phase": "engineering", "template": TEMPLATE, "version": "1", "leads": []}
    asked = floor.do("LYN1", "gate.open", by="lena", items=[], **fields)
    assert floor.verdict(asked) == "void"
    assert (
        floor.verdict(floor.do("LYN1", "batch.plan", by="omar", number="9", product="A", phase="PPQ", steps=[]))
        == "void"
    )


def test_fact_about_a_batch_that_is_not_there_is_kept_and_opens_a_deviation() -> None:
    floor = again()
    fact = floor.do("LYN1", "batch.start", "BAT-LYN1-9999", "sven", happened="typed wrongly")
    assert floor.act(fact).refused == "BATCH-3"
    assert derived(floor, fact)
    assert row(floor.unit, "BAT-LYN1-9999") is None


@pytest.mark.parametrize("by", ["olga", "axel", "quin", "nobody"])
def test_step_done_by_who_may_not_is_recorded_as_broken(by: str) -> None:
    floor = again()
    fact = floor.do("LYN1", "step.done", BATCH, by, step="010")
    assert floor.act(fact).refused in {"WHO-2", "WHO-3"}
    assert derived(floor, fact)
