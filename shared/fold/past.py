"""An entry's past: what it had seen, and what those entries had seen (design.md 4, "View").

The prefix of a log is always causally closed, for the server places an entry only after all that it had seen. So only
chain entries beyond the prefix need their own pasts joined in.
"""

from shared.fold.act import Act
from shared.fold.cut import Cut, adding, join
from shared.fold.unit import Unit
from shared.log.entry import Entry

NOBODY: dict[str, int] = {}
"""The `above` of every cut that is a prefix of the log; shared, and never changed."""


def past_of(unit: Unit, position: int, entry: Entry, branch: str) -> Cut:
    """The cut that an entry's author had seen; claims beyond the entry's own place are clipped to it."""
    cut = Cut(min(entry.seen[0], position), NOBODY)
    cut = _with_chain(unit, cut, branch, min(entry.seen[1], entry.n - 1))
    for terminal, n in entry.heads.items():
        cut = _with_chain(unit, cut, terminal, n)
    return cut


def _with_chain(unit: Unit, cut: Cut, branch: str, n: int) -> Cut:
    """The cut joined with the first `n` entries of a branch and their pasts."""
    left = unit.fork(branch)
    if left is not None and n <= left[1]:
        return _with_chain(unit, cut, left[0], n)
    position = unit.at(branch, n) if n > 0 else None
    if position is None or position < cut.size:
        return cut
    act = unit.act(position)
    return cut if act is None else adding(join(cut, act.reach or act.cut), branch, n)


def chain_reach(unit: Unit, act: Act) -> None:
    """Note what the chain has seen up to this entry, where that is more than the entry had (an old draft's)."""
    left = unit.fork(act.branch)
    before = unit.at(*left) if left is not None and act.n == left[1] + 1 else unit.at(act.branch, act.n - 1)
    if before is None or before < act.cut.size:
        return
    previous = unit.act(before)
    if previous is None:
        return
    whole = join(act.cut, adding(previous.reach or previous.cut, previous.branch, previous.n))
    act.reach = None if whole == act.cut else whole
