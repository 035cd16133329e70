"""Steps: done in order, within limits, not while held, and checked by somebody else."""

import pytest

from tests.kinds.ppq import HOT, WARM, derived, planned, refusal, started, words

NO_NUMBERS = ("", "NaN", "Infinity", "37,0", "3.7e1", "37.", ".5", "٣٧", " 37", "--37", "+37")


@pytest.mark.requirement("P11-06")
def test_step_is_done_after_the_start_and_only_if_planned() -> None:
    floor, batch = started()
    assert refusal(floor, "step.done", planned(floor, "PPQ-002"), "omar", step="010") == "STEP-1"
    assert refusal(floor, "step.done", "BAT-LYN1-9999", "omar", step="010") == "STEP-1"
    for step in ("040", "", "BAT-LYN1-9/010", f"{batch}/"):
        assert refusal(floor, "step.done", batch, "omar", step=step) == "STEP-2"
    assert not refusal(floor, "step.done", batch, "omar", step="010")
    assert not refusal(floor, "step.done", batch, "omar", step=f"{batch}/010")  # as a terminal's post names it


@pytest.mark.requirement("GMP-07")
def test_nobody_checks_what_they_performed() -> None:
    floor, batch = started()
    assert refusal(floor, "step.check", batch, "sven", step="020") == "STEP-8"
    assert refusal(floor, "step.done", batch, "omar", step="020", values=WARM, checker="omar") == "STEP-6"
    assert refusal(floor, "step.done", batch, "omar", step="020", values=WARM, checker="nobody") == "STEP-6"
    assert (
        refusal(floor, "step.done", batch, "@LYN1", step="020", values=WARM, claimed="omar", checker="omar") == "STEP-6"
    )
    floor.do("LYN1", "step.done", batch, "sven", step="020", values=WARM, checker="omar", claimed="omar")
    assert floor.see(batch).done["020"]["by"] == "sven"  # a signature is whose it is, whatever name is claimed
    assert refusal(floor, "step.check", batch, "sven", step="020") == "STEP-9"
    own = floor.do("LYN1", "step.check", batch, "sven", step="020")
    assert (floor.verdict(own), floor.see(batch).checked["020"]) == ("void", "unchecked")
    floor.do("LYN1", "step.check", batch, "omar", step="020")
    assert (floor.see(batch).checked["020"], floor.see(batch).checks["020"]["by"]) == ("checked", "omar")


@pytest.mark.requirement("A11-07", "A11D-14")
def test_step_recorded_again_needs_a_reason_and_must_be_checked_again() -> None:
    floor, batch = started()
    floor.do("LYN1", "step.done", batch, "omar", step="020", values=WARM)
    floor.do("LYN1", "step.check", batch, "sven", step="020")
    assert refusal(floor, "step.done", batch, "omar", step="020", values=WARM) == "STEP-7"
    floor.do("LYN1", "step.done", batch, "omar", step="020", values=WARM, reason="read off the wrong line")
    assert floor.see(batch).checked["020"] == "unchecked"


@pytest.mark.requirement("A11D-01")
@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (HOT, "STEP-4"),
        ([{**WARM[0], "value": "36.4999"}], "STEP-4"),
        ([{**WARM[0], "value": "-37"}], "STEP-4"),
        ([], "STEP-5"),
        (WARM * 2, "STEP-5"),
        ([{**WARM[0], "unit": "K"}], "STEP-5"),
        ([*WARM, {"parameter": "pH", "value": "7"}], "STEP-5"),
        *(([{**WARM[0], "value": bad}], "STEP-5") for bad in NO_NUMBERS),
        ([{**WARM[0], "value": "36.5"}], ""),
        ([{**WARM[0], "value": "37.50"}], ""),
    ],
)  # fmt: skip
def test_values_are_plain_numbers_in_the_planned_unit_within_limits(values: list[dict[str, str]], rule: str) -> None:
    floor, batch = started()
    assert refusal(floor, "step.done", batch, "omar", step="020", values=values) == rule


def test_value_out_of_limits_that_happened_is_recorded_and_opens_a_deviation() -> None:
    floor, batch = started()
    assert "temperature 39.2 degC, limits 36.5 to 37.5" in words(
        floor, "step.done", batch, "omar", step="020", values=HOT
    )
    fact = floor.do("LYN1", "step.done", batch, "omar", step="020", values=HOT, happened="the cooling failed")
    assert floor.see(batch).done["020"]["values"] == HOT
    deviation = floor.see(derived(floor, fact))
    assert "temperature 39.2 degC" in deviation.problem
    assert deviation.on == batch


@pytest.mark.parametrize(
    ("on", "barred"),
    [("/020", {"020"}), ("R-101", {"020"}), ("", {"010", "020", "030"}), ("S2", {"030"}), ("S9", set())],
)
def test_hold_on_step_place_or_batch_bars_what_it_names(on: str, barred: set[str]) -> None:
    floor, batch = started()
    hold = floor.record(floor.do("LYN1", "hold.stop", on=on if on.isalnum() or "-" in on else f"{batch}{on}"))
    values = {"020": WARM}
    found = {
        step for step in ("010", "020", "030")
        if refusal(floor, "step.done", batch, "omar", step=step, values=values.get(step, [])) == "STEP-3"
    }  # fmt: skip
    assert found == barred
    if barred:
        assert hold in words(floor, "step.done", batch, "omar", step=min(barred), values=values.get(min(barred), []))


def test_hold_on_something_unplanned_that_names_the_batch_bars_all_of_it() -> None:
    floor, batch = started()
    floor.do("LYN1", "hold.stop", on="pump P-7", batch=batch)
    assert refusal(floor, "step.done", batch, "omar", step="030") == "STEP-3"


def test_keep_safe_lets_finish_what_runs_and_bars_the_next_step() -> None:
    floor, batch = started()
    floor.do("LYN1", "step.done", batch, "omar", step="010")
    floor.do("LYN1", "hold.stop", on="R-101", sort="keep safe", reason="the culture cannot stop")
    assert not refusal(floor, "step.done", batch, "omar", step="020", values=WARM)
    assert refusal(floor, "step.done", batch, "omar", step="030") == "STEP-3"
    floor.do("LYN1", "step.done", batch, "omar", step="020", values=WARM)
    assert refusal(floor, "step.done", batch, "omar", step="030") == "STEP-3"  # still: it is in force until lifted


def test_keep_safe_on_the_batch_bars_all_but_the_step_that_runs() -> None:
    floor, batch = started()
    floor.do("LYN1", "hold.stop", on=batch, sort="keep safe")
    assert not refusal(floor, "step.done", batch, "omar", step="010")
    floor.do("LYN1", "step.done", batch, "omar", step="010")
    assert refusal(floor, "step.done", batch, "omar", step="020", values=WARM) == "STEP-3"


def test_held_step_that_was_completed_all_the_same_opens_a_deviation() -> None:
    floor, batch = started()
    hold = floor.record(floor.do("LYN1", "hold.stop", on=f"{batch}/010"))
    fact = floor.do("LYN1", "step.done", batch, "omar", step="010", happened="it was over before the call came")
    assert hold in floor.see(derived(floor, fact)).problem
    assert floor.see(batch).done["010"]["why"] == "it was over before the call came"


@pytest.mark.requirement("DI-03")
def test_late_entry_keeps_both_times() -> None:
    floor, batch = started()
    when = "2026-09-21T10:00:00.000+02:00"
    floor.do("LYN1", "step.done", batch, "omar", step="010", occurred=when)
    done = floor.see(batch).done["010"]
    assert done["occurred"] < done["at"]
    assert refusal(floor, "step.done", batch, "omar", step="030", occurred="yesterday") == "TIME-1"
