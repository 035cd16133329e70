"""The ordering of pushes: what is accepted, and that each rule is the one that refuses."""

from collections.abc import Callable, Sequence
from hashlib import sha512
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.log.canonical import b64, check, encode, unb64
from shared.log.chain import FIRST, SEAL, Seal, Verified, key_name, link, sealed_bytes
from shared.log.entry import ESIGN, MAX_LINE, Entry, Sign, Skip, line_bytes, line_id, signed_bytes, skip_bytes
from shared.log.leaf import leaf_bytes, line_of
from shared.log.ordering import LAST_OF_PUSH, order
from shared.log.push import Ordered, Refused, Wait
from shared.log.rules import RULES
from shared.trust import keys, sshsig

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

    def entry(self, **fields: Any) -> Entry:  # noqa: ANN401
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

    def write(self, *actions: str, **fields: Any) -> list[bytes]:  # noqa: ANN401
        """Writes a line for each action, or one."""
        new = []
        for action in actions or ("hold.stop",):
            new.append(line_bytes(self.entry(**({"action": {"do": action}} | fields)), None))
            self.append(new[-1])
        return new

    def signed(self, key: bytes = KEYS["p07"], **fields: Any) -> bytes:  # noqa: ANN401
        entry = self.entry(**({"by": "p07", "sign": Sign(meaning="lifted", key=key_name(key), sheet=DIGEST)} | fields))
        self.append(line_bytes(entry, b64(sign(key, ESIGN, signed_bytes(entry)))))
        return self.lines[-1]

    def append(self, line: bytes) -> None:
        self.lines.append(line)
        self.program = self.program or b64(line_id(line))

    def seal(self, n: int | None = None, **fields: Any) -> Seal:  # noqa: ANN401
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


@pytest.fixture
def log() -> Log:
    """A log that holds the genesis of LYN3."""
    log = Log()
    genesis = Terminal("LYN3")
    genesis.write("program.begin")
    assert isinstance(log.push(genesis.lines, genesis.seal()), Ordered)
    return log


@pytest.fixture
def lyn3(log: Log) -> Terminal:
    terminal = Terminal("LYN3", log.id)
    terminal.lines = [line_of(log.leaves[0])]
    return terminal


@pytest.fixture
def lyn4(log: Log) -> Terminal:
    return Terminal("LYN4", log.id)


def ordered(answer: Ordered | Refused | Wait) -> Ordered:
    assert isinstance(answer, Ordered), answer
    return answer


def refusal(answer: Ordered | Refused | Wait, rule: str, n: int | None = None) -> Refused:
    assert isinstance(answer, Refused), answer
    assert (answer.rule, answer.n) == (rule, n), answer
    assert answer.why.startswith(RULES[rule].refused)
    assert answer.why.endswith(RULES[rule].remedy)
    assert RULES[rule].skips == (n is not None)
    return answer


def test_a_push_gets_consecutive_positions(log: Log, lyn4: Terminal) -> None:
    lines = [*lyn4.write("a", "b"), lyn4.signed()]
    answer = ordered(log.push(lines, lyn4.seal()))
    assert [leaf.position for leaf in answer.leaves] == [1, 2, 3]
    assert [leaf.n for leaf in answer.leaves] == [1, 2, 3]
    assert [leaf.leaf for leaf in answer.leaves] == [leaf_bytes(line, NOW) for line in lines]
    assert [leaf.id for leaf in answer.leaves] == [line_id(line) for line in lines]
    assert b64(answer.leaves[-1].link) == lyn4.seal().link
    assert (answer.known, answer.forked, answer.seal) == ([], False, lyn4.seal())
    for leaf in answer.leaves:
        check(leaf.leaf)


def test_received_never_decreases(log: Log, lyn4: Terminal) -> None:
    answer = ordered(log.push(lyn4.write(), lyn4.seal(), now=NOW - 5_000))
    assert answer.leaves[0].received == NOW
    answer = ordered(log.push(lyn4.write(), lyn4.seal(), now=NOW + 5_000))
    assert answer.leaves[0].received == NOW + 5_000


def test_genesis_and_its_followers_in_one_push() -> None:
    log, terminal = Log(), Terminal("LYN3")
    lines = terminal.write("program.begin", "member.propose")
    answer = ordered(log.push(lines, terminal.seal()))
    assert [leaf.position for leaf in answer.leaves] == [0, 1]
    assert log.id == terminal.program == b64(line_id(lines[0]))


def test_the_same_push_gets_the_same_answer_again(log: Log, lyn4: Terminal) -> None:
    lines = lyn4.write("a", "b")
    first = ordered(log.push(lines, lyn4.seal()))
    for _ in range(2):
        again = ordered(log.push(lines, lyn4.seal(), now=NOW + 60_000))
        assert (again.leaves, again.seal) == ([], None)
        assert [(one.id, one.position, one.received) for one in again.known] == [
            (leaf.id, leaf.position, leaf.received) for leaf in first.leaves
        ]
    assert log.size() == 3


def test_known_lines_before_new_ones_are_answered_too(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a", "b")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    lyn4.write("c")
    answer = ordered(log.push(lyn4.lines, lyn4.seal()))
    assert [one.position for one in answer.known] == [1, 2]
    assert [leaf.n for leaf in answer.leaves] == [3]
    assert not answer.forked


def test_a_push_whose_answer_was_lost_is_known_though_it_replaced_the_key(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a", "terminal.key")
    pushed = lyn4.seal()
    ordered(log.push(lyn4.lines, pushed))
    log.terminals["LYN4"] = KEYS["new"]
    assert len(ordered(log.push(lyn4.lines, pushed)).known) == 2
    # and the next lines, under the new key, may come with the known ones
    lyn4.key = KEYS["new"]
    lyn4.write("b")
    assert len(ordered(log.push(lyn4.lines, lyn4.seal())).known) == 2


def test_a_fork_is_accepted_and_marked(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    clone = Terminal("LYN4", log.id)
    clone.lines = lyn4.lines[:]
    lyn4.write("b")
    assert not ordered(log.push(lyn4.lines[1:], lyn4.seal())).forked
    clone.write("c", "d")
    answer = ordered(log.push(clone.lines[1:], clone.seal()))
    assert answer.forked
    assert len(log.links("LYN4", 2)) == 2
    # both branches go on
    lyn4.write("e")
    clone.write("f")
    assert ordered(log.push(lyn4.lines[2:], lyn4.seal())).forked
    assert not ordered(log.push(clone.lines[3:], clone.seal())).forked


def test_a_fork_from_before_a_new_key_is_heard_under_the_old(log: Log, lyn4: Terminal) -> None:
    lyn4.write("terminal.join")
    ordered(log.push(lyn4.lines, lyn4.seal()))
    log.terminals["LYN4"] = KEYS["new"]
    thief = Terminal("LYN4", log.id)
    thief.write("terminal.join", record="LYN4-again")
    refusal(log.push(thief.lines, thief.seal()), "LOG-4")
    log.branches["LYN4", 0] = [KEYS["LYN4"]]
    assert ordered(log.push(thief.lines, thief.seal())).forked
    # but after the key was replaced the old one seals nothing
    lyn4.write("more")
    refusal(log.push(lyn4.lines[1:], lyn4.seal()), "LOG-4")


def test_a_skip_takes_the_place_of_a_refused_line(log: Log, lyn4: Terminal) -> None:
    lyn4.write("a")
    bad = line_bytes(lyn4.entry(action={"do": "b", "text": "\u202e"}), None)
    lyn4.append(bad)
    lyn4.write("c")
    answer = refusal(log.push(lyn4.lines, lyn4.seal()), "LOG-12", 2)
    assert answer.id == line_id(bad)
    why = f"{answer.rule} {answer.why}"
    lyn4.lines[1] = skip_bytes(Skip(program=log.id, terminal="LYN4", n=2, id=b64(line_id(bad)), why=why))
    assert len(ordered(log.push(lyn4.lines, lyn4.seal())).leaves) == 3


def test_wait_for_what_the_author_had_seen(log: Log, lyn3: Terminal, lyn4: Terminal) -> None:
    lyn3.write(heads={"LYN4": 2})
    lyn4.write("a", "b")
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 2)
    ordered(log.push(lyn4.lines[:1], lyn4.seal(1)))
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 2)
    ordered(log.push(lyn4.lines, lyn4.seal()))
    ordered(log.push(lyn3.lines, lyn3.seal()))


def test_wait_comes_before_the_refusal_of_an_unknown_terminal(log: Log, lyn3: Terminal) -> None:
    # LYN5 may have been enrolled by the very entry of LYN4 that is not there yet
    lyn3.write(heads={"LYN4": 1, "LYN5": 3})
    assert log.push(lyn3.lines, lyn3.seal()) == Wait("LYN4", 1)


def test_what_was_seen_in_an_earlier_epoch_may_be_gone(log: Log, lyn4: Terminal) -> None:
    log.epoch_now = 2
    lyn4.write(seen=(500, 0))
    lyn4.write(seen=(500, 1, 1))
    lyn4.write(seen=(1, 2, 2))
    ordered(log.push(lyn4.lines, lyn4.seal(seen=Verified(size=900, root=DIGEST, epoch=1))))


def test_real_signatures(log: Log, lyn4: Terminal) -> None:
    seed, person = bytes([7]) * 32, bytes([8]) * 32
    public = keys.public_of(person)
    lyn4.key = log.terminals["LYN4"] = keys.public_of(seed)
    log.people["p07", keys.fingerprint(public)] = public
    entry = lyn4.entry(by="p07", sign=Sign(meaning="lifted", key=keys.fingerprint(public), sheet=DIGEST))
    lyn4.append(line_bytes(entry, b64(sshsig.sign(person, ESIGN, signed_bytes(entry)))))
    seal = lyn4.seal()
    seal = msgspec.structs.replace(seal, sig=b64(sshsig.sign(seed, SEAL, sealed_bytes(seal))))
    assert (ESIGN, SEAL) == (sshsig.ESIGN, sshsig.SEAL)
    assert isinstance(order(lyn4.lines, seal, log, log, NOW, sshsig.verify), Ordered)
    other = msgspec.structs.replace(seal, sig=b64(sshsig.sign(person, SEAL, sealed_bytes(seal))))
    refusal(order(lyn4.lines, other, log, log, NOW, sshsig.verify), "LOG-4")


Case = Callable[[Log, Terminal], tuple[list[bytes], Seal]]


def line_case(make: Callable[[Terminal], bytes]) -> Case:
    """A push of three lines with the bad one in the middle."""

    def case(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
        terminal.write("before")
        terminal.append(make(terminal))
        terminal.write("after")
        return terminal.lines, terminal.seal()

    return case


def seal_case(**fields: Any) -> Case:  # noqa: ANN401
    def case(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
        terminal.write("a", "b")
        return terminal.lines, terminal.seal(**fields)

    return case


def entry_case(**fields: Any) -> Case:  # noqa: ANN401
    return line_case(lambda terminal: line_bytes(terminal.entry(**fields), None))


def unsigned_person(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07"), None)


def half_signed(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07"), b64(bytes(64)))


def meant_but_unsigned(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07", sign=Sign(meaning="m", key="k", sheet=DIGEST)), None)


def signed_terminal(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(sign=Sign(meaning="m", key="k", sheet=DIGEST)), b64(bytes(64)))


def signed_with(key: str, **fields: Any) -> Case:  # noqa: ANN401
    def make(terminal: Terminal) -> bytes:
        line = terminal.signed(KEYS[key], **fields)
        terminal.lines.pop()
        return line

    return line_case(make)


def signed_by_rogue_in_the_name_of_the_key(terminal: Terminal) -> bytes:
    entry = terminal.entry(by="p07", sign=Sign(meaning="lifted", key=key_name(KEYS["p07"]), sheet=DIGEST))
    return line_bytes(entry, b64(sign(KEYS["rogue"], ESIGN, signed_bytes(entry))))


def signed_for_another_text(terminal: Terminal) -> bytes:
    entry = terminal.entry(by="p07", sign=Sign(meaning="lifted", key=key_name(KEYS["p07"]), sheet=DIGEST))
    other = msgspec.structs.replace(entry, record="HLD-LYN4-99")
    return line_bytes(entry, b64(sign(KEYS["p07"], ESIGN, signed_bytes(other))))


def signed_as_a_seal(terminal: Terminal) -> bytes:
    entry = terminal.entry(by="p07", sign=Sign(meaning="lifted", key=key_name(KEYS["p07"]), sheet=DIGEST))
    return line_bytes(entry, b64(sign(KEYS["p07"], SEAL, signed_bytes(entry))))


def skip_of_a_line_in_the_log(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    genesis = line_id(line_of(log.leaves[0]))
    return line_case(
        lambda terminal: skip_bytes(
            Skip(program=terminal.program, terminal="LYN4", n=2, id=b64(genesis), why="no longer wanted")
        )
    )(log, terminal)


def skip_of_a_line_in_the_push(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    return line_case(
        lambda terminal: skip_bytes(
            Skip(program=terminal.program, terminal="LYN4", n=2, id=b64(line_id(terminal.lines[0])), why="no")
        )
    )(log, terminal)


def skip_with(**fields: Any) -> Case:  # noqa: ANN401
    def make(terminal: Terminal) -> bytes:
        values: dict[str, Any] = {"program": terminal.program, "terminal": "LYN4", "n": 2, "id": DIGEST, "why": "no"}
        return skip_bytes(Skip(**(values | fields)))

    return line_case(make)


def unknown_terminal(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    del log.terminals["LYN4"]
    return terminal.write(), terminal.seal()


def empty_push(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write()
    return [], terminal.seal()


def gap(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a", "b", "c")
    return terminal.lines[1:], terminal.seal()


def seal_under_another_key(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.key = KEYS["rogue"]
    return terminal.write(), terminal.seal()


def seal_under_another_key_in_the_name_of_the_key(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.key = KEYS["rogue"]
    return terminal.write(), terminal.seal(key=key_name(KEYS["LYN4"]))


def seal_changed_after_signing(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    seal = (terminal.write(), terminal.seal())[1]
    return terminal.lines, msgspec.structs.replace(seal, seen=Verified(size=1, root=DIGEST))


def lines_missing_before_the_seal(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a", "b", "c")
    return terminal.lines[:2], terminal.seal()


def lines_swapped(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a", "b")
    return terminal.lines[::-1], terminal.seal()


def child_of_an_unknown_branch(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a")
    ordered(log.push(terminal.lines, terminal.seal()))
    other = Terminal("LYN4", log.id)
    other.write("not pushed", "b")
    return other.lines[1:], other.seal()


def known_line_on_another_branch(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a", "b")
    ordered(log.push(terminal.lines, terminal.seal()))
    clone = Terminal("LYN4", log.id)
    clone.write("another a")
    clone.append(terminal.lines[1])
    return clone.lines, clone.seal()


def lines_after_a_new_key(action: str) -> Case:
    def case(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
        return terminal.write("a", action, "b"), terminal.seal()

    return case


def nested(depth: int) -> Any:  # noqa: ANN401
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


def too_deep(terminal: Terminal) -> bytes:
    deep = msgspec.json.encode({"do": "x", "value": nested(20)}, order="sorted")
    return line_bytes(msgspec.structs.replace(terminal.entry(), action=msgspec.Raw(deep)), None)


PUSHES = [
    ("LOG-1", unknown_terminal),
    ("LOG-2", seal_case(program=DIGEST)),
    ("LOG-3", empty_push),
    ("LOG-3", seal_case(link="short")),
    ("LOG-3", seal_case(program="")),
    ("LOG-4", seal_under_another_key),
    ("LOG-4", seal_under_another_key_in_the_name_of_the_key),
    ("LOG-4", seal_changed_after_signing),
    ("LOG-4", seal_case(key="SHA256:another")),
    ("LOG-5", gap),
    ("LOG-5", lines_missing_before_the_seal),
    ("LOG-6", lines_swapped),
    ("LOG-6", seal_case(link=DIGEST)),
    ("LOG-6", child_of_an_unknown_branch),
    ("LOG-7", seal_case(seen=Verified(size=2, root=DIGEST))),
    ("LOG-7", seal_case(seen=Verified(size=0, root=DIGEST, epoch=1))),
    ("LOG-8", known_line_on_another_branch),
    *(("LOG-9", lines_after_a_new_key(action)) for action in sorted(LAST_OF_PUSH)),
]

LINES = [
    ("LOG-10", entry_case(action={"do": "x", "text": "a" * MAX_LINE})),
    ("LOG-11", line_case(lambda terminal: line_bytes(terminal.entry(), None) + b"\n")),
    ("LOG-11", line_case(lambda terminal: line_bytes(terminal.entry(), None).replace(b'"v":1', b'"v":1.0'))),
    ("LOG-11", line_case(lambda _: b'{"entry":{"action":' + b"[" * 50_000)),
    ("LOG-11", line_case(too_deep)),
    ("LOG-11", line_case(lambda _: b"")),
    ("LOG-11", line_case(lambda _: b"\xff")),
    ("LOG-12", entry_case(action={"do": "x", "text": "e\u0301"})),
    ("LOG-12", entry_case(record="\u202eDEV")),
    ("LOG-13", line_case(lambda _: b"{}")),
    ("LOG-13", line_case(lambda terminal: line_bytes(terminal.entry(), None).replace(b'"v":1', b'"v":2'))),
    ("LOG-13", entry_case(at="2026-11-22T07:38:09Z")),
    ("LOG-14", entry_case(program=DIGEST)),
    ("LOG-14", entry_case(program="")),
    ("LOG-14", skip_with(program=DIGEST)),
    ("LOG-15", entry_case(terminal="LYN3")),
    ("LOG-15", skip_with(terminal="LYN3")),
    ("LOG-16", entry_case(n=3)),
    ("LOG-16", skip_with(n=1)),
    ("LOG-17", entry_case(seen=(0, 2))),
    ("LOG-17", entry_case(seen=(2, 1))),
    ("LOG-17", entry_case(seen=(0, 1, 1))),
    ("LOG-18", entry_case(heads={"LYN5": 1})),
    ("LOG-18", entry_case(heads={"LYN4": 1})),
    ("LOG-19", line_case(unsigned_person)),
    ("LOG-19", line_case(half_signed)),
    ("LOG-19", line_case(meant_but_unsigned)),
    ("LOG-20", line_case(signed_terminal)),
    ("LOG-20", entry_case(by="@LYN3")),
    ("LOG-20", entry_case(by="@")),
    ("LOG-20", line_case(lambda terminal: line_bytes(terminal.entry(), b64(bytes(64))))),
    ("LOG-21", signed_with("rogue")),
    ("LOG-21", signed_with("p07", by="p08")),
    ("LOG-22", line_case(signed_by_rogue_in_the_name_of_the_key)),
    ("LOG-22", line_case(signed_for_another_text)),
    ("LOG-22", line_case(signed_as_a_seal)),
    ("LOG-23", skip_of_a_line_in_the_log),
    ("LOG-23", skip_of_a_line_in_the_push),
]


@pytest.mark.parametrize(("rule", "case"), PUSHES)
def test_refused_pushes(rule: str, case: Case, log: Log, lyn4: Terminal) -> None:
    lines, seal = case(log, lyn4)
    before = log.leaves[:]
    refusal(log.push(lines, seal), rule)
    assert log.leaves == before


@pytest.mark.parametrize(("rule", "case"), LINES)
def test_refused_lines(rule: str, case: Case, log: Log, lyn4: Terminal) -> None:
    lines, seal = case(log, lyn4)
    answer = refusal(log.push(lines, seal), rule, 2)
    assert answer.id == line_id(lines[1])
    assert log.size() == 1
    # with a skip in its place the rest of the chain goes on
    if rule != "LOG-23":
        why = f"{answer.rule} {answer.why}"
        skip = Skip(program=log.id, terminal="LYN4", n=2, id=b64(line_id(lines[1])), why=why[:2000])
        lyn4.lines[1] = skip_bytes(skip)
        assert len(ordered(log.push(lyn4.lines, lyn4.seal())).leaves) == 3


def test_every_rule_is_refused_somewhere() -> None:
    assert {rule for rule, _ in (*PUSHES, *LINES)} == set(RULES)
    assert list(RULES) == [f"LOG-{number}" for number in range(1, len(RULES) + 1)]
    assert {rule for rule, _ in LINES} == {rule.id for rule in RULES.values() if rule.skips}


def test_the_first_line_of_a_log_must_be_a_genesis() -> None:
    log, terminal = Log(), Terminal("LYN3", DIGEST)
    terminal.write()
    refusal(log.push(terminal.lines, terminal.seal(program=b64(line_id(terminal.lines[0])))), "LOG-14", 1)
    refusal(log.push(terminal.lines, terminal.seal()), "LOG-2")
    terminal.lines = [skip_bytes(Skip(program=DIGEST, terminal="LYN3", n=1, id=DIGEST, why="no"))]
    refusal(log.push(terminal.lines, terminal.seal(program=b64(line_id(terminal.lines[0])))), "LOG-14", 1)
    second = Terminal("LYN3")
    second.write("program.begin")
    second.program = ""
    second.write("program.begin")
    second.program = b64(line_id(second.lines[0]))
    refusal(log.push(second.lines, second.seal()), "LOG-14", 2)


def test_a_genesis_is_refused_in_a_log_that_has_one(log: Log) -> None:
    other = Terminal("LYN4")
    other.write("program.begin")
    refusal(log.push(other.lines, other.seal()), "LOG-2")
    refusal(log.push(other.lines, other.seal(program=log.id)), "LOG-14", 1)


@given(st.lists(st.binary(max_size=80), max_size=3), st.integers(1, 5), st.booleans())
def test_hostile_lines_raise_nothing(lines: list[bytes], n: int, right: bool) -> None:  # noqa: FBT001
    log, terminal = Log(), Terminal("LYN4")
    terminal.lines = lines
    terminal.program = b64(line_id(lines[0])) if lines else DIGEST
    seal = terminal.seal() if right and lines else msgspec.structs.replace(terminal.seal(0), n=n)
    assert isinstance(log.push(lines, seal), Refused)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_any_cutting_and_repeating_gives_the_same_log(sizes: list[int], draw: Any) -> None:  # noqa: ANN401
    log, terminal = Log(), Terminal("LYN3")
    terminal.write("program.begin", *["x"] * sum(sizes))
    ends = [sum(sizes[:at]) + 1 for at in range(1, len(sizes) + 1)]
    for end in ends:
        for _ in range(draw.randrange(1, 3)):
            start = draw.randrange(min(log.size() + 1, end))
            ordered(log.push(terminal.lines[start:end], terminal.seal(end)))
    assert [line_of(leaf) for leaf in log.leaves] == terminal.lines
    assert log.links("LYN3", ends[-1]) == [unb64(terminal.seal().link)]
