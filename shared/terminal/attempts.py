"""Wrong passwords: how long a person has to wait after them, and when they are locked until a second person helps.

Counted from entries (shared/kinds/attempt.py), so it works offline, holds after a restart and a restore, and everybody
can look it up. What terminals of the other company say is not counted: they cannot lock this company's people out.
"""

from typing import Final, NamedTuple

from shared.actions.world import World
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.store.transaction import Tx
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.plan import plan
from shared.terminal.refusal import KEY_1, KEY_3, KEY_4, Refused, refused
from shared.terminal.write import write

LOCKED_AFTER: Final = 5
"""Wrong passwords in a row that lock (EU GMP Annex 11 draft 11.7)."""
DELAYS_MS: Final = (0, 2_000, 5_000, 15_000)
"""How long to wait after the first, the second ... wrong password in a row."""
_SECOND_MS: Final = 1_000


class TooSoon(Refused):
    """KEY-4: a password may be tried again in `left` ms."""

    def __init__(self, left: int) -> None:
        """Say how long to wait."""
        super().__init__(KEY_4.id, KEY_4.text, f"Wait {-(-left // _SECOND_MS)} s, then type it again.")
        self.left = left


class Failures(NamedTuple):
    """Wrong passwords in a row: how many, and when the last one was (ms)."""

    in_a_row: int
    last: int


def failures(world: World, person: str, company: str) -> Failures:
    """Count a person's wrong passwords since the last right one, or since somebody opened the lock.

    Args:
        world: all that is known here.
        person: whose.
        company: this terminal's company.
    """
    count, last = 0, 0
    for attempt in world.all("attempt", "person", person):
        raised = attempt.raised or {}
        if attempt.state == "opened":
            count = 0
        elif raised.get("company") == company:
            count = count + 1 if attempt.state == "failed" else 0
            last = int(raised.get("at", 0))
    return Failures(count, last)


def may_try(found: Failures, person: str, now: int) -> None:
    """Let a password be tried, or say why not.

    Raises:
        Refused: KEY-3, locked; KEY-4, too soon after a wrong one.
    """
    if not found.in_a_row:
        return
    if found.in_a_row >= LOCKED_AFTER:
        raise refused(KEY_3, person)
    delay = DELAYS_MS[min(found.in_a_row, len(DELAYS_MS)) - 1]
    left = min(delay, found.last + delay - now)  # a clock that was put back makes nobody wait longer
    if left > 0:
        raise TooSoon(left)


def check(desk: Desk, person: str) -> Failures:
    """Let a person's password be tried on this terminal now, or say why not; see `may_try`.

    Returns:
        The wrong ones before, for `note_failure` and `note_success`.
    """
    now = desk.clock.now()
    with desk.store.snapshot():
        world = View(Unit(desk.store.tables), None, now)
        found = failures(world, person, world.terminal(desk.code).company)
    may_try(found, person, now)
    return found


def note_failure(desk: Desk, person: str, before: Failures) -> Refused:
    """Keep that a password was wrong, durably, and give the refusal to raise."""
    with desk.store.write() as tx:
        write(desk, tx, plan(desk, Asked("signing.failed", fields={"person": person})))
    left = LOCKED_AFTER - before.in_a_row - 1
    if left <= 0:
        return refused(KEY_3, person)
    return Refused(KEY_1.id, KEY_1.text, f"Type it again; after {left} more that are wrong it is locked.")


def note_success(desk: Desk, tx: Tx, person: str) -> None:
    """Keep that the password fitted after wrong ones, so that counting begins anew."""
    write(desk, tx, plan(desk, Asked("signing.passed", fields={"person": person})))
