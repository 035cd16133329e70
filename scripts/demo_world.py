"""The demo's program while it is made: terminals that act, a log that orders, time that is set by hand.

All terminals work on one store, as if each pushed every entry at once and pulled everything: the log is folded once,
and the finished file is then copied to each home. Entries are judged, signed, ordered and folded by the product's own
code; only the passwords are left out, because the seeds of the people's keys are at hand here.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from scripts.demo_order import LATENCY_MS, Unsound, cosigned_checkpoint, ordered
from shared.fold.roster import RosterBefore
from shared.kinds.member import ACCOUNTABLE, proof_body
from shared.log import chain
from shared.log.canonical import b64, unb64
from shared.log.entry import ESIGN, line_bytes, line_id, signed_bytes
from shared.store.store import Store
from shared.store.transaction import Tx
from shared.terminal import enrol
from shared.terminal.asked import Asked, Signer
from shared.terminal.clock import Clock, system
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.own_chain import own_end
from shared.terminal.perform import let_pass
from shared.terminal.plan import Plan, plan, seen_now
from shared.trust.keys import fingerprint, public_of
from shared.trust.sshsig import KEY, sign

PAUSE_MS: Final = 900
"""The least time between two entries."""


class Made(NamedTuple):
    """An entry that is in the log: its id, its record, and who must still confirm it."""

    id: str
    record: str
    waiting: tuple[str, ...]


class Hand:
    """A clock that is set by hand and never goes back."""

    def __init__(self, now: int) -> None:
        """Begin at a time, ms since 1970 UTC."""
        self.now = now

    def read(self) -> int:
        """Tell the time."""
        return self.now

    def reach(self, at: int = 0) -> None:
        """Go on to a time, or a little further if that has passed."""
        self.now = max(at, self.now + PAUSE_MS)


class World:
    """The program, and everybody who acts in it.

    Attributes:
        hand: the clock.
        desks: by terminal code, in the order in which they were enrolled; all of them on one store.
        seeds: people's private keys.
        ids: records by the names that stories give them.
        program: its id.
    """

    def __init__(self, hand: Hand) -> None:
        """Begin with nothing; `found` makes the program."""
        self.hand = hand
        self.desks: dict[str, Desk] = {}
        self.seeds: dict[str, bytes] = {}
        self.ids: dict[str, str] = {}
        self.program = ""
        self.log_seed = os.urandom(enrol.SEED_BYTES)
        self._tx: Tx | None = None

    def _clock(self, zone: str) -> Clock:
        return system(zone)._replace(now=self.hand.read)

    @property
    def store(self) -> Store:
        """The one store."""
        return next(iter(self.desks.values())).store

    def found(self, home: Home, fields: dict[str, Any]) -> str:
        """Begin the program on a first terminal, and order its first entry.

        Returns:
            The entry's id, which is the program's too.
        """
        log_key = b64(public_of(self.log_seed))
        self.program = enrol.found(home, {**fields, "log_key": log_key}, self._clock(home.zone), os.urandom)
        desk = Desk(home, home.open_log(self.program), clock=self._clock(home.zone))
        self.desks[home.code] = desk
        (first,) = desk.store.pending.lines(home.code)
        with desk.store.write() as tx:
            before = RosterBefore(desk.code, public_of(desk.home.key().seed))
            ordered(tx, desk, first.line, 1, first.link, self.hand.now, before)
        return self.program

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep what is done within in one transaction, so that only its end waits for the disk."""
        with self.store.write() as tx:
            self._tx = tx
            try:
                yield
            finally:
                self._tx = None

    def shown(self, code: str) -> tuple[int, ...]:
        """What a terminal shows now, for a form that is filled in later."""
        return seen_now(self.desks[code], own_end(self.store, code).n)

    def do(
        self,
        code: str,
        action: str,
        record: str = "",
        by: str = "",
        /,
        *,
        seen: tuple[int, ...] | None = None,
        **fields: Any,  # noqa: ANN401 - any JSON value
    ) -> Made:
        """Perform an action at a terminal, and order it.

        Args:
            code: the terminal.
            action: its name.
            record: what it is about, by the name that a story gave it or by its id.
            by: who signs it; "" for the terminal, with nobody signed in.
            seen: what its form had shown, if that was opened earlier (`shown`).
            fields: its fields.

        Raises:
            Refused: a rule refuses it.
            Unsound: it would break a rule and derive a deviation, or the log refuses it.
        """
        asked = Asked(action, self.ids.get(record, record), fields, by, seen=seen)
        return self._perform(self.desks[code], asked, self.seeds[by] if by else None)

    def joint(self, code: str, action: str, record: str, by: str, *others: str, **fields: Any) -> Made:  # noqa: ANN401 - an action's fields
        """Perform an action that others confirm at the same terminal, a minute after each other."""
        made = self.do(code, action, record, by, **fields)
        for other in others:
            self.hand.reach(self.hand.now + 60_000)
            self.confirm(code, made, other)
        return made

    def confirm(self, code: str, made: Made, by: str) -> Made:
        """Confirm what somebody proposed."""
        return self.do(code, "entry.confirm", made.record, by, of=made.id)

    def join_person(self, code: str, person: str, invitation: enrol.Invitation) -> None:
        """Take up a person's invitation with the key that is in `seeds` (as `enrol.accept_person` does)."""
        fields = {**_own_key(person, self.seeds[person]), "statement": ACCOUNTABLE}
        self._perform(self.desks[code], Asked("member.join", person, fields, person), invitation.seed)

    def join_terminal(self, home: Home, invitation: enrol.Invitation) -> None:
        """Take up a terminal's invitation (as `enrol.accept_terminal` does)."""
        desk = Desk(home, self.store, clock=self._clock(home.zone))
        self.desks[home.code] = desk
        asked = Asked("terminal.join", home.code, _own_key(home.code, home.key().seed))
        self._perform(desk, asked, None, sealed_by=invitation.seed)

    def checkpoint(self) -> None:
        """Sign a checkpoint over the log as it is, and have every terminal cosign it."""
        cosigned_checkpoint(self._within(), self.desks.values(), self.log_seed, self.hand.now // 1000)

    def _within(self) -> Tx:
        if self._tx is None:
            raise RuntimeError("the demo acts while it is writing only")
        return self._tx

    def _perform(self, desk: Desk, asked: Asked, seed: bytes | None, sealed_by: bytes | None = None) -> Made:
        tx = self._within()
        self.hand.reach()
        planned = plan(desk, asked, Signer(asked.person, fingerprint(public_of(seed))) if seed else None)
        let_pass(planned)
        if planned.refusal is not None:
            raise Unsound(f"{asked.do} {asked.record}: {planned.refusal}")
        line = _kept(desk, planned, seed)
        link = chain.link(self.store.log.links(desk.code, planned.entry.n - 1)[0], line_id(line))
        ordered(tx, desk, line, planned.entry.n, link, self.hand.now, sealed_by=sealed_by)
        self.hand.reach(self.hand.now + LATENCY_MS)
        return Made(b64(line_id(line)), planned.entry.record, planned.waiting)


def _kept(desk: Desk, planned: Plan, seed: bytes | None) -> bytes:
    """Sign an entry, and keep what it names by digest: the sheet, and personal details."""
    for blob in planned.blobs:
        desk.store.blobs.put(blob.salt, blob.content, erasable=True)
    if seed is None:
        return line_bytes(planned.entry, None)
    desk.store.blobs.put(unb64(planned.entry.salt), planned.sheet.encode())
    return line_bytes(planned.entry, b64(sign(seed, ESIGN, signed_bytes(planned.entry))))


def _own_key(subject: str, seed: bytes) -> dict[str, str]:
    public = b64(public_of(seed))
    return {"public": public, "proof": b64(sign(seed, KEY, proof_body(subject, public)))}
