"""Signing in: a person's password is checked with the key held on this terminal; nothing is signed by it.

It counts as an attempt like any other: a wrong password is kept as an entry, makes the next one wait, and locks in the
end; one that fits after wrong ones is kept too. So nobody tries out passwords here that signing would not let them try.
"""

from contextlib import ExitStack
from typing import NamedTuple

from shared.actions.world import World
from shared.fold.judge import SIGN_1, WHO_2
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.terminal import attempts, sign
from shared.terminal.desk import Desk
from shared.terminal.refusal import from_fold
from shared.trust.passwords import Secret


class SignedIn(NamedTuple):
    """Who signed in: id, printed name, company, and the roles that this person holds now."""

    person: str
    name: str
    company: str
    roles: frozenset[str]


def sign_in(desk: Desk, person: str, password: Secret) -> SignedIn:
    """Check who somebody is.

    Args:
        desk: the program's log on this terminal.
        person: who they say they are.
        password: as typed.

    Raises:
        Refused: WHO-2, no active member; KEY-1 to KEY-5, as for signing; SIGN-1, the roster knows another key.
        StoreError: a wrong password could not be noted.
    """
    with ExitStack() as stack:
        stack.enter_context(sign.one_at_a_time(desk.home.path))
        with desk.store.snapshot():
            found = _member(View(Unit(desk.store.tables), None, desk.clock.now()), person)
        held = sign.held_key(desk, person)
        failures = attempts.check(desk, person)
        with desk.store.snapshot():
            _own_key(View(Unit(desk.store.tables), None, desk.clock.now()), person, held.fingerprint)
        opening = stack.enter_context(sign.Opening.begin(desk, held, password))
        if opening.seed() is None:
            raise attempts.note_failure(desk, person, failures)
        if failures.in_a_row:
            with desk.store.write() as tx:
                attempts.note_success(desk, tx, person)
    return found


def _member(world: World, person: str) -> SignedIn:
    member = world.get(person)
    if member.kind != "member" or member.state != "active":
        raise from_fold(WHO_2.id, f"{person[:60]}: {WHO_2.text}")
    known = world.person(person)
    return SignedIn(person, member.name or person, known.company, known.roles)


def _own_key(world: World, person: str, key: str) -> None:
    if key not in {one for _, _, one in world.get(person).entries("key")}:
        raise from_fold(SIGN_1.id, f"{person}: {SIGN_1.text}")
