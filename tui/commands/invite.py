"""`andon invite`: invite a terminal or a person; prints the code with which they join, once."""

import os
from argparse import ArgumentParser, Namespace

from shared.actions.kind import kind_of
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.enrol import new_invitation
from shared.terminal.fields import read_fields
from shared.terminal.genesis import genesis_of
from shared.terminal.invitation import Invited, write_code
from shared.terminal.net import address_of
from shared.terminal.perform import perform
from shared.terminal.refusal import USE, WHO_1, Refused, refused
from tui.commands.output import print_json
from tui.commands.password import given, typed
from tui.commands.place import home_of

_ACTIONS = {"terminal": "terminal.invite", "member": "member.invite"}


def arguments(parser: ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("subject", metavar="CODE|ID", help="the terminal's code (LYN4), or the person's id (anna)")
    parser.add_argument("--json", metavar="FIELDS", default="{}", help="the action's other fields, a JSON object")
    parser.add_argument("--as", metavar="PERSON", dest="person", required=True, help="the identity officer who invites")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from the first line of input")
    parser.add_argument("--again", action="store_true", help="a new invitation for a person who is a member")


def run(found: Namespace) -> int:
    """Invite, and print the entry, who must still confirm it, and the code."""
    kind = kind_of(found.subject)
    if kind is None or kind.name not in _ACTIONS:
        raise Refused(USE.id, f"{found.subject[:40]!r} is no code or id.", "See `andon actions terminal.invite`.")
    action = "member.reissue" if found.again else _ACTIONS[kind.name]
    with Desk.open(home_of(found), found.program) as desk:
        named = genesis_of(desk.store)
        if named is None:
            raise refused(WHO_1, action)
        drawn = new_invitation(os.urandom)
        fields = {**read_fields(found.json), "public": drawn.public}
        officer = desk.store.lists.row(found.person)
        if not found.again and officer is not None:
            fields.setdefault("company", officer.columns["company"])
        password = given() if found.password_stdin else typed(found.person, action)
        done = perform(desk, Asked(action, found.subject, fields, found.person, password))
        host = address_of(desk)
    code = write_code(Invited(found.subject, desk.program, named.log_key, host, drawn.seed))
    print_json({"id": done.id, "record": done.record, "sync": done.sync, "waiting": list(done.waiting), "code": code})
    return 0
