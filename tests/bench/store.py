"""Measure the store; run by hand: `python -m tests.bench.store [size ...]`, with MEASURE_DIR for another disk.

For logs of each size it prints what append + fold + write cost for an entry in pages of 2,000, the fold alone (in
memory, units as long as a store's), one more entry of each kind there, bytes an entry, and opening and listing. Times
are of the processor; "wall" is the clock.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64, check
from shared.log.push import OrderedLeaf
from shared.store.store import Store
from shared.store.transaction import UNIT
from tests.store.logs import Days, arrive, entry_of

PAGE = 2_000
MORE = 220


def fold_alone(leaves: list[OrderedLeaf]) -> float:
    """Seconds to fold a log in memory, each unit above the ones before."""
    start = time.process_time()
    under = None
    for at in range(0, len(leaves), UNIT):
        under = Unit(under)
        for leaf in leaves[at : at + UNIT]:
            fold(under, leaf.position, b64(leaf.id), entry_of(leaf), leaf.received)
    return time.process_time() - start


def timed(found: dict[str, float], name: str, run: Callable[[], object]) -> None:
    """Note how long something takes, the middle of five times, in ms."""
    costs = []
    for _ in range(5):
        start = time.process_time()
        run()
        costs.append(time.process_time() - start)
    found[name] = median(costs) * 1e3


def measure(size: int, folder: Path) -> dict[str, float]:
    leaves = Days().log(size + MORE)
    bulk, more = leaves[:size], leaves[size:]
    path = folder / f"{size}.db"
    found: dict[str, float] = {"entries": size}
    with Store.open(path, create=True) as store:
        start, clock = time.process_time(), time.perf_counter()
        arrive(store, bulk, PAGE)
        found["us"] = (time.process_time() - start) / size * 1e6
        found["wall us"] = (time.perf_counter() - clock) / size * 1e6
        found["fold us"] = fold_alone(leaves[:1_000]) / 1_000 * 1e6
        costs = []
        for leaf in more:
            start = time.process_time()
            arrive(store, [leaf])
            costs.append(time.process_time() - start)
        found["one more us"] = sum(costs) / MORE * 1e6
        found["leaf B"] = sum(len(leaf.leaf) for leaf in leaves) / len(leaves)
    found["disk B"] = path.stat().st_size / (size + MORE)
    timed(found, "open ms", lambda: Store.open(path).close())
    with Store.open(path) as store:
        timed(found, "page ms", lambda: store.lists.rows("deviation", limit=50))
        timed(found, "by title ms", lambda: store.lists.rows("deviation", order="title", limit=50))
        timed(found, "one place ms", lambda: store.lists.rows("deviation", {"on": "SUITE-1"}, limit=50))
        timed(found, "count ms", lambda: store.lists.count("deviation", {"state": "triaged"}))
        timed(found, "search ms", lambda: store.lists.search("pressure alarm"))
    return found


def main() -> None:
    check(b"{}")  # makes its decoder once
    sizes = [int(one) for one in sys.argv[1:]] or [1_000, 10_000]
    with tempfile.TemporaryDirectory(dir=os.environ.get("MEASURE_DIR")) as folder:
        for size in sizes:
            found = measure(size, Path(folder))
            print("  ".join(f"{name} {value:.4g}" for name, value in found.items()))


if __name__ == "__main__":
    main()
