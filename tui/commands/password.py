"""Passwords as commands take them: the next line of input, or typed where somebody can."""

import sys
from argparse import Namespace
from getpass import getpass

from shared.terminal.refusal import USE, WHO_1, Refused, refused
from shared.trust.passwords import Secret

_MOST = 4_096


def given() -> Secret:
    """Read a password from the next line of input."""
    return Secret(sys.stdin.readline(_MOST).removesuffix("\n").removesuffix("\r"))


def typed(person: str, what: str) -> Secret:
    """Ask for a person's password.

    Raises:
        Refused: WHO-1, nobody can type here; `what` names what needs the signature.
    """
    if not sys.stdin.isatty():
        raise refused(WHO_1, what)
    return Secret(getpass(f"Password of {person}: "))


def chosen(found: Namespace) -> Secret:
    """Take a new password, twice where it is typed.

    Raises:
        Refused: it was typed in two ways, or there is none.
    """
    if found.password_stdin:
        return given()
    if not sys.stdin.isatty():
        raise Refused(USE.id, "A person joins with a new password.", "Give it with --password-stdin.")
    first, again = getpass("New password: "), getpass("The same again: ")
    if first != again:
        raise Refused(USE.id, "The two passwords are not the same.", "Join again with the same code.")
    return Secret(first)
