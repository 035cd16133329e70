"""Cuts: what an entry had seen, as a causally closed set of entries that costs constant size.

A cut is everything before a position of the log, and beside it the first entries of a few terminals' chains: the
author's own that were not in the log yet, and those it had by a relay (`heads`). A *branch* is a terminal's chain; a
cloned terminal has several.
"""

import msgspec


class Cut(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All entries at positions below `size`, and of each branch in `above` those with `n` up to the given one.

    `also` is one more entry, as (branch, n), whose own chain before it need not be in: its author may have used an old
    draft. Only the judging of pairs adds one, to look at news together with what its author knew.
    """

    size: int
    above: dict[str, int]
    also: tuple[str, int] | None = None

    def has(self, position: int, branch: str, n: int) -> bool:
        """Whether the cut holds the entry at `position`, the `n`-th of `branch`."""
        return position < self.size or n <= self.above.get(branch, 0) or (branch, n) == self.also


def join(a: Cut, b: Cut) -> Cut:
    """The least cut that holds both; one of the two itself where it already holds the other."""
    if b.size <= a.size and _within(b.above, a.above):
        return a
    if a.size <= b.size and _within(a.above, b.above):
        return b
    above = dict(a.above)
    for branch, n in b.above.items():
        if n > above.get(branch, 0):
            above[branch] = n
    return Cut(max(a.size, b.size), above)


def _within(less: dict[str, int], more: dict[str, int]) -> bool:
    for branch, n in less.items():  # noqa: SIM110  twice as fast as all(); asked for every entry not in the log yet
        if n > more.get(branch, 0):
            return False
    return True


def adding(cut: Cut, branch: str, n: int) -> Cut:
    """The cut with one more chain entry, whose own past it already holds."""
    return cut if n <= cut.above.get(branch, 0) else Cut(cut.size, {**cut.above, branch: n})
