"""Beats: a log that is quiet for hours gets one entry that changes nothing (docs/decisions/0007-roster-age.md).

How old the roster on a terminal is counts from the last leaf, for that is the same on every replica. Whichever terminal
is in contact, and finds that leaf old, writes the beat; the others then find it young.
"""

from typing import Final

from shared.actions.terms import HOUR
from shared.fold.unit import Unit
from shared.fold.view import PROGRAM, View
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.perform import perform
from shared.terminal.remote import Remote
from shared.terminal.sync import sync
from shared.terminal.synced import IN_LOG, Synced

LONGEST_H: Final = 6
"""Hours after which a beat is due at the latest."""
PART: Final = 4
"""It is due after this part of the shortest time that the agreement lets terminals sign without contact."""
_ACTIVE: Final = "active"


def sync_and_beat(desk: Desk, server: Remote) -> Synced:
    """Sync, and write a beat if the log has been quiet for long; see `sync.sync`."""
    found = sync(desk, server)
    if found.state != IN_LOG or not beat_due(desk, desk.clock.now() + server.offset):
        return found
    perform(desk, Asked("terminal.beat", desk.code))
    more = sync(desk, server)
    return more._replace(
        pushed=found.pushed + more.pushed,
        pulled=found.pulled + more.pulled,
        refused=found.refused + more.refused,
    )


def beat_due(desk: Desk, now: int) -> bool:
    """Tell whether this terminal, which is in contact now, should write a beat.

    Args:
        desk: the program's log on this terminal, with all that the server has.
        now: the server's time, ms since 1970 UTC.
    """
    with desk.store.snapshot():
        age = now - desk.store.last_received()
        if age < HOUR:
            return False  # no agreement is that short: nearly always, and then no more is read
        here, program = desk.store.lists.row(desk.code), desk.store.lists.row(PROGRAM)
        if here is None or here.columns["state"] != _ACTIVE or program is None or program.columns["state"] != "founded":
            return False
        terms = View(Unit(desk.store.tables), None, now).terms
        shortest = min([*terms.offline_hours.values(), terms.offline_other])
        return age >= max(1, min(LONGEST_H, shortest // PART)) * HOUR
