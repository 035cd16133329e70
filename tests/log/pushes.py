"""A log in memory and terminals that push to it, for the tests of the ordering."""

from collections.abc import Sequence
from hashlib import sha512
from typing import Any

import msgspec

from shared.log.canonical import b64, bad_text, encode
from shared.log.chain import FIRST, SEAL, Seal, Verified, key_name, link, sealed_bytes
from shared.log.entry import ESIGN, Entry, Sign, line_bytes, line_id, signed_bytes
from shared.log.ordering import order
from shared.log.push import Ordered, Refused, Wait
from shared.log.rules import RULES

DIGEST = b64(bytes(range(32)))
AT = "2026-11-22T07:38:09.120+01:00"
NOW = 1795329489120
KEYS = {code: bytes([number]) * 32 for number, code in enumerate(["LYN3", "LYN4", "p07", "new", "rogue"])}


def sign(key: bytes, namespace: str, message: bytes) -> bytes:
    """Stands in for Ed25519: whoever knows the public key can sign, which no test here minds."""
    return sha512(key + namespace.encode() + message).digest()


def verify(public: bytes, namespace: str, message: bytes, signature: bytes) -> bool:
    return signature == sign(public, namespace, message)


class Log:
    """A log in memory, with its roster: both things that the ordering asks."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.found: dict[bytes, tuple[int, int]] = {}
        self.after: dict[tuple[str, int], list[bytes]] = {}
        self.received = 0
        self.epoch_now = 0
        self.id = ""
        self.terminals = {"LYN3": KEYS["LYN3"], "LYN4": KEYS["LYN4"]}
        self.branches: dict[tuple[str, int], list[bytes]] = {}
        self.people = {("p07", key_name(KEYS["p07"])): KEYS["p07"]}

    def program(self) -> str:
        return self.id

    def terminal_key(self, terminal: str) -> bytes | None:
        return self.terminals.get(terminal)

    def branch_keys(self, terminal: str, n: int) -> list[bytes]:
        return self.branches.get((terminal, n), [])

    def holds_key(self, person: str, fingerprint: str) -> bytes | None:
        return self.people.get((person, fingerprint))

    def size(self) -> int:
        return len(self.leaves)

    def epoch(self) -> int:
        return self.epoch_now

    def last_received(self) -> int:
        return self.received

    def links(self, terminal: str, n: int) -> list[bytes]:
        return self.after.get((terminal, n), []) if n else [FIRST]

    def find(self, line_id: bytes) -> tuple[int, int] | None:
        return self.found.get(line_id)

    def has(self, terminal: str, n: int) -> bool:
        return (terminal, n) in self.after

    def push(self, lines: Sequence[bytes], seal: Seal, now: int = NOW) -> Ordered | Refused | Wait:
        """Orders a push, and stores it as a server would."""
        answer = order(lines, seal, self, self, now, verify)
        if isinstance(answer, Ordered):
            self.id = self.id or b64(line_id(lines[0]))
            for leaf in answer.leaves:
                assert leaf.position == len(self.leaves)
                self.leaves.append(leaf.leaf)
                self.found[leaf.id] = (leaf.position, leaf.received)
                self.after.setdefault((leaf.terminal, leaf.n), []).append(leaf.link)
                self.received = leaf.received
        return answer


class Terminal:
    """Writes lines and seals."""

    def __init__(self, code: str, program: str = "") -> None:
        self.code = code
        self.program = program
        self.key = KEYS[code]
        self.lines: list[bytes] = []

    def entry(self, **fields: Any) -> Entry:
        n = len(self.lines) + 1
        values: dict[str, Any] = {
            "action": {"do": "hold.stop"},
            "app": "1.2.0",
            "at": AT,
            "by": f"@{self.code}",
            "n": n,
            "program": self.program,
            "record": f"HLD-{self.code}-{n}",
            "salt": b64(bytes([n % 256]) * 16),
            "seen": (0, n - 1),
            "terminal": self.code,
        }
        values |= fields
        return Entry(**(values | {"action": msgspec.Raw(encode(values["action"], text=False))}))

    def write(self, *actions: str, **fields: Any) -> list[bytes]:
        """Writes a line for each action, or one."""
        new = []
        for action in actions or ("hold.stop",):
            new.append(line_bytes(self.entry(**({"action": {"do": action}} | fields)), None))
            self.append(new[-1])
        return new

    def signed(self, key: bytes = KEYS["p07"], **fields: Any) -> bytes:
        entry = self.entry(**({"by": "p07", "sign": Sign(meaning="lifted", key=key_name(key), sheet=DIGEST)} | fields))
        self.append(line_bytes(entry, b64(sign(key, ESIGN, signed_bytes(entry)))))
        return self.lines[-1]

    def append(self, line: bytes) -> None:
        self.lines.append(line)
        self.program = self.program or b64(line_id(line))

    def seal(self, n: int | None = None, **fields: Any) -> Seal:
        end = FIRST
        n = len(self.lines) if n is None else n
        for line in self.lines[:n]:
            end = link(end, line_id(line))
        values: dict[str, Any] = {
            "key": key_name(self.key),
            "link": b64(end),
            "n": n,
            "program": self.program,
            "seen": Verified(size=0, root=DIGEST),
            "sig": b64(bytes(64)),
            "terminal": self.code,
        }
        seal = Seal(**(values | fields))
        return msgspec.structs.replace(seal, sig=b64(sign(self.key, SEAL, sealed_bytes(seal))))


def ordered(answer: Ordered | Refused | Wait) -> Ordered:
    assert isinstance(answer, Ordered), answer
    return answer


def refusal(answer: Ordered | Refused | Wait, rule: str, n: int | None = None) -> Refused:
    assert isinstance(answer, Refused), answer
    assert (answer.rule, answer.n) == (rule, n), answer
    assert answer.why.startswith(RULES[rule].refused)
    assert answer.why.endswith(RULES[rule].remedy)
    assert bad_text(answer.why) is None
    assert len(answer.why) < 1000
    assert RULES[rule].skips == (n is not None)
    return answer
