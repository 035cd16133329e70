"""`andon verify`: check this terminal's logs, every byte of them."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from shared.terminal.verifying import Verified, verify_log
from tui.commands.output import print_json, print_lines
from tui.commands.place import home_of

_FAILED = 1
_SHORT = 12


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(found: Namespace) -> int:
    """Check the program that was named, or all that are here; 1 if anything is not as it was."""
    home = home_of(found)
    programs = [home.choose(found.program)] if found.program or not home.programs() else home.programs()
    checked = [verify_log(home, program) for program in programs]
    whole = not any(one.faults for one in checked)
    if found.json:
        told = [{**one._asdict(), "faults": [fault._asdict() for fault in one.faults]} for one in checked]
        print_json({"ok": whole, "programs": told})
    else:
        print_lines(line for one in checked for line in _lines(one))
    return 0 if whole else _FAILED


def _lines(one: Verified) -> Iterator[str]:
    said = "all is well" if not one.faults else f"{len(one.faults)} faults"
    yield f"{one.program[:_SHORT]}  {one.entries} entries, {one.pending} waiting: {said}"
    yield from (f"  {fault}" for fault in one.faults)
