"""Record a log: the founded program and a random history with every sort of verdict, as leaves, and its outcome.

    python -m tests.recorded NAME [SEED ...]

A recorded log is never changed. When the fold's version rises, its outcome is recorded beside it under that version.
"""

import json
import sys
from pathlib import Path

from shared.fold import VERSION
from tests.fold.histories import BASE, history
from tests.recorded.outcome import outcome_of
from tests.store.logs import Ordering, line_of

HERE = Path(__file__).parent


def leaves(seed: int) -> list[bytes]:
    """The leaves of the founded program and one history upon it."""
    ordering = Ordering()
    floor = history(seed, 60, hostile=seed % 2 == 1)
    assert floor.log[: len(BASE.log)] == BASE.log
    return [ordering.leaf(line_of(entry), received).leaf for _, entry, received in floor.log]


def main() -> None:
    """Record the logs that were asked for, and the outcome of every recorded log under the present version."""
    if len(sys.argv) > 1:
        folder = HERE / sys.argv[1]
        folder.mkdir()
        for seed in map(int, sys.argv[2:] or ["1"]):
            (folder / f"{seed}.ndjson").write_bytes(b"\n".join(leaves(seed)) + b"\n")
    for log in sorted(HERE.glob("*/*.ndjson")):
        found = outcome_of(log.read_bytes().splitlines())
        log.with_suffix(f".fold-{VERSION}.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
