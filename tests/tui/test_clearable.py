"""What is in the way of open records, for whom: named in the words of its kind, once a record, possible now."""

import pytest

from tests.terminal.firm import Firm
from tests.tui.records import NOW, batch, deviation, gate, go, lead, signed_in
from tui.attending import NAMED, Item, attention
from tui.clearing import clears, names
from tui.reader import Reader


def yours(firm: Firm, person: str) -> list[Item]:
    return [one for one in attention(Reader(firm.desks["LYN1"]), signed_in(person)) if one.section == NAMED]


def test_a_rating_that_waits_is_told_to_whoever_may_give_it(firm: Firm) -> None:
    record, hold = deviation(firm)
    for person in ("anna", "quin", "sam", "sven"):
        found = yours(firm, person)
        assert [one.record for one in found] == [record], "the hold is not lifted before that"
        assert found[0].words == "It is not rated: Pressure over the limit"
    assert yours(firm, "omar") == []
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="glass")
    for person in ("quin", "sam"):
        assert [(one.record, one.words) for one in yours(firm, person)] == [
            (record, "A second rater is due: Pressure over the limit")
        ]
    assert [one.record for one in yours(firm, "anna")] == [hold], "she has rated, and may lift with the other QA"
    assert yours(firm, "sven") == [], "the agreement wants QA of both companies"
    firm.do("LYN1", "deviation.rate", record, "sam", criticality="major", reason="glass")
    assert [one.record for one in yours(firm, "quin")] == [hold]


def test_what_one_has_signed_is_not_asked_of_them_again(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    assert [one.record for one in yours(firm, "anna")] == [hold]
    firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    assert yours(firm, "anna") == [] == yours(firm, "sven"), "that waits for a second person"


def test_a_record_is_told_once_however_much_there_is_to_do(firm: Firm) -> None:
    first = firm.do("LYN1", "deviation.raise", title="unrated", detected=NOW).record
    firm.sync()
    firm.do("LYN1", "deviation.rate", first, "anna", criticality="major", reason="x")
    firm.do("SPO1", "deviation.rate", first, "quin", criticality="minor", reason="y")
    firm.sync()
    assert yours(firm, "anna") == [], "it is told as contested"


def test_words_say_whom_they_mean(firm: Firm) -> None:
    reader = Reader(firm.desks["LYN1"])

    def meant(who: str) -> str:
        people = ("anna", "sven", "omar", "quin", "sam")
        asked = {one: signed_in(one) for one in people}
        return " ".join(one for one in people if names(reader, who, one, asked[one].company, asked[one].roles))

    assert meant("qa of cdmo and qa of sponsor") == "anna quin"
    assert meant("qa of sponsor (hold.lift)") == "quin"
    assert meant("qa or sme other than quin") == "anna sam"
    assert meant("a lead, coordinator or QA opens a new one") == "anna quin"
    assert meant("sven or omar (gate.verdict)") == "sven omar"
    assert meant("operators of both companies") == "omar"
    assert meant("anybody") == meant("anybody but sven") == ""


@pytest.mark.parametrize(("who", "can"), [("anybody", True), ("anybody but omar", False), ("anybody but anna", True)])
def test_anybody_can_but_whom_it_excepts(firm: Firm, who: str, *, can: bool) -> None:
    omar = signed_in("omar")
    assert clears(Reader(firm.desks["LYN1"]), who, "omar", omar.company, omar.roles) is can
    assert not clears(Reader(firm.desks["LYN1"]), who, "", "", ()), "nobody is signed in"


def test_what_spoils_comes_first_and_what_happens_on_the_floor_is_not_asked(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    made = batch(firm)
    firm.do("LYN1", "batch.start", made, "sven")
    first, second = (firm.do("LYN1", "deviation.raise", title=one, detected=NOW).record for one in "ab")
    firm.do("LYN1", "deviation.urgency", first, spoils="bulk", by_time="2026-11-19T06:00:00.000+01:00")
    firm.do("LYN1", "deviation.note", second, text="later")
    assert [one.record for one in yours(firm, "sven")] == [first, second], "steps are done on the batch's own screen"
