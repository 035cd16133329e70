"""Performing an action: judged here first, then signed, kept and folded in one transaction.

What this answers is durable: once it returns, a crash loses nothing of it. What it refuses leaves nothing behind, but
for the note of a password that was wrong.
"""

from contextlib import ExitStack
from typing import Final

from shared.log.clock import parse_at
from shared.terminal import attempts
from shared.terminal.asked import Asked, Done, Signer
from shared.terminal.desk import Desk
from shared.terminal.own_chain import own_end
from shared.terminal.plan import Plan, plan
from shared.terminal.refusal import FACT_NEXT, SIGN_9, WHO_1, Refused, refused
from shared.terminal.write import write
from shared.trust.passwords import Secret

SHOWN_MS: Final = 10 * 60_000
"""How long a sheet may stand on the screen before it is signed, ms: it says the time, and how old the roster is."""


def perform(desk: Desk, asked: Asked, *, dry_run: bool = False) -> Done:
    """Do what is asked, or refuse it.

    Args:
        desk: the program's log on this terminal.
        asked: what to do.
        dry_run: judge it only; nothing is signed, noted or written, and no password is needed.

    Raises:
        Refused: a rule refuses it, or it is not understood; nothing was written.
        StoreError: the file could not be written; nothing was.
    """
    if dry_run:
        with desk.store.snapshot():
            planned = plan(desk, asked, pretend=True)
        let_pass(planned)
        return Done("", planned.entry.record, "", planned.waiting, planned.derived, planned.filled)
    if asked.password is not None:
        return _signed(desk, asked, asked.password)
    with desk.store.write() as tx:
        planned = plan(desk, asked)
        let_pass(planned)
        return write(desk, tx, planned, draft=asked.draft)


def prepare(desk: Desk, asked: Asked) -> Plan:
    """Judge what somebody is about to sign, and write the sheet that they must be shown.

    Raises:
        Refused: a rule refuses it, or this terminal holds no key of the person.
    """
    from shared.terminal import sign  # noqa: PLC0415 - loads the cryptography, for signing only

    held = sign.held_key(desk, asked.person)
    with desk.store.snapshot():
        planned = plan(desk, asked, Signer(asked.person, held.fingerprint))
    let_pass(planned)
    return planned


def sign_shown(desk: Desk, asked: Asked, shown: Plan) -> Done:
    """Sign exactly what was shown: the entry whose sheet stood on the screen, at the time that it names.

    Args:
        desk: the program's log on this terminal.
        asked: what to do, with the person and the password.
        shown: what `prepare` gave.

    Raises:
        Refused: SIGN-9, it would be another entry by now; or as `perform`.
        StoreError: the file could not be written; nothing was.
    """
    if asked.password is None:
        raise refused(WHO_1, asked.do)
    if not 0 <= desk.clock.now() - parse_at(shown.entry.at) <= SHOWN_MS:
        raise refused(SIGN_9)
    return _signed(desk, asked, asked.password, shown)


def _signed(desk: Desk, asked: Asked, password: Secret, shown: Plan | None = None) -> Done:
    """Do it signed: judged while the password is worked through, written when that has opened the key."""
    from shared.terminal import sign  # noqa: PLC0415 - loads the cryptography, for signing only

    with ExitStack() as stack:
        stack.enter_context(sign.one_at_a_time(desk.home.path))
        held = sign.held_key(desk, asked.person)
        found = attempts.check(desk, asked.person)
        opening = stack.enter_context(sign.Opening.begin(desk, held, password))
        planned = prepare(desk, asked) if shown is None else shown
        seed = opening.seed()
        if seed is None:
            raise attempts.note_failure(desk, asked.person, found)
        with desk.store.write() as tx:
            if shown is not None and own_end(desk.store, desk.code).n + 1 != shown.entry.n:
                raise refused(SIGN_9)
            done = write(desk, tx, planned, seed, asked.draft)
            if found.in_a_row:
                attempts.note_success(desk, tx, asked.person)
    return done


def let_pass(planned: Plan) -> None:
    """Let a planned entry pass, or refuse it.

    Raises:
        Refused: a rule refuses it; of a fact it says how to record it all the same.
    """
    if planned.refusal is None:
        return
    if planned.certain or not planned.spec.fact:
        raise planned.refusal
    if not getattr(planned.action, "happened", ""):
        then = f"{planned.refusal.next} {FACT_NEXT}".strip()
        raise Refused(planned.refusal.rule, planned.refusal.text, then)
