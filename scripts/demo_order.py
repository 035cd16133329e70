"""Ordering the demo's entries, and its checkpoints: what the server does, until there is one."""

from collections.abc import Iterable
from typing import Final

from shared.fold.roster import RosterNow
from shared.log.checkpoint import Checkpoint, cosign, cosigner_key, origin_of, sign_checkpoint
from shared.log.note import Signature
from shared.log.ordering import order
from shared.log.push import Ordered, Roster
from shared.store.transaction import Tx
from shared.terminal.desk import Desk
from shared.terminal.own_chain import seal_over
from shared.trust.keys import private_key, public_of
from shared.trust.sshsig import verify

LATENCY_MS: Final = 240
"""From an entry's writing to its receipt."""


class Unsound(Exception):
    """The demo would hold what it must not: an entry that breaks a rule, or that the log refuses."""


def ordered(  # noqa: PLR0913, PLR0917 - a line, its place on the chain, when it comes, and who is known
    tx: Tx,
    desk: Desk,
    line: bytes,
    n: int,
    link: bytes,
    now: int,
    roster: Roster | None = None,
    *,
    sealed_by: bytes | None = None,
) -> None:
    """Seal a terminal's next line, order it, and fold it.

    Args:
        tx: the transaction.
        desk: the terminal.
        line: the line.
        n: its number.
        link: the link of its chain after it.
        now: when it was written, ms since 1970 UTC.
        roster: who is known; the log's own roster if None.
        sealed_by: the key to seal with, if not the terminal's own (an invitation's).

    Raises:
        Unsound: it is refused.
    """
    store = desk.store
    seal = seal_over(desk, n, link, sealed_by or desk.home.key().seed)
    known = roster or RosterNow(store.tables, desk.program)
    answer = order([line], seal, known, store, now + LATENCY_MS, verify)
    if not isinstance(answer, Ordered) or answer.seal is None:
        raise Unsound(str(answer))
    tx.arrive(answer.leaves, [(answer.leaves[-1].position, answer.seal)], [True])


def cosigned_checkpoint(tx: Tx, desks: Iterable[Desk], log_seed: bytes, seconds: int) -> None:
    """Sign a checkpoint over the log as it is, and have terminals cosign it.

    Args:
        tx: the transaction.
        desks: the terminals.
        log_seed: the log's private key.
        seconds: when, seconds since 1970 UTC.
    """
    every = list(desks)
    edge = tx.store.log.tree.edge()
    point = Checkpoint(origin_of(every[0].program), edge.size, edge.root())
    note = sign_checkpoint(point, public_of(log_seed), private_key(log_seed).sign)
    tx.add_checkpoint(0, edge.size, edge.root(), note, [_cosignature(desk, point, seconds) for desk in every])
    tx.set_cosigned(edge.size)


def _cosignature(desk: Desk, point: Checkpoint, seconds: int) -> Signature:
    seed = desk.home.key().seed
    return cosign(point, cosigner_key(desk.code, public_of(seed)), seconds, private_key(seed).sign)
