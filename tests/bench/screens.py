"""Measure the screens through a pseudo-terminal, beside a minimal Textual app in the same run.

    python -m tests.bench.screens --harness PATH/tui_latency.py [--write] [--runs N] [SIZE ...]

`--harness` is a program that measures terminal programs from outside and prints JSON (research/tui.md 3.7). Times are
by the clock, on a machine that others may use too: compare within one run only. `--write` puts the table into
docs/benchmarks.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from tests.terminal.bulk import ENTRIES_A_RECORD, fill
from tests.terminal.firm import LEAST, opened

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "benchmarks.md"
SIZES: Final = (1_000, 100_000)
MINIMAL: Final = """
from textual.app import App
from textual.widgets import Static

class Minimal(App):
    def compose(self):
        yield Static("ready")

Minimal().run()
"""
YARDSTICK: Final = [sys.executable, "-c", MINIMAL]
IDLE: Final = r"F12 User"
BOARD: Final = r"held +Line \d"
DEVIATIONS: Final = r"DEV-LYN1-\d+~? +open"


Figures = dict[str, dict[str, float]]
"""Median, p95, least and most of each figure."""


class Row(NamedTuple):
    """What was measured, over how many records, the figure, and the budget of it."""

    what: str
    records: str
    figure: str
    budget: str


class Harness:
    """The measuring program."""

    def __init__(self, path: Path, runs: int) -> None:
        self._path = path
        self._runs = runs

    def figures(self, command: list[str], *options: str, runs: int = 0) -> Figures:
        """Measure a command; give median, p95, least and most of each figure."""
        words = [sys.executable, str(self._path), "--json", "--runs", str(runs or self._runs), *options, "--", *command]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if not done.stdout:
            raise SystemExit(done.stderr)
        found: Figures = json.loads(done.stdout)["figures"]
        return found

    def in_turn(self, start: list[str]) -> Iterator[tuple[float, float, float]]:
        """First paint of the minimal app, of ours, and F4 to its rows, in turn: a busy moment is in all of them."""
        keys = ("--keys", "f4", "--key-wait", BOARD)
        for _ in range(2 * self._runs):
            yard = self.figures(YARDSTICK, "--wait", "ready", "--warmup", "0", runs=1)
            found = self.figures(start, "--wait", IDLE, "--warmup", "0", *keys, runs=1)
            yield yard["first_paint"]["median"], found["ready"]["median"], found["key_text"]["median"]

    def at_rest(self, start: list[str]) -> Iterator[tuple[Figures, Figures]]:
        """Figures of both at rest, in turn: what waking up costs is the machine's, and changes with the hour."""
        for _ in range(5):
            yield (
                self.figures(YARDSTICK, "--wait", "ready", "--idle", "10", runs=1),
                self.figures(start, "--wait", IDLE, "--idle", "10", runs=1),
            )


def measured(harness: Harness, sizes: list[int]) -> Iterator[Row]:
    """All of it."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("MEASURE_DIR")) as name:
        for size in sizes:
            folder = Path(name) / f"homes-{size}"
            home = _home(folder, size)
            start = [str(Path(sys.executable).parent / "andon"), "--home", str(home)]
            yield from _screens(harness, start, f"{size:,}")


def _screens(harness: Harness, start: list[str], size: str) -> Iterator[Row]:
    both = list(harness.in_turn(start))
    yard, ours, board = (median(one[which] for one in both) for which in range(3))
    yield Row("minimal Textual app: first paint", size, f"{yard:.0f} ms", "the yardstick")
    yield Row("idle screen: first paint, and all of it", size, f"{ours:.0f} ms", "")
    yield Row("... beside the minimal app", size, f"{median(one[1] / one[0] for one in both):.2f}x", "<= 1.3x")
    yield Row("board: from F4 to its rows", size, f"{board:.0f} ms", "")
    whole = median((one[1] + one[2]) / one[0] for one in both)
    yield Row("board: from the start of the program, beside the minimal app", size, f"{whole:.2f}x", "<= 1.5x")
    rest = list(harness.at_rest(start))
    for at, who in enumerate(("minimal Textual app", "idle screen")):
        spent, sent, memory = (
            median(one[at][name]["median"] for one in rest) for name in ("idle_cpu_pct", "idle_bytes", "rss_mb")
        )
        yield Row(f"{who}: processor, 10 s idle", size, f"{spent:.2f} %", "<= 0.3 %" if at else "")
        yield Row(f"{who}: bytes, 10 s idle", size, f"{sent:.0f}", "0, or the minute's" if at else "")
        yield Row(f"{who}: memory", size, f"{memory:.0f} MB", "<= 70 MB" if at else "")
    other = harness.figures(start, "--wait", IDLE, "--keys", "f4 sleep:500 right", "--key-wait", DEVIATIONS)
    yield Row("board: from there to the deviations", size, _ms(other["key_text"]), "")
    down = harness.figures(start, "--wait", IDLE, "--keys", "f4 sleep:1000 down*15 up*15 down*15 sleep:300", runs=3)
    yield Row("board: key to paint", size, _both(down["key_first"]), "median 8, p95 20 ms")
    yield Row("board: bytes a cursor key", size, f"{down['key_bytes']['median']:.0f} B", "<= 500 B")
    # As many keys as make F4 itself, which is measured above, less than one in a hundred of them.
    line = harness.figures(start, "--wait", IDLE, "--keys", "f4 sleep:1000 pagedown down*75 sleep:300", runs=3)
    yield Row("board: a line further at its edge", size, _both(line["key_first"]), "median 8, p95 20 ms")
    page = harness.figures(
        start, "--wait", IDLE, "--keys", "f4 sleep:1000 pagedown*25 pageup*25 pagedown*25 sleep:300", runs=3
    )
    yield Row("board: page to paint", size, _both(page["key_first"]), "median 8, p95 20 ms")
    yield Row("board: bytes a page", size, f"{page['key_bytes']['median']:.0f} B", "<= 7 kB")
    held = harness.figures(start, "--wait", IDLE, "--keys", "f4 sleep:1000 rapid:down*100", runs=3)
    yield Row("board: 100 keys at once, until settled", size, f"{held['key_settled']['max']:.0f} ms", "<= 150 ms")
    stop = harness.figures(start, "--wait", IDLE, "--keys", "f2", "--key-wait", "HELD", runs=5)
    yield Row("F2 to the hold on the screen", size, _ms(stop["key_text"]), "<= 100 ms")


def _home(folder: Path, size: int) -> Path:
    """A floor's home with so many records: half of them holds, half deviations."""
    entries = round(size * ENTRIES_A_RECORD)
    now = time.time_ns() // 1_000_000 - 3_600_000 - entries * 1_000
    with opened(folder, costs=LEAST, people=("anna",), now=now) as made:
        fill(made, "LYN1", entries)
        made.do("LYN1", "terminal.post", places=["FILL-2"])
        return made.desks["LYN1"].home.path


def _ms(found: dict[str, float]) -> str:
    return f"{found['median']:.0f} ms"


def _both(found: dict[str, float]) -> str:
    return f"{found['median']:.1f} / {found['p95']:.1f} ms"


def table(rows: list[Row]) -> str:
    """The page's table."""
    head = ["| what | records | figure | budget |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    """Measure, print, and with `--write` put the table between the marks of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harness", type=Path, required=True, help="the measuring program")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    asked: Any = parser.parse_args()
    rows = []
    for row in measured(Harness(asked.harness, asked.runs), asked.sizes):
        print(*row, sep="  ", flush=True)
        rows.append(row)
    if asked.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- screens -->\n")
        after = rest.partition("<!-- end -->")[2]
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
        stamp = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine}."
        PAGE.write_text(f"{before}<!-- screens -->\n{stamp}\n\n{table(rows)}\n<!-- end -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
