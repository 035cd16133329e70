"""A small program in memory: two companies, their people and terminals, and a log that a pretend server orders.

Tests say what people do, one line each; `Floor` writes the entries with exactly what each terminal had seen.
"""

from hashlib import sha256
from typing import Any

import msgspec

import shared.kinds  # noqa: F401  declares every kind
from shared.actions.action import ACTIONS
from shared.actions.world import Record
from shared.fold.act import Act
from shared.fold.fold import fold
from shared.fold.shown import Shown, row, standing_of
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.kinds.member import ACCOUNTABLE, proof_body
from shared.log.canonical import b64, encode
from shared.log.clock import format_at
from shared.log.entry import Entry, Sign, line_bytes, line_id
from shared.trust import sshsig
from shared.trust.keys import fingerprint, public_of

START = 1_790_000_000_000
SECOND = 1_000
OFFICERS = {"olga": "cdmo", "otto": "cdmo", "ruth": "sponsor", "rolf": "sponsor"}
PEOPLE = {
    "anna": ("cdmo", ["qa"]),
    "axel": ("cdmo", ["qa", "release"]),
    "sven": ("cdmo", ["supervisor"]),
    "omar": ("cdmo", ["operator"]),
    "lena": ("cdmo", ["lead"]),
    "quin": ("sponsor", ["qa"]),
    "rosa": ("sponsor", ["qa", "release"]),
    "sam": ("sponsor", ["sme"]),
    "luis": ("sponsor", ["lead"]),
}
COMPANIES = [{"code": "cdmo", "name": "C", "part": "cdmo"}, {"code": "sponsor", "name": "S", "part": "sponsor"}]


def seed(name: str) -> bytes:
    """A private key that is the same in every run."""
    return sha256(name.encode()).digest()


def public(name: str) -> str:
    """The public key of `seed(name)`."""
    return b64(public_of(seed(name)))


class Terminal:
    """One terminal: how much of the log it has, and its own entries, pushed or not."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.size = 0
        self.n = 0
        self.waiting: list[tuple[str, Entry]] = []


class Floor:
    """The log, its fold, and the terminals that write into it."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Entry, int]] = []
        self.unit = Unit()
        self.terminals: dict[str, Terminal] = {}
        self.now = START
        self.program = ""

    def terminal(self, code: str) -> Terminal:
        return self.terminals.setdefault(code, Terminal(code))

    def write(
        self,
        at: str,
        do: str,
        record: str = "",
        by: str = "",
        *,
        seen: tuple[int, int] | None = None,
        **fields: Any,
    ) -> str:
        """Write an entry on terminal `at`; the answer is its id. It waits there until `push`.

        Its author has seen what that terminal has, or `seen`.
        """
        terminal = self.terminal(at)
        terminal.n += 1
        self.now += SECOND
        spec = ACTIONS.get(do)
        if not record and spec and spec.creates and spec.kind and spec.kind.code:
            record = f"{spec.kind.code}-{at}-{terminal.n}"
        sign = (
            Sign(
                key=fingerprint(public_of(seed(by))),
                meaning=(spec.signed if spec else "") or "recorded",
                sheet=b64(bytes(32)),
            )
            if by
            else None
        )
        entry = Entry(
            action=msgspec.Raw(encode({"do": do, **fields})),
            app="test",
            at=format_at(self.now, 60),
            by=by or f"@{at}",
            n=terminal.n,
            program=self.program,
            record=record or "PROGRAM",
            salt=b64(sha256(f"{at}{terminal.n}".encode()).digest()[:16]),
            seen=seen or (terminal.size, terminal.n - 1),
            sign=sign,
            terminal=at,
        )
        id_ = b64(line_id(line_bytes(entry, b64(bytes(64)) if by else None)))
        terminal.waiting.append((id_, entry))
        return id_

    def push(self, *codes: str) -> None:
        """Order what these terminals (all if none is named) wrote, each whole, in the order named."""
        for code in codes or tuple(self.terminals):
            terminal = self.terminals[code]
            for id_, entry in terminal.waiting:
                self.now += 1
                fold(self.unit, len(self.log), id_, entry, self.now)
                self.log.append((id_, entry, self.now))
            terminal.waiting.clear()

    def pull(self, *codes: str) -> None:
        """Let these terminals (all if none is named) see the whole log."""
        for code in codes or tuple(self.terminals):
            self.terminals[code].size = len(self.log)

    def sync(self, *codes: str) -> None:
        self.push(*codes)
        self.pull(*codes)

    def do(self, at: str, do: str, record: str = "", by: str = "", **fields: Any) -> str:
        """Write, push and let that terminal see; the answer is the entry's id."""
        id_ = self.write(at, do, record, by, **fields)
        self.sync(at)
        return id_

    def act(self, id_: str) -> Act:
        position = self.unit.find(id_)
        act = self.unit.act(position) if position is not None else None
        assert act is not None
        return act

    def verdict(self, id_: str) -> str:
        return standing_of(self.unit, self.act(id_))

    def record(self, id_: str) -> str:
        return self.act(id_).record

    def show(self, record: str) -> Shown:
        shown = row(self.unit, record)
        assert shown is not None, record
        return shown

    def see(self, record: str) -> Record:
        return View(self.unit, None, self.now, record).here


def founded() -> Floor:
    """A program with two companies, their officers and people, all in the log and seen.

    Its terminals are LYN1 and LYN2 of the CDMO, and SPO1 of the sponsor.
    """
    floor = Floor()
    officers = [
        {"id": one, "name": one.title(), "company": company, "public": public(one), "checked": "passport"}
        for one, company in OFFICERS.items()
    ]
    found = floor.do(
        "LYN1",
        "program.found",
        product="Antibody A",
        companies=COMPANIES,
        officers=officers,
        terminal="LYN1",
        company="cdmo",
        site="Lyon",
        public=public("LYN1"),
        log_key="k",
        host="http://127.0.0.1",
    )
    floor.program = found
    for one in OFFICERS:
        floor.do("LYN1", "entry.confirm", "PROGRAM", one, of=found)
    both = {"cdmo": ("olga", "otto"), "sponsor": ("ruth", "rolf")}
    for person, (company, held) in PEOPLE.items():
        first, second = both[company]
        invite = floor.do(
            "LYN1",
            "member.invite",
            person,
            first,
            name=person.title(),
            company=company,
            roles=held,
            public=public(f"invite {person}"),
            checked="passport",
        )
        floor.do("LYN1", "entry.confirm", person, second, of=invite)
        _join(floor, person)
    for code, company in (("LYN2", "cdmo"), ("SPO1", "sponsor")):
        first, second = both[company]
        invite = floor.do(
            "LYN1", "terminal.invite", code, first, company=company, site="Site", public=public(f"invite {code}")
        )
        floor.do("LYN1", "entry.confirm", code, second, of=invite)
        floor.terminal(code)
        floor.pull()
        floor.do(code, "terminal.join", code, public=public(code), proof=proof(code, code))
    floor.pull()
    return floor


def _join(floor: Floor, person: str) -> None:
    terminal = floor.terminal("LYN1")
    id_ = floor.write(
        "LYN1",
        "member.join",
        person,
        person,
        public=public(person),
        proof=proof(person, person),
        statement=ACCOUNTABLE,
    )
    index = next(i for i, (one, _) in enumerate(terminal.waiting) if one == id_)
    entry = terminal.waiting[index][1]
    assert entry.sign is not None
    sign = msgspec.structs.replace(entry.sign, key=fingerprint(public_of(seed(f"invite {person}"))))
    terminal.waiting[index] = (id_, msgspec.structs.replace(entry, sign=sign))
    floor.sync("LYN1")


def proof(subject: str, name: str) -> str:
    """The proof that `subject` holds the key of `seed(name)`."""
    return b64(sshsig.sign(seed(name), sshsig.KEY, proof_body(subject, public(name))))
