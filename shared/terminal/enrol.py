"""Enrolling: a program's first entry, people and terminals taking up invitations, and keys that move between terminals.

An invitation is a one-use key pair: identity officers enter its public half (`member.invite`, `terminal.invite`), and
whoever holds the private half replaces it at once with a key of their own (design.md 6).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from shared.kinds.member import ACCOUNTABLE, proof_body
from shared.log import chain
from shared.log.canonical import b64, unb64
from shared.log.entry import Entry, line_bytes, line_id
from shared.log.wire import Page
from shared.terminal.asked import Asked, Done, Signer
from shared.terminal.clock import Clock
from shared.terminal.desk import Desk
from shared.terminal.fields import build, spec_of
from shared.terminal.home import Home, TerminalKey
from shared.terminal.own_chain import JOIN_SEAL, seal_over
from shared.terminal.perform import let_pass
from shared.terminal.plan import plan
from shared.terminal.receive import receive
from shared.terminal.refusal import KEY_2, Refused, from_fold, refused
from shared.terminal.sign import HeldKey, held_key, keep_key, least, wrap
from shared.terminal.version import VERSION
from shared.terminal.write import write
from shared.trust.keys import fingerprint, public_of
from shared.trust.passwords import ADVISED, Profile, Secret, check_password
from shared.trust.passwords import Refused as BadPassword
from shared.trust.sshsig import KEY, sign
from shared.trust.wrapping import Inner, WrappingError

SEED_BYTES: Final = 32
_SALT_BYTES: Final = 16


class Invitation(NamedTuple):
    """A one-use key pair: the private half for who is invited, the public half, base64url, for the log."""

    seed: bytes
    public: str

    def __repr__(self) -> str:
        return f"Invitation(****, {self.public})"


class _Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's key on its way to another terminal: under the password, no longer under the terminal's secret."""

    inner: msgspec.Raw
    person: str
    public: str


def new_invitation(random: Callable[[int], bytes]) -> Invitation:
    """Draw an invitation."""
    seed = random(SEED_BYTES)
    return Invitation(seed, b64(public_of(seed)))


def new_terminal_key(random: Callable[[int], bytes]) -> TerminalKey:
    """Draw a terminal's key and secret, for `Home.create`."""
    return TerminalKey(random(SEED_BYTES), random(SEED_BYTES))


def found(home: Home, fields: Mapping[str, Any], clock: Clock, random: Callable[[int], bytes]) -> str:
    """Begin a program on this terminal: its first entry, which all officers named in it then confirm.

    Args:
        home: the terminal that is the program's first one.
        fields: those of `program.found`; the terminal's code and public key are filled in.
        clock: what tells the time.
        random: draws random bytes.

    Returns:
        The program's id.

    Raises:
        Refused: the fields are not of their form, or the fold would not let the program begin.
    """
    own = {"terminal": home.code, "public": b64(public_of(home.key().seed))}
    _, data = build(spec_of("program.found"), {**fields, **own})
    entry = Entry(
        action=msgspec.Raw(data), app=VERSION, at=clock.at(clock.now()), by=f"@{home.code}", n=1, program="",
        record="PROGRAM", salt=b64(random(_SALT_BYTES)), seen=(0, 0), terminal=home.code,
    )  # fmt: skip
    line = line_bytes(entry, None)
    program = b64(line_id(line))

    def begin(store: Any) -> None:  # noqa: ANN401 - the store, which need not be imported to be written to
        with store.write() as tx:
            act = store.tables.act(tx.add_pending(line))
            if act.verdict == "void":
                raise from_fold(act.refused, act.text)

    home.new_log(program, begin).close()
    return program


def enter_program(home: Home, program: str, public: bytes, pull: Callable[[int], Page]) -> None:
    """Make the log of a program that this terminal was invited to; it is there whole, or not at all.

    Args:
        home: the terminal.
        program: the program's id.
        public: the log's public key.
        pull: gives the page that begins at a position.

    Raises:
        BadPage: what was pulled is not this program's log.
    """

    def begin(store: Any) -> None:  # noqa: ANN401 - as above
        while True:
            page = pull(store.size())
            receive(store, program, public, page)
            if store.size() >= page.head.size or not page.leaves:
                return

    home.new_log(program, begin).close()


def keep_person(desk: Desk, person: str, seed: bytes, password: Secret, profile: Profile = ADVISED) -> None:
    """Put a person's private key under their new password, and keep it on this terminal.

    Raises:
        Refused: the password breaks a rule (PWD-1 to PWD-7).
    """
    judge_password(desk, person, password, profile)
    body = keep_key(desk, wrap(desk, person, seed, password))
    with desk.store.write():
        desk.store.keys.put(person, body)


def accept_person(desk: Desk, person: str, invitation: bytes, password: Secret, profile: Profile = ADVISED) -> Done:
    """Take up a person's invitation: a new key under the password, and the statement of accountability, signed.

    Args:
        desk: the program's log on this terminal.
        person: the person's id.
        invitation: the invitation's private half.
        password: the person's new password, which must keep the site's rules.
        profile: those rules.

    Raises:
        Refused: the invitation is not in force, or the password breaks a rule.
    """
    judge_password(desk, person, password, profile)
    seed = desk.random(SEED_BYTES)
    held = wrap(desk, person, seed, password)
    body = keep_key(desk, held)
    fields = {**_own_key(person, seed), "statement": ACCOUNTABLE}
    signer = Signer(person, fingerprint(public_of(invitation)))
    with desk.store.write() as tx:
        planned = plan(desk, Asked("member.join", person, fields), signer)
        let_pass(planned)
        done = write(desk, tx, planned, invitation)
        desk.store.keys.put(person, body)
    return done


def accept_terminal(desk: Desk, invitation: bytes) -> Done:
    """Take up this terminal's invitation: its own key in place of the one-use key, as the first entry of its chain.

    The seal over that entry is made with the invitation's key now and kept for the push, so that key can be forgotten.

    Raises:
        Refused: the invitation is not in force here.
    """
    fields = _own_key(desk.code, desk.home.key().seed)
    with desk.store.write() as tx:
        planned = plan(desk, Asked("terminal.join", desk.code, fields))
        let_pass(planned)
        done = write(desk, tx, planned)
        last = desk.store.pending.lines(desk.code)[-1]
        tx.set_meta(JOIN_SEAL, chain.seal_bytes(seal_over(desk, last.n, last.link, invitation)))
    return done


def judge_password(desk: Desk, person: str, password: Secret, profile: Profile) -> None:
    """Refuse a new password that breaks the site's rules; what everybody knows of the person must not be in it.

    Raises:
        Refused: PWD-1 to PWD-7.
    """
    member = desk.store.lists.row(person)
    program = desk.store.lists.row("PROGRAM")
    known = [person, *(str(row.columns["title"] or "") for row in (member, program) if row)]
    try:
        check_password(profile, password, known)
    except BadPassword as error:
        raise Refused(error.rule, "The password breaks a rule.", error.text) from None


def carry(desk: Desk, person: str) -> bytes:
    """Take a person's key out for another terminal; what comes out is under the password alone, so it travels sealed.

    Raises:
        Refused: KEY-2, there is no such key here.
    """
    held = held_key(desk, person)
    return msgspec.json.encode(_Carried(msgspec.Raw(held.inner.to_json()), person, b64(held.public)), order="sorted")


def install(desk: Desk, carried: bytes) -> str:
    """Keep a person's key that was carried here, wrapped for this terminal.

    Returns:
        The person's id.

    Raises:
        Refused: KEY-2, these are no such bytes.
    """
    try:
        form = msgspec.json.decode(carried, type=_Carried)
        held = HeldKey(form.person, unb64(form.public), Inner.from_json(bytes(form.inner), least(desk.costs)))
    except (msgspec.MsgspecError, WrappingError, ValueError) as error:
        raise refused(KEY_2, str(error)) from None
    body = keep_key(desk, held)
    with desk.store.write():
        desk.store.keys.put(form.person, body)
    return form.person


def _own_key(subject: str, seed: bytes) -> dict[str, str]:
    """The fields by which somebody announces a new key and proves that they hold it."""
    public = b64(public_of(seed))
    return {"public": public, "proof": b64(sign(seed, KEY, proof_body(subject, public)))}
