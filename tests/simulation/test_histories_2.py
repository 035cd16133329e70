import pytest

from tests.simulation.chunks import PARTS, failures


@pytest.mark.parametrize("part", range(PARTS))
def test_every_history_holds_the_invariants(part: int) -> None:
    assert failures(2, part) == []
