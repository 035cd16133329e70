"""The examples of docs/manual/merging.md, one test each, in its order and with its people."""

import re
from pathlib import Path

import pytest

from shared.fold.shown import Shown
from tests.fold.floor import Floor, founded

PAGE = Path(__file__).resolve().parent.parent / "docs/manual/merging.md"
DETECTED = "2026-11-22T07:38:09.120+01:00"


@pytest.fixture
def floor() -> Floor:
    return founded()


def deviation(floor: Floor, **fields: object) -> str:
    raised = floor.do("LYN1", "deviation.raise", "", "omar", title="Filling pressure", detected=DETECTED, **fields)
    floor.sync()
    return floor.record(raised)


def hold(floor: Floor) -> str:
    stopped = floor.do("LYN1", "hold.stop", "", "omar", on="FILL-2", reason="pressure")
    floor.sync()
    return floor.record(stopped)


def ready_to_close(floor: Floor) -> str:
    record = deviation(floor)
    floor.do("LYN1", "deviation.problem", record, "omar", problem="3.1 bar", procedure="SOP-1", justification="gauge")
    floor.do("LYN1", "deviation.fix", record, "omar", fix="valve replaced")
    floor.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="no contact with product")
    floor.sync()
    return record


def test_void(floor: Floor) -> None:
    record = hold(floor)
    lift = floor.do("LYN1", "hold.lift", record, "omar", reason="hurry")
    assert (floor.verdict(lift), floor.act(lift).refused) == ("void", "WHO-3")
    assert floor.show(record).columns["state"] == "held"


def test_contested_rating(floor: Floor) -> None:
    record = deviation(floor)
    minor = floor.write("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="no contact")
    major = floor.write("SPO1", "deviation.rate", record, "sam", criticality="major", reason="a critical parameter")
    floor.sync()
    assert floor.show(record).columns["criticality"] == "major"
    assert floor.show(record).flags == ["contested"]
    settled = {"criticality": "major", "reason": "Sam is right", "settles": [minor, major]}
    assert floor.verdict(floor.do("LYN1", "deviation.rate", record, "anna", **settled)) == "stands"
    assert floor.show(record).flags == []
    assert floor.show(record).columns["raters"] == ["anna", "sam"], "who was settled has assessed it all the same"


def test_settling_on_less_needs_both(floor: Floor) -> None:
    record = deviation(floor)
    major = floor.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="at first sight")
    lower = floor.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="no", settles=[major])
    assert floor.verdict(lower) == "waiting"
    floor.sync()
    floor.do("SPO1", "entry.confirm", record, "quin", of=lower)
    assert floor.show(record).columns["criticality"] == "minor"


def test_contested_text(floor: Floor) -> None:
    record = deviation(floor)
    floor.write("LYN1", "deviation.fix", record, "omar", fix="valve replaced")
    floor.write("SPO1", "deviation.fix", record, "sam", fix="valve cleaned")
    floor.sync()
    assert floor.show(record).flags == ["contested"]
    assert {value for _, _, value in floor.see(record).entries("fix")} == {"valve replaced", "valve cleaned"}
    floor.do("LYN1", "deviation.fix", record, "omar", fix="valve cleaned, then replaced")
    assert floor.show(record).flags == []
    assert floor.show(record).columns["fix"] == "valve cleaned, then replaced"


def test_overtaken_lift(floor: Floor) -> None:
    held = hold(floor)
    record = deviation(floor, hold=held)
    floor.do("LYN1", "deviation.rate", record, "sven", criticality="minor", reason="no contact")
    floor.sync()
    lift = floor.write("LYN1", "hold.lift", held, "sven", reason="gauge replaced")
    floor.write("SPO1", "deviation.rate", record, "sam", criticality="major", reason="a critical parameter")
    floor.sync()
    assert floor.verdict(lift) == "overtaken"
    assert floor.show(held).columns["state"] == "held"
    again = floor.do("LYN1", "hold.lift", held, "anna", reason="both agree")
    floor.sync()
    floor.do("SPO1", "entry.confirm", held, "quin", of=again)
    assert floor.show(held).columns["state"] == "lifted"
    assert floor.show(held).flags == ["overtaken"]


def test_overtaken_closing(floor: Floor) -> None:
    record = ready_to_close(floor)
    close = floor.write("LYN1", "deviation.close", record, "anna", conclusion="gauge", other_batches="none")
    floor.write("SPO1", "deviation.note", record, "sam", text="a second vial looks the same")
    floor.sync()
    assert floor.verdict(close) == "overtaken"
    assert floor.show(record).columns["state"] != "closed"


def test_uncounted(floor: Floor) -> None:
    record = deviation(floor)
    rating = floor.write("LYN2", "deviation.rate", record, "axel", criticality="minor", reason="no contact")
    revoked = floor.do("LYN1", "member.revoke", "axel", "olga", reason="left the company")
    floor.do("LYN1", "entry.confirm", "axel", "otto", of=revoked)
    floor.sync()
    assert floor.verdict(rating) == "uncounted"
    assert floor.show(record).flags == ["uncounted"]
    assert floor.show(record).columns["criticality"] is None
    floor.do("LYN1", "entry.accept", record, "anna", of=rating, reason="saw the samples")
    assert floor.verdict(rating) == "stands"
    assert floor.show(record).columns["criticality"] == "minor"


def test_what_was_seen_before_the_revocation_stands(floor: Floor) -> None:
    record = deviation(floor)
    rating = floor.do("LYN1", "deviation.rate", record, "axel", criticality="minor", reason="no contact")
    revoked = floor.do("LYN1", "member.revoke", "axel", "olga", reason="left the company")
    floor.do("LYN1", "entry.confirm", "axel", "otto", of=revoked)
    assert floor.verdict(rating) == "stands"


def proposal(floor: Floor) -> tuple[str, str]:
    held = hold(floor)
    record = deviation(floor, hold=held)
    floor.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="a critical parameter")
    lift = floor.do("LYN1", "hold.lift", held, "anna", reason="gauge replaced")
    floor.sync()
    return held, lift


def test_waiting(floor: Floor) -> None:
    held, lift = proposal(floor)
    assert floor.verdict(lift) == "waiting"
    assert (floor.show(held).columns["state"], floor.show(held).flags) == ("held", ["waiting"])
    floor.do("SPO1", "entry.confirm", held, "quin", of=lift)
    assert floor.verdict(lift) == "stands"
    assert (floor.show(held).columns["state"], floor.show(held).flags) == ("lifted", [])


def test_declined(floor: Floor) -> None:
    held, lift = proposal(floor)
    floor.do("SPO1", "entry.decline", held, "quin", of=lift, reason="samples first")
    assert floor.verdict(lift) == "declined"
    late = floor.do("SPO1", "entry.confirm", held, "rosa", of=lift)
    assert (floor.verdict(late), floor.act(late).refused) == ("void", "CONF-4")
    assert floor.show(held).columns["state"] == "held"


def test_a_decline_wins(floor: Floor) -> None:
    held, lift = proposal(floor)
    floor.write("LYN2", "entry.decline", held, "rosa", of=lift, reason="samples first")
    floor.write("SPO1", "entry.confirm", held, "quin", of=lift)
    floor.push("SPO1", "LYN2")
    assert floor.verdict(lift) == "declined"
    assert (floor.show(held).columns["state"], floor.show(held).flags) == ("held", ["undone"])
    floor.pull()
    floor.do("LYN1", "hold.lift", held, "anna", reason="samples are good")
    assert floor.show(held).flags == ["waiting"]


def test_derived(floor: Floor) -> None:
    record = ready_to_close(floor)
    floor.do("LYN1", "deviation.close", record, "anna", conclusion="gauge", other_batches="none")
    fix = floor.do(
        "LYN1", "deviation.fix", record, "omar", fix="valve replaced again", happened="at night, nobody there"
    )
    assert floor.verdict(fix) == "stands"
    derived = floor.show(f"DEV-LYN1-{floor.act(fix).n}")
    assert derived.columns["title"] == "DEV-1 broken"
    assert derived.columns["state"] == "open"
    assert derived.flags == ["derived"]
    assert floor.show(record).columns["fix"] == "valve replaced again"


def test_every_flag_is_on_the_page() -> None:
    flags = re.findall(r'"(\w+)"', (Shown.__doc__ or "").split("`texts`")[0])
    assert len(flags) >= 7
    page = PAGE.read_text(encoding="utf-8")
    assert [flag for flag in flags if f"\n| {flag} |" not in page] == []


def test_every_example_is_a_test_and_the_other_way_round() -> None:
    page = PAGE.read_text(encoding="utf-8")
    examples = len(re.findall(r"(?m)(?:^> .*\n)+", page))
    stories = (
        "void",
        "contested_rating",
        "contested_text",
        "overtaken_lift",
        "overtaken_closing",
        "uncounted",
        "waiting",
        "declined",
        "derived",
    )
    assert examples == len(stories)
    assert all(f"test_{story}" in globals() for story in stories)
