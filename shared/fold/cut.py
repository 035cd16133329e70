"""Cuts: what an entry had seen, as a causally closed set of entries that costs constant size.

A cut is everything before a position of the log, and beside it the first entries of a few terminals' chains: the author's own that
were not in the log yet, and those it had by a relay (`heads`). Entries of a cloned terminal have a *branch* each.
"""

from typing import NamedTuple


class Cut(NamedTuple):
    """All entries at positions below `size`, and of each branch in `above` those with `n` up to the given one."""

    size: int
    above: dict[str, int]

    def has(self, position: int, branch: str, n: int) -> bool:
        """Whether the cut holds the entry at `position`, the `n`-th of `branch`."""
        return position < self.size or n <= self.above.get(branch, 0)


NOTHING = Cut(0, {})
"""The cut of an author who had seen nothing."""


def join(a: Cut, b: Cut) -> Cut:
    """The least cut that holds both; one of the two itself where it already holds the other."""
    if b.size <= a.size and all(a.above.get(branch, 0) >= n for branch, n in b.above.items()):
        return a
    if a.size <= b.size and all(b.above.get(branch, 0) >= n for branch, n in a.above.items()):
        return b
    above = dict(a.above)
    for branch, n in b.above.items():
        if n > above.get(branch, 0):
            above[branch] = n
    return Cut(max(a.size, b.size), above)


def adding(cut: Cut, branch: str, n: int) -> Cut:
    """The cut with one more chain entry, whose own past it already holds."""
    return cut if n <= cut.above.get(branch, 0) else Cut(cut.size, {**cut.above, branch: n})
