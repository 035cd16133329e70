"""A seed says everything: it gives the same history again, and a failing one is made short."""

from collections.abc import Sequence

import pytest

from tests.simulation.plants import PLANTS
from tests.simulation.run import broken, simulated
from tests.simulation.shrink import shrunk
from tests.simulation.steps import Net, Step, Trouble, drawn


def test_a_seed_draws_one_history() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_a_history_breaks_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTS["anybody_lifts"](monkeypatch)
    first, second = (str(next(filter(None, map(simulated, range(40))))) for _ in range(2))
    assert first == second


def test_a_failing_history_is_made_short(monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTS["skips_forgotten"](monkeypatch)
    seed = next(seed for seed in range(40) if simulated(seed) is not None)
    runs = 0

    def fails(steps: Sequence[Step]) -> bool:
        nonlocal runs
        runs += 1
        return broken(steps, seed) is not None

    short = shrunk(drawn(seed), fails)
    assert [step.do for step in short] == ["forge"]
    assert runs < 100


def test_what_does_not_matter_is_left_out() -> None:
    crash = Trouble("crash", "any", 3, "before")
    needed = Net("lose", 1)

    def fails(steps: Sequence[Step]) -> bool:
        return any(needed in step.net for step in steps) and any(step.do == "clone" for step in steps)

    steps = [
        Step("act", word="stop"),
        Step("clone"),
        Step("sync", disk=crash, net=(Net("cut", 2), needed, Net("flip"))),
    ]
    assert shrunk([*steps, Step("wait")] * 3, fails) == [Step("clone"), Step("sync", net=(Net(), needed))]


def test_a_history_prints_as_it_is_written() -> None:
    step = Step(
        "sync", 2, net=(Net("lose"), Net(meanwhile=Step("act", word="stop"))), server=Trouble("full", "any", 1, "")
    )
    assert eval(repr(step)) == step  # noqa: S307 - it is ours
