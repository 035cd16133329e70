"""What an honest terminal never writes: entries made by hand with its keys, and pushes made by hand with its seal."""

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from shared.log import chain
from shared.log.canonical import b64, encode
from shared.log.chain import Seal
from shared.log.entry import ESIGN, Entry, Sign, Skip, line_bytes, line_id, signed_bytes, skip_bytes
from shared.log.wire import push_body
from shared.terminal.own_chain import keep_end, own_end, seal_over
from shared.terminal.plan import seen_now
from shared.terminal.sign import Opening, held_key
from shared.terminal.version import VERSION
from shared.trust.keys import fingerprint, public_of
from shared.trust.sshsig import sign
from tests.simulation.acts import OFFICERS, ORDER
from tests.simulation.machine import Machine
from tests.terminal.firm import password

if TYPE_CHECKING:
    from tests.simulation.world import World

_HUGE: Final = 10**9
FORGED: Final = 17
"""How many entries are forged here."""
ATTACKS: Final = 14
"""How many pushes are."""


def _entry(machine: Machine, do: dict[str, Any], record: str, **changes: Any) -> Entry:
    desk = machine.desk
    n = own_end(desk.store, desk.code).n + 1
    entry = Entry(
        action=msgspec.Raw(encode(do)), app=VERSION, at=desk.clock.at(desk.clock.now()), by=f"@{desk.code}", n=n,
        program=desk.program, record=record, salt=b64(desk.random(16)), seen=seen_now(desk, n - 1), terminal=desk.code,
    )  # fmt: skip
    return msgspec.structs.replace(entry, **changes)


def _signed(machine: Machine, entry: Entry, person: str, seed: bytes | None = None) -> bytes:
    """Sign an entry as a person whose key and password somebody has, or with another key."""
    desk = machine.desk
    if seed is None:
        with Opening.begin(desk, held_key(desk, person), password(person)) as opening:
            seed = opening.seed()
        assert seed is not None
    said = Sign(key=fingerprint(public_of(seed)), meaning="lifted", sheet=b64(bytes(32)))
    entry = msgspec.structs.replace(entry, by=person, sign=said)
    return line_bytes(entry, b64(sign(seed, ESIGN, signed_bytes(entry))))


def forged(world: "World", machine: Machine, a: int, b: int) -> bytes:  # noqa: C901, PLR0911, PLR0912 - a case a trick
    """Make a line by hand that the terminal's own code would not write."""
    store, code = machine.desk.store, machine.code
    hold, deviation = _last(machine, "hold"), _last(machine, "deviation")
    lift = {"do": "hold.lift", "reason": "let us go on"}
    stop = {"do": "hold.stop", "on": "SUITE-1"}
    do: dict[str, Any]
    n = own_end(store, code).n + 1
    own = f"HLD-{code}-{n}"
    match a % FORGED:
        case 0:
            return _signed(machine, _entry(machine, lift, hold), ("omar", "sam", "olga")[b % 3])
        case 1:
            return line_bytes(_entry(machine, stop, (f"HLD-{code}-99999", "HLD-SPO1-3", "PROGRAM", hold)[b % 4]), None)
        case 2:
            return line_bytes(_entry(machine, {"do": "deviation.sing", "tune": "x"}, (deviation, "anna")[b % 2]), None)
        case 3:
            return line_bytes(_entry(machine, {"do": "deviation.note", "text": "x", "later": 1}, deviation), None)
        case 4:
            return line_bytes(_entry(machine, stop, own, seen=((_HUGE, n - 1), (0, n), (0, 0, 3))[b % 3]), None)
        case 5:
            return line_bytes(_entry(machine, stop, own, heads={("XXX9", code)[b % 2]: 5}), None)
        case 6:
            return re.sub(rb'"sig":"....', b'"sig":"AAAA', _signed(machine, _entry(machine, lift, hold), "anna"))
        case 7:
            text = ("turned \u202e round", "bell \\u0007", "e\u0301")[b % 3].encode()
            return line_bytes(_entry(machine, {**stop, "reason": "TEXT"}, own), None).replace(b"TEXT", text)
        case 8:
            return line_bytes(_entry(machine, stop, own, by=("@SPO1", "@XXX9", "anna")[b % 3]), None)
        case 9:
            return _signed(
                machine, _entry(machine, lift, hold), ("nobody", "anna", "SPO1")[b % 3], bytes([b % 256] * 32)
            )
        case 10:
            do = {"do": "terminal.revoke", "reason": "we want it"}
            return _signed(machine, _entry(machine, do, ("SPO1", "LYN1")[b % 2]), ("olga", "ruth")[b % 2])
        case 11:
            entry, record, by = (world.proposed or [("x" * 43, hold, "anna")])[-1]
            return _signed(machine, _entry(machine, {"do": "entry.confirm", "of": entry}, record), by)
        case 12:
            do = {"do": "deviation.rate", "criticality": ORDER[b % 3], "reason": "r", "settles": ["A" * 43]}
            return _signed(machine, _entry(machine, do, deviation, seen=(1, 0)), "anna")
        case 13:
            do = {"do": "member.roles", "grant": ["qa"], "reason": "mine"}
            return _signed(machine, _entry(machine, do, "omar"), OFFICERS["cdmo"][b % 2])
        case 14:
            return _signed(machine, _entry(machine, lift, hold, seen=(0, 0)), ("anna", "quin", "sven")[b % 3])
        case 15:
            return line_bytes(_entry(machine, stop, own, program=b64(bytes(32))), None)
        case _:
            others = [one for one in world.machines if one.code != code]
            other = others[b % len(others)]
            ahead = own_end(other.desk.store, other.code).n + b % 2
            return line_bytes(_entry(machine, stop, own, heads={other.code: ahead} if ahead else {}), None)


def _last(machine: Machine, kind: str) -> str:
    rows = machine.desk.store.lists.rows(kind, limit=1)
    return rows[0].record if rows else f"{kind[:3].upper()}-LYN1-1"


def stop(machine: Machine) -> bytes:
    """Make the line of a stop."""
    n = own_end(machine.desk.store, machine.code).n + 1
    return line_bytes(_entry(machine, {"do": "hold.stop", "on": "SUITE-8"}, f"HLD-{machine.code}-{n}"), None)


def put(machine: Machine, line: bytes) -> None:
    """Put a line into a terminal's outbox as if it had performed it."""
    desk = machine.desk
    with desk.store.write() as tx:
        tx.add_pending(line, parent=own_end(desk.store, desk.code).link)
        keep_end(tx, desk.code)


def attack(machine: Machine, known: list[bytes], a: int, b: int) -> bytes:  # noqa: C901, PLR0912 - a case a trick
    """Make a push's body by hand.

    Args:
        machine: whose key seals it.
        known: ids of lines in the log.
        a: which trick.
        b: how.
    """
    desk, code = machine.desk, machine.code
    end = own_end(desk.store, code)
    n, link, seed = end.n, end.link, desk.home.key().seed
    stop = {"do": "hold.stop", "on": "SUITE-2", "reason": f"raw {b}"}

    def line(number: int, record: str = "", **changes: Any) -> bytes:
        kept = {"n": number, "seen": (0, max(0, number - 1)), **changes}
        return line_bytes(_entry(machine, stop, record or f"HLD-{code}-{number}", **kept), None)

    lines = [line(n + 1)]
    seal: Seal | None = None
    match a % ATTACKS:
        case 0 if n > 1:  # a fork: a second child of an older line
            n -= 1 + b % min(3, n - 1)
            link = (desk.store.log.links(code, n) or [link])[0]
            lines = [line(n + 1), line(n + 2)][: 1 + b % 2]
        case 1:
            lines = lines * 2
        case 2:
            n += 5
            lines = [line(n + 1)]
        case 3:
            lines = [lines[0].replace(b'":"', b'": "', 1)]
        case 4:
            lines = [line(n + 1, "x" * 70_000)]
        case 5:
            lines = [*lines, line(n + 2, by="@XXX9")]
        case 6:
            seed = bytes(32)
        case 7:
            skipped = b64(known[b % len(known)] if b % 2 else bytes([b % 256]) * 32)
            lines = [skip_bytes(Skip(id=skipped, n=n + 1, program=desk.program, terminal=code, why="no reason"))]
        case 8:
            lines = [line(n + 1, heads={("LYN1", "SPO1")[code == "LYN1"]: 10**6})]
        case 9:
            lines = [line(n + 1, terminal="LYN1" if code != "LYN1" else "SPO1")]
        case 10:
            lines = []
        case 11:
            seal = msgspec.structs.replace(
                seal_over(desk, n + 1, link, seed), terminal=("XXX9", "SPO1", "LYN1")[b % 3], link=b64(link)
            )
        case 12:
            lines = [bytes(b % 200), b"\xff\xfe", b'{"entry":{}}'][b % 3 : b % 3 + 1]
        case _:
            lines = [line(n + 1), line(n + 2)]
    for one in lines:
        link = chain.link(link, line_id(one))
    seal = seal or seal_over(desk, n + len(lines) if lines else max(1, n), link, seed)
    return push_body(seal, lines)
