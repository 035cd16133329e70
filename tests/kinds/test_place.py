"""Places: what stands in what, the expertise and the card that a place inherits, and what is refused."""

from typing import Any

import pytest

from shared.actions.world import World
from shared.kinds.place import upwards
from shared.kinds.whereabouts import beside_thing
from tests.fold.floor import Floor, founded
from tests.kinds.book import world

STEPS = ["Close valve V-12", "Agitation to 40 rpm", "Keep air at 0.1 vvm"]


def card_for(w: World, place: str) -> list[str]:
    return next((one.card for one in beside_thing(w, place) if one.card), [])


def expertise_for(w: World, place: str) -> str:
    return next((one.expertise for one in beside_thing(w, place) if one.expertise), "")


@pytest.fixture
def floor() -> Floor:
    return founded()


def place(floor: Floor, code: str, parent: str = "", sort: str = "equipment", **more: Any) -> str:
    done = floor.do("LYN1", "place.add", by="sven", code=code, name=code, sort=sort, site="LYN", parent=parent, **more)
    assert floor.verdict(done) == "stands", floor.act(done).text
    return floor.record(done)


def test_equipment_has_the_card_and_the_expertise_of_its_suite_until_it_has_its_own(floor: Floor) -> None:
    suite = place(floor, "B2", sort="suite", expertise="cell culture")
    tank = place(floor, "BR-201", suite)
    floor.do("LYN1", "place.card", suite, "sven", steps=STEPS, reason="first issue")
    assert card_for(world(floor), tank) == card_for(world(floor), "BR-201") == STEPS
    assert expertise_for(world(floor), "BR-201") == "cell culture"
    floor.do("LYN1", "place.change", tank, "sven", expertise="bioreactor", reason="own SME")
    assert expertise_for(world(floor), "BR-201") == "bioreactor"
    assert floor.show(tank).columns["title"] == "BR-201 BR-201"
    assert (card_for(world(floor), "unknown"), expertise_for(world(floor), "anna")) == ([], "")


@pytest.mark.requirement("P11-08")
def test_a_code_is_given_once(floor: Floor) -> None:
    place(floor, "BR-201")
    again = floor.do("LYN1", "place.add", by="sven", code="BR-201", name="x", sort="equipment", site="LYN")
    assert floor.act(again).refused == "PLC-1"


def test_a_place_stands_in_a_known_place_and_never_in_itself(floor: Floor) -> None:
    suite = place(floor, "B2", sort="suite")
    tank = place(floor, "BR-201", suite)
    for record, parent in ((suite, tank), (tank, tank), (tank, "PLC-LYN1-9999"), (tank, "LYN1"), (tank, "B2")):
        done = floor.do("LYN1", "place.change", record, "sven", parent=parent, reason="moved")
        assert floor.act(done).refused == "PLC-2", parent


def test_two_moves_that_together_make_a_ring_are_flagged_and_walked_once(floor: Floor) -> None:
    one, two = place(floor, "A"), place(floor, "B")
    floor.pull()
    floor.write("LYN1", "place.change", one, "sven", parent=two, reason="moved")
    floor.write("LYN2", "place.change", two, "anna", parent=one, reason="moved")
    floor.push("LYN1", "LYN2")
    assert [floor.show(each).flags for each in (one, two)] == [["overtaken"], ["overtaken"]]
    assert [each.id for each in upwards(world(floor), one)] == [one, two]


@pytest.mark.parametrize("steps", [STEPS[:2], STEPS * 2, ["a", " ", "c"], ["a", "b", "c" * 201]])
def test_a_card_has_three_to_five_short_steps(floor: Floor, steps: list[str]) -> None:
    tank = place(floor, "BR-201")
    done = floor.do("LYN1", "place.card", tank, "sven", steps=steps, reason="new")
    assert floor.act(done).refused == "PLC-3"


@pytest.mark.requirement("A11-07")
def test_changes_need_a_reason(floor: Floor) -> None:
    tank = place(floor, "BR-201")
    change = floor.do("LYN1", "place.change", tank, "sven", name="Tank", reason="")
    card = floor.do("LYN1", "place.card", tank, "sven", steps=STEPS, reason="\n")
    assert [floor.act(one).refused for one in (change, card)] == ["REASON-1", "REASON-1"]
