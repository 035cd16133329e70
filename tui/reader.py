"""What the screens read: this terminal's own file, in the screens' thread. Never the network, never a lock.

The first screen is painted from lists alone; what needs the fold and the kinds loads them when it is first asked for.
"""
# ruff: noqa: PLC0415 - see above

from typing import TYPE_CHECKING, Any, NamedTuple

from shared.store.lists import Listed
from shared.terminal.desk import Desk
from shared.terminal.naming import Names
from shared.terminal.refusal import Refused

if TYPE_CHECKING:
    from shared.fold.view import View
    from shared.terminal.calling import CallList
    from shared.terminal.containment import Containment
    from shared.terminal.record import Looked, Proposed
    from shared.terminal.trail import Step


_URGENT = ("hold", "deviation")
"""Kinds of which the partner must be told at once, by telephone where it must be (domain.md 3, step 6)."""


class State(NamedTuple):
    """The log in numbers: holds in force, entries that wait here, entries in it, how far both companies cosigned it.

    `received` is when the last of them was received, ms since 1970 UTC; `urgent` tells whether anything about a hold or
    deviation waits here.
    """

    holds: int
    local: int
    size: int
    received: int
    cosigned: int
    urgent: bool


class Post(NamedTuple):
    """What this terminal stands beside, in words; empty for nothing."""

    places: tuple[str, ...]
    batch: str
    step: str


class Seen(NamedTuple):
    """A record as a screen shows it: its row, its facts, what is in the way, and what waits for whom."""

    row: Listed
    looked: "Looked | None"
    blockers: list[Any]
    waiting: "list[Proposed]"


class Reader:
    """Reads one program's log for the screens."""

    def __init__(self, desk: Desk) -> None:
        """Read through a desk of the screens' own, which writes nothing."""
        self.desk = desk
        self.store = desk.store
        self.lists = desk.store.lists

    def names(self) -> Names:
        """What people call records by."""
        return Names(self.store)

    def state(self) -> State:
        """Give what the top line tells."""
        with self.store.snapshot():
            log = self.lists.log()
            cosigned = int(self.store.meta("cosigned") or 0)
            urgent = log[0] > 0 and any(self.lists.count(kind, {"sync": "local"}) for kind in _URGENT)
            return State(self.lists.count("hold", {"state": "held"}), *log, cosigned, urgent)

    def changes(self) -> int:
        """Give a number that changes when another process or thread has written."""
        return self.store.changes()

    def post(self) -> Post:
        """Give what this terminal stands beside, by the names that people use."""
        row = self.lists.row(self.desk.code)
        columns = row.columns if row is not None and row.kind == "terminal" else {}
        places, names = columns.get("places"), self.names()
        return Post(
            tuple(names.whole(one) for one in places) if isinstance(places, list) else (),
            names.within(str(columns.get("batch") or "")),
            names.within(str(columns.get("step") or "")),
        )

    def program(self) -> Listed | None:
        """Give the program's row: product, patients, companies."""
        return self.lists.row("PROGRAM")

    def calls(self, record: str = "") -> "CallList":
        """Give whom to call now."""
        from shared.terminal.calling import call_list

        return call_list(self.desk, record)

    def on_call(self) -> "CallList":
        """Give who is on call now for this terminal's post, whatever was logged."""
        from shared.terminal.calling import on_call

        return on_call(self.desk)

    def containment(self, hold: str) -> "Containment":
        """Give how far a hold is made safe: its containment card, what of it is done, samples, who pressed."""
        from shared.terminal.containment import containment

        with self.store.snapshot():
            return containment(self.view(hold), hold)

    def held_already(self, since: int) -> Listed | None:
        """Give the latest hold in force that this terminal raised on its very post at or after a time (ms), or None."""
        from shared.terminal.suggest import nearest

        row = self.lists.row(self.desk.code)
        on = nearest(row.columns, ("place", "batch", "step")) if row is not None and row.kind == "terminal" else ""
        held = self.lists.rows("hold", {"state": "held", "on": on}) if on else []
        own = [one for one in held if one.record.startswith(f"HLD-{self.desk.code}-") and since_of(one) >= since]
        return max(own, key=since_of, default=None)

    def record(self, record: str) -> Seen | None:
        """Give a record with what is in its way, None if there is none."""
        from shared.fold.unit import Unit
        from shared.terminal.record import in_the_way, look, proposals

        now = self.desk.clock.now()
        with self.store.snapshot():
            row = self.lists.row(record)
            if row is None:
                return None
            unit = Unit(self.store.tables)
            return Seen(row, look(unit, record, now), in_the_way(unit, record, now), proposals(unit, record, now))

    def trail(self, record: str) -> "list[Step]":
        """Give every entry about a record, in the log's order, with signatures checked."""
        from shared.fold.unit import Unit
        from shared.terminal.trail import steps

        with self.store.snapshot():
            whole, cosigned = self.lists.trail(record), int(self.store.meta("cosigned") or 0)
            return steps(Unit(self.store.tables), whole, self.desk.program, cosigned)

    def named(self, text: str) -> str:
        """Give the id of the record that people call `text`; "" where there is none, or several."""
        from shared.terminal.references import any_record

        with self.store.snapshot():
            try:
                found = any_record(self.view(), text)
            except Refused:
                return ""
        return found if found != text else ""

    def member(self, person: str) -> Listed | None:
        """Give a member's row, None for nobody that is known here."""
        row = self.lists.row(person)
        return row if row is not None and row.kind == "member" else None

    def view(self, record: str = "", by: str = "") -> "View":
        """Give all that is known here as rules see it; within a snapshot of the store."""
        from shared.fold.unit import Unit
        from shared.fold.view import View

        return View(Unit(self.store.tables), None, self.desk.clock.now(), record, by)


def since_of(hold: Listed) -> int:
    """Give since when something is held, ms since 1970 UTC; 0 where that is not known."""
    since = hold.columns.get("since")
    return since if isinstance(since, int) else 0
