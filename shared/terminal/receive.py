"""Taking in what an ordering has placed: log, folded tables and what is pending, in one transaction.

Whoever calls has judged where the leaves come from (seals, checkpoint); whether each person's signature fits is judged
here, before anybody is shown it as signed.
"""

from collections.abc import Sequence
from typing import Final

from shared.fold.roster import RosterNow
from shared.log.canonical import unb64
from shared.log.chain import Seal
from shared.log.entry import ESIGN, Line, signed_bytes
from shared.log.leaf import parse_leaf
from shared.log.push import OrderedLeaf
from shared.terminal.desk import Desk

_PART: Final = 500


def receive(desk: Desk, leaves: Sequence[OrderedLeaf], seals: Sequence[tuple[int, Seal]]) -> None:
    """Take leaves in: what is pending is undone, the leaves folded, and what still waits is folded again above them.

    Args:
        desk: the program's log on this terminal.
        leaves: in order, the first at this log's present size.
        seals: each with the position of the last leaf that it covers.

    Raises:
        StoreError: nothing was taken in.
    """
    with desk.store.write() as tx:
        tx.arrive(leaves, seals)
    check_signatures(desk)


def check_signatures(desk: Desk) -> list[int]:
    """Check the signatures that were not checked yet.

    Returns:
        The positions of those that do not fit; the folded tables are then made anew without them.
    """
    bad: list[int] = []
    while unchecked := desk.store.log.unchecked(_PART):
        with desk.store.write() as tx:
            roster = RosterNow(desk.store.tables, desk.program)
            for position in unchecked:
                fits = _fits(desk, roster, position)
                tx.mark_sound(position, sound=fits)
                if not fits:
                    bad.append(position)
    if bad:
        from shared.store.rebuild import rebuild  # noqa: PLC0415 - for a log that somebody has tampered with

        rebuild(desk.store)
    return bad


def _fits(desk: Desk, roster: RosterNow, position: int) -> bool:
    """Whether a leaf carries no signature, or one by a key that its author holds or held."""
    from shared.trust.sshsig import verify  # noqa: PLC0415 - loads the cryptography, for logs that hold signatures only

    data = desk.store.log.leaf(position)
    line = parse_leaf(data).line if data else None
    if not isinstance(line, Line) or line.entry.sign is None:
        return True
    key = roster.holds_key(line.entry.by, line.entry.sign.key)
    return key is not None and line.sig is not None and verify(key, ESIGN, signed_bytes(line.entry), unb64(line.sig))
