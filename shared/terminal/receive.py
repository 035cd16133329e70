"""Taking in what an ordering has placed: log, folded tables and what is pending, in one transaction.

Where the leaves come from is judged by their seals and the log's checkpoint (intake.py); whether each person's
signature fits is judged before anybody is shown it as signed, but of a long page only behind it (`check_signatures`).
"""

from contextlib import suppress
from typing import Final

from shared.fold.roster import RosterNow
from shared.log.canonical import unb64
from shared.log.entry import ESIGN, Line, Skip, signed_bytes
from shared.log.leaf import parse_leaf
from shared.log.wire import Page
from shared.store.errors import GaveWay
from shared.store.store import Store
from shared.store.transaction import UNIT, Tx
from shared.terminal.blobs import named_by
from shared.terminal.desk import Desk
from shared.terminal.intake import BadPage, read_leaves, take

AT_ONCE: Final = 256
"""Leaves of a page up to which signatures are checked before it is kept."""
_PART: Final = 250
_GIVES_WAY: Final = 4
"""How often taking a page in is begun anew because somebody waits to write: a stop has a few milliseconds, and whoever
types (each key is a draft) keeps no page out for ever."""


def receive(store: Store, program: str, public: bytes, page: Page) -> int:
    """Take a page in: what is pending is undone, the leaves folded, and what still waits is folded again above them.

    All in one transaction, for a page is proven as a whole; it is broken off, and begun anew, when somebody else waits
    to write.

    Args:
        store: the log on this terminal.
        program: the program's id.
        public: the log's public key.
        page: what was pulled; one that begins elsewhere than this log ends now is left alone, for somebody else has
            pulled meanwhile.

    Returns:
        The number of leaves taken in.

    Raises:
        BadPage: it is not what the log holds; nothing was taken in.
        StoreError: the file could not be written; nothing was taken in.
    """
    for left in range(max(_GIVES_WAY, len(page.leaves) // UNIT), -1, -1):
        with suppress(GaveWay), store.write(gives_way=left > 0) as tx:
            return _take(tx, program, public, page)
    raise AssertionError("the last try gives no way")


def _take(tx: Tx, program: str, public: bytes, page: Page) -> int:
    store = tx.store
    if page.head.start != store.size():
        return 0
    leaves = read_leaves(store, program, page)
    roster = RosterNow(store.tables, program)
    sound = [_fits(roster, leaf.line) for leaf in leaves] if len(leaves) <= AT_ONCE else [None] * len(leaves)
    point = take(tx, program, public, page, leaves, sound)
    if point.size != store.size():
        raise BadPage(f"The checkpoint is over {point.size} entries, and the page ends at {store.size()}.")
    epoch = store.epoch()
    tx.add_checkpoint(epoch, point.size, point.root, page.head.checkpoint.encode())
    store.log.drop_checkpoints(epoch, point.size)
    for leaf in leaves:
        for digest in named_by(leaf.line, leaf.leaf):
            store.carried.want(digest)
    return len(leaves)


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
