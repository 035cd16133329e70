"""How often somebody may ask."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import limits
from server.errors import TooMuch
from server.limits import Limit
from tests.server.running import Running
from tests.server.served import ask
from tests.server.test_routes import ELSEWHERE, error


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def allowed(limit: Limit, name: str, cost: float = 1.0) -> bool:
    try:
        limit.take(name, cost)
    except TooMuch:
        return False
    return True


def test_so_many_at_once_and_then_by_and_by() -> None:
    clock = Clock()
    limit = Limit(2, 5, clock)
    assert [allowed(limit, "a") for _ in range(7)] == [True] * 5 + [False] * 2
    clock.now += 1
    assert [allowed(limit, "a") for _ in range(3)] == [True, True, False]
    assert allowed(limit, "b")


STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 3), st.floats(0, 20)), max_size=60)


@given(rate=st.floats(0.1, 50), burst=st.floats(1, 100), steps=STEPS)
def test_never_more_than_rate_and_burst_allow_and_never_less(
    rate: float, burst: float, steps: list[tuple[str, float, float]]
) -> None:
    clock = Clock()
    limit = Limit(rate, burst, clock)
    left = {"a": burst, "b": burst}
    taken, most = {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}
    for name, pause, cost in steps:
        clock.now += pause
        left = {one: min(burst, has + pause * rate) for one, has in left.items()}
        if abs(left[name]) < 1e-6:
            continue  # whichever way it is rounded
        assert allowed(limit, name, cost) == (left[name] > 0)
        if left[name] > 0:
            left[name] -= cost
            taken[name] += cost
            most[name] = max(most[name], cost)
        assert taken[name] <= burst + rate * (clock.now - 1000) + most[name] + 1e-6


def test_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST", 10)
    limit = Limit(1, 1, Clock())
    assert allowed(limit, "a")
    for number in range(9):
        assert allowed(limit, str(number))
    assert not allowed(limit, "a")
    for number in range(10, 30):
        assert allowed(limit, str(number))
    assert allowed(limit, "a")
    assert len(limit._left) == 10


def test_who_gives_back_to_logs_is_limited_by_address(data: Path) -> None:
    """No login is asked for it, and it is large: sound or not, each counts, whichever log it is for."""
    few = "import server.app as a; a.REFILLS = (0.0, 4.0)"
    unsigned = b'{"checkpoint":"","count":0,"size":0,"start":0}\n'
    with Running(data, prelude=few) as running:
        said = [
            ask(running.port, "POST", f"/v1/logs/{program}/refill", body)
            for program, body in [(ELSEWHERE, unsigned), ("x", unsigned), (ELSEWHERE, b"garbage"), *[("y", b"")] * 3]
        ]
        assert [one.status for one in said] == [404, 404, 400, 400, 429, 429]
        error(said[-1], 429, "too-much")
        assert ask(running.port, "GET", "/v1/health").status == 200
