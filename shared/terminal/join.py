"""Taking up an invitation from its code alone: a new machine becomes a terminal, a person a member.

Every step may be cut off and begun again with the same code.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from shared.terminal import enrol
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.intake import BadPage
from shared.terminal.invitation import Invited
from shared.terminal.net import BadAddress, Http, server_of
from shared.terminal.refusal import JOIN_2, JOIN_3, SYNC_1, Refused, refused
from shared.terminal.remote import NotEnrolled, NotUnderstood
from shared.terminal.sync import sync
from shared.terminal.synced import Synced
from shared.trust.passwords import Secret

_ACTIVE: Final = "active"


def is_terminal(invited: Invited) -> bool:
    """Whether a machine is invited; else a person is."""
    return invited.subject.isupper()


def join_terminal(
    path: Path, invited: Invited, *, zone: str, random: Callable[[int], bytes], now: Callable[[], int]
) -> Synced:
    """Make a folder the home of the invited terminal, with the program's log in it, and take up the invitation.

    Args:
        path: the folder; a home that was half joined with the same code is completed.
        invited: the invitation.
        zone: the terminal's zone by its IANA name.
        random: draws random bytes.
        now: tells the time, ms since 1970 UTC.

    Raises:
        Refused: the folder is another terminal's, or the invitation is not in force.
        Unreachable: the server does not answer; do it again later.
    """
    home = _home(path, invited, zone, random)
    try:
        server = Http(invited.host, invited.program, invited.subject, invited.seed, now)
    except BadAddress as error:
        raise refused(SYNC_1, str(error)) from error
    with closing(server):
        if invited.program not in home.programs():
            try:
                enrol.enter_program(home, invited.program, invited.log_key, server.page)
            except NotEnrolled as error:
                raise refused(JOIN_2, invited.subject) from error
            except (NotUnderstood, BadPage) as error:
                raise Refused(JOIN_2.id, str(error), "Ask who looks after the server.") from error
        with Desk.open(home, invited.program) as desk:
            row = desk.store.lists.row(home.code)
            if row is None or row.columns["state"] != _ACTIVE:
                enrol.accept_terminal(desk, invited.seed)
            # What is pushed first is sealed by the invitation's key; what is pulled then is signed by the own one.
            with closing(server_of(desk)) as own:
                return sync(desk, own)


def join_person(desk: Desk, invited: Invited, password: Secret) -> Synced:
    """Take up a person's invitation at a terminal of the program, under the password that the person chose.

    Raises:
        Refused: the invitation is not in force here, or the password breaks a rule.
        BadAddress: the program's server is at none that is used.
    """
    with closing(server_of(desk)) as server:
        sync(desk, server)  # the invitation may be newer than this copy
        enrol.accept_person(desk, invited.subject, invited.seed, password)
        return sync(desk, server)


def _home(path: Path, invited: Invited, zone: str, random: Callable[[int], bytes]) -> Home:
    try:
        home = Home.open(path)
    except Refused:
        return Home.create(path, invited.subject, enrol.new_terminal_key(random), zone=zone)
    if home.code != invited.subject:
        raise refused(JOIN_3, f"{path} is the home of {home.code}")
    return home
