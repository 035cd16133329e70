"""Nothing lost: whatever is killed, and though an old backup comes back, what printed an id is in every log once."""

import json
import random
import signal
import subprocess
import time
from collections import Counter

import pytest

from tests.e2e.world import HOMES, SERVER, World

ACTIONS = 200
SEED = 20261122
BACKUP, RESTORE = 20, 50
"""The rounds after which the server is copied, and after which the copy takes its place."""


def ended(process: "subprocess.Popen[bytes]") -> str | None:
    """The id that a process printed, if it came that far."""
    out, _ = process.communicate(b"", 60)
    return str(json.loads(out)["id"]) if out.endswith(b"\n") else None


@pytest.mark.requirement("P11-01")
def test_two_hundred_actions_with_everything_killed(world: World) -> None:
    rng = random.Random(SEED)
    world.up()
    watching = {home: world.watch(home) for home in HOMES}
    printed: list[str] = []
    done = rounds = 0
    while done < ACTIONS:
        running = []
        for home in HOMES:
            fields = json.dumps({"on": "FIL-301", "reason": f"action {done}"})
            running.append(world.start(home, "do", "hold.stop", "--json", fields))
            done += 1
        if rng.random() < 0.3:
            time.sleep(rng.uniform(0.02, 0.4))  # the moment at which it is killed, wherever it is then
            rng.choice(running).kill()
        if rng.random() < 0.15:
            home = rng.choice(HOMES)
            watching[home].kill()
            watching[home].wait(60)
            watching[home] = world.watch(home)
        if rng.random() < 0.1:
            world.down(signal.SIGKILL)
            world.up()
        printed += [one for one in map(ended, running) if one]
        rounds += 1
        if rounds == BACKUP:
            world.down(signal.SIGTERM)
            world.backup("yesterday")
            world.up()
        if rounds == RESTORE:
            world.down(signal.SIGKILL)
            world.restore("yesterday")
            world.up()
    for one in watching.values():
        one.send_signal(signal.SIGTERM)
    assert {one.wait(30) for one in watching.values()} == {0}
    world.settle()
    assert len(printed) > ACTIONS * 0.8
    for home in (*HOMES, SERVER):
        times = Counter(world.ids(home))
        assert max(times.values()) == 1
        assert [one for one in printed if times[one] != 1] == []
    world.assert_equal_everywhere(verify=True)
