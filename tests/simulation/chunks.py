"""The seeds that the tests run: parts of equal size, a test each; the files that hold them run side by side."""

import os
from typing import Final

from tests.simulation.run import simulated

HISTORIES: Final = int(os.environ.get("ANDON_HISTORIES", "1000"))
"""How many are run in all."""
FILES: Final = 4
PARTS: Final = -(-HISTORIES // (FILES * 50))
"""Tests of a file, of so many histories that none takes minutes: pytest ends a test that does (pyproject.toml)."""


def failures(file: int, part: int) -> list[str]:
    """Run a part of one file's seeds; give each that breaks something, with the command that replays it."""
    size = -(-HISTORIES // (FILES * PARTS))
    start = (file * PARTS + part) * size
    found = []
    for seed in range(start, min(start + size, HISTORIES)):
        violation = simulated(seed)
        if violation is not None:
            found.append(f"{violation}\n    python -m tests.simulation {seed}")
    return found
