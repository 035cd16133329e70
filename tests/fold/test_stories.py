"""What a fold decides, one short story each: facts stay, decisions are judged (design.md 4, domain.md 5)."""

import pytest

from shared.fold.view import View
from tests.fold.floor import Floor, founded, public

NOW = "2026-11-22T07:38:09.120+01:00"


def held_and_raised(floor: Floor) -> tuple[str, str]:
    """A hold on a step of a batch and the deviation that it was raised for; both companies have seen both."""
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9/020", batch="BAT-LYN1-9"))
    deviation = floor.record(floor.do("LYN1", "deviation.raise", title="pH drift", hold=hold, detected=NOW))
    floor.pull()
    return hold, deviation


def described(floor: Floor, deviation: str) -> None:
    """The deviation with everything that closing asks for beside a rating."""
    floor.do("LYN1", "deviation.problem", deviation, problem="pH 6.9", procedure="SOP-7", justification="sensor drift")
    floor.do("LYN1", "deviation.fix", deviation, fix="sensor changed")
    floor.pull()


@pytest.mark.parametrize("first", ["LYN1", "SPO1"])
def test_two_minds(first: str) -> None:
    """CDMO's QA rates minor and lifts; the sponsor, cut off, rates major and adds a hold: major, contested, held."""
    floor = founded()
    hold, deviation = held_and_raised(floor)
    minor = floor.write("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    lift = floor.write("LYN1", "hold.lift", hold, "anna", reason="back in range")
    major = floor.write("SPO1", "deviation.rate", deviation, "quin", criticality="major", reason="a CPP")
    second = floor.write("SPO1", "hold.stop", on="BAT-LYN1-9", batch="BAT-LYN1-9")
    floor.push(*(("LYN1", "SPO1") if first == "LYN1" else ("SPO1", "LYN1")))

    assert floor.show(deviation).columns["criticality"] == "major"
    assert "contested" in floor.show(deviation).flags
    assert floor.verdict(lift) == "overtaken"
    assert floor.show(hold).columns["state"] == "held"
    assert floor.show(floor.record(second)).columns["state"] == "held"

    floor.pull()  # somebody who has seen both settles it
    floor.do("SPO1", "deviation.rate", deviation, "quin", criticality="major", reason="a CPP", settles=[minor, major])
    assert floor.show(deviation).flags == []
    floor.pull()
    again = floor.do("LYN1", "hold.lift", hold, "anna", reason="rinsed")
    assert floor.verdict(again) == "waiting"
    floor.do("LYN1", "entry.confirm", hold, "quin", of=again)
    assert floor.show(hold).columns["state"] == "lifted"
    assert floor.verdict(lift) == "overtaken"  # the mark never disappears


def test_a_lift_by_one_person_of_a_minor_deviation_stands() -> None:
    floor = founded()
    hold, deviation = held_and_raised(floor)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    lift = floor.do("LYN1", "hold.lift", hold, "anna", reason="back in range")
    assert floor.verdict(lift) == "stands"
    assert floor.show(hold).columns["state"] == "lifted"


def test_a_mistaken_pull_is_lifted_by_two_people() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="wrong key")
    assert (floor.verdict(lift), floor.show(hold).columns["state"]) == ("waiting", "held")
    alone = floor.do("LYN1", "entry.confirm", hold, "sven", of=lift)
    assert (floor.verdict(alone), floor.act(alone).refused) == ("void", "CONF-2")
    floor.do("LYN1", "entry.confirm", hold, "anna", of=lift)
    assert floor.show(hold).columns["state"] == "lifted"


@pytest.mark.parametrize(("by", "rule"), [("omar", "WHO-3"), ("", "WHO-1"), ("olga", "WHO-3"), ("nobody", "WHO-2")])
def test_only_the_roles_named_lift(by: str, rule: str) -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.do("LYN1", "hold.lift", hold, by, reason="go on")
    assert (floor.verdict(lift), floor.act(lift).refused) == ("void", rule)
    assert floor.show(hold).columns["state"] == "held"


def test_a_hold_that_its_lifter_had_not_seen_is_not_lifted() -> None:
    """I11: no hold is lifted but by an action whose author had seen it."""
    floor = founded()
    hold = floor.write("SPO1", "hold.stop", on="BAT-LYN1-9")
    floor.push("SPO1")
    blind = floor.write("LYN1", "hold.lift", floor.record(hold), "anna", reason="guessed its number")
    floor.push("LYN1")
    assert (floor.verdict(blind), floor.act(blind).refused) == ("void", "FORM-2")


def test_a_fact_that_a_closing_had_not_seen_reopens() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    described(floor, deviation)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    floor.pull()
    close = floor.write(
        "LYN1", "deviation.close", deviation, "anna", conclusion="sensor", other_batches="none: new sensor"
    )
    floor.write("SPO1", "deviation.note", deviation, text="the retained sample is out of limits")
    floor.push("LYN1", "SPO1")
    assert floor.verdict(close) == "overtaken"
    assert floor.show(deviation).columns["state"] == "triaged"


def test_a_note_that_was_seen_does_not_reopen() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    described(floor, deviation)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    close = floor.do("LYN1", "deviation.close", deviation, "anna", conclusion="sensor", other_batches="none")
    floor.do("LYN1", "deviation.note", deviation, text="filed")
    assert (floor.verdict(close), floor.show(deviation).columns["state"]) == ("stands", "closed")


def test_closing_names_what_is_missing() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    close = floor.do("LYN1", "deviation.close", deviation, "anna", conclusion="c", other_batches="none")
    assert floor.act(close).refused == "CLOSE-7"
    assert "It is not rated" in floor.act(close).text


def test_a_fact_against_a_rule_stays_and_opens_a_deviation_once() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    described(floor, deviation)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    floor.do("LYN1", "deviation.close", deviation, "anna", conclusion="sensor", other_batches="none")
    late = floor.do("LYN1", "deviation.fix", deviation, fix="changed again", happened="found it loose")
    assert floor.verdict(late) == "stands"
    assert floor.show(deviation).columns["fix"] == "changed again"
    derived = floor.show(f"DEV-LYN1-{floor.act(late).n}")
    assert (derived.columns["state"], derived.columns["title"], derived.flags) == (
        "open",
        derived.columns["title"],
        ["derived"],
    )
    assert derived.columns["title"] == "DEV-1 broken"


def test_the_second_rater_is_another_person() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="major", reason="a CPP")
    again = floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="major", reason="sure")
    assert (floor.verdict(again), floor.act(again).refused) == ("void", "RATE-2")
    floor.do("LYN1", "deviation.rate", deviation, "sam", criticality="major", reason="agreed")
    assert floor.show(deviation).flags == []


def test_lowering_a_rating_needs_both_companies() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    major = floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="major", reason="a CPP")
    lower = floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="no CPP", settles=[major])
    assert (floor.verdict(lower), floor.show(deviation).columns["criticality"]) == ("waiting", "major")
    floor.do("LYN1", "entry.confirm", deviation, "quin", of=lower)
    assert floor.show(deviation).columns["criticality"] == "minor"


def test_what_was_settled_stays_so_for_who_had_not_seen_a_later_rating() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    described(floor, deviation)
    minor = floor.write("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    major = floor.write("SPO1", "deviation.rate", deviation, "quin", criticality="major", reason="a CPP")
    floor.sync()
    floor.do("SPO1", "deviation.rate", deviation, "quin", criticality="major", reason="both", settles=[minor, major])
    floor.do("SPO1", "deviation.rate", deviation, "sam", criticality="major", reason="second")
    floor.pull()
    floor.do("LYN2", "deviation.rate", deviation, "axel", criticality="critical", reason="a patient")
    close = floor.do("LYN1", "deviation.close", deviation, "anna", conclusion="c", other_batches="none")
    assert floor.verdict(close) == "waiting"  # nothing differed in what anna had seen


def test_a_decline_that_a_joint_act_had_not_seen_blocks_it() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    floor.pull()
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="wrong key")
    floor.pull()
    floor.write("LYN1", "entry.confirm", hold, "anna", of=lift)
    floor.write("SPO1", "entry.decline", hold, "quin", of=lift, reason="not sure")
    floor.push("LYN1")
    assert floor.show(hold).columns["state"] == "lifted"
    floor.push("SPO1")
    assert (floor.verdict(lift), floor.show(hold).columns["state"]) == ("declined", "held")
    assert floor.show(hold).flags == ["undone"]
    floor.pull()
    late = floor.do("LYN1", "entry.confirm", hold, "axel", of=lift)
    assert floor.act(late).refused == "CONF-4"
    anew = floor.do("LYN1", "hold.lift", hold, "sven", reason="looked again")
    assert floor.show(hold).flags == ["waiting"]
    floor.do("LYN1", "entry.confirm", hold, "axel", of=anew)
    assert floor.show(hold).columns["state"] == "lifted"


def test_a_proposal_is_withdrawn_by_its_author_only() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="wrong key")
    other = floor.do("LYN1", "entry.withdraw", hold, "anna", of=lift, reason="no")
    assert floor.act(other).refused == "CONF-7"
    floor.do("LYN1", "entry.withdraw", hold, "sven", of=lift, reason="right key after all")
    assert floor.verdict(lift) == "declined"


def test_several_confirmations_are_one_act() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    floor.pull()
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="wrong key")
    floor.pull()
    floor.write("LYN1", "entry.confirm", hold, "anna", of=lift)
    floor.write("SPO1", "entry.confirm", hold, "quin", of=lift)
    floor.sync()
    assert len(floor.act(lift).instances) == 2
    assert len(floor.see(hold).entries("state")) == 1
    assert floor.show(hold).flags == []


def test_a_proposal_expires() -> None:
    floor = founded()
    hold = floor.record(floor.do("LYN1", "hold.stop", on="BAT-LYN1-9"))
    lift = floor.do("LYN1", "hold.lift", hold, "sven", reason="wrong key")
    floor.now += 8 * 24 * 3_600_000
    floor.do("LYN1", "hold.stop", on="LYN1-clock")  # some contact, so that signing is not refused for its lack
    late = floor.do("LYN1", "entry.confirm", hold, "anna", of=lift)
    assert floor.act(late).refused == "CONF-4"
    assert "expired" in floor.act(late).text


def revoke(floor: Floor, at: str, person: str) -> str:
    """Revoke a CDMO person from a terminal, both officers signing there; not pushed yet."""
    id_ = floor.write(at, "member.revoke", person, "olga", reason="left")
    floor.write(at, "entry.confirm", person, "otto", of=id_)
    return id_


def test_an_act_before_a_revocation_stands() -> None:
    floor = founded()
    hold, deviation = held_and_raised(floor)
    rate = floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="r")
    floor.pull()
    revoke(floor, "LYN2", "anna")
    floor.sync()
    assert floor.verdict(rate) == "stands"
    assert hold


def test_an_act_after_a_known_revocation_is_void() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    revoke(floor, "LYN2", "anna")
    floor.sync("LYN2", "LYN1")
    rate = floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="r")
    assert (floor.verdict(rate), floor.act(rate).refused) == ("void", "WHO-2")


@pytest.mark.parametrize("order", [("LYN1", "LYN2"), ("LYN2", "LYN1")])
def test_an_act_beside_a_revocation_does_not_count_until_accepted(order: tuple[str, str]) -> None:
    floor = founded()
    hold, deviation = held_and_raised(floor)
    floor.do("LYN1", "deviation.rate", deviation, "axel", criticality="minor", reason="r")
    floor.pull()
    lift = floor.write("LYN1", "hold.lift", hold, "anna", reason="fine")
    revoke(floor, "LYN2", "anna")
    floor.push(*order)
    assert (floor.verdict(lift), floor.show(hold).columns["state"]) == ("uncounted", "held")
    floor.pull()
    partner = floor.do("SPO1", "entry.accept", hold, "quin", of=lift, reason="fine")
    assert floor.act(partner).refused == "WHO-7"
    floor.pull()
    floor.do("LYN1", "entry.accept", hold, "axel", of=lift, reason="looked at it")
    assert (floor.verdict(lift), floor.show(hold).columns["state"]) == ("stands", "lifted")


def test_two_edits_of_one_version_are_both_kept() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    floor.write("LYN1", "deviation.fix", deviation, fix="rinsed")
    floor.write("SPO1", "deviation.fix", deviation, fix="changed")
    floor.push()
    assert sorted(value for _, _, value in floor.see(deviation).entries("fix")) == ["changed", "rinsed"]
    assert "contested" in floor.show(deviation).flags


def test_an_old_draft_has_seen_only_what_it_showed() -> None:
    floor = founded()
    hold, deviation = held_and_raised(floor)
    monday = (floor.terminals["LYN1"].size, floor.terminals["LYN1"].n)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="r")
    draft = floor.write("LYN1", "hold.lift", hold, "anna", seen=monday, reason="from Monday")
    floor.push("LYN1")
    assert (floor.verdict(draft), floor.act(draft).refused) == ("void", "HOLD-2")


def test_the_agreement_decides_who_lifts() -> None:
    floor = founded()
    floor.do(
        "LYN1",
        "agreement.set",
        "PROGRAM",
        "anna",
        terms={"lift": {"minor": ["both"]}},
        start="2026-01-01T00:00:00.000+00:00",
        reason="cautious",
    )
    terms = floor.log[-1][0]
    floor.do("LYN1", "entry.confirm", "PROGRAM", "quin", of=terms)
    hold, deviation = held_and_raised(floor)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="r")
    lift = floor.do("LYN1", "hold.lift", hold, "anna", reason="fine")
    assert floor.verdict(lift) == "waiting"


def test_a_future_agreement_leaves_todays_in_force() -> None:
    floor = founded()
    for hours, start in ((48, "2026-01-01T00:00:00.000+00:00"), (12, "2036-01-01T00:00:00.000+00:00")):
        terms = floor.do(
            "LYN1", "agreement.set", "PROGRAM", "anna", terms={"tell_hours": hours}, start=start, reason="r"
        )
        floor.do("LYN1", "entry.confirm", "PROGRAM", "quin", of=terms)
    assert View(floor.unit, None, floor.now).terms.tell_hours == 48
    assert View(floor.unit, None, 2_100_000_000_000).terms.tell_hours == 12


def test_what_this_version_does_not_know_overtakes_nothing() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    described(floor, deviation)
    floor.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="sensor")
    floor.pull()
    close = floor.write("LYN1", "deviation.close", deviation, "anna", conclusion="c", other_batches="none")
    floor.write("LYN2", "deviation.unheard", deviation)
    floor.push("LYN2", "LYN1")
    assert floor.verdict(close) == "stands"


def test_many_officers_found_a_program_at_once() -> None:
    floor = Floor()
    people = [f"o{index}" for index in range(20)]
    officers = [{"id": one, "name": one, "company": "cdmo", "public": public(one), "checked": "x"} for one in people]
    company = {"code": "cdmo", "name": "C", "part": "cdmo"}
    found = floor.do(
        "LYN1", "program.found", product="A", companies=[company], officers=officers, terminal="LYN1", company="cdmo",
        site="Lyon", public=public("LYN1"), log_key="k", host="h",
    )  # fmt: skip
    floor.program = found
    for one in people:
        floor.do("LYN1", "entry.confirm", "PROGRAM", one, of=found)
    assert floor.verdict(found) == "stands"


def test_no_company_acts_for_the_other() -> None:
    floor = founded()
    act = floor.do("LYN1", "member.revoke", "anna", "ruth", reason="no")
    assert floor.act(act).refused == "ROSTER-1"


def test_a_key_never_belongs_to_two_people() -> None:
    floor = founded()
    act = floor.do(
        "LYN1",
        "member.invite",
        "twin",
        "olga",
        name="T",
        company="cdmo",
        roles=["qa"],
        public=public("anna"),
        checked="x",
    )
    assert floor.act(act).refused == "ROSTER-3"


def test_an_unknown_action_is_kept_and_says_so() -> None:
    floor = founded()
    _, deviation = held_and_raised(floor)
    act = floor.do("LYN1", "deviation.sing", deviation, song="la")
    assert floor.verdict(act) == "newer"
    assert "newer" in floor.show(deviation).flags
    odd = floor.do("LYN1", "deviation.note", deviation, text="x", colour="red")
    assert floor.verdict(odd) == "newer"
    wrong = floor.do("LYN1", "deviation.note", deviation, text=7)
    assert floor.act(wrong).refused == "FORM-3"


def test_only_the_terminal_itself_or_its_company_says_where_it_stands() -> None:
    floor = founded()
    own = floor.do("LYN1", "terminal.post", "LYN1", places=["PLC-LYN1-1"])
    assert floor.act(own).refused == ""
    other = floor.write("LYN2", "terminal.post", "LYN1", places=[])
    partner = floor.write("SPO1", "terminal.post", "LYN1", "quin", places=[])
    signed = floor.write("LYN2", "terminal.post", "LYN1", "anna", places=["PLC-LYN1-2"])
    floor.push()
    assert [floor.act(one).refused for one in (other, partner, signed)] == ["POST-1", "POST-1", ""]
