"""The roster: which entries it is folded from, and at the log's present end who holds which key.

The ordering of pushes asks for that (shared/log/ordering.py, `Roster`); a server that orders them folds just the
entries that concern the roster, and comes to the same roster as those who fold all.
"""

from collections.abc import Mapping
from typing import NamedTuple

from shared.actions.action import decode
from shared.actions.kind import KINDS, Kind, kind_of
from shared.fold.act import Act, present
from shared.fold.unit import CLONE, Tables
from shared.log.canonical import NotCanonical, unb64
from shared.log.entry import Entry
from shared.trust.keys import fingerprint


def roster_kinds() -> Mapping[str, Kind]:
    """The kinds of record that the roster is made of, by name; all kinds must be loaded."""
    return {name: kind for name, kind in KINDS.items() if kind.roster}


def concerns_roster(entry: Entry) -> bool:
    """Whether an entry may change who holds which key or role; all kinds must be loaded.

    It is about a member, a terminal or the program, and no mere fact: a terminal's post, a call.
    """
    kind = kind_of(entry.record)
    if kind is None or not kind.roster:
        return False
    spec, _, fault = decode(bytes(entry.action))
    return spec is None or not spec.fact or fault == "newer"


class RosterNow:
    """Who holds which key now."""

    def __init__(self, tables: Tables, program: str) -> None:
        """Read from `tables`; `program` is the log's id, "" before the genesis."""
        self._tables = tables
        self._program = program

    def program(self) -> str:
        """The log's program id, "" before the genesis."""
        return self._program

    def terminal_key(self, terminal: str) -> bytes | None:
        """The key that the terminal's chain must be sealed with now; None for an unknown terminal.

        A revoked terminal has one too, for it may push what it had written.
        """
        state = self._tables.fact(terminal, "key")
        if state is None or not state.standing:
            return self._introduced(terminal, None)
        held = {write.value for write in state.standing}
        for public in self._publics(terminal):
            if fingerprint(public) in held:
                return public
        return None

    def branch_keys(self, terminal: str, n: int) -> list[bytes]:
        """The keys in force after entry `n`, one for each branch of the terminal's chain that had one by then.

        A clone may have left before its terminal changed the key; it is heard, for its fork is the evidence.
        """
        given: list[bytes] = []
        own: dict[str, bytes] = {}
        for write in self._tables.history(terminal, "publics"):
            act = self._tables.act(write.position)
            if act is None:
                continue
            if act.branch.split(CLONE)[0] != terminal:
                given = [unb64(write.value)]  # the key of its invitation
            elif act.n <= n:
                own[act.branch] = unb64(write.value)
        return list(own.values()) or given

    def holds_key(self, person: str, print_: str) -> bytes | None:
        """The public key of this fingerprint if the person holds or ever held it, or a proposal names it as theirs."""
        for public in self._publics(person):
            if fingerprint(public) == print_:
                return public
        return self._introduced(person, print_)

    def _publics(self, record: str) -> list[bytes]:
        return [unb64(write.value) for write in self._tables.history(record, "publics")]

    def _introduced(self, record: str, print_: str | None) -> bytes | None:
        for write in self._tables.history(record, "@introduced"):
            try:
                public = unb64(write.value)
            except NotCanonical:
                continue  # a proposal may name anything; it is judged void, and a key that is none opens nothing
            if print_ is None or fingerprint(public) == print_:
                return public
        return None


class Interval(NamedTuple):
    """While a role (or a key) was held: from the entry that gave it to the one that took it back, None if none did."""

    since: Act
    until: Act | None


def intervals(tables: Tables, record: str, fact: str, key: str, held: object) -> list[Interval]:
    """When a roster fact had the value `held`, in the log's order, for access reviews and the trail.

    Two entries that did not know of each other are read cautiously: whatever takes back ends the interval, and only a
    grant that had seen it begins a new one.
    """
    found: list[Interval] = []
    ended: Act | None = None
    for write in tables.history(record, fact):
        act = tables.act(write.position)
        if act is None or write.key != key or not present(act, None):
            continue
        running = bool(found) and found[-1].until is None
        if write.value != held:
            ended = act
            if running:
                found[-1] = Interval(found[-1].since, act)
        elif not running and (ended is None or any(present(ended, one.cut) for one in act.instances)):
            found.append(Interval(act, None))
    return found


class RosterBefore:
    """The roster before the genesis is in the log: it knows the first terminal's key, and nobody else."""

    def __init__(self, terminal: str, public: bytes) -> None:
        """Take the terminal's code and public key from the genesis that is offered."""
        self._terminal = terminal
        self._public = public

    def program(self) -> str:
        """No program yet."""
        return ""

    def terminal_key(self, terminal: str) -> bytes | None:
        """The key of the first terminal; None for any other."""
        return self._public if terminal == self._terminal else None

    def branch_keys(self, terminal: str, n: int) -> list[bytes]:  # noqa: ARG002  the protocol's arguments
        """A chain that has not begun has no branches."""
        return []

    def holds_key(self, person: str, print_: str) -> bytes | None:  # noqa: ARG002  the protocol's arguments
        """Nobody is enrolled."""
        return None
