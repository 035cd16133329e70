"""What can be begun: read off the registry, with reasons that hold for everything that could be typed."""

from typing import Annotated

import pytest

from shared.actions.action import ACTIONS, Rule
from shared.actions.world import World
from shared.fold.judge import rules
from shared.terminal.fields import build
from shared.terminal.refusal import Refused
from tests.terminal.firm import Firm
from tests.tui.records import batch, gate, go, lead, signed_in
from tui.possible import Possible, needs_record, next_on, possible
from tui.reader import Reader
from tui.session import Session
from tui.untyped import verdict

QA = Session("anna", "Anna Example", "cdmo", frozenset({"qa"}))
OPERATOR = Session("omar", "Omar Example", "cdmo", frozenset({"operator"}))
QUIN = Session("quin", "Quin Example", "sponsor", frozenset({"qa"}))
RATE = {"criticality": "major", "reason": "a quality attribute is touched"}


def by_name(firm: Firm, session: Session, record: str = "", code: str = "LYN1") -> dict[str, Possible]:
    return {one.do: one for one in possible(Reader(firm.desks[code]), session, record)}


def test_whatever_the_registry_has_is_there_once(firm: Firm) -> None:
    found = [one.do for one in possible(Reader(firm.desks["LYN1"]), Session())]
    assert sorted(found) == sorted(ACTIONS)


@pytest.mark.requirement("P11-07")
def test_roles_say_who_may_and_why_not(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    assert not by_name(firm, QA, hold)["hold.lift"].why_not
    assert by_name(firm, OPERATOR, hold)["hold.lift"].why_not == "WHO-3: for qa or supervisor"
    assert not by_name(firm, Session(), hold)["hold.lift"].why_not, "who signs is asked later"
    assert by_name(firm, QA)["signing.failed"].why_not.startswith("WHO-6")
    gone = Session("gone", "Gone", "cdmo", frozenset({"qa"}))
    assert by_name(firm, gone, hold)["hold.lift"].why_not.startswith("WHO-2")


def test_a_lapsed_training_is_said(firm: Firm) -> None:
    until = firm.desks["LYN1"].clock.at(firm.hand.now - 1)
    proposed = firm.do("LYN1", "member.train", "anna", "olga", role="qa", until=until, evidence="course 7")
    firm.do("LYN1", "entry.confirm", "anna", "otto", of=proposed.id)
    hold = firm.do("LYN1", "hold.stop", on="a").record
    assert by_name(firm, QA, hold)["hold.lift"].why_not == "WHO-4: training as qa has lapsed"


def test_what_the_record_rules_out_is_grey_whatever_is_typed(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    proposed = firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    firm.do("LYN1", "entry.confirm", hold, "sven", of=proposed.id)
    assert by_name(firm, QA, hold)["hold.lift"].why_not == "HOLD-1: Only a hold in force is lifted"
    deviation = firm.do("LYN1", "deviation.raise", title="x", on="a").record
    found = by_name(firm, QA, deviation)
    assert found["deviation.reopen"].why_not.startswith("DEV-2")
    assert not found["deviation.rate"].why_not


def test_a_fact_that_breaks_a_rule_can_be_begun_and_says_so(firm: Firm) -> None:
    deviation = firm.do("LYN1", "deviation.raise", title="x", on="a").record
    for one in possible(Reader(firm.desks["LYN1"]), QA, deviation):
        if ACTIONS[one.do].fact:
            assert not one.why_not


def test_the_kinds_own_come_first_and_what_can_be_made_about_it_last(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    found = possible(Reader(firm.desks["LYN1"]), QA, hold)
    can = [one.do for one in found if not one.why_not]
    own = ["hold.lift", "hold.safe", "hold.samples", "hold.reason", "hold.claim"]
    assert can == [*own, "call.log", "notice.acknowledge", "deviation.raise"]
    assert found[7].given == {"hold": hold}
    assert not found[7].record
    assert [bool(one.why_not) for one in found] == sorted(bool(one.why_not) for one in found)


def test_what_comes_next_is_told_by_the_actions_themselves_and_comes_first(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    reader = Reader(firm.desks["LYN1"])
    record = batch(firm)

    def of(step: str) -> tuple[str, dict[str, str]] | None:
        found = next_on(reader, OPERATOR, record, {"step": step} if step else {})
        return (found.spec.name, found.given) if found else None

    def first(step: str, who: Session = OPERATOR) -> str:
        own = [one.do for one in possible(reader, who, record, {"step": step})]
        return next(one for one in own if one.startswith(("batch.", "step.")))

    assert of("") == of("010") == ("batch.start", {}), "a batch that is planned is started"
    go(firm, gate(firm))
    firm.do("LYN1", "batch.start", record, "omar")
    assert of("") is None
    assert of("010") == ("step.done", {"step": "010"})
    assert first("010") == "step.done"
    firm.do("LYN1", "step.done", record, "omar", step="010")
    assert of("010") == ("step.check", {"step": "010"}), "and not recorded again, though nothing refuses that yet"
    assert first("010", signed_in("sven")) == "step.check", "by somebody else than who performed it"
    firm.do("LYN1", "step.check", record, "sven", step="010")
    assert of("010") is None
    assert of("020") == ("step.done", {"step": "020"})


def test_what_waits_for_a_second_person_comes_first_with_its_entry(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    proposed = firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    other = possible(Reader(firm.desks["LYN1"]), Session("sven", "S", "cdmo", frozenset({"supervisor"})), hold)
    assert other[0].do == "entry.confirm"
    assert other[0].given == {"of": proposed.id}
    assert "hold lift, proposed by anna" in other[0].words
    own = by_name(firm, QA, hold)
    assert own["entry.confirm"].why_not.startswith("CONF-2"), "two people are two people"
    assert not own["entry.withdraw"].why_not
    assert by_name(firm, OPERATOR, hold)["entry.confirm"].why_not.startswith("CONF-3")


def test_nothing_can_be_done_with_what_is_not_here(firm: Firm) -> None:
    reader = Reader(firm.desks["LYN1"])
    for record in ("HLD-LYN1-99999", "\u202e[bold]", "nobody", "ZZZ-LYN1-1"):
        assert possible(reader, QA, record) == []


def test_which_actions_need_a_record_chosen(firm: Firm) -> None:
    reader = Reader(firm.desks["LYN1"])
    asked = {name for name, spec in ACTIONS.items() if needs_record(spec, reader)}
    assert {"hold.lift", "deviation.rate", "notice.acknowledge", "batch.start"} <= asked
    assert not asked & {"hold.stop", "call.log", "terminal.post", "agreement.set", "entry.confirm", "member.invite"}


class Ruled:
    """Stands for what a rule is asked about."""


@pytest.mark.parametrize("typed", ["no", "yes"])
def test_a_rule_that_looks_at_a_field_is_left_to_the_form(firm: Firm, typed: str) -> None:
    """The claim of `possible`: what is grey here is refused by the rules themselves, whatever is typed."""
    spec = ACTIONS["hold.lift"]

    def asks(action: Annotated[object, Ruled], world: World) -> bool:
        del world
        return bool(getattr(action, "reason", "") == typed)

    assert verdict(Rule("X-1", "x", "x", asks), spec, Reader(firm.desks["LYN1"]).view()) is None


def test_grey_is_refused_by_the_rules_too(firm: Firm) -> None:
    """Every action that a rule greys out is refused with fields that are typed, too."""
    hold = firm.do("LYN1", "hold.stop", on="a").record
    proposed = firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    firm.do("LYN1", "entry.confirm", hold, "sven", of=proposed.id)
    deviation = firm.do("LYN1", "deviation.raise", title="x", on="a").record
    reader = Reader(firm.desks["LYN1"])
    judged = 0
    for record in (hold, deviation, "LYN1", "PROGRAM", "anna"):
        for one in possible(reader, QA, record):
            spec = ACTIONS[one.do]
            rule = (one.why_not or one.but).partition(":")[0]
            if rule not in {each.id for each in spec.rules} or not one.record:
                continue
            for text in ("a", "another text", "HLD-LYN1-1"):
                fields = {
                    field.name: field.choices[0] if field.choices else text
                    for field in spec.fields
                    if field.required and field.type in {"text", "choice"}
                }
                try:
                    action, _ = build(spec, {**fields, **one.given})
                except Refused:
                    continue
                with reader.store.snapshot():
                    assert rules(reader.view(record, "anna"), spec, action) is not None
                judged += 1
    assert judged > 2


def test_a_broken_rule_does_not_look_possible(firm: Firm) -> None:
    spec = ACTIONS["hold.lift"]

    def broken(action: object, world: World) -> bool:
        del action, world
        raise KeyError("no such fact")

    with pytest.raises(KeyError):
        verdict(Rule("X-1", "x", "x", broken), spec, Reader(firm.desks["LYN1"]).view())


def test_of_a_part_of_a_record_its_own_actions_are_judged(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    made = batch(firm)
    firm.do("LYN1", "batch.start", made, "sven")
    reader = Reader(firm.desks["LYN1"])

    def offered(step: str, person: str = "sven") -> list[str]:
        found = possible(reader, signed_in(person), made, {"step": step})
        return [one.do for one in found if not (one.why_not or one.but)]

    by = {one.do: one for one in possible(reader, signed_in("sven"), made, {"step": "010"})}
    assert by["step.check"].why_not == "STEP-8: The step is not recorded as done"
    assert offered("010")[0] == "step.done"
    firm.do("LYN1", "step.done", made, "omar", step="010")
    found = offered("010")
    assert found.index("step.check") < found.index("step.done"), "to record it again needs a reason"
    assert found[-1] == "step.done"
    by = {one.do: one for one in possible(reader, signed_in("omar"), made, {"step": "010"})}
    assert by["step.check"].why_not == "STEP-9: Nobody checks what they performed"
    assert offered("020")[0] == "step.done"
    assert not {one.do: one for one in possible(reader, signed_in("sven"), made)}["step.check"].why_not
