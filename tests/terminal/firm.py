"""Two companies on real homes, with real keys, and a pretend server that orders what they push.

Deriving keys costs next to nothing here: `Desk` takes the costs as an argument. Homes for tests of the command line are
wrapped at the floor that the product accepts, which is still quick.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec

from scripts.demo_order import cosigned_checkpoint
from shared.fold.roster import RosterBefore, RosterNow
from shared.log.canonical import b64, unb64
from shared.log.chain import Seal
from shared.log.entry import Line, parse_line
from shared.log.ordering import order
from shared.log.push import Ordered, OrderedLeaf
from shared.store.store import Store
from shared.terminal import enrol
from shared.terminal.asked import Asked, Done
from shared.terminal.clock import Clock
from shared.terminal.derive import Derivation
from shared.terminal.desk import Costs, Desk
from shared.terminal.home import Home
from shared.terminal.own_chain import outgoing
from shared.terminal.perform import perform
from shared.terminal.receive import receive
from shared.trust.keys import public_of
from shared.trust.passwords import Secret
from shared.trust.sshsig import verify
from shared.trust.wrapping import Kdf, derive

START = 1_795_000_000_000
LOG_SEED = sha256(b"the key of the log").digest()


class Inline(Derivation):
    """A derivation in this process, for costs that are next to nothing."""

    def __init__(self, password: Secret, salt: bytes, params: Kdf, ad: bytes) -> None:
        self._derived = derive(password, salt, params, ad)

    def result(self, timeout: float = 0) -> bytes:
        del timeout
        return self._derived

    def cancel(self) -> None:
        """Nothing runs."""


CHEAP = Costs((64, 1), (64, 1), Inline)
"""For tests that never start a process of the product."""
LEAST = Costs((64 * 1024, 2), None)
"""The least that the product opens."""
COMPANIES = [
    {"code": "cdmo", "name": "Lyon Biologics", "part": "cdmo"},
    {"code": "sponsor", "name": "Aster", "part": "sponsor"},
]
OFFICERS = {"olga": "cdmo", "otto": "cdmo", "ruth": "sponsor", "rolf": "sponsor"}
PEOPLE = {
    "anna": ("cdmo", ["qa"]),
    "sven": ("cdmo", ["supervisor"]),
    "omar": ("cdmo", ["operator"]),
    "quin": ("sponsor", ["qa"]),
    "sam": ("sponsor", ["sme"]),
}
TERMINALS = {"LYN1": "cdmo", "LYN2": "cdmo", "SPO1": "sponsor"}


def password(person: str) -> Secret:
    """Everybody's password, invented."""
    return Secret(f"plum {sha256(person.encode()).hexdigest()[:6]} kettle orbit")


class Hand:
    """A clock that is moved by hand; each reading is a moment later, so that no two entries have one time."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.clock = Clock(self.read, lambda _: 60)

    def read(self) -> int:
        self.now += 1
        return self.now

    def wait(self, ms: int) -> None:
        self.now += ms


def before(genesis: bytes) -> RosterBefore:
    """The roster before there is one: what the genesis says of its own terminal."""
    parsed = parse_line(genesis)
    assert isinstance(parsed, Line)
    return RosterBefore(parsed.entry.terminal, unb64(msgspec.json.decode(parsed.entry.action)["public"]))


class Server:
    """Orders what terminals push, and gives out what they lack."""

    def __init__(self, path: Path, hand: Hand) -> None:
        self.store = Store.open(path, create=not path.exists())
        self.hand = hand
        self.leaves: list[OrderedLeaf] = []
        self.seals: list[tuple[int, Any]] = []
        self.program = ""

    def sync(self, desk: Desk, *, pull: bool = True) -> None:
        """Push all that waits at a desk, then let it have all that is here."""
        while push := outgoing(desk):
            self.push(push.lines, push.seal)
            self.pull(desk)
        if pull:
            self.pull(desk)

    def push(self, lines: list[bytes], seal: Seal) -> None:
        roster = RosterNow(self.store.tables, self.program) if self.leaves else before(lines[0])
        answer = order(lines, seal, roster, self.store, self.hand.read(), verify)
        assert isinstance(answer, Ordered), answer
        if not self.leaves:
            self.program = seal.program
        with self.store.write() as tx:
            seals = [(answer.leaves[-1].position, answer.seal)] if answer.seal else []
            tx.arrive(answer.leaves, seals)
        self.leaves += answer.leaves
        self.seals += seals

    def pull(self, desk: Desk) -> None:
        size = desk.store.log.size()
        if self.leaves[size:]:
            receive(desk, self.leaves[size:], [one for one in self.seals if one[0] >= size])


class Firm:
    """The founded program: its homes, their desks by code, and the server."""

    def __init__(
        self, folder: Path, *, costs: Costs = CHEAP, people: tuple[str, ...] | None = None, now: int = START
    ) -> None:
        self.folder = folder
        self.costs = costs
        self.hand = Hand(now)
        self.rng = random.Random(1)
        self.homes: dict[str, Home] = {}
        self.desks: dict[str, Desk] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.server = Server(folder / "server.andon", self.hand)
        self.program = self._found()
        for person in PEOPLE if people is None else people:
            self._member(person)
        for code in ("LYN2", "SPO1") if people is None else ():
            self._terminal(code)

    def _home(self, code: str) -> Home:
        home = Home.create(self.folder / code, code, enrol.new_terminal_key(self.rng.randbytes), zone="Europe/Paris")
        self.homes[code] = home
        return home

    def _desk(self, code: str) -> Desk:
        home = self.homes[code]
        desk = Desk(home, home.open_log(), clock=self.hand.clock, random=self.rng.randbytes, costs=self.costs)
        self.desks[code] = desk
        return desk

    def _found(self) -> str:
        home = self._home("LYN1")
        seeds = {officer: enrol.new_invitation(self.rng.randbytes) for officer in OFFICERS}
        officers = [
            {"id": one, "name": one.title(), "company": company, "public": seeds[one].public, "checked": "passport"}
            for one, company in OFFICERS.items()
        ]
        fields = {
            "product": "Antibody A", "companies": COMPANIES, "officers": officers, "company": "cdmo", "site": "Lyon",
            "log_key": b64(public_of(LOG_SEED)), "host": "https://example.invalid",
        }  # fmt: skip
        program = enrol.found(home, fields, self.hand.clock, self.rng.randbytes)
        desk = self._desk("LYN1")
        for officer in OFFICERS:
            enrol.keep_person(desk, officer, seeds[officer].seed, password(officer))
        genesis = desk.store.lists.trail("PROGRAM")[0].id
        self.server.sync(desk)
        for officer in OFFICERS:
            self.do("LYN1", "entry.confirm", "PROGRAM", officer, of=genesis)
        self.server.sync(desk)
        return program

    def _officers(self, company: str) -> tuple[str, str]:
        first, second = (one for one, theirs in OFFICERS.items() if theirs == company)
        return first, second

    def _member(self, person: str) -> None:
        company, roles = PEOPLE[person]
        first, second = self._officers(company)
        invitation = enrol.new_invitation(self.rng.randbytes)
        proposed = self.do(
            "LYN1", "member.invite", person, first, name=f"{person.title()} Example", company=company, roles=roles,
            public=invitation.public, checked="passport, by HR",
        )  # fmt: skip
        self.do("LYN1", "entry.confirm", person, second, of=proposed.id)
        enrol.accept_person(self.desks["LYN1"], person, invitation.seed, password(person))
        self.server.sync(self.desks["LYN1"])

    def _terminal(self, code: str) -> None:
        first, second = self._officers(TERMINALS[code])
        invitation = enrol.new_invitation(self.rng.randbytes)
        proposed = self.do(
            "LYN1", "terminal.invite", code, first, company=TERMINALS[code], site="Site", public=invitation.public
        )
        self.do("LYN1", "entry.confirm", code, second, of=proposed.id)
        self.server.sync(self.desks["LYN1"])
        enrol.enter_program(self._home(code), self.program, self.server.leaves, self.server.seals)
        desk = self._desk(code)
        enrol.accept_terminal(desk, invitation.seed)
        for person in (*OFFICERS, *PEOPLE):
            enrol.install(desk, enrol.carry(self.desks["LYN1"], person))
        self.server.sync(desk)
        self.server.pull(self.desks["LYN1"])

    def do(self, code: str, action: str, record: str = "", person: str = "", /, **fields: Any) -> Done:  # noqa: ANN401 - any JSON value
        """Perform at a terminal, signed if a person is named."""
        return perform(self.desks[code], Asked(action, record, fields, person, password(person) if person else None))

    def sync(self, *codes: str) -> None:
        """Push and pull at these terminals, then let all of them (or all there are) have everything."""
        named = codes or tuple(self.desks)
        for code in named:
            self.server.sync(self.desks[code])
        for code in named:
            self.server.pull(self.desks[code])

    def checkpoint(self, *codes: str) -> None:
        """Give every terminal a checkpoint over what it has, cosigned by these."""
        for desk in self.desks.values():
            with desk.store.write() as tx:
                cosigned_checkpoint(tx, [self.desks[code] for code in codes], LOG_SEED, self.hand.now // 1000)

    def copy(self, folder: Path) -> "Firm":
        """The same firm in another folder; this one must be closed, and stays as it is."""
        copytree(self.folder, folder)
        other = object.__new__(Firm)
        other.folder, other.costs, other.program = folder, self.costs, self.program
        other.hand, other.rng = Hand(self.hand.now), random.Random(7)
        other.homes = {code: Home.open(folder / code) for code in self.homes}
        other.desks = {}
        other.server = Server(folder / "server.andon", other.hand)
        other.server.program = self.program
        other.server.leaves, other.server.seals = list(self.server.leaves), list(self.server.seals)
        for code in self.homes:
            other._desk(code)
        return other

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()
        self.server.store.close()


@contextmanager
def opened(folder: Path, **options: Any) -> Iterator[Firm]:  # noqa: ANN401 - see `Firm`
    firm = Firm(folder, **options)
    try:
        yield firm
    finally:
        firm.close()
