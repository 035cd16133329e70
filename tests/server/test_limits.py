"""How often somebody may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import limits
from server.errors import TooMuch
from server.limits import Limit


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
