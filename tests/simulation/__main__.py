"""Replays a history, `python -m tests.simulation SEED [--whole]`: prints it, or the shortest that fails alike."""

import sys

from tests.simulation.run import broken
from tests.simulation.shrink import shrunk
from tests.simulation.steps import drawn


def main() -> int:
    """Run the seed that is named; 1 if it breaks something."""
    seed = int(sys.argv[1])
    steps = drawn(seed)
    found = broken(steps, seed)
    if found is None or "--whole" in sys.argv:
        broken(steps, seed, talk=True)
        print(found or "everything holds")
        return int(found is not None)
    invariant = found.invariant

    def alike(less: object) -> bool:
        other = broken(less, seed)  # type: ignore[arg-type]
        return other is not None and other.invariant == invariant

    short = shrunk(steps, alike)
    print(*short, sep="\n")
    print(broken(short, seed, talk=True) or found)
    print(f"{len(short)} steps of {len(steps)}; seed {seed}: {found}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
