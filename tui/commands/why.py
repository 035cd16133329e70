"""`andon why`: what is in the way of a record, and who can clear it."""

from argparse import ArgumentParser, Namespace

from shared.fold.unit import Unit
from shared.fold.view import View
from shared.terminal.blind import Blind
from shared.terminal.clock import now_ms
from shared.terminal.naming import Names
from shared.terminal.record import in_the_way, look, proposals
from shared.terminal.references import any_record
from shared.terminal.refusal import FORM_2, refused
from tui.commands.output import print_json, print_lines
from tui.commands.place import home_of


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("record", metavar="RECORD", help="its id or number")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(found: Namespace) -> int:
    """Print it."""
    now = now_ms()
    home = home_of(found)
    with home.open_log(found.program) as store, store.snapshot():
        unit = Unit(store.tables)
        record = any_record(View(unit, None, now), found.record)
        waiting = proposals(unit, record, now)
        looked = look(unit, record, now)
        if looked is None and not waiting:
            raise refused(FORM_2, record)
        blind = Blind(store, home.code, "", frozenset(), now)
        blockers = blind.blockers(in_the_way(unit, record, now)) if looked else []
        state = looked.row.columns["state"] if looked else "proposed"
        named = Names(store).within
        lines = [f"{named(one.record)}: {named(one.what)} ({one.rule}); {one.who}" for one in blockers]
        lines += [
            f"{named(record)}: {one.do} by {one.by} waits for {' and '.join(one.needs)}; entry {one.entry}"
            for one in waiting
        ]
        nothing = f"{named(record)} ({state}): nothing is in the way."
    if found.json:
        print_json(
            {
                "record": record,
                "state": state,
                "blockers": [one._asdict() for one in blockers],
                "waiting": [one._asdict() for one in waiting],
            }
        )
        return 0
    print_lines(lines or [nothing])
    return 0
