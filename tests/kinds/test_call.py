"""Calls and acknowledgements: whose clock stops, who is next, and what does not reopen."""

import pytest

from shared.fold.fold import PENDING, fold
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.calltree import whom_to_call
from shared.kinds.notice import acknowledged
from shared.log.clock import parse_at
from tests.fold.floor import Floor, founded
from tests.kinds.book import SUNDAY_NIGHT, callees, contact, cover, names, world


@pytest.fixture
def floor() -> Floor:
    return founded()


def stop(floor: Floor) -> str:
    return floor.record(floor.do("LYN1", "hold.stop", on="BR-201"))


@pytest.mark.requirement("EU-03", "DI-01")
def test_an_answered_call_acknowledges_for_that_person_and_that_company_only(floor: Floor) -> None:
    sam = contact(floor, "Sam", "sponsor", "Bioreactor", person="sam")
    hold = stop(floor)
    floor.do(
        "LYN1", "call.log", hold, contact=sam, outcome="answered", person="sam", claimed="omar", readback="red owl sea"
    )
    assert acknowledged(world(floor), floor.see(hold)) == {"sponsor": ["sam"]}
    (call,) = floor.see(hold).calls
    assert (call["by"], call["person"], call["outcome"]) == ("omar", "sam", "answered")
    (ack,) = [value for _, _, value in floor.see(hold).entries("acks")]
    assert (ack["how"], ack["at"]) == ("by telephone, witnessed by the caller", call["at"])


def test_somebody_who_is_no_member_answers_for_the_company_of_the_contact(floor: Floor) -> None:
    gate = contact(floor, "Duty phone", "sponsor", "bioreactor")
    hold = stop(floor)
    floor.do("LYN1", "call.log", hold, contact=gate, outcome="answered", name="Mr Stand-in")
    assert acknowledged(world(floor), floor.see(hold)) == {"sponsor": [gate]}


def test_a_colleague_of_the_caller_cannot_answer_for_the_partner(floor: Floor) -> None:
    sam = contact(floor, "Sam", "sponsor", "bioreactor", person="sam")
    hold = stop(floor)
    done = floor.do("LYN1", "call.log", hold, contact=sam, outcome="answered", person="omar")
    assert floor.act(done).refused == "CALL-4"
    assert floor.show(f"DEV-LYN1-{floor.act(done).n}").flags == ["derived"]
    assert acknowledged(world(floor), floor.see(hold)) == {}


@pytest.mark.requirement("EU-03")
def test_no_answer_moves_the_next_up_and_who_cannot_come_goes_last(floor: Floor) -> None:
    people = [contact(floor, name, "cdmo", "bioreactor") for name in ("Ida", "Jon", "Kim")]
    for tier, who in enumerate(people, 1):
        cover(floor, who, "cdmo", "bioreactor", tier)
    hold = stop(floor)
    assert names(callees(floor, "bioreactor", hold)) == ["Ida", "Jon", "Kim"]
    floor.do("LYN1", "call.log", hold, contact=people[0], outcome="no answer")
    assert names(callees(floor, "bioreactor", hold)) == ["Jon", "Kim", "Ida"]
    floor.do("LYN1", "call.log", hold, contact=people[1], outcome="cannot come")
    found = callees(floor, "bioreactor", hold)
    assert [(one.name, one.status, one.tier) for one in found] == [
        ("Kim", "", 3),
        ("Ida", "no answer", 1),
        ("Jon", "cannot come", 2),
    ]
    assert acknowledged(world(floor), floor.see(hold)) == {}


def test_calls_reach_the_terminals_own_record_when_nothing_is_open(floor: Floor) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    done = floor.do("LYN1", "call.log", "LYN1", contact=ida, outcome="answered", name="Ida")
    assert floor.act(done).refused == ""
    assert names(callees(floor, "bioreactor", "LYN1")) == ["Ida"]


@pytest.mark.parametrize(
    ("about", "who", "outcome", "rule"),
    [
        ("PROGRAM", "", "busy", "CALL-1"),
        ("HLD-LYN1-9999", "", "busy", "CALL-1"),
        ("LYN1", "CON-LYN1-9999", "busy", "CALL-2"),
        ("LYN1", "anna", "busy", "CALL-2"),
        ("LYN1", "", "answered", "CALL-3"),
    ],
)
def test_a_call_that_cannot_have_been_is_kept_and_flagged(
    floor: Floor, about: str, who: str, outcome: str, rule: str
) -> None:
    ida = contact(floor, "Ida", "cdmo", "bioreactor")
    done = floor.do("LYN1", "call.log", about, contact=who or ida, outcome=outcome)
    assert floor.act(done).refused == rule
    assert floor.verdict(done) == "stands"


@pytest.mark.requirement("A11-12")
def test_with_the_cable_out_a_call_counts_at_once(floor: Floor) -> None:
    people = [contact(floor, name, "cdmo", "bioreactor") for name in ("Ida", "Jon")]
    for tier, who in enumerate(people, 1):
        cover(floor, who, "cdmo", "bioreactor", tier)
    floor.pull()
    floor.write("LYN1", "hold.stop", on="BR-201")
    hold = f"HLD-LYN1-{floor.terminal('LYN1').n}"
    floor.write("LYN1", "call.log", hold, contact=people[0], outcome="no answer")
    pending = Unit(floor.unit)
    for index, (id_, entry) in enumerate(floor.terminal("LYN1").waiting):
        fold(pending, PENDING + index, id_, entry)
    now = parse_at(SUNDAY_NIGHT)
    view = View(pending, None, now, hold)
    assert names(whom_to_call(view, now, "bioreactor", view.here.calls)) == ["Jon", "Ida"]


@pytest.mark.requirement("DI-01")
def test_a_member_acknowledges_by_signing_and_only_for_themselves(floor: Floor) -> None:
    hold = stop(floor)
    floor.do("LYN1", "notice.acknowledge", hold, "anna", claimed="quin")
    assert acknowledged(world(floor), floor.see(hold)) == {"cdmo": ["anna"]}
    floor.pull("SPO1")
    floor.do("SPO1", "notice.acknowledge", hold, "quin")
    assert acknowledged(world(floor), floor.see(hold)) == {"cdmo": ["anna"], "sponsor": ["quin"]}


def test_a_terminal_acknowledges_for_somebody_who_says_so(floor: Floor) -> None:
    hold = stop(floor)
    floor.do("LYN1", "notice.acknowledge", hold, claimed="quin", through="code by mail")
    assert acknowledged(world(floor), floor.see(hold)) == {"sponsor": ["quin"]}
    for nobody in ("", "nobody", "LYN1", "PROGRAM"):
        done = floor.do("LYN1", "notice.acknowledge", hold, claimed=nobody)
        assert floor.act(done).refused == "NOTICE-2"
    assert acknowledged(world(floor), floor.see(hold)) == {"sponsor": ["quin"]}


def test_what_has_no_acknowledgement_cannot_be_acknowledged(floor: Floor) -> None:
    done = floor.do("LYN1", "notice.acknowledge", "LYN1", "anna")
    assert floor.act(done).refused == "NOTICE-1"
    assert acknowledged(world(floor), floor.see("LYN1")) == {}


def test_a_call_and_an_acknowledgement_do_not_reopen_what_was_closed_meanwhile(floor: Floor) -> None:
    sam = contact(floor, "Sam", "sponsor", "bioreactor", person="sam")
    deviation = floor.record(
        floor.do("LYN1", "deviation.raise", title="pH high", detected="2026-09-21T10:00:00.000+02:00")
    )
    floor.do("LYN1", "deviation.problem", deviation, problem="pH", procedure="SOP-1", justification="probe")
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="no attribute touched")
    floor.do("LYN1", "deviation.fix", deviation, fix="probe changed")
    floor.pull()
    closed = floor.write(
        "LYN1", "deviation.close", deviation, "anna", conclusion="done", other_batches="none: one probe"
    )
    floor.write("LYN2", "call.log", deviation, contact=sam, outcome="answered", person="sam")
    floor.write("LYN2", "notice.acknowledge", deviation, "axel")
    floor.push("LYN1", "LYN2")
    assert floor.verdict(closed) == "stands"
    assert acknowledged(world(floor), floor.see(deviation)) == {"cdmo": ["axel"], "sponsor": ["sam"]}
