"""How long a command takes with 10,000 entries in the log, as a whole process.

Judged is the processor's time, the least of a few runs: that is what the command itself costs, whatever else this
machine does meanwhile. `python -m tests.cli.test_speed` prints both times.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.command import LEAST, Andon
from tests.terminal.bulk import fill
from tests.terminal.firm import Firm

ENTRIES = 10_000
BUDGETS = {
    "--version": (80, ["--version"]),
    "list": (150, ["list", "hold", "--limit", "200", "--json"]),
    "list as text": (150, ["list", "deviation"]),
    "do": (200, ["do", "hold.stop", "--json", '{"on": "Suite 3", "reason": "pressure"}']),
}
"""Milliseconds, and the command."""


class Cost(NamedTuple):
    """Milliseconds of one run."""

    wall: float
    processor: float


def cost(andon: Andon, arguments: list[str]) -> Cost:
    begun = time.perf_counter()
    with andon.start(*arguments) as process:
        assert process.stdout is not None
        process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(wall * 1000, (used.ru_utime + used.ru_stime) * 1000)


@pytest.fixture(scope="module")
def large(founded: Firm, tmp_path_factory: pytest.TempPathFactory, pycache: Path) -> Iterator[Andon]:
    firm = founded.copy(tmp_path_factory.mktemp("large") / "firm")
    fill(firm, "LYN1", ENTRIES)
    yield Andon(firm.homes["LYN1"].path, pycache)
    firm.close()


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a child's processor time")
@pytest.mark.parametrize("name", BUDGETS)
def test_command_keeps_its_budget(large: Andon, name: str) -> None:
    budget, arguments = BUDGETS[name]
    cost(large, arguments)
    assert min(cost(large, arguments).processor for _ in range(5)) <= budget


def measure() -> None:
    """Print both times of each command, the least and the median of 15 runs."""
    with tempfile.TemporaryDirectory() as folder:
        now = time.time_ns() // 1_000_000 - 3_600_000
        firm = Firm(Path(folder) / "firm", costs=LEAST, people=("anna",), now=now - ENTRIES * 1000)
        fill(firm, "LYN1", ENTRIES)
        andon = Andon(firm.homes["LYN1"].path, Path(folder) / "pycache")
        for name, (budget, arguments) in BUDGETS.items():
            runs = [cost(andon, arguments) for _ in range(16)][1:]
            wall, processor = (sorted(one[index] for one in runs) for index in (0, 1))
            said = f"wall {wall[0]:.0f}, median {wall[7]:.0f}; processor {processor[0]:.0f}, median {processor[7]:.0f}"
            sys.stdout.write(f"{name:14} {said} ms of {budget}\n")
        firm.close()


if __name__ == "__main__":
    measure()
