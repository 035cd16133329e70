"""Logs to store: the founded program of tests/fold, and as many days of deviations as a test wants."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from shared.actions.action import ACTIONS
from shared.kinds import load
from shared.log import chain
from shared.log.canonical import b64, encode
from shared.log.chain import Seal, Verified, seal_body
from shared.log.clock import format_at
from shared.log.entry import Entry, Line, Sign, Skip, line_bytes, line_id, parse_line
from shared.log.leaf import leaf_bytes
from shared.log.merkle import EMPTY_ROOT
from shared.log.push import OrderedLeaf
from shared.store.store import Store
from shared.trust import sshsig
from shared.trust.keys import fingerprint, public_of
from tests.fold.floor import Floor, founded, seed

load()
_TEXT = """
the of and was at in line vial stopper pressure alarm filter batch operator found during check below limit fill weight
torque reject sample particle count room grade door open transfer hold time lot label mix tank agitator cleaning record
missing signature step repeated second deviation temperature probe drift calibration humidity
"""
WORDS = _TEXT.split()
_SIGNERS = ("anna", "axel", "sven", "quin", "rosa", "sam", "omar", "olga")
KEYS = {name: fingerprint(public_of(seed(name))) for name in _SIGNERS}


def line_of(entry: Entry) -> bytes:
    """The line of an entry as the floor makes it: with zeros for a signature."""
    return line_bytes(entry, b64(bytes(64)) if entry.sign else None)


class Ordering:
    """Gives lines their positions, chains and links, as a server would."""

    def __init__(self) -> None:
        self.size = 0
        self.received = 0
        self.links: dict[str, bytes] = {}

    def leaf(self, line: bytes, received: int = 0, parent: bytes | None = None) -> OrderedLeaf:
        """Place one line; `parent` names another link than its terminal's last, for a clone."""
        parsed = parse_line(line)
        said = parsed.entry if isinstance(parsed, Line) else parsed
        id_ = line_id(line)
        link = chain.link(self.links.get(said.terminal, chain.FIRST) if parent is None else parent, id_)
        if parent is None:
            self.links[said.terminal] = link
        self.received = max(received, self.received)
        leaf = leaf_bytes(line, self.received)
        made = OrderedLeaf(self.size, self.received, leaf, id_, said.terminal, said.n, link, parsed)
        self.size += 1
        return made


def ordered(floor: Floor, ordering: Ordering | None = None) -> list[OrderedLeaf]:
    """The log of a floor (tests/fold/floor.py) as leaves, from where the ordering is."""
    ordering = ordering or Ordering()
    return [ordering.leaf(line_of(entry), received) for _, entry, received in floor.log[ordering.size :]]


FOUNDED = founded()
"""A founded program: two companies, their people, three terminals. Not to be changed."""


def founding() -> list[OrderedLeaf]:
    """The founded program's leaves."""
    return ordered(FOUNDED)


def entry_of(leaf: OrderedLeaf) -> Entry:
    assert isinstance(leaf.line, Line)
    return leaf.line.entry


def skip_of(leaf: OrderedLeaf, why: str = "LOG-12") -> Skip:
    """The skip that takes a leaf's place."""
    return Skip(id=b64(leaf.id), n=leaf.n, program=FOUNDED.program, terminal=leaf.terminal, why=why)


def sealed(leaf: OrderedLeaf, program: str) -> Seal:
    """A seal over the chain up to a leaf, really signed with the terminal's key."""
    key = fingerprint(public_of(seed(leaf.terminal)))
    seen = Verified(root=b64(EMPTY_ROOT), size=0)
    body = seal_body(program, leaf.terminal, key, leaf.n, b64(leaf.link), seen)
    sig = b64(sshsig.sign(seed(leaf.terminal), sshsig.SEAL, body))
    return Seal(key=key, link=b64(leaf.link), n=leaf.n, program=program, seen=seen, sig=sig, terminal=leaf.terminal)


def arrive(store: Store, leaves: Sequence[OrderedLeaf], part: int = 1_000) -> None:
    """Let leaves arrive, so many in a transaction."""
    for at in range(0, len(leaves), part):
        with store.write() as tx:
            tx.arrive(leaves[at : at + part])


class Days:
    """A program that goes on for as long as one asks: deviations from the stop to the lift, on three terminals.

    Texts are made of words; signatures and digests are noise, as incompressible as real ones.
    """

    def __init__(self, number: int = 1) -> None:
        self._rng = random.Random(number)
        self.ordering = Ordering()
        self.leaves = ordered(FOUNDED, self.ordering)
        self._n = {code: terminal.n for code, terminal in FOUNDED.terminals.items()}
        self._now = FOUNDED.now

    def log(self, size: int) -> list[OrderedLeaf]:
        """A log of this many leaves."""
        return [*self.leaves, *islice(self._days(), size - len(self.leaves))]

    def text(self, most: int) -> str:
        return " ".join(self._rng.choices(WORDS, k=self._rng.randint(3, most)))

    def line(self, at: str, do: str, record: str = "", by: str = "", **fields: Any) -> bytes:
        """The line of one more entry of terminal `at`, which has seen all that there is."""
        rng = self._rng
        self._now += rng.randint(1_000, 60_000)
        n = self._n[at] = self._n[at] + 1
        spec = ACTIONS[do]
        if not record and spec.kind:
            record = f"{spec.kind.code}-{at}-{n}"
        sign = Sign(key=KEYS[by], meaning=spec.signed or "recorded", sheet=b64(rng.randbytes(32))) if by else None
        entry = Entry(
            action=msgspec.Raw(encode({"do": do, **fields})), app="0.1.0", at=format_at(self._now, 60),
            by=by or f"@{at}", n=n, program=FOUNDED.program, record=record, salt=b64(rng.randbytes(16)),
            seen=(self.ordering.size, n - 1), sign=sign, terminal=at,
        )  # fmt: skip
        return line_bytes(entry, b64(rng.randbytes(64)) if sign else None)

    def leaf(self, at: str, do: str, record: str = "", by: str = "", **fields: Any) -> OrderedLeaf:
        """The same, ordered."""
        return self.ordering.leaf(self.line(at, do, record, by, **fields), self._now + 40)

    def _days(self) -> Iterator[OrderedLeaf]:
        rng = self._rng
        while True:
            here, place = rng.choice(("LYN1", "LYN2")), f"SUITE-{rng.randint(1, 9)}"
            stop = self.leaf(here, "hold.stop", on=place, batch=f"B{rng.randint(1000, 9999)}", reason=self.text(8))
            yield stop
            hold = entry_of(stop).record
            detected = format_at(self._now, 60)
            raised = self.leaf(here, "deviation.raise", title=self.text(10), on=place, hold=hold, detected=detected)
            yield raised
            about = entry_of(raised).record
            said = {"problem": self.text(50), "procedure": self.text(8), "justification": self.text(20)}
            yield self.leaf(here, "deviation.problem", about, **said)
            answers: dict[str, object] = {"patient": "no", "attribute": False, "parameter": True, "equipment": False}
            yield self.leaf(here, "deviation.assess", about, "sven", **answers)
            yield self.leaf("LYN1", "deviation.rate", about, "anna", criticality="major", reason=self.text(15))
            yield self.leaf("SPO1", "deviation.rate", about, "quin", criticality="major", reason=self.text(15))
            yield self.leaf("SPO1", "deviation.note", about, "sam", text=self.text(40))
            yield self.leaf(here, "deviation.fix", about, fix=self.text(20))
            lift = self.leaf("LYN1", "hold.lift", hold, "anna", reason=self.text(10))
            yield lift
            yield self.leaf("SPO1", "entry.confirm", hold, "quin", of=b64(lift.id))
            yield self.leaf("LYN1", "deviation.note", about, "axel", text=self.text(30))
