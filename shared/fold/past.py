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
    own = min(entry.seen[1], entry.n - 1)
    if not entry.heads:
        return _with_chains(unit, cut, {branch: own})
    # Its own chain comes last, to be taken first: it often covers the others.
    return _with_chains(unit, cut, {**entry.heads, branch: own})


def chain_reach(unit: Unit, act: Act) -> None:
    """Note what the chain has seen up to this entry, where that is more than the entry had (an old draft's)."""
    whole = _with_chains(unit, act.cut, {act.branch: act.n - 1})
    if whole is not act.cut and whole != act.cut:
        act.reach = whole


def _with_chains(unit: Unit, cut: Cut, asked: dict[str, int]) -> Cut:
    """The cut joined with the first entries of branches, as many as `asked` says of each, and their pasts."""
    while asked:
        branch, n = asked.popitem()
        while n > cut.above.get(branch, 0):
            found = unit.last(branch, n)
            if found is None:
                left = unit.fork(branch)
                if left is None:
                    break
                branch, n = left[0], min(n, left[1])  # a loop, for a hostile terminal may fork its forks
                continue
            position, n = found
            if position >= cut.size:
                act = unit.act(position)
                if act is not None:
                    cut = adding(join(cut, act.reach or act.cut), branch, n)
            break
    return cut
