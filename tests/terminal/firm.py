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

from scripts.demo_order import cosigned_checkpoint
from server.log import Push, ServedLog
from server.tail import Tail
from shared.log.canonical import b64
from shared.log.wire import Answer, Page, Recovering, answer_body, parse_answer, parse_page, parse_push
from shared.terminal import enrol
from shared.terminal.asked import Asked, Done
from shared.terminal.clock import Clock
from shared.terminal.derive import Derivation
from shared.terminal.desk import Costs, Desk
from shared.terminal.home import Home
from shared.terminal.perform import perform
from shared.terminal.remote import NotEnrolled
from shared.terminal.sync import _Run, sync
from shared.terminal.synced import Synced
from shared.trust.keys import public_of
from shared.trust.passwords import Secret
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


class Direct:
    """The server's log in this process, as a terminal reaches it: by the bytes that would go over the network."""

    offset = 0

    def __init__(self, server: "Server", code: str) -> None:
        self._server = server
        self._code = code

    def push(self, body: bytes) -> Answer:
        seal, lines = parse_push(body)
        (answer,) = self._server.begun(seal.program).order([Push(lines, seal)])
        return parse_answer(answer_body(answer))

    def page(self, start: int) -> Page:
        if not self._server.log.enrolled(self._code):
            raise NotEnrolled("not enrolled")
        return parse_page(self._server.log.page(start))

    def refill(self, body: bytes) -> Recovering:
        return self._server.log.refill(parse_page(body))

    def put_blob(self, digest: str, body: bytes) -> None:
        self._server.log.put_blob(digest, body)

    def get_blob(self, digest: str) -> bytes | None:
        return self._server.log.get_blob(digest)


class Server:
    """The product's own log of a server, without HTTP around it."""

    def __init__(self, path: Path, hand: Hand, seed: bytes = LOG_SEED) -> None:
        self.path = path
        self.hand = hand
        self.seed = seed
        self._log: ServedLog | None = None

    @property
    def log(self) -> ServedLog:
        assert self._log is not None
        return self._log

    def begun(self, program: str) -> ServedLog:
        """Open the log, or begin it."""
        if self._log is None:
            tail = Tail(self.path.with_suffix(".tail"))
            self._log = ServedLog(self.path, program, self.seed, tail, self.hand.read)
        return self._log

    def sync(self, desk: Desk) -> Synced:
        """Push all that waits at a desk, then let it have all that is here."""
        return sync(desk, Direct(self, desk.code))

    def pull(self, desk: Desk) -> None:
        """Only let it have all that is here."""
        _Run(desk, Direct(self, desk.code))._pull()

    def close(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None


class Firm:
    """The founded program: its homes, their desks by code, and the server."""

    def __init__(  # noqa: PLR0913 - what tests ask for
        self,
        folder: Path,
        *,
        costs: Costs = CHEAP,
        people: tuple[str, ...] | None = None,
        now: int = START,
        host: str = "https://example.invalid",
        product: str = "Antibody A",
    ) -> None:
        self.folder = folder
        self.product = product
        self.program = ""
        self.costs = costs
        self.host = host
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
        store = home.open_log(self.program)
        desk = Desk(home, store, clock=self.hand.clock, random=self.rng.randbytes, costs=self.costs)
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
            "product": self.product, "companies": COMPANIES, "officers": officers, "company": "cdmo", "site": "Lyon",
            "log_key": b64(public_of(LOG_SEED)), "host": self.host,
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
        log_key = public_of(LOG_SEED)
        enrol.enter_program(self._home(code), self.program, log_key, Direct(self.server, code).page)
        desk = self._desk(code)
        enrol.accept_terminal(desk, invitation.seed)
        for person in (*OFFICERS, *PEOPLE):
            enrol.install(desk, enrol.carry(self.desks["LYN1"], person))
        self.server.sync(desk)
        self.server.pull(self.desks["LYN1"])

    def do(self, code: str, action: str, record: str = "", person: str = "", /, **fields: Any) -> Done:
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
        other.folder, other.costs, other.host, other.program = folder, self.costs, self.host, self.program
        other.product = self.product
        other.hand, other.rng = Hand(self.hand.now), random.Random(7)
        other.homes = {code: Home.open(folder / code) for code in self.homes}
        other.desks = {}
        other.server = Server(folder / "server.andon", other.hand)
        other.server.begun(self.program)
        for code in self.homes:
            other._desk(code)
        return other

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()
        self.server.close()


@contextmanager
def opened(folder: Path, **options: Any) -> Iterator[Firm]:
    firm = Firm(folder, **options)
    try:
        yield firm
    finally:
        firm.close()
