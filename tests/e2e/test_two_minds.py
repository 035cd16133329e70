"""Two minds: the floor lifts what the sponsor, cut off, holds. The cautious value stands, and both are told."""

import pytest

from tests.e2e.world import World

FLOOR, SPONSOR = "floor", "sponsor"


@pytest.mark.parametrize("order", [(FLOOR, SPONSOR), (SPONSOR, FLOOR)], ids="-then-".join)
def test_two_minds_synced_in_either_order(world: World, order: tuple[str, str]) -> None:
    world.up()
    hold = world.do(FLOOR, "hold.stop", on="FIL-301", reason="particle in a vial")["record"]
    record = world.do(FLOOR, "deviation.raise", title="particle in a vial", on="FIL-301", hold=hold)["record"]
    world.settle()

    world.do(FLOOR, "deviation.rate", record, "clara.brandt", criticality="minor", reason="one vial, taken out")
    lift = world.do(FLOOR, "hold.lift", hold, "clara.brandt", reason="line cleared")
    assert "waiting" not in lift
    assert world.listed(FLOOR, "hold", hold)["state"] == "lifted"
    world.do(SPONSOR, "deviation.rate", record, "grace.okafor", criticality="major", reason="third this month")
    more = world.do(SPONSOR, "hold.stop", on="FIL-301", reason="not before we have seen the needles")["record"]
    assert world.listed(SPONSOR, "hold", hold)["state"] == "held"

    for home in (*order, *order, "qa"):
        assert world.sync(home)["state"] == "in log"
    world.assert_equal_everywhere()
    for home in order:
        found = world.listed(home, "deviation", record)
        assert (found["criticality"], "contested" in found["flags"]) == ("major", True), found
        held = world.listed(home, "hold", hold)
        assert (held["state"], "overtaken" in held["flags"]) == ("held", True), held
        assert world.listed(home, "hold", more)["state"] == "held"

    trail = world.andon(SPONSOR, "show", record, "--trail", "--json")["entries"]
    ratings = [one["id"] for one in trail if one["do"] == "deviation.rate"]
    settled = {"criticality": "major", "reason": "seen together", "settles": ratings}
    world.do(SPONSOR, "deviation.rate", record, "mei.tanaka", **settled)
    for home in (SPONSOR, FLOOR, "qa"):
        assert world.sync(home)["state"] == "in log"
    world.assert_equal_everywhere()
    found = world.listed(FLOOR, "deviation", record)
    assert (found["criticality"], "contested" in found["flags"]) == ("major", False), found
