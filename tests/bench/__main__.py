"""Measure check, ordering, fold, perform, store and commands; `--write` puts the table into docs/benchmarks.md.

    python -m tests.bench [--write] [SIZE ...]

Times are the processor's, for the machine is shared; "wall" is the clock. Compare within one run only.
"""

import argparse
import gc
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64, check
from shared.log.leaf import line_of
from shared.log.push import OrderedLeaf
from shared.store.store import Store
from shared.terminal.asked import Asked
from shared.terminal.perform import perform
from tests.store.logs import Days, arrive, entry_of
from tests.terminal.bulk import fill
from tests.terminal.firm import LEAST, opened

ROOT = Path(__file__).parents[2]
SIZES = (1_000, 10_000, 100_000)
Row = tuple[str, str, str, str]
"""What was measured, at how many entries, the figure, and the budget it has."""


def cpu(run: Callable[[], object]) -> float:
    """Seconds of the processor that something takes."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def checks(leaves: list[OrderedLeaf]) -> Iterator[Row]:
    """The canonical check, a line at a time."""
    lines = [line_of(leaf.leaf) for leaf in leaves[-2_000:]]
    spent = median(cpu(lambda: [check(line) for line in lines]) for _ in range(5)) / len(lines)
    yield ("canonical check", f"{sum(map(len, lines)) // len(lines)} B a line", f"{spent * 1e6:.1f} us", "about 5 us")


def folds(leaves: list[OrderedLeaf]) -> Iterator[Row]:
    """Folding in memory: a mixed day's work, and the plain facts of it alone."""
    items = [(leaf.position, b64(leaf.id), entry_of(leaf), leaf.received) for leaf in leaves]

    def run() -> None:
        unit = Unit()
        for position, id_, entry, received in items:
            fold(unit, position, id_, entry, received)

    spent = min(cpu(run) for _ in range(3))
    yield ("fold in memory", f"{len(items):,}", f"{len(items) / spent:,.0f} entries/s", ">= 60,000 entries/s")


def stores(leaves: list[OrderedLeaf], folder: Path) -> Iterator[Row]:
    """Arriving in a file: log, tree, folded tables and search, in pages of 2,000; then one more."""
    size = len(leaves) - 200
    path = folder / f"{size}.andon"
    with Store.open(path, create=True) as store:
        spent = cpu(lambda: arrive(store, leaves[:size], 2_000))
        one = [cpu(lambda leaf=leaf: arrive(store, [leaf])) for leaf in leaves[size:]]  # type: ignore[misc]  # bound now
    yield ("store: arrive and fold", f"{size:,}", f"{size / spent:,.0f} entries/s", "pull: issue 3")
    yield ("store: one more entry", f"{size:,}", f"{median(one) * 1e3:.2f} ms", "<= 1.2x of 1,000")
    yield ("store: disk", f"{size:,}", f"{path.stat().st_size / len(leaves):.0f} B an entry", "server 650, aim 450")


def performs(size: int, folder: Path) -> Iterator[Row]:
    """Acting: from the request to the acknowledged entry, in one process; then whole commands on that home."""
    now = time.time_ns() // 1_000_000 - 3_600_000 - size * 1_000
    with opened(folder / "firm", costs=LEAST, people=("anna",), now=now) as made:
        fill(made, "LYN1", size)
        desk = made.desks["LYN1"]
        spent = []
        for index in range(60):
            asked = Asked("hold.stop", "", {"on": f"Line {index % 7}", "reason": "pressure"})
            spent.append(cpu(lambda asked=asked: perform(desk, asked)))  # type: ignore[misc]  # bound now
        yield ("perform, unsigned", f"{size:,}", f"{median(spent[10:]) * 1e3:.1f} ms", "")
        home = desk.home.path
    for words, budget in COMMANDS:
        yield (f"`andon {' '.join(words)}`, whole process, wall", f"{size:,}", f"{command(home, words):.0f} ms", budget)


COMMANDS = (
    (("--version",), "80 ms"),
    (("do", "hold.stop", "--json", '{"on":"Line 1"}'), "200 ms"),
    (("list", "hold", "--json"), "150 ms"),
    (("list", "deviation", "--where", "on=Suite 3", "--json"), "150 ms"),
    (("show", "LYN1", "--json"), ""),
    (("why", "LYN1"), ""),
    (("call",), ""),
    (("actions",), ""),
)


def command(home: Path, words: tuple[str, ...]) -> float:
    """The middle of nine runs of a command, in ms by the clock."""
    spent = []
    for _ in range(9):
        start = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).parent / "andon", "--home", home, *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        spent.append(time.perf_counter() - start)
    return median(spent) * 1e3


def measured(sizes: list[int]) -> Iterator[Row]:
    """All of it."""
    yield from checks(Days().log(4_000))
    with tempfile.TemporaryDirectory(dir=os.environ.get("MEASURE_DIR")) as name:
        for size in sizes:
            leaves = Days().log(size + 200)
            yield from folds(leaves[:size])
            yield from stores(leaves, Path(name))
            folder = Path(name) / f"homes-{size}"
            folder.mkdir()
            yield from performs(size, folder)


def table(rows: list[Row]) -> str:
    """The page's table."""
    head = ["| what | entries in the log | figure | budget |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    """Measure, print, and with `--write` put the table between the marks of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    asked = parser.parse_args()
    rows = []
    for row in measured(asked.sizes):
        print(*row, sep="  ", flush=True)
        rows.append(row)
    if asked.write:
        page = ROOT / "docs" / "benchmarks.md"
        before, _, rest = page.read_text().partition("<!-- measured -->\n")
        after = rest.partition("<!-- end -->")[2]
        machine = (
            f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
        )
        stamp = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine}."
        page.write_text(f"{before}<!-- measured -->\n{stamp}\n\n{table(rows)}\n<!-- end -->{after}")


if __name__ == "__main__":
    main()
