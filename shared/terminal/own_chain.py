"""This terminal's own chain: how far it goes, what waits to be pushed, and the seal over it."""

from typing import Final, NamedTuple

from shared.log import chain
from shared.log.canonical import b64
from shared.log.chain import Seal, Verified, key_name, seal_body
from shared.log.entry import Line, do_of, parse_line
from shared.log.merkle import EMPTY_ROOT
from shared.log.ordering import LAST_OF_PUSH
from shared.store.pending import Waiting
from shared.store.store import Store
from shared.terminal.desk import Desk

JOIN_SEAL = "join_seal"
"""Under which the store notes the seal over a terminal's first entry, made with the invitation's key."""


_LAST: Final = LAST_OF_PUSH | {"program.found", "company.join", "member.join"}
"""Actions that bring keys with them: the server knows these keys only when it has folded them, so a push ends there."""
_FIRST: Final = frozenset({"member.join"})
"""Actions signed with a key that an entry just before may have brought, so a push begins there."""


class Outgoing(NamedTuple):
    """A push: lines of this terminal in their order, and the seal that covers them."""

    lines: list[bytes]
    seal: Seal


def own_end(store: Store, code: str) -> int:
    """Give the number of the last line of a terminal's chain, in the log or waiting; 0 for none."""
    waiting = store.pending.lines(code)
    if waiting:
        return waiting[-1].n
    log = store.log
    if not log.has(code, 1):
        return 0
    known, beyond = 1, 2
    while log.has(code, beyond):
        known, beyond = beyond, beyond * 2
    while beyond - known > 1:
        middle = (known + beyond) // 2
        known, beyond = (middle, beyond) if log.has(code, middle) else (known, middle)
    return known


def outgoing(desk: Desk) -> Outgoing | None:
    """Give what this terminal has to push next, sealed now; None if nothing waits.

    A push ends with a line that announces a key, for what follows may be under that key.
    """
    waiting = desk.store.pending.lines(desk.code)
    if not waiting:
        return None
    lines: list[Waiting] = []
    for one in waiting:
        line = parse_line(one.line)
        do = do_of(line.entry) if isinstance(line, Line) else ""
        if lines and do in _FIRST:
            break
        lines.append(one)
        if do in _LAST:
            break
    kept = desk.store.meta(JOIN_SEAL)
    if kept is not None:
        joined = chain.parse_seal(kept)
        if joined.n == lines[-1].n and joined.link == b64(lines[-1].link):
            return Outgoing([one.line for one in lines], joined)
    return Outgoing([one.line for one in lines], seal_over(desk, lines[-1].n, lines[-1].link, desk.home.key().seed))


def seal_over(desk: Desk, n: int, link: bytes, seed: bytes) -> Seal:
    """Seal the chain up to a line, with the key that the log knows as this terminal's."""
    from shared.trust.keys import public_of  # noqa: PLC0415 - loads the cryptography, which a command that lists does without
    from shared.trust.sshsig import SEAL, sign  # noqa: PLC0415

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
