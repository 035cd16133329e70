"""Random logs as no honest terminal writes them: chains that fork, forks that fork, skips, old drafts, relayed heads.

They are the histories of histories.py, each entry put onto some branch of its terminal with some other past. Branches
have the names and links that a store finds.
"""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from shared.fold.leaf import Place
from shared.log import chain
from shared.log.canonical import b64, encode
from shared.log.entry import Entry, Skip, line_bytes, line_id, skip_bytes
from tests.fold.histories import BASE, ROSTER, history

SIZE = len(BASE.log)
TERMINALS = ("LYN1", "LYN2", "SPO1")


class Tangled(NamedTuple):
    """A line with its place; `entry` is None for a skip, `parent` is the link before it, `sound` its signature's."""

    place: Place
    id: str
    entry: Entry | None
    line: bytes
    parent: bytes
    sound: bool


class _Chains:
    """Every branch with its links, the first of them the one at which it left."""

    def __init__(self) -> None:
        self.links: dict[str, list[bytes]] = {}
        self.left: dict[str, tuple[str, int]] = {}

    def of(self, terminal: str) -> list[str]:
        return [branch for branch in self.links if branch.split("~")[0] == terminal]

    def end(self, branch: str) -> int:
        return self.left.get(branch, ("", 0))[1] + len(self.links.get(branch, "1")) - 1

    def link(self, branch: str, n: int) -> bytes:
        while branch in self.left and n <= self.left[branch][1]:
            branch = self.left[branch][0]
        since = self.left.get(branch, ("", 0))[1]
        return self.links.get(branch, [chain.FIRST])[n - since]

    def add(self, branch: str, id_: bytes) -> bytes:
        links = self.links.setdefault(branch, [chain.FIRST])
        links.append(chain.link(links[-1], id_))
        return links[-1]


def founding() -> Iterator[Tangled]:
    """The founded program, as it is."""
    chains = _Chains()
    for position, (_, entry, received) in enumerate(BASE.log):
        line = _line(entry)
        id_, place = line_id(line), Place(position, entry.terminal, None, received)
        yield Tangled(place, b64(id_), entry, line, chains.link(entry.terminal, entry.n - 1), sound=True)
        chains.add(entry.terminal, id_)


def tangled(seed: int, length: int, *, hostile: bool = False) -> list[Tangled]:
    """A random log of the founded program and about `length` lines more."""
    rng = random.Random(seed)
    floor = history(seed, length, hostile=hostile, kinds=ROSTER)
    chains, new = _Chains(), dict[str, str]()
    found = list(founding())
    for one in found:
        chains.add(one.place.branch, line_id(one.line))
    for position, (old, entry, received) in enumerate(floor.log[SIZE:], SIZE):
        terminal = entry.terminal
        branch, left = rng.choice(chains.of(terminal)), None
        n = chains.end(branch) + 1
        if rng.random() < 0.04 and n > 2:
            n = rng.randint(2, n - 1)
            while branch in chains.left and n - 1 <= chains.left[branch][1]:
                branch = chains.left[branch][0]
            left = (branch, n - 1)
        parent = chains.link(branch, n - 1)
        made = None
        if rng.random() < 0.05:
            line = skip_bytes(
                Skip(id=b64(rng.randbytes(32)), n=n, program=floor.program, terminal=terminal, why="LOG-12 no")
            )
        else:
            made = _rewritten(rng, chains, entry, n, new)
            line = _line(made)
            if f"-{terminal}-{entry.n}" in entry.record:
                new.setdefault(entry.record, made.record)
        id_ = line_id(line)
        new[old] = b64(id_)
        if left:
            branch = f"{terminal}~{b64(id_)[:8]}"
            chains.left[branch] = left
            chains.links[branch] = [parent]
        chains.add(branch, id_)
        place = Place(position, branch, left, received)
        found.append(Tangled(place, b64(id_), made, line, parent, sound=rng.random() > 0.03))
    return found


def _rewritten(rng: random.Random, chains: _Chains, entry: Entry, n: int, new: dict[str, str]) -> Entry:
    """The entry as the `n`-th of its branch, with a past that differs from what it had."""
    size = entry.seen[0] if rng.random() < 0.8 else rng.randint(SIZE // 2, entry.seen[0])
    gap = entry.n - 1 - entry.seen[1]
    own = max(n - 1 - gap, 0) if rng.random() < 0.85 else rng.randint(0, n - 1)
    heads = {
        other: rng.randint(1, max(chains.end(branch) for branch in chains.of(other)))
        for other in TERMINALS
        if other != entry.terminal and rng.random() < 0.25
    }
    record = entry.record
    if record.endswith(f"-{entry.terminal}-{entry.n}"):
        record = f"{record[:3]}-{entry.terminal}-{n}"
    action = encode(_renamed(msgspec.json.decode(bytes(entry.action)), new))
    return msgspec.structs.replace(
        entry, action=msgspec.Raw(action), n=n, record=new.get(record, record), seen=(size, own), heads=heads
    )


def _renamed(value: Any, new: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(one, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, new) for one in value]
    return new.get(value, value) if isinstance(value, str) else value


def _line(entry: Entry) -> bytes:
    return line_bytes(entry, b64(bytes(64)) if entry.sign else None)
