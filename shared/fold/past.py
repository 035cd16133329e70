"""An entry's past: what it had seen, and what those entries had seen (design.md 4, "View").

The prefix of a log is always causally closed, for the server places an entry only after all that it had seen. So only
chain entries beyond the prefix need their own pasts joined in. An act knows what its whole chain had seen up to it;
where entries are not folded here (roster.py), they are read one by one, back to the last that is.
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
        cut = _with_chain(unit, cut, branch, n, asked)
    return cut


def _with_chain(unit: Unit, cut: Cut, branch: str, n: int, asked: dict[str, int]) -> Cut:
    """The cut joined with one chain; what its entries had seen of others is put into `asked`."""
    covered = cut.above
    while n > covered.get(branch, 0):
        found = unit.last(branch, n)
        if found is None:
            left = unit.fork(branch)
            if left is None:
                break
            branch, n = left[0], min(n, left[1])  # a loop, for a hostile terminal may fork its forks
            continue
        position, n = found
        if position < cut.size:
            break
        act = unit.act(position)
        if act is not None:
            return adding(join(cut, act.reach or act.cut), branch, n)
        cut = adding(_with_entry(unit, cut, position, asked), branch, n)
        n -= 1
    return cut


def _with_entry(unit: Unit, cut: Cut, position: int, asked: dict[str, int]) -> Cut:
    """The cut joined with the prefix that an entry had seen; the others' entries that it names are put into `asked`."""
    entry = unit.entry(position)
    if entry is None:
        return cut
    for terminal, n in entry.heads.items():
        asked[terminal] = max(asked.get(terminal, 0), _before(unit, terminal, n, position))
    return join(cut, Cut(min(entry.seen[0], position), NOBODY))


def _before(unit: Unit, branch: str, n: int, position: int) -> int:
    """So many of the first `n` entries of a branch as stood there when the entry at `position` named them."""
    found = unit.last(branch, n)
    if found is None or found[0] < position:
        return n
    low, high = 0, found[1]  # a search by halves: a clone may let an entry name any number long before it is reached
    while high - low > 1:
        middle = (low + high) // 2
        found = unit.last(branch, middle)
        if found is None or found[0] < position:
            low = middle
        else:
            high = found[1]
    return low
