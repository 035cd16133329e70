"""People who act on batches and gates without knowing of each other: both are kept, the cautious one is shown."""

from shared.kinds.readiness import answer_of, state_of
from tests.fold.floor import founded
from tests.kinds.ppq import WARM, answered, derived, gone, opened, planned, published, refusal, sign, started, words


def test_two_answers_that_did_not_know_of_each_other_show_the_cautious_one_until_answered_again() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate, "SOP-01")
    floor.write("LYN1", "gate.answer", gate, "sven", item="SOP-01", answer="go")
    floor.write("SPO1", "gate.answer", gate, "quin", item="SOP-01", answer="no-go", reason="SOP 12 is a draft")
    floor.push("SPO1", "LYN1")
    assert answer_of(floor.see(gate), "SOP-01") == "no-go"
    assert "contested" in floor.show(gate).flags
    floor.pull()
    floor.do("LYN1", "gate.answer", gate, "sven", item="SOP-01", answer="go", evidence=["SOP 12 v3"])
    assert answer_of(floor.see(gate), "SOP-01") == "go"
    assert "contested" not in floor.show(gate).flags


def test_no_go_of_a_lead_who_was_cut_off_overtakes_the_go_and_blocks_the_round() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate)
    floor.write("SPO1", "gate.verdict", gate, "luis", verdict="no-go", round=1, reason="the night shift is not trained")
    go = sign(floor, gate, "lena")
    assert state_of(floor.see(gate)) == "open"
    floor.push("SPO1")
    assert state_of(floor.see(gate)) == "no-go"
    assert floor.verdict(go) == "overtaken"
    assert "overtaken" in floor.show(gate).flags


def test_answer_of_somebody_cut_off_that_is_worse_overtakes_a_signed_go() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate)
    floor.write("SPO1", "gate.answer", gate, "sam", item="MET-03", answer="no-go", reason="the method failed transfer")
    signed = [sign(floor, gate, person) for person in ("lena", "luis")]
    assert state_of(floor.see(gate)) == "go"
    floor.push("SPO1")
    assert state_of(floor.see(gate)) == "unsigned"
    assert answer_of(floor.see(gate), "MET-03") == "recheck"
    assert [floor.verdict(one) for one in signed] == ["overtaken", "overtaken"]


def test_answer_of_somebody_cut_off_that_is_go_disturbs_nobody() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate)
    floor.write("SPO1", "gate.answer", gate, "sam", item="MET-03", answer="go", evidence=["report 7"])
    go = sign(floor, gate, "lena")
    sign(floor, gate, "luis")
    floor.push("SPO1")
    assert (state_of(floor.see(gate)), floor.verdict(go)) == ("go", "stands")


def test_batch_started_while_a_lead_who_was_cut_off_said_no_go_stands_and_is_barred_from_release() -> None:
    floor = founded()
    gate = gone(floor)
    batch = planned(floor)
    floor.pull()
    floor.write("SPO1", "gate.verdict", gate, "luis", verdict="no-go", round=1, reason="a filter failed its test")
    start = floor.do("LYN1", "batch.start", batch, "sven")
    floor.push("SPO1")
    assert not floor.act(start).refused
    assert not derived(floor, start)  # nobody broke a rule that they knew to be broken
    assert floor.show(batch).columns["state"] == "started"
    assert f"{gate}: the gate is no-go" in words(floor, "batch.dispose", batch, "axel", verdict="release")
    floor.pull()
    assert refusal(floor, "batch.start", planned(floor, "PPQ-002"), "sven") == "GATE-1"


def test_step_completed_while_a_hold_was_raised_elsewhere_stands_and_so_does_the_hold() -> None:
    floor, batch = started()
    hold = floor.write("LYN2", "hold.stop", on=f"{batch}/010", batch=batch, reason="wrong vial")
    done = floor.do("LYN1", "step.done", batch, "omar", step="010")
    floor.push("LYN2")
    assert not floor.act(done).refused
    assert not derived(floor, done)
    assert floor.see(floor.record(hold)).state == "held"
    assert "010" in floor.see(batch).done
    assert f"{floor.record(hold)}: the hold on {batch}/010 is in force" in words(
        floor, "batch.dispose", batch, "axel", verdict="release"
    )


def test_step_recorded_twice_by_people_cut_off_is_contested_and_neither_of_them_checks_it() -> None:
    floor, batch = started()
    floor.write("LYN1", "step.done", batch, "omar", step="020", values=WARM)
    floor.write("LYN2", "step.done", batch, "sven", step="020", values=[{**WARM[0], "value": "37.1"}])
    floor.sync()
    assert "contested" in floor.show(batch).flags
    assert refusal(floor, "step.check", batch, "omar", step="020") == "STEP-9"
    assert refusal(floor, "step.check", batch, "sven", step="020") == "STEP-9"
    assert not refusal(floor, "step.check", batch, "anna", step="020")


def test_check_of_a_record_that_was_corrected_elsewhere_shows_as_unchecked() -> None:
    floor, batch = started()
    floor.do("LYN1", "step.done", batch, "omar", step="020", values=WARM)
    floor.pull()
    check = floor.write("LYN2", "step.check", batch, "sven", step="020")
    floor.do("LYN1", "step.done", batch, "sven", step="020", values=WARM, reason="omar read the wrong line")
    floor.push("LYN2")
    assert floor.see(batch).checked["020"] == "unchecked"
    assert floor.verdict(check) == "overtaken"  # by what sven himself had recorded on the other terminal


def test_same_round_opened_by_two_people_is_one_round() -> None:
    floor = founded()
    gate = opened(floor, published(floor))
    answered(floor, gate)
    sign(floor, gate, "luis", verdict="no-go", reason="not yet")
    floor.pull()
    both = [
        floor.write(at, "gate.round", gate, by, round=2, reason="trained")
        for at, by in (("LYN1", "anna"), ("SPO1", "quin"))
    ]
    floor.sync()
    assert floor.show(gate).columns["round"] == 2
    assert [floor.verdict(one) for one in both] == ["stands", "stands"]
