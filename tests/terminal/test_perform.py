"""Performing: what a terminal does with nobody signed in, what it fills in by itself, and what it refuses."""

from typing import Any

import msgspec
import pytest

from shared.log.canonical import b64, encode
from shared.log.clock import parse_at
from shared.log.entry import Entry, line_bytes
from shared.store.lists import Listed
from shared.terminal.asked import Asked
from shared.terminal.own_chain import own_end
from shared.terminal.perform import perform
from shared.terminal.refusal import Refused
from tests.terminal.firm import Firm


def listed(firm: Firm, code: str, record: str) -> Listed:
    row = firm.desks[code].store.lists.row(record)
    assert row is not None, record
    return row


def refusal(firm: Firm, code: str, *asked: str, **fields: Any) -> Refused:
    before = firm.desks[code].store.pending.count()
    with pytest.raises(Refused) as caught:
        firm.do(code, *asked, **fields)
    assert firm.desks[code].store.pending.count() == before, "a refusal leaves nothing behind"
    return caught.value


@pytest.mark.requirement("A11-12", "DI-01", "DI-03")
def test_stop_needs_nobody_and_no_network(firm: Firm) -> None:
    done = firm.do("LYN2", "hold.stop", on="Suite 3", reason="pressure")
    assert done.record.startswith("HLD-LYN2-")
    assert (done.sync, done.waiting, done.derived) == ("local", (), "")
    row = listed(firm, "LYN2", done.record)
    assert (row.columns["state"], row.columns["by"], row.sync) == ("held", "@LYN2", "local")
    firm.sync()
    assert listed(firm, "SPO1", done.record).columns == listed(firm, "LYN2", done.record).columns
    assert listed(firm, "LYN2", done.record).sync == "in log"


def test_record_id_is_kind_terminal_and_number(firm: Firm) -> None:
    n = own_end(firm.desks["LYN1"].store, "LYN1").n
    assert firm.do("LYN1", "hold.stop", on="a").record == f"HLD-LYN1-{n + 1}"
    assert firm.do("LYN1", "deviation.raise", title="b").record == f"DEV-LYN1-{n + 2}"
    firm.sync()
    assert firm.do("LYN1", "hold.stop", on="c").record == f"HLD-LYN1-{n + 3}"


def test_stop_stops_what_the_terminal_stands_beside(firm: Firm) -> None:
    assert refusal(firm, "LYN1", "hold.stop").rule == "FORM-3"
    firm.do("LYN1", "terminal.post", places=["Suite 3", "Filler 2"])
    assert listed(firm, "LYN1", firm.do("LYN1", "hold.stop").record).columns["on"] == "Filler 2"
    firm.do("LYN1", "terminal.post", places=["Suite 3"], batch="BAT-LYN1-9")
    row = listed(firm, "LYN1", firm.do("LYN1", "hold.stop").record)
    assert (row.columns["on"], row.columns["batch"]) == ("BAT-LYN1-9", "BAT-LYN1-9")
    firm.do("LYN1", "terminal.post", places=["Suite 3"], batch="BAT-LYN1-9", step="020")
    row = listed(firm, "LYN1", firm.do("LYN1", "hold.stop").record)
    assert (row.columns["on"], row.columns["batch"]) == ("BAT-LYN1-9/020", "BAT-LYN1-9")


def test_deviation_names_the_latest_hold_here_that_no_other_names(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", places=["Suite 3"])
    firm.do("LYN1", "hold.stop", on="elsewhere")
    first, second = firm.do("LYN1", "hold.stop").record, firm.do("LYN1", "hold.stop").record
    one, two, three = (firm.do("LYN1", "deviation.raise", title="x").record for _ in range(3))
    found = [listed(firm, "LYN1", record).columns["hold"] for record in (one, two, three)]
    assert found[:2] == [second, first]
    assert not found[2]


def test_what_was_filled_in_is_said(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", "LYN1", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop").record
    done = firm.do("LYN1", "deviation.raise", title="Vial broken", batch="")
    assert set(done.filled) == {"on", "hold", "detected"}
    assert (done.filled["on"], done.filled["hold"]) == ("FILL-2", hold)


def test_a_terminal_without_a_post_says_how_to_give_it_one(firm: Firm) -> None:
    assert "terminal.post" in refusal(firm, "LYN1", "hold.stop").next


def test_detected_is_now_in_the_terminals_zone(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    assert listed(firm, "LYN1", record).columns["detected"] == firm.hand.now


def test_what_a_hold_was_raised_for_was_detected_when_it_was(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop").record
    since = listed(firm, "LYN1", hold).columns["since"]
    firm.hand.wait(40 * 60_000)
    done = firm.do("LYN1", "deviation.raise", title="vial broken")
    assert listed(firm, "LYN1", done.record).columns["detected"] == since, "not the time of writing it down"
    assert done.filled["detected"] == firm.desks["LYN1"].clock.at(int(str(since)))
    typed = firm.do("LYN1", "deviation.raise", title="x", hold=hold, detected="2026-11-18T09:00:00.000+01:00").record
    assert listed(firm, "LYN1", typed).columns["detected"] == parse_at("2026-11-18T09:00:00.000+01:00")
    alone = firm.do("LYN1", "deviation.raise", title="x", hold="").record
    assert listed(firm, "LYN1", alone).columns["detected"] == firm.hand.now


def test_a_hold_of_a_clock_that_is_ahead_says_nothing_of_when(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="FILL-2").record
    firm.hand.wait(-3_600_000)
    record = firm.do("LYN1", "deviation.raise", title="x", hold=hold).record
    assert listed(firm, "LYN1", record).columns["detected"] == firm.hand.now


def test_who_says_so_is_claimed_where_nobody_signs(firm: Firm) -> None:
    done = perform(firm.desks["LYN1"], Asked("hold.stop", fields={"on": "a"}, person="omar"))
    assert listed(firm, "LYN1", done.record).columns["by"] == "omar"
    trail = firm.desks["LYN1"].store.lists.trail(done.record)
    assert trail[0].by == "@LYN1", "a claim is no signature"


def test_decision_without_a_signature_is_refused(firm: Firm) -> None:
    record = firm.do("LYN1", "hold.stop", on="a").record
    assert refusal(firm, "LYN1", "hold.lift", record, reason="b").rule == "WHO-1"
    with pytest.raises(Refused, match="WHO-1"):
        perform(firm.desks["LYN1"], Asked("hold.lift", record, {"reason": "b"}, "anna"))


@pytest.mark.requirement("P11-06")
def test_fact_that_breaks_a_rule_is_kept_only_with_a_reason(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    refused = refusal(firm, "LYN1", "call.log", record, contact="CON-LYN1-99", outcome="no answer")
    assert refused.rule == "CALL-2"
    assert "happened" in refused.next
    done = firm.do(
        "LYN1", "call.log", record, contact="CON-LYN1-99", outcome="no answer", happened="number from the wall"
    )
    n = own_end(firm.desks["LYN1"].store, "LYN1").n
    assert done.derived == f"DEV-LYN1-{n}"
    assert listed(firm, "LYN1", done.derived).flags == ["derived"]


def test_dry_run_writes_nothing_and_judges_as_if_signed(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    before = desk.store.pending.count()
    done = perform(desk, Asked("hold.stop", fields={"on": "a"}), dry_run=True)
    assert (done.id, done.sync) == ("", "")
    record = firm.do("LYN1", "deviation.raise", title="x").record
    rate = {"criticality": "major", "reason": "y"}
    assert perform(desk, Asked("deviation.rate", record, rate, "anna"), dry_run=True).record == record
    with pytest.raises(Refused, match="WHO-3"):
        perform(desk, Asked("deviation.rate", record, rate, "omar"), dry_run=True)
    with pytest.raises(Refused, match="WHO-2"):
        perform(desk, Asked("deviation.rate", record, rate, "nobody"), dry_run=True)
    assert desk.store.pending.count() == before + 1


def test_record_must_be_here(firm: Firm) -> None:
    assert refusal(firm, "LYN1", "deviation.note", "DEV-LYN9-1", text="x").rule == "FORM-2"
    assert refusal(firm, "LYN1", "deviation.note", text="x").rule == "FORM-5"
    assert refusal(firm, "LYN1", "hold.stop", "HLD-LYN1-1", on="x").rule == "FORM-8"
    assert refusal(firm, "LYN1", "entry.confirm", "", "anna", of="x").rule == "FORM-2"


def test_confirming_needs_the_entry_alone(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    lift = firm.do("LYN1", "hold.lift", hold, "anna", reason="mistaken pull")
    assert lift.waiting == ("qa or supervisor",)
    assert listed(firm, "LYN1", hold).flags == ["waiting"]
    done = firm.do("LYN1", "entry.confirm", "", "sven", of=lift.id)
    assert (done.record, done.waiting) == (hold, ())
    assert listed(firm, "LYN1", hold).columns["state"] == "lifted"


@pytest.mark.requirement("P11-06")
def test_no_decision_on_what_this_version_does_not_know(firm: Firm) -> None:
    hold = firm.do("SPO1", "hold.stop", on="a").record
    desk = firm.desks["SPO1"]
    n = own_end(desk.store, "SPO1").n + 1
    entry = Entry(
        action=msgspec.Raw(encode({"do": "hold.later", "reason": "x"})), app="9", at="2026-11-22T07:38:09.120+01:00",
        by="@SPO1", n=n, program=firm.program, record=hold, salt=b64(bytes(16)), seen=(desk.store.log.size(), n - 1),
        terminal="SPO1",
    )  # fmt: skip
    with desk.store.write() as tx:
        tx.add_pending(line_bytes(entry, None))
    firm.sync()
    assert "newer" in listed(firm, "LYN1", hold).flags
    assert refusal(firm, "LYN1", "hold.lift", hold, "anna", reason="b").rule == "NEW-1"
    firm.do("LYN1", "hold.stop", on="a")
    firm.do("LYN1", "notice.acknowledge", hold, "anna")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "criticality (criticality): It is not answered yet. Give one of: minor, major, critical."),
        ({"criticality": "minor", "reason": ""}, "reason (why): It is missing."),
        ({"criticality": "huge", "reason": "x"}, "criticality (criticality): Invalid enum value 'huge'."),
        ({"criticality": "minor", "reason": 5}, "reason (why): Expected text, got whole number."),
        ({"criticality": "minor", "reason": "x" * 1001}, "Give a text of at most 1000 characters."),
        ({"criticality": "minor", "reason": "x", "why": "y"}, "has no field 'why'."),
        ({"criticality": "minor", "reason": "x", "settles": "y"}, "settles (entries of ratings that this one settles)"),
        ({"criticality": "minor", "reason": "x", "settles": [1]}, "Expected text, got whole number (in it: [0])."),
        ({"criticality": "minor", "reason": "a\u202eb"}, "U+202E"),
        ({"criticality": "minor", "reason": "a\x1b[31mb"}, "U+001B"),
        ({"criticality": "minor", "reason": "a\ud800b"}, "half a surrogate"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_form(firm: Firm, fields: dict[str, Any], said: str) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    refused = refusal(firm, "LYN1", "deviation.rate", record, "anna", **fields)
    assert refused.rule == "FORM-3"
    assert said in str(refused)
    assert "\n" not in str(refused)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("deviation.problem", {}),
        ("deviation.problem", {"problem": "\n\n \n", "observed": "  "}),
        ("deviation.problem", {"claimed": "omar"}),
        ("deviation.urgency", {}),
    ],
)
def test_a_screen_that_says_nothing_is_not_saved(firm: Firm, action: str, fields: dict[str, Any]) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    before = firm.desks["LYN1"].store.pending.count()
    with pytest.raises(Refused, match="FORM-12: Nothing is typed yet"):
        firm.do("LYN1", action, record, **fields)
    assert firm.desks["LYN1"].store.pending.count() == before


def test_what_was_said_can_be_taken_back(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    firm.do("LYN1", "deviation.urgency", record, spoils="the bulk")
    firm.do("LYN1", "deviation.urgency", record)
    with pytest.raises(Refused, match="FORM-12"):
        firm.do("LYN1", "deviation.problem", record, problem=" ")


def test_blanks_alone_are_no_text(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    with pytest.raises(Refused, match=r"FORM-3: text .*missing"):
        firm.do("LYN1", "deviation.note", record, text=" \n\u00a0")


def test_text_is_kept_in_normal_form(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="Mu\u0308nchen").record
    assert listed(firm, "LYN1", record).columns["title"] == "M\u00fcnchen"


def test_markup_is_text(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="[bold red]x[/] <b>&amp;").record
    assert listed(firm, "LYN1", record).columns["title"] == "[bold red]x[/] <b>&amp;"


def test_defaults_are_left_out_of_the_entry(firm: Firm) -> None:
    record = firm.do("LYN1", "hold.stop", on="a", sort="stop", reason="", claimed="").record
    data = firm.desks["LYN1"].store.lists.trail(record)[0].data
    assert b'"action":{"do":"hold.stop","on":"a"}' in data


def planned_batch(firm: Firm, number: str = "B-26-117") -> str:
    steps = [{"key": "010", "words": "mix"}, {"key": "020", "words": "fill"}]
    return firm.do(
        "LYN1", "batch.plan", "", "anna", number=number, product="Antibody A", phase="engineering", steps=steps
    ).record


def test_what_people_call_a_record_by_names_it(firm: Firm) -> None:
    batch = planned_batch(firm)
    place = firm.do("LYN1", "place.add", "", "anna", code="FIL-2", name="Filler", sort="equipment", site="Lyon").record
    for typed, meant in (("B-26-117", batch), ("B-26-117/020", f"{batch}/020"), ("FIL-2", place), (batch, batch)):
        assert listed(firm, "LYN1", firm.do("LYN1", "hold.stop", on=typed).record).columns["on"] == meant
    firm.do("LYN1", "terminal.post", places=["FIL-2", "a corner"], batch="B-26-117")
    assert listed(firm, "LYN1", "LYN1").columns["places"] == [place, "a corner"]
    firm.do("LYN1", "place.card", "FIL-2", "anna", steps=["stop", "close", "call"], reason="first")
    assert listed(firm, "LYN1", place).columns["card"] == ["stop", "close", "call"]


def test_number_of_several_records_names_none(firm: Firm) -> None:
    planned_batch(firm)
    steps = [{"key": "010", "words": "mix"}]
    firm.do("SPO1", "batch.plan", "", "quin", number="B-26-117", product="A", phase="engineering", steps=steps)
    firm.sync()
    refused = refusal(firm, "LYN1", "hold.stop", on="B-26-117")
    assert refused.rule == "FORM-7"
    assert "BAT-LYN1" in refused.text
    assert "BAT-SPO1" in refused.text


def test_what_runs_at_the_post_is_the_batch_that_is_meant(firm: Firm) -> None:
    assert refusal(firm, "LYN1", "batch.start", claimed="omar").rule == "FORM-5"
    batch = planned_batch(firm)
    firm.do("LYN1", "terminal.post", batch=batch, step="010")
    refused = refusal(firm, "LYN1", "step.done", claimed="omar")
    assert refused.rule == "STEP-1", "the step of the post is meant, and its batch has not started"


def test_action_suggests_what_only_it_can_know(firm: Firm) -> None:
    done = firm.do("LYN1", "template.publish", "", "anna", name="Readiness", version="1")
    assert done.waiting == ("qa of sponsor",)
    firm.do("LYN1", "entry.confirm", "", "quin", of=done.id)
    assert len(listed(firm, "LYN1", done.record).columns) > 3
