"""When the server was last heard, and how far the clocks were apart then: what sheets and screens call the contact.

Whoever syncs remembers it exactly, for its own process. The log's file keeps it for all others and for after a restart,
to the minute: a terminal on which nothing happens must not write at every poll.
"""

from contextlib import suppress
from typing import Final

from shared.store.errors import Busy, Full
from shared.store.keep import Heard
from shared.terminal.desk import Desk

KEPT_MS: Final = 60_000
"""How old what the file keeps may become while the server is heard."""
MOVED_MS: Final = 1_000
"""A clock that moved by more than this is kept at once."""


def note_heard(desk: Desk, offset: int) -> None:
    """Note that the server was heard just now; `offset` is by how much its clock is ahead, ms."""
    now, kept = desk.clock.now(), desk.store.heard()
    desk.home.heard[desk.program] = Heard(now, offset)
    if kept is None or not 0 <= now - kept.at < KEPT_MS or abs(offset - (kept.offset or 0)) > MOVED_MS:
        _keep(desk, now, offset)


def note_silence(desk: Desk) -> None:
    """Note that the server was not heard: from now on the last contact grows old, so it is kept as it was."""
    known, kept = desk.home.heard.get(desk.program), desk.store.heard()
    if known is not None and known.offset is not None and known != kept:
        _keep(desk, known.at, known.offset)


def last_heard(desk: Desk) -> Heard | None:
    """Give when the server was last heard: as this process knows it, or as the file keeps it; None for never.

    Where neither does, the receipt of the last entry in the log proves a contact, and tells nothing of the clocks.
    """
    known = [one for one in (desk.home.heard.get(desk.program), desk.store.heard()) if one is not None]
    if known:
        return max(known, key=lambda one: one.at)
    received = desk.store.lists.log()[2]
    return Heard(received, None) if received else None


def _keep(desk: Desk, at: int, offset: int) -> None:
    with suppress(Busy, Full), desk.store.write() as tx:  # no reason to stop syncing: the next one keeps it
        tx.set_heard(at, offset)
