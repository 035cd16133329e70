"""`andon join`: use an invitation: make this machine a terminal, or a person a member."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from shared.terminal.clock import now_ms
from shared.terminal.desk import Desk
from shared.terminal.invitation import Invited, read_code
from shared.terminal.join import is_terminal, join_person, join_terminal
from shared.terminal.net import BadAddress
from shared.terminal.refusal import SYNC_1, SYNC_2, Refused, refused
from shared.terminal.remote import Later, Unreachable
from shared.terminal.synced import Synced
from tui.commands.output import print_json
from tui.commands.password import chosen
from tui.commands.place import home_folder, home_of
from tui.commands.sync import code_of, said

_MOST_CODE = 4_096


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("code", metavar="CODE", help="the invitation's code; - reads it from the first line of input")
    parser.add_argument("--zone", default="", help="this terminal's zone, such as Europe/Paris; else the machine's own")
    parser.add_argument(
        "--password-stdin", action="store_true", help="a person's new password is the next line of input"
    )
    parser.add_argument("--json", action="store_true", help="as it is printed anyway")


def run(found: Namespace) -> int:
    """Join, and print who is enrolled and how far the log is."""
    invited = read_code(sys.stdin.readline(_MOST_CODE) if found.code == "-" else found.code)
    try:
        done = _terminal(found, invited) if is_terminal(invited) else _person(found, invited)
    except (Unreachable, Later) as error:
        raise Refused(SYNC_2.id, str(error), "Join again with the same code later.") from error
    print_json({"joined": invited.subject, "program": invited.program, **said(done)})
    return code_of(done)


def _terminal(found: Namespace, invited: Invited) -> Synced:
    return join_terminal(Path(home_folder(found)), invited, zone=found.zone, random=os.urandom, now=now_ms)


def _person(found: Namespace, invited: Invited) -> Synced:
    with Desk.open(home_of(found), invited.program) as desk:
        password = chosen(found)
        try:
            return join_person(desk, invited, password)
        except BadAddress as error:
            raise refused(SYNC_1, str(error)) from error
