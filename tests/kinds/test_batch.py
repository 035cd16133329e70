"""Batches: planned, started behind their gate, and never disposed of while something is open."""

import pytest

from tests.fold.floor import founded
from tests.kinds.ppq import STEPS, WARM, derived, gone, opened, planned, published, refusal, started, words


def test_batch_in_a_phase_without_a_gate_is_refused() -> None:
    floor = founded()
    batch = planned(floor)
    assert "no gate is open for phase PPQ" in words(floor, "batch.start", batch, "sven")
    assert refusal(floor, "batch.start", batch, "sven") == "GATE-1"


@pytest.mark.requirement("P11-06")
def test_batch_in_a_phase_whose_gate_is_not_go_is_refused_and_the_gate_is_named() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    batch = planned(floor)
    assert f"{gate} is open" in words(floor, "batch.start", batch, "sven")
    assert refusal(floor, "batch.start", batch, "sven") == "GATE-1"
    assert refusal(floor, "batch.start", planned(floor, "ENG-1", "engineering"), "sven") == "GATE-1"


@pytest.mark.requirement("GMP-01")
def test_batch_that_was_started_all_the_same_is_recorded_and_opens_a_deviation_that_bars_its_release() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    batch = planned(floor)
    start = floor.do("LYN1", "batch.start", batch, "sven", happened="the cells were thawed already")
    assert floor.show(batch).columns["state"] == "started"
    assert floor.see(batch).started["why"] == "the cells were thawed already"
    deviation = floor.see(derived(floor, start))
    assert deviation.title == "GATE-1 broken"
    assert gate in deviation.problem
    refused = floor.do("LYN1", "batch.dispose", batch, "axel", verdict="release")
    assert f"{deviation.id}: the deviation is open" in floor.act(refused).text


@pytest.mark.requirement("DI-01")
def test_terminal_names_who_starts_a_batch_when_nobody_is_signed_in() -> None:
    floor = founded()
    gone(floor)
    batch = planned(floor)
    for nobody in ({}, {"claimed": "anna"}, {"claimed": "LYN1"}, {"claimed": "PROGRAM"}, {"claimed": "x"}):
        assert refusal(floor, "batch.start", batch, "@LYN1", **nobody) == "BATCH-4"
    start = floor.do("LYN1", "batch.start", batch, claimed="omar")
    assert not floor.act(start).refused
    assert (floor.see(batch).started["by"], floor.see(batch).started["signed"]) == ("omar", False)
    assert refusal(floor, "batch.start", batch, "sven") == "BATCH-3"  # once


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"key": "010", "words": "a"}, {"key": "010", "words": "b"}],
        [{"key": "0/1", "words": "a"}],
        [{"key": "", "words": "a"}],
        [{"key": "010", "words": "a", "safe_hold": -1}],
        [{"key": "010", "words": "a", "parameters": [{"name": "pH", "low": "7,0"}]}],
        [{"key": "010", "words": "a", "parameters": [{"name": "pH", "high": "1e3"}]}],
        [{"key": "010", "words": "a", "parameters": [{"name": "pH", "low": "8", "high": "7"}]}],
        [{"key": "010", "words": "a", "parameters": [{"name": ""}]}],
        [{"key": "010", "words": "a", "parameters": [{"name": "pH"}, {"name": "pH"}]}],
    ],
)
def test_plan_that_cannot_be_followed_is_refused(steps: list[dict[str, object]]) -> None:
    fields = {"number": "1", "product": "A", "phase": "PPQ", "steps": steps}
    assert refusal(founded(), "batch.plan", "BAT-LYN1-99", "sven", **fields) == "BATCH-2"


def test_batch_number_is_given_once() -> None:
    floor = founded()
    there = planned(floor)
    fields = {"product": "A", "phase": "PPQ", "steps": STEPS}
    assert there in words(floor, "batch.plan", "BAT-LYN1-999", "sven", number="PPQ-001", **fields)
    assert refusal(floor, "batch.plan", "BAT-LYN1-999", "sven", number=" ", **fields) == "BATCH-1"


@pytest.mark.requirement("GMP-02", "EU-04", "A11D-10")
def test_disposition_is_refused_with_everything_that_bars_it_and_who_clears_each() -> None:
    floor, batch = started()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="R-101", reason="foam"))
    deviation = floor.record(
        floor.do("LYN1", "deviation.raise", title="foam", on=f"{batch}/020", detected="2026-11-22T07:38:09.120+01:00")
    )
    floor.do("LYN1", "step.done", batch, step="010", claimed="omar")
    text = floor.act(floor.do("LYN1", "batch.dispose", batch, "axel", verdict="release")).text
    for part in (
        f"{hold}: the hold on R-101 is in force (qa or supervisor, qa or supervisor (hold.lift))",
        f"{deviation}: the deviation is open (qa of both companies (deviation.close))",
        "step 010: omar is named, but has not signed (omar (step.done))",
        "step 020 is not done (operator or supervisor (step.done))",
        "the review of the batch record and its trail is not recorded (qa of both companies",
    ):
        assert part in text
    assert "GAT" not in text  # its gate is go


def test_review_always_bars_the_disposition_for_now() -> None:
    floor, batch = started()
    floor.do("LYN1", "step.done", batch, "omar", step="010")
    floor.do("LYN1", "step.done", batch, "omar", step="020", values=WARM)
    floor.do("LYN1", "step.done", batch, "omar", step="030")
    assert "key step 020 is not checked (anybody but omar" in words(
        floor, "batch.dispose", batch, "axel", verdict="release"
    )
    floor.do("LYN1", "step.check", batch, "sven", step="020")
    assert floor.show(batch).columns["state"] == "completed"
    text = words(floor, "batch.dispose", batch, "axel", verdict="release")
    assert text.count(f"{batch}:") == 1
    assert "review of the batch record" in text
    assert refusal(floor, "batch.dispose", batch, "axel", verdict="reject") == "BATCH-6"
    assert floor.act(floor.do("LYN1", "batch.dispose", batch, "anna", verdict="release")).refused == "WHO-3"
