"""Ordering a push: the pure function that a server wraps in one transaction.

It judges who and form, never content, and gives lines their positions. All or nothing: a push is ordered whole, or
refused with the first reason, or told to wait for a line of another terminal. The same push may come twice, and gets
the same answer; a fork of a chain is accepted and marked, because it is evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NoReturn

from shared.log import chain as chains
from shared.log.canonical import BadText, NotCanonical, b64, unb64
from shared.log.chain import SEAL, Seal, key_name
from shared.log.entry import (
    ESIGN,
    MAX_LINE,
    BadLine,
    Entry,
    Line,
    Skip,
    do_of,
    line_id,
    parse_line,
    signed_bytes,
)
from shared.log.leaf import leaf_bytes
from shared.log.push import ChainState, Known, Ordered, OrderedLeaf, Refused, Roster, Verify, Wait
from shared.log.rules import RULES

LAST_OF_PUSH: Final = frozenset({"terminal.join", "terminal.key"})
"""Actions that announce a key: what follows them is under that key, and so in another push."""

_LONGEST_DETAIL: Final = 300


class _Refusal(Exception):
    """Carries a refusal out of the checks."""

    def __init__(self, answer: Refused) -> None:
        super().__init__(answer.why)
        self.answer = answer


class _Waiting(Exception):
    """Carries the need to wait out of the checks."""

    def __init__(self, answer: Wait) -> None:
        super().__init__(answer.terminal)
        self.answer = answer


def _refuse(rule: str, n: int | None = None, id: bytes | None = None, detail: str = "") -> NoReturn:
    """Refuse by a rule; ``n`` counts only if the rule is about a line."""
    said = RULES[rule]
    # What is said of the matter may quote the line, and goes into a skip: hostile or long text would be refused there.
    harmless = detail.isascii() and detail.isprintable() and len(detail) <= _LONGEST_DETAIL
    why = " ".join(filter(None, (said.refused, detail if harmless else "", said.remedy)))
    raise _Refusal(Refused(n if said.skips else None, id, rule, why))


def order(  # noqa: PLR0913, PLR0917 - a push, what it is judged by, and when
    lines: Sequence[bytes], seal: Seal, roster: Roster, chain: ChainState, now_ms: int, verify: Verify
) -> Ordered | Refused | Wait:
    """Judge a push and give its lines their positions.

    Args:
        lines: Consecutive lines of one terminal's chain, as they were pushed.
        seal: The terminal's seal over its chain up to the last of them.
        roster: The roster at the log's present end; before the genesis one that answers from the genesis offered.
        chain: The log at its present end.
        now_ms: The server's time, milliseconds since 1970-01-01 UTC.
        verify: Verifies SSHSIG signatures.

    Returns:
        The new leaves and those already known; or the first reason to refuse; or the line to wait for. Who calls
        stores the leaves and the seal in one transaction, or nothing.
    """
    judge = _Judge(lines, seal, roster, chain, verify)
    try:
        return judge.push(max(now_ms, chain.last_received()))
    except (_Refusal, _Waiting) as answer:
        return answer.answer


def _descent(parents: Sequence[bytes], ids: Sequence[bytes], last: bytes) -> list[bytes]:
    """Find the known link from which the new lines lead to the sealed one, and give the links after each of them."""
    for parent in parents:
        links = []
        link = parent
        for id_ in ids:
            link = chains.link(link, id_)
            links.append(link)
        if link == last:
            return links
    _refuse("LOG-6")


class _Judge:
    """Judges one push."""

    def __init__(self, lines: Sequence[bytes], seal: Seal, roster: Roster, chain: ChainState, verify: Verify) -> None:
        self._lines = lines
        self._ids = [line_id(line) for line in lines]
        self._seal = seal
        self._roster = roster
        self._chain = chain
        self._verify = verify
        self._size = chain.size()
        self._epoch = chain.epoch()
        self._program = roster.program()
        if lines and not self._size:
            self._program = b64(self._ids[0])

    def push(self, received: int) -> Ordered:
        """Order the push, or raise why not."""
        known = self._known()
        if known and len(known) == len(self._lines):
            # Before the seal is judged: if the answer to this push was lost, it may have replaced the key itself.
            return Ordered([], known, None, forked=False)
        new, ids = self._lines[len(known) :], self._ids[len(known) :]
        first = self._seal.n - len(new) + 1
        links = self._sealed(ids, first)
        terminal = self._seal.terminal
        forked = self._chain.has(terminal, first)
        leaves = []
        for at, (data, id_, link) in enumerate(zip(new, ids, links, strict=True)):
            # Only a fork can come upon its own lines again: elsewhere the log holds nothing behind the first new one.
            if forked and self._chain.find(id_):
                _refuse("LOG-8", id=id_)
            line = self._line(data, id_, first + at)
            if at < len(new) - 1 and isinstance(line, Line) and do_of(line.entry) in LAST_OF_PUSH:
                _refuse("LOG-9", id=id_)
            leaf = leaf_bytes(data, received)
            leaves.append(OrderedLeaf(self._size + at, received, leaf, id_, terminal, first + at, link, line))
        return Ordered(leaves, known, self._seal, forked)

    def _known(self) -> list[Known]:
        """Find the lines at the beginning of the push that the log holds already."""
        known = []
        for id_ in self._ids:
            found = self._chain.find(id_)
            if found is None:
                break
            known.append(Known(id_, *found))
        return known

    def _sealed(self, ids: Sequence[bytes], first: int) -> list[bytes]:
        """Judge the seal, and give the chain's links after each new line."""
        seal = self._seal
        if not ids or first < 1 or not chains.well_formed(seal):
            _refuse("LOG-3")
        key = self._roster.terminal_key(seal.terminal)
        if key is None:
            _refuse("LOG-1")
        if seal.program != self._program:
            _refuse("LOG-2")
        parents = self._chain.links(seal.terminal, first - 1)
        if not parents:
            _refuse("LOG-5", detail=f"It would be number {first - 1}.")
        links = _descent(parents, ids, unb64(seal.link))
        keys = [key] if seal.key == key_name(key) else self._roster.branch_keys(seal.terminal, first - 1)
        body, signature = chains.sealed_bytes(seal), unb64(seal.sig)
        if not any(seal.key == key_name(key) and self._verify(key, SEAL, body, signature) for key in keys):
            _refuse("LOG-4")
        if self._beyond(seal.seen.size, seal.seen.epoch):
            _refuse("LOG-7")
        return links

    def _beyond(self, size: int, epoch: int) -> bool:
        """Tell whether nobody can have seen that much of the log yet.

        What was seen in an earlier epoch may be gone now; the fold clips it to what was kept.
        """
        return epoch > self._epoch or (epoch == self._epoch and size > self._size)

    def _line(self, data: bytes, id_: bytes, n: int) -> Line | Skip:
        """Read one line and refuse it by the first rule that it breaks."""
        if len(data) > MAX_LINE:
            _refuse("LOG-10", n, id_, f"It has {len(data)} bytes of at most {MAX_LINE}.")
        try:
            line = parse_line(data, text=True)
        except BadText as error:
            _refuse("LOG-12", n, id_, str(error))
        except NotCanonical as error:
            _refuse("LOG-11", n, id_, str(error))
        except BadLine as error:
            _refuse("LOG-13", n, id_, str(error))
        said = line.entry if isinstance(line, Line) else line
        # A skip always names a program, so it cannot stand in the place of the genesis.
        if said.program != (self._program if self._size or n > 1 else ""):
            _refuse("LOG-14", n, id_)
        if said.terminal != self._seal.terminal:
            _refuse("LOG-15", n, id_)
        if said.n != n:
            _refuse("LOG-16", n, id_, f"It says {said.n}, and should say {n}.")
        if isinstance(line, Skip):
            if unb64(line.id) in self._ids or self._chain.find(unb64(line.id)):
                _refuse("LOG-23", n, id_)
            return line
        self._seen(line.entry, id_)
        self._author(line, id_)
        return line

    def _seen(self, entry: Entry, id_: bytes) -> None:
        """Judge what an entry says that its author had seen."""
        size, own_n, *epochs = entry.seen
        epoch = epochs[0] if epochs else 0
        if own_n >= entry.n or self._beyond(size, epoch):
            _refuse("LOG-17", entry.n, id_)
        if not entry.heads:
            return
        own = self._seal.terminal
        unknown = [code for code in entry.heads if self._roster.terminal_key(code) is None]
        # First those to wait for: an unknown terminal may have been enrolled by one of their lines.
        for code, n in entry.heads.items():
            if code not in unknown and code != own and not self._chain.has(code, n):
                raise _Waiting(Wait(code, n, entry.n))
        if unknown or own in entry.heads:
            _refuse("LOG-18", entry.n, id_, f"It names {unknown[0] if unknown else 'its own'}.")

    def _author(self, line: Line, id_: bytes) -> None:
        """Judge who an entry is by, and the signature that this demands."""
        entry = line.entry
        if entry.by.startswith("@"):
            if entry.by[1:] != entry.terminal or entry.sign is not None or line.sig is not None:
                _refuse("LOG-20", entry.n, id_)
            return
        if entry.sign is None or line.sig is None:
            _refuse("LOG-19", entry.n, id_)
        key = self._roster.holds_key(entry.by, entry.sign.key)
        if key is None or key_name(key) != entry.sign.key:
            _refuse("LOG-21", entry.n, id_)
        if not self._verify(key, ESIGN, signed_bytes(entry), unb64(line.sig)):
            _refuse("LOG-22", entry.n, id_)
