"""The unit of work: folded state, read through from what is stored and written back only where it changed.

A unit is itself something to read through, so that pending entries are folded in a unit of their own above the log's
and undone by dropping it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from shared.fold.act import Act, Instance, Write
from shared.log.entry import Entry

CLONE = "~"
"""What the branch name of a cloned terminal's chain holds, and no terminal's code."""

FORKED = "@forked"
"""The pseudo-fact of a terminal's record that holds where its chain forked: the last number in common, by branch."""


class FactState(msgspec.Struct, gc=False):
    """The values of one fact of one record.

    `standing` are those that stand; `history` are all that were written, None while those are the same or (not `whole`)
    not loaded yet; `marked` tells that news about one of them must be weighed.
    """

    standing: Sequence[Write]
    history: list[Write] | None
    marked: bool
    whole: bool = False


class Tables(Protocol):
    """What a unit reads through to: another unit, a store, or nothing."""

    def fact(self, record: str, fact: str) -> FactState | None:
        """The state of a fact, None where nothing was ever written."""

    def history(self, record: str, fact: str) -> Sequence[Write]:
        """All values ever written of a fact, in the log's order."""

    def act(self, position: int) -> Act | None:
        """The act of the entry at a position; None where it is not folded here."""

    def entry(self, position: int) -> Entry | None:
        """The entry at a position."""

    def find(self, entry: str) -> int | None:
        """The position of the entry with this id."""

    def last(self, branch: str, n: int) -> tuple[int, int] | None:
        """Position and number of the last entry among the first `n` of a branch, folded or not; no skip is one.

        None where the branch itself holds none so early.
        """

    def touches(self, record: str, since: int) -> list[int]:
        """Positions, from `since` on, of entries that changed something of a record."""

    def readers(self, record: str, since: int) -> list[tuple[int, int]]:
        """Decisions that read a record, as (position of their last part, own position), from `since` on."""

    def latest_read(self) -> int:
        """The highest position of a decision's last part, -1 for none: readers are not looked up beyond it."""

    def members(self, kind: str, fact: str, value: str) -> list[str]:
        """Records whose indexed fact names a value, oldest first."""

    def fork(self, branch: str) -> tuple[str, int] | None:
        """For a clone's branch: the branch and n after which it left."""

    def received(self, size: int) -> int:
        """`received` (ms) of the last leaf below `size`, 0 for none."""


class Nothing:
    """The tables of an empty log."""

    def fact(self, record: str, fact: str) -> FactState | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def history(self, record: str, fact: str) -> Sequence[Write]:  # noqa: ARG002, D102 - as `Tables` says it
        return []

    def act(self, position: int) -> Act | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def entry(self, position: int) -> Entry | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def find(self, entry: str) -> int | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def last(self, branch: str, n: int) -> tuple[int, int] | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def touches(self, record: str, since: int) -> list[int]:  # noqa: ARG002, D102 - as `Tables` says it
        return []

    def readers(self, record: str, since: int) -> list[tuple[int, int]]:  # noqa: ARG002, D102 - as `Tables` says it
        return []

    def latest_read(self) -> int:  # noqa: D102 - as `Tables` says it
        return -1

    def members(self, kind: str, fact: str, value: str) -> list[str]:  # noqa: ARG002, D102 - as `Tables` says it
        return []

    def fork(self, branch: str) -> tuple[str, int] | None:  # noqa: ARG002, D102 - as `Tables` says it
        return None

    def received(self, size: int) -> int:  # noqa: ARG002, D102 - as `Tables` says it
        return 0


class Unit:
    """Folded state above `under`; what it changed stands in its attributes, for a store to write down.

    `facts`, `acts`, `entries`, `ids`, `chains` and `forks` hold what is new or changed, `times` also what was asked
    for; `touched`, `read` and `indexed` only what is new. `written` are the new values, `changed` the (record, fact)
    whose standing values are not the same, `records` those whose rows in lists may not be, and `latest` what
    `latest_read` answers, once it is known. `born` are the records that came into being here: nothing of them is
    underneath.
    """

    def __init__(self, under: Tables | None = None) -> None:
        """Start above `under`, an empty log if None."""
        self.under: Tables = under or Nothing()
        self.facts: dict[tuple[str, str], FactState] = {}
        self.acts: dict[int, Act] = {}
        self.entries: dict[int, Entry] = {}
        self.ids: dict[str, int] = {}
        self.chains: dict[str, dict[int, int]] = {}
        self.forks: dict[str, tuple[str, int]] = {}
        self.times: dict[int, int] = {}
        self.touched: dict[str, list[int]] = {}
        self.read: dict[str, list[tuple[int, int]]] = {}
        self.indexed: dict[tuple[str, str, str], list[str]] = {}
        self.written: list[Write] = []
        self.changed: set[tuple[str, str]] = set()
        self.records: dict[str, None] = {}
        self.latest: int | None = None
        self.born: set[str] = set()
        self._lasts: dict[str, int] = {}
        self._remembered: dict[str, tuple[int, dict[str, Any]]] = {}

    def fact(self, record: str, fact: str) -> FactState | None:
        """See `Tables`; the state is this unit's own and may be changed by the fold."""
        state = self.facts.get((record, fact))
        if state is None:
            if record in self.born:
                return None
            under = self.under.fact(record, fact)
            if under is None:
                return None
            history = None if under.history is None else list(under.history)
            standing = tuple(under.standing)
            state = self.facts[record, fact] = FactState(standing, history, under.marked, under.whole)
        return state

    def history(self, record: str, fact: str) -> Sequence[Write]:
        """See `Tables`."""
        state = self.fact(record, fact)
        if state is None:
            return []
        if state.history is None:
            if state.whole:
                return state.standing
            new = [write for write in self.written if write.record == record and write.fact == fact]
            state.history = [*self.under.history(record, fact), *new]
        return state.history

    def act(self, position: int) -> Act | None:
        """See `Tables`; not to be changed: `own` gives one that may be."""
        return self.acts.get(position) or self.under.act(position)

    def own(self, position: int) -> Act:
        """The act at a position, this unit's own copy."""
        act = self.acts.get(position)
        if act is None:
            under = self.under.act(position)
            if under is None:
                msg = f"no act at position {position}"
                raise LookupError(msg)
            copies = [Instance(one.parts, one.cut, list(one.marks)) for one in under.instances]
            act = self.acts[position] = msgspec.structs.replace(under, instances=copies)
        return act

    def entry(self, position: int) -> Entry | None:
        """See `Tables`."""
        return self.entries.get(position) or self.under.entry(position)

    def find(self, entry: str) -> int | None:
        """See `Tables`."""
        position = self.ids.get(entry)
        return self.under.find(entry) if position is None else position

    def last(self, branch: str, n: int) -> tuple[int, int] | None:
        """See `Tables`."""
        chain = self.chains.get(branch)
        if chain:
            if n in chain:
                return chain[n], n
            for one in reversed(chain):  # in the order of the branch
                if one < n:
                    return chain[one], one
        return self.under.last(branch, n)

    def touches(self, record: str, since: int) -> list[int]:
        """See `Tables`."""
        new = self.touched.get(record)
        if not new:
            return self.under.touches(record, since)
        start = bisect_left(new, since)
        return self.under.touches(record, since) + (new[start:] if start else new)

    def readers(self, record: str, since: int) -> list[tuple[int, int]]:
        """See `Tables`."""
        new = self.read.get(record)
        if not new:
            return self.under.readers(record, since)
        return self.under.readers(record, since) + new[bisect_left(new, (since, 0)) :]

    def latest_read(self) -> int:
        """See `Tables`."""
        if self.latest is None:
            self.latest = self.under.latest_read()
        return self.latest

    def members(self, kind: str, fact: str, value: str) -> list[str]:
        """See `Tables`."""
        return self.under.members(kind, fact, value) + self.indexed.get((kind, fact, value), [])

    def fork(self, branch: str) -> tuple[str, int] | None:
        """See `Tables`."""
        return (self.forks.get(branch) or self.under.fork(branch)) if CLONE in branch else None

    def received(self, size: int) -> int:
        """See `Tables`."""
        found = self.times.get(size)
        if found is None:
            found = self.times[size] = self.under.received(size)
        return found

    def remembered(self, record: str, size: int) -> dict[str, Any] | None:
        """What was worked out of a record for readers who had seen all that ever touched it, below `size`; else None.

        The roster is read for every entry and changes rarely: this spares most of that reading.
        """
        new = self.touched.get(record)
        last = new[-1] if new else self._lasts.get(record)
        if last is None:
            under = self.under.touches(record, 0)
            last = self._lasts[record] = under[-1] if under else -1
        if last >= size:
            return None
        found = self._remembered.get(record)
        if found is None or found[0] != last:
            found = self._remembered[record] = (last, {})
        return found[1]

    def forget(self, record: str) -> None:
        """Forget what was worked out of a record: news about one of its acts has changed what stands."""
        self._remembered.pop(record, None)

    def bear(self, record: str) -> None:
        """Note that a record comes into being here, so that its facts need not be looked for underneath."""
        if not self.under.touches(record, 0):
            self.born.add(record)

    def enter(self, position: int, id_: str, entry: Entry, branch: str, received: int | None) -> None:
        """Give an entry its place, by id and on its branch; what it says is for the fold."""
        self.entries[position] = entry
        self.ids[id_] = position
        chain = self.chains.get(branch)
        if chain is None:
            chain = self.chains[branch] = {}
        chain[entry.n] = position
        if received is not None:
            self.times[position + 1] = received

    def put(self, write: Write) -> FactState:
        """Add a value to its fact's history; whether it stands, and what it dominates, is for the caller to set."""
        key = (write.record, write.fact)
        state = self.facts.get(key) or self.fact(*key)
        if state is None:
            state = self.facts[key] = FactState((), None, marked=False, whole=True)
        elif state.history is not None:
            state.history.append(write)
        elif state.marked and state.whole:
            state.history = [*state.standing, write]
        self.written.append(write)
        self.changed.add(key)
        return state
