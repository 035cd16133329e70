"""Making safe and whom to call: the same for a record at whichever terminal of either company it is read."""

import pytest

from shared.fold.unit import Unit
from shared.fold.view import View
from shared.terminal.calling import call_list
from shared.terminal.containment import Containment, containment
from shared.terminal.readback import three_words
from tests.terminal.firm import Firm

STEP_CARD, SUITE_CARD = (
    ["Close the feed", "Hold at 30 degC"],
    ["Stop the infeed", "Lift the needles", "Cover the vials"],
)


def safe(firm: Firm, hold: str, code: str = "LYN1") -> Containment:
    with firm.desks[code].store.snapshot():
        return containment(View(Unit(firm.desks[code].store.tables), None, firm.hand.now, hold), hold)


def place(firm: Firm, code: str, expertise: str, card: list[str]) -> str:
    fields = {"code": code, "sort": "equipment", "name": code.title(), "site": "Lyon", "expertise": expertise}
    found = firm.do("LYN1", "place.add", "", "anna", **fields).record
    if card:
        firm.do("LYN1", "place.card", found, "anna", steps=card, reason="first card")
    return found


def batch(firm: Firm, where: str, **own: object) -> str:
    steps = [{"key": "020", "words": "Feed", "place": where, **own}]
    return firm.do(
        "LYN1", "batch.plan", "", "sven", number="C-1", product="Antibody A", phase="clinical", steps=steps
    ).record  # fmt: skip


def contacts(firm: Firm) -> None:
    start = firm.desks["LYN1"].clock.at(firm.hand.now)
    for person, company, expertise in (("anna", "cdmo", "filling"), ("sam", "sponsor", "feeding")):
        found = firm.do(
            "LYN1", "contact.set", "", "sven", name=person, person=person, company=company, numbers="+1",
            expertise=[expertise], start=start,
        ).record  # fmt: skip
        firm.do(
            "LYN1", "cover.set", "", "sven", contact=found, company=company, expertise=expertise, tier=1, start=start
        )


def test_the_steps_own_card_and_expertise_come_first(firm: Firm) -> None:
    where = place(firm, "FILL-2", "filling", SUITE_CARD)
    record = batch(firm, where, containment=STEP_CARD, expertise="feeding")
    contacts(firm)
    firm.do("LYN1", "terminal.post", places=[where], batch=record, step="020")
    hold = firm.do("LYN1", "hold.stop").record
    assert [one.step for one in safe(firm, hold).measures] == STEP_CARD
    made = call_list(firm.desks["LYN1"], hold)
    assert (made.expertise, made.turns[0].callee.name) == ("feeding", "sam")


def test_a_step_without_its_own_has_those_of_its_place(firm: Firm) -> None:
    where = place(firm, "FILL-2", "filling", SUITE_CARD)
    record = batch(firm, where)
    firm.do("LYN1", "terminal.post", places=["elsewhere"], batch=record, step=f"{record}/020")
    hold = firm.do("LYN1", "hold.stop").record
    assert [one.step for one in safe(firm, hold).measures] == SUITE_CARD
    assert call_list(firm.desks["LYN1"], hold).expertise == "filling"


def test_a_batch_that_is_held_has_those_of_the_step_that_ran(firm: Firm) -> None:
    where = place(firm, "FILL-2", "filling", SUITE_CARD)
    record = batch(firm, where, containment=STEP_CARD, expertise="feeding")
    firm.do("LYN1", "terminal.post", places=[where], batch=record, step="020")
    hold = firm.do("LYN1", "hold.stop", on=record).record
    assert [one.step for one in safe(firm, hold).measures] == STEP_CARD


def test_both_companies_read_the_same_list_for_a_record(firm: Firm) -> None:
    where = place(firm, "FILL-2", "filling", SUITE_CARD)
    other = place(firm, "LAB-1", "feeding", [])
    contacts(firm)
    firm.do("LYN1", "terminal.post", places=[where])
    hold = firm.do("LYN1", "hold.stop", on="needle 4").record  # nothing that is entered
    deviation = firm.do("LYN1", "deviation.raise", title="drips", on="needle 4", hold=hold).record
    firm.sync()
    firm.do("SPO1", "terminal.post", places=[other])
    for record in (hold, deviation):
        here, there = (call_list(firm.desks[code], record) for code in ("LYN1", "SPO1"))
        assert here.expertise == there.expertise == "filling"
        assert [one.callee.contact for one in here.turns] == [one.callee.contact for one in there.turns]
        assert here.digest == there.digest
        assert len({three_words(firm.desks[code].store, record) for code in ("LYN1", "SPO1")}) == 1
    assert call_list(firm.desks["SPO1"]).expertise == "feeding", "with nothing open its own post counts"


@pytest.mark.requirement("DI-01")
def test_what_was_made_safe_is_in_the_log_of_both(firm: Firm) -> None:
    where = place(firm, "FILL-2", "", SUITE_CARD)
    firm.do("LYN1", "terminal.post", places=[where])
    hold = firm.do("LYN1", "hold.stop").record
    words = three_words(firm.desks["LYN1"].store, hold)
    firm.do("LYN1", "hold.safe", hold, step=SUITE_CARD[0], claimed="omar")
    firm.do("LYN1", "hold.samples", hold, samples="3 vials, fridge 2")
    firm.do("LYN1", "hold.safe", hold, step=SUITE_CARD[1])
    firm.do("LYN1", "hold.safe", hold, step=SUITE_CARD[1], undone="needle 4 is stuck")
    firm.sync()
    for code in ("LYN1", "SPO1"):
        found = safe(firm, hold, code)
        assert [(one.step, one.done, one.by) for one in found.measures] == [
            (SUITE_CARD[0], True, "omar"), (SUITE_CARD[1], False, "@LYN1"), (SUITE_CARD[2], False, ""),
        ]  # fmt: skip
        assert found.measures[1].undone == "needle 4 is stuck"
        assert found.samples == (("3 vials, fridge 2", "@LYN1"),)
        assert found.next == SUITE_CARD[1]
    assert three_words(firm.desks["SPO1"].store, hold) == words, "it is done while people talk"


def test_of_two_at_once_the_cautious_one_is_shown(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "hold.safe", hold, step="valve closed")
    firm.sync()
    firm.do("SPO1", "hold.safe", hold, step="valve closed", undone="the camera shows it open")
    firm.do("LYN2", "hold.safe", hold, step="valve closed")
    firm.sync()
    (found,) = safe(firm, hold).measures
    assert (found.done, found.by) == (False, "@SPO1")
    firm.do("LYN1", "hold.safe", hold, step="valve closed")
    assert safe(firm, hold).next == ""


def test_two_who_tick_the_same_step_do_not_contest_each_other(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.sync()
    for code in ("LYN1", "LYN2"):
        firm.do(code, "hold.safe", hold, step="valve closed")
    firm.sync()
    row = firm.desks["SPO1"].store.lists.row(hold)
    assert row is not None
    assert "contested" not in row.flags


def test_a_reason_takes_no_other_away_that_its_author_did_not_know_of(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.sync()

    def shown() -> tuple[object, bool]:
        row = firm.desks["SPO1"].store.lists.row(hold)
        assert row is not None
        return row.columns["reason"], "contested" in row.flags

    firm.do("LYN1", "hold.reason", hold, reason="needle 4 drips")
    firm.do("SPO1", "hold.reason", hold, "quin", reason="pressure fell")
    firm.sync()
    assert shown() == ("pressure fell", True)
    firm.do("LYN1", "hold.reason", hold, "anna", reason="needle 4 drips, pressure fell")
    firm.sync()
    assert shown() == ("needle 4 drips, pressure fell", False), "she had seen both"


def test_who_pressed_is_claimed_and_signed_later(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "hold.claim", hold, claimed="omar")
    assert safe(firm, hold).pressed == ("omar",)
    firm.do("LYN1", "hold.claim", hold, "omar")
    assert safe(firm, hold).pressed == ("omar",)


def test_a_list_lasts_until_somebody_else_begins(firm: Firm) -> None:
    clock = firm.desks["LYN1"].clock
    found = firm.do(
        "LYN1", "contact.set", "", "sven", name="Late", company="cdmo", numbers="+1", start=clock.at(firm.hand.now)
    ).record  # fmt: skip
    begins = firm.hand.now + 3_600_000
    firm.do("LYN1", "cover.set", "", "sven", contact=found, company="cdmo", tier=1, start=clock.at(begins))
    assert call_list(firm.desks["LYN1"]).expires == begins


def test_a_hold_and_the_deviations_that_name_it_are_called_about_as_one(firm: Firm) -> None:
    contacts(firm)
    first, second = (one.callee.contact for one in call_list(firm.desks["LYN1"]).turns)
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop").record
    firm.do("LYN1", "call.log", hold, contact=first, outcome="no answer")
    firm.hand.wait(60_000)
    firm.do("LYN1", "call.log", hold, contact=second, outcome="answered", name="Mei")
    raised, other = (
        firm.do("LYN1", "deviation.raise", title="drips", **fields).record for fields in ({"hold": hold}, {})
    )
    firm.sync()
    for desk in (firm.desks["LYN1"], firm.desks["SPO1"]):
        made = call_list(desk, raised)
        assert {one.callee.contact: one.callee.status for one in made.turns} == {first: "no answer", second: "answered"}
        assert [one.name for one in made.answers] == ["Mei"]
        assert not any(one.callee.tries for one in call_list(desk, other).turns), "it names no hold"
    firm.hand.wait(60_000)
    firm.do("SPO1", "call.log", raised, contact=first, outcome="answered", name="Emil")
    firm.hand.wait(60_000)
    firm.do("LYN1", "call.log", hold, contact=second, outcome="cannot come")
    firm.sync()
    for desk in (firm.desks["LYN1"], firm.desks["SPO1"]):
        for record in (hold, raised):
            made = call_list(desk, record)
            assert {one.callee.contact: (one.callee.status, one.callee.tries) for one in made.turns} == {
                first: ("answered", 2), second: ("cannot come", 2),
            }  # fmt: skip
            assert [one.name for one in made.answers] == ["Emil"], "the last call to each counts, wherever it was kept"
