"""What `andon sync` ends with: 0 done, 1 two histories, 2 not enrolled any more, 3 no server; nothing is lost."""

import signal

from tests.e2e.world import World


def test_without_a_server_it_waits_and_goes_out_later(world: World) -> None:
    made = world.do("floor", "hold.stop", on="FIL-301", reason="no server")
    said = world.sync("floor", code=3)
    assert (said["state"], said["pushed"]) == ("unreachable", 0)
    assert "Nothing is lost" in said["text"]
    assert world.listed("floor", "hold", made["record"])["sync"] == "local"
    world.up()
    said = world.sync("floor")
    assert (said["state"], said["pushed"]) == ("in log", 1)
    assert world.listed("floor", "hold", made["record"])["sync"] == "in log"
    assert world.sync("floor") == {"pushed": 0, "pulled": 0, "position": said["position"], "state": "in log"}
    world.settle()
    world.assert_equal_everywhere()


def test_a_revoked_terminal_may_push_and_never_pull(world: World) -> None:
    world.up()
    proposed = world.do("floor", "terminal.revoke", "LYN2", "lucie.arnaud", reason="stolen")
    world.do("floor", "entry.confirm", "LYN2", "marc.petit", of=proposed["id"])
    assert world.sync("floor")["state"] == "in log"
    made = world.do("qa", "hold.stop", on="FIL-301", reason="written before anybody knew")
    before = world.sync("qa", code=2)
    assert before["state"] == "not enrolled"
    assert before["pulled"] == 0
    for home in ("floor", "sponsor"):
        world.sync(home)
        assert made["id"] in world.ids(home)


def test_two_histories_are_told_and_not_believed(world: World) -> None:
    """A server that gives a position twice: its folder was put back, and it was made to forget that it had gone on."""
    world.up()
    world.down(signal.SIGTERM)
    world.backup("before")
    world.up()
    first = world.do("floor", "hold.stop", on="FIL-301", reason="first")
    world.settle("floor")
    world.down(signal.SIGTERM)
    world.restore("before", tails=False)
    world.up()
    world.do("sponsor", "hold.stop", on="FIL-301", reason="in its place")
    assert world.sync("sponsor")["state"] == "in log"
    said = world.sync("floor", code=1)
    assert said["state"] == "contradiction"
    assert said["text"].endswith(".")
    assert first["id"] in world.ids("floor"), "what was believed stays"
    waiting = world.do("floor", "hold.stop", on="FIL-301", reason="work goes on")
    assert world.listed("floor", "hold", waiting["record"])["sync"] == "local"
