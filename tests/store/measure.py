"""Measure the store; run by hand: `python -m tests.store.measure [size ...]`.

It prints, for logs of each size: time and bytes an entry for append + fold + write, what one more entry costs there,
and opening and listing. The fold alone is measured beside it, for that is not the store's.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from shared.fold.fold import fold
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.entry import Line
from shared.log.push import OrderedLeaf
from shared.store.store import Store
from tests.store.logs import Days

PAGE = 2_000
MORE = 200


def fold_alone(leaves: list[OrderedLeaf]) -> float:
    """Seconds to fold in memory, in units as long as a page."""
    start = time.perf_counter()
    unit = Unit()
    for leaf in leaves:
        assert isinstance(leaf.line, Line)
        fold(unit, leaf.position, b64(leaf.id), leaf.line.entry, leaf.received)
    return time.perf_counter() - start


def measure(size: int, folder: Path) -> dict[str, float]:
    days = Days()
    leaves = days.log(size + MORE)
    bulk, more = leaves[:size], leaves[size:]
    found: dict[str, float] = {"size": size, "fold us": fold_alone(leaves[:1_000]) / 1_000 * 1e6}
    path = folder / f"{size}.db"
    with Store.open(path, create=True) as store:
        start = time.perf_counter()
        for at in range(0, size, PAGE):
            with store.write() as tx:
                tx.arrive(bulk[at : at + PAGE])
        found["us an entry"] = (time.perf_counter() - start) / size * 1e6
        costs = []
        for leaf in more:
            start = time.perf_counter()
            with store.write() as tx:
                tx.arrive([leaf])
            costs.append(time.perf_counter() - start)
        found["one more us"] = sorted(costs)[MORE // 2] * 1e6
        found["leaf B"] = sum(len(leaf.leaf) for leaf in leaves) / len(leaves)
    found["disk B an entry"] = path.stat().st_size / (size + MORE)
    start = time.perf_counter()
    with Store.open(path) as store:
        found["open ms"] = (time.perf_counter() - start) * 1e3
        for name, order in (("list ms", "-last"), ("list by title ms", "title"), ("second list ms", "-last")):
            start = time.perf_counter()
            store.lists.rows("deviation", order=order, limit=50)
            found[name] = (time.perf_counter() - start) * 1e3
        start = time.perf_counter()
        store.lists.search("pressure alarm", limit=50)
        found["search ms"] = (time.perf_counter() - start) * 1e3
    return found


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or [1_000, 10_000]
    with tempfile.TemporaryDirectory(dir=os.environ.get("MEASURE_DIR")) as folder:
        for size in sizes:
            found = measure(size, Path(folder))
            print("  ".join(f"{name} {value:.4g}" for name, value in found.items()))  # noqa: T201  its purpose


if __name__ == "__main__":
    main()
