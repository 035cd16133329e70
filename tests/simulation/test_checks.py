"""The checks are checked: whatever is broken on purpose, they find, within a few histories."""

from typing import Final

import pytest

from tests.simulation.plants import PLANTS
from tests.simulation.run import simulated

MOST: Final = 40
"""Histories within which a fault must be found."""


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_a_planted_fault_is_found(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTS[plant](monkeypatch)
    assert any(simulated(seed) is not None for seed in range(MOST))
