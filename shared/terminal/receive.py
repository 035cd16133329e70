"""Taking in what an ordering has placed: log, folded tables and what is pending, in one transaction.

Whoever calls has judged where the leaves come from (seals, checkpoint); whether each person's signature fits is judged
here, before anybody is shown it as signed.
"""

from collections.abc import Sequence
from typing import Final

from shared.fold.roster import RosterNow
from shared.log.canonical import unb64
from shared.log.chain import Seal
from shared.log.entry import ESIGN, Line, Skip, signed_bytes
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
        roster = RosterNow(desk.store.tables, desk.program)
        tx.arrive(leaves, seals, [_fits(roster, leaf.line) for leaf in leaves])
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
                data = desk.store.log.leaf(position)
                fits = data is not None and bool(_fits(roster, parse_leaf(data).line))
                tx.mark_sound(position, sound=fits)
                if not fits:
                    bad.append(position)
    if bad:
        from shared.store.rebuild import rebuild  # noqa: PLC0415 - for a log that somebody has tampered with

        rebuild(desk.store)
    return bad


def _fits(roster: RosterNow, line: Line | Skip) -> bool | None:
    """Whether a line carries no signature, or one by a key that its author holds or held; None for an unknown key."""
    from shared.trust.sshsig import verify  # noqa: PLC0415 - loads the cryptography, for logs that hold signatures only

    if not isinstance(line, Line) or line.entry.sign is None:
        return True
    key = roster.holds_key(line.entry.by, line.entry.sign.key)
    if key is None:
        return None  # it may come with a leaf just before, which is not folded yet
    return line.sig is not None and verify(key, ESIGN, signed_bytes(line.entry), unb64(line.sig))
