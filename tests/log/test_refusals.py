"""Each rule of the ordering refuses what it is for, and nothing of the push is then in the log."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from shared.log.canonical import b64, encode
from shared.log.chain import SEAL, Seal, Verified, key_name
from shared.log.entry import ESIGN, MAX_LINE, Sign, Skip, line_bytes, line_id, signed_bytes, skip_bytes
from shared.log.leaf import line_of
from shared.log.ordering import LAST_OF_PUSH
from shared.log.rules import RULES
from tests.log.pushes import DIGEST, KEYS, Log, Terminal, ordered, refusal, sign

Case = Callable[[Log, Terminal], tuple[list[bytes], Seal]]


def line_case(make: Callable[[Terminal], bytes]) -> Case:
    """A push of three lines with the bad one in the middle."""

    def case(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
        terminal.write("before")
        terminal.append(make(terminal))
        terminal.write("after")
        return terminal.lines, terminal.seal()

    return case


def seal_case(**fields: Any) -> Case:
    def case(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
        terminal.write("a", "b")
        return terminal.lines, terminal.seal(**fields)

    return case


def entry_case(**fields: Any) -> Case:
    return line_case(lambda terminal: line_bytes(terminal.entry(**fields), None))


def unsigned_person(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07"), None)


def half_signed(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07"), b64(bytes(64)))


def meant_but_unsigned(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(by="p07", sign=Sign(meaning="m", key="k", sheet=DIGEST)), None)


def signed_terminal(terminal: Terminal) -> bytes:
    return line_bytes(terminal.entry(sign=Sign(meaning="m", key="k", sheet=DIGEST)), b64(bytes(64)))


def signed_with(key: str, **fields: Any) -> Case:
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


def skip_with(**fields: Any) -> Case:
    def make(terminal: Terminal) -> bytes:
        values: dict[str, Any] = {"program": terminal.program, "terminal": "LYN4", "n": 2, "id": DIGEST, "why": "no"}
        return skip_bytes(Skip(**(values | fields)))

    return line_case(make)


def unknown_field(name: str) -> Case:
    """What is refused here must not come back in the refusal, and so in the skip."""
    return line_case(lambda _: encode({"entry": {name: 1}}))


def unknown_terminal(log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    del log.terminals["LYN4"]
    return terminal.write(), terminal.seal()


def empty_push(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write()
    return [], terminal.seal()


def more_lines_than_the_seal_counts(_log: Log, terminal: Terminal) -> tuple[list[bytes], Seal]:
    terminal.write("a", "b")
    return terminal.lines, terminal.seal(n=1)


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


def nested(depth: int) -> Any:
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
    ("LOG-3", more_lines_than_the_seal_counts),
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
    ("LOG-13", unknown_field("x" * 5_000)),
    ("LOG-13", entry_case(app="x" * 5_000)),
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
    ("LOG-18", entry_case(heads={"LYN5" * 16: 1})),
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


@pytest.mark.requirement("A11-03")
@pytest.mark.parametrize(("rule", "case"), PUSHES)
def test_refused_pushes(rule: str, case: Case, log: Log, lyn4: Terminal) -> None:
    lines, seal = case(log, lyn4)
    before = log.leaves[:]
    refusal(log.push(lines, seal), rule)
    assert log.leaves == before


@pytest.mark.requirement("A11-03", "P11-15")
@pytest.mark.parametrize(("rule", "case"), LINES)
def test_refused_lines(rule: str, case: Case, log: Log, lyn4: Terminal) -> None:
    lines, seal = case(log, lyn4)
    answer = refusal(log.push(lines, seal), rule, 2)
    assert answer.id == line_id(lines[1])
    assert log.size() == 1
    # with a skip in its place the rest of the chain goes on
    if rule != "LOG-23":
        why = f"{answer.rule} {answer.why}"
        skip = Skip(program=log.id, terminal="LYN4", n=2, id=b64(line_id(lines[1])), why=why)
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
