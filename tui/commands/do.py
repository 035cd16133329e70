"""`andon do`: perform any action."""

import sys
import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from shared.terminal.asked import Asked, Done
from shared.terminal.attempts import TooSoon
from shared.terminal.desk import Desk
from shared.terminal.fields import read_fields, spec_of
from shared.terminal.perform import perform
from shared.terminal.refusal import TERM_9, WHO_1, Refused, refused
from tui.commands.output import print_json
from tui.commands.password import given, typed
from tui.commands.place import home_of

if TYPE_CHECKING:
    from shared.actions.action import Spec


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("action", metavar="ACTION", help="the action's name, such as hold.stop")
    parser.add_argument("record", metavar="RECORD", nargs="?", default="", help="what it is about: id or number")
    parser.add_argument("--json", metavar="FIELDS", default="{}", help="the action's fields, a JSON object; - reads it")
    parser.add_argument("--as", metavar="PERSON", dest="person", default="", help="who acts")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from the first line of input")
    parser.add_argument("--dry-run", action="store_true", help="judge it only; nothing is written")


def run(found: Namespace) -> int:
    """Do it, and print what was done as JSON."""
    spec = spec_of(found.action)
    if not spec.by.people:
        raise refused(TERM_9, spec.name)
    if spec.signed and not spec.fact and not found.person and not found.dry_run:
        raise refused(WHO_1, spec.name)  # before its fields: it is the first thing that is missing
    password = None
    if found.password_stdin and not found.dry_run:
        if not found.person:
            raise refused(WHO_1, "--password-stdin without --as")
        password = given()
    fields = read_fields(sys.stdin.read() if found.json == "-" else found.json)
    with Desk.open(home_of(found), found.program) as desk:
        if password is None and found.person and not found.dry_run and _must_sign(spec):
            password = typed(found.person, spec.name)
        done = _patiently(desk, Asked(spec.name, found.record, fields, found.person, password), dry_run=found.dry_run)
    answer: dict[str, object] = {"id": done.id, "record": done.record, "sync": done.sync}
    if done.waiting:
        answer["waiting"] = list(done.waiting)
    if done.derived:
        answer["derived"] = done.derived
    if done.filled:
        answer["filled"] = done.filled
    try:
        print_json({"dry_run": True, "record": done.record, **answer} if found.dry_run else answer)
        sys.stdout.flush()
    except OSError as error:
        raise Refused(
            "OUT-1", f"{done.record} is recorded, but the answer could not be written.", "Do not do it again."
        ) from error
    return 0


def _patiently(desk: Desk, asked: Asked, *, dry_run: bool) -> Done:
    """Perform it; where a wrong password was typed a moment ago, wait first as long as the rule says."""
    while True:
        try:
            return perform(desk, asked, dry_run=dry_run)
        except TooSoon as early:
            if sys.stderr.isatty():
                print(f"{early.text} Waiting {early.left / 1000:.0f} s.", file=sys.stderr)  # noqa: T201  a person waits
            time.sleep(early.left / 1000)


def _must_sign(spec: "Spec") -> bool:
    return not (spec.fact and spec.by.terminal)
