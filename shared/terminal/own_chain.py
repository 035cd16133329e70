"""This terminal's own chain: how far it goes, what waits to be pushed, and the seal over it."""

from itertools import accumulate
from typing import Final, NamedTuple

from shared.log import chain
from shared.log.canonical import b64
from shared.log.chain import Seal, Verified, key_name, seal_body
from shared.log.entry import Line, do_of, line_id, parse_line
from shared.log.merkle import EMPTY_ROOT
from shared.log.ordering import LAST_OF_PUSH
from shared.log.wire import MOST_LINES, MOST_PUSH
from shared.store.branches import Branches
from shared.store.pending import Waiting
from shared.store.store import Store
from shared.store.transaction import Tx
from shared.terminal.desk import Desk

JOIN_SEAL = "join_seal"
"""Under which the store notes the seal over a terminal's first entry, made with the invitation's key."""
OWN_END: Final = "own_end"
"""Under which the store notes how far this machine has continued its terminal's chain."""
_NUMBER: Final = 8
_SEAL_BYTES: Final = 2_048

_LAST: Final = LAST_OF_PUSH | {"program.found", "company.join", "member.join"}
"""Actions that bring keys with them: the server knows these keys only when it has folded them, so a push ends there."""
_FIRST: Final = frozenset({"member.join"})
"""Actions signed with a key that an entry just before may have brought, so a push begins there."""


class Outgoing(NamedTuple):
    """A push: lines of this terminal in their order, and the seal that covers them; `first` is the first's number."""

    lines: list[bytes]
    seal: Seal

    @property
    def first(self) -> int:
        """Number of the first line."""
        return self.seal.n - len(self.lines) + 1


class End(NamedTuple):
    """How far this terminal's own chain goes: number and link of its last line, in the log or waiting."""

    n: int
    link: bytes


def own_end(store: Store, code: str) -> End:
    """Give the end of a terminal's chain as this machine continues it; of a cloned terminal each has its own."""
    waiting = store.pending.last(code)
    if waiting:
        return End(*waiting)
    kept = store.meta(OWN_END)
    if kept is not None:
        return End(int.from_bytes(kept[:_NUMBER], "big"), bytes(kept[_NUMBER:]))
    return End(*Branches(store.connection).end(code))


def keep_end(tx: Tx, code: str) -> None:
    """Note the end of this terminal's chain, for when its lines have left the outbox; whenever one is written there."""
    waiting = tx.store.pending.last(code)
    if waiting:
        tx.set_meta(OWN_END, waiting[0].to_bytes(_NUMBER, "big") + waiting[1])


def keep_end_at(tx: Tx, code: str, n: int, id_: bytes) -> None:
    """Note a line that is in the log as the end of this terminal's chain, if nothing waits: a clone has pushed it."""
    log = tx.store.log
    for before in log.links(code, n - 1):
        link = chain.link(before, id_)
        if tx.store.pending.last(code) is None and link in log.links(code, n):
            tx.set_meta(OWN_END, n.to_bytes(_NUMBER, "big") + link)


def outgoing(desk: Desk, after: int = 0, before: int | None = None) -> Outgoing | None:
    """Give what this terminal has to push next, sealed now; None if nothing waits.

    A push ends with a line that announces a key, for what follows may be under that key, and before it is too large.

    Args:
        desk: the program's log on this terminal.
        after: begin behind the line of this number, for it has been pushed already.
        before: leave out the line of this number, and those after it.
    """
    lines: list[Waiting] = []
    size = _SEAL_BYTES
    for one in desk.store.pending.lines(desk.code, after=after, limit=MOST_LINES):
        line = parse_line(one.line)
        do = do_of(line.entry) if isinstance(line, Line) else ""
        size += len(one.line) + 1
        if (lines and (do in _FIRST or size > MOST_PUSH)) or one.n == before:
            break
        lines.append(one)
        if do in _LAST:
            break
    if not lines:
        return None
    kept = desk.store.meta(JOIN_SEAL)
    if kept is not None:
        joined = chain.parse_seal(kept)
        if joined.n == lines[-1].n and joined.link == b64(lines[-1].link):
            return Outgoing([one.line for one in lines], joined)
    return Outgoing([one.line for one in lines], seal_over(desk, lines[-1].n, lines[-1].link, desk.home.key().seed))


def links_before(store: Store, code: str, n: int, lines: list[bytes], start: int) -> dict[int, str]:
    """Give the link before each of this terminal's own lines, as a page names them where a chain forks.

    Args:
        store: the log, in which the lines still wait.
        code: the terminal's code.
        n: number of the first line.
        lines: they, in their order.
        start: the first one's position.
    """
    waits = store.pending.link(code, n)
    for before in store.log.links(code, n - 1):
        if chain.link(before, line_id(lines[0])) != waits:
            continue  # a clone's line of that number
        links = accumulate(map(line_id, lines), chain.link, initial=before)
        return {position: b64(link) for position, link in zip(range(start, start + len(lines)), links, strict=False)}
    return {}


def seal_over(desk: Desk, n: int, link: bytes, seed: bytes) -> Seal:
    """Seal the chain up to a line, with the key that the log knows as this terminal's."""
    from shared.trust.keys import public_of  # noqa: PLC0415 - loads the cryptography, which a command that lists does without
    from shared.trust.sshsig import SEAL, sign  # noqa: PLC0415 - loads the cryptography

    seen = verified(desk.store)
    key = key_name(public_of(seed))
    body = seal_body(desk.program, desk.code, key, n, b64(link), seen)
    return Seal(
        key=key,
        link=b64(link),
        n=n,
        program=desk.program,
        seen=seen,
        sig=b64(sign(seed, SEAL, body)),
        terminal=desk.code,
    )


def verified(store: Store) -> Verified:
    """Say which checkpoint this terminal verified last; the empty tree's root if there was none yet."""
    kept = store.log.checkpoints(last=1)
    if not kept:
        return Verified(root=b64(EMPTY_ROOT), size=0)
    return Verified(epoch=kept[0].epoch, root=b64(kept[0].root), size=kept[0].size)
