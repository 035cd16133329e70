"""Entries, lines and skips: what is one, and what is refused."""

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.log.canonical import BadText, NotCanonical, b64, check, encode
from shared.log.entry import (
    MAX_LINE,
    BadLine,
    Entry,
    Line,
    Sign,
    Skip,
    do_of,
    line_bytes,
    line_id,
    parse_line,
    program_of,
    signed_bytes,
    skip_bytes,
)

DIGEST = b64(bytes(range(32)))
SALT = b64(bytes(range(16)))
SIG = b64(bytes(range(64)))
ACTION: dict[str, Any] = {"do": "deviation.rate", "rating": "major"}


def entry(action: Any = None, **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "action": msgspec.Raw(encode(ACTION if action is None else action, text=False)),
        "app": "1.2.0",
        "at": "2026-11-22T07:38:09.120+01:00",
        "by": "@LYN3",
        "n": 418,
        "program": DIGEST,
        "record": "DEV-LYN3-418",
        "salt": SALT,
        "seen": (1200, 417),
        "terminal": "LYN3",
    }
    return Entry(**(values | fields))


SIGNED = entry(
    by="p07",
    seen=(1200, 417, 2),
    heads={"LYN4": 17, "LYN10": 3},
    sign=Sign(meaning="rated", key="SHA256:k", sheet=DIGEST),
)


def as_dict(line: bytes) -> Any:
    return msgspec.json.decode(line)


@pytest.mark.parametrize(("one", "sig"), [(entry(), None), (SIGNED, SIG), (entry(program=""), None)])
def test_line_is_canonical_and_reads_back(one: Entry, sig: str | None) -> None:
    data = line_bytes(one, sig)
    check(data)
    assert parse_line(data, text=True) == Line(one, sig)
    assert line_id(data) == hashlib.sha256(data).digest()
    assert data.startswith(b'{"entry":' + signed_bytes(one))
    assert encode(as_dict(data)) == data
    assert do_of(one) == "deviation.rate"


def test_what_is_default_is_left_out_but_the_version() -> None:
    written = as_dict(line_bytes(entry(), None))
    assert list(written) == ["entry"]
    assert written["entry"]["v"] == 1
    assert written["entry"].keys().isdisjoint({"heads", "sign"})


def test_bytes_of_the_action_stay_as_they_are() -> None:
    line = parse_line(line_bytes(entry(), None))
    assert isinstance(line, Line)
    assert bytes(line.entry.action) == encode(ACTION)


SKIP = Skip(program=DIGEST, terminal="LYN3", n=418, id=DIGEST, why="LOG-13 The line does not have its form.")


def test_skip_is_canonical_and_reads_back() -> None:
    data = skip_bytes(SKIP)
    check(data)
    assert parse_line(data, text=True) == SKIP
    assert list(as_dict(data)) == ["skip"]


def test_program_is_the_id_of_the_genesis_line() -> None:
    genesis = line_bytes(entry(program="", n=1, seen=(0, 0)), None)
    assert program_of(genesis) == b64(hashlib.sha256(genesis).digest())


ABSENT = object()


def changed(fields: dict[str, Any], *, signed: bool = False) -> bytes:
    """Gives a line with some of its entry's fields changed, canonical all the same."""
    line = as_dict(line_bytes(SIGNED, SIG) if signed else line_bytes(entry(), None))
    line["entry"] = {key: value for key, value in (line["entry"] | fields).items() if value is not ABSENT}
    return encode(line, text=False)


REQUIRED = ["action", "app", "at", "by", "n", "program", "record", "salt", "seen", "terminal", "v"]


@pytest.mark.requirement("DI-01")
@pytest.mark.parametrize("field", REQUIRED)
def test_no_field_may_be_missing_or_null(field: str) -> None:
    for value in (ABSENT, None):
        with pytest.raises((BadLine, NotCanonical)):
            parse_line(changed({field: value}))


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"v": "1"},
        {"v": True},
        {"more": 1},
        {"n": 0},
        {"n": -1},
        {"n": "1"},
        {"by": ""},
        {"by": "x" * 65},
        {"app": ""},
        {"record": ""},
        {"record": "x" * 129},
        {"terminal": ""},
        {"program": "short"},
        {"program": DIGEST + "="},
        {"program": b64(bytes(31))},
        {"salt": b64(bytes(15))},
        {"salt": SALT[:-1] + "B"},
        {"salt": ""},
        {"at": "2026-11-22T07:38:09.120Z"},
        {"at": 1795329489120},
        {"seen": []},
        {"seen": [1]},
        {"seen": [1, 2, 0]},
        {"seen": [1, 2, 3, 4]},
        {"seen": [-1, 0]},
        {"seen": [1, None]},
        {"seen": {"size": 1}},
        {"heads": {"LYN4": 0}},
        {"heads": {"": 1}},
        {"heads": {"LYN4": "1"}},
        {"heads": []},
        {"action": []},
        {"action": "do"},
        {"action": {}},
        {"action": {"do": 1}},
        {"sign": {"meaning": "rated", "key": "k"}},
        {"sign": {"meaning": "rated", "key": "k", "sheet": "short"}},
        {"sign": {"meaning": "rated", "key": "k", "sheet": DIGEST, "more": 1}},
        {"sign": {"meaning": "", "key": "k", "sheet": DIGEST}},
    ],
)
def test_other_forms_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadLine):
        parse_line(changed(fields))


@pytest.mark.parametrize(("signed", "fields"), [(False, {"heads": {}}), (False, {"sign": None}), (True, {"heads": {}})])
def test_a_default_that_is_written_is_refused(signed: bool, fields: dict[str, Any]) -> None:
    data = changed(fields, signed=signed)
    check(data)
    with pytest.raises(NotCanonical):
        parse_line(data)


@pytest.mark.parametrize(
    "line",
    [
        {},
        [],
        1,
        None,
        {"sig": SIG},
        {"entry": None},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], "sig": None},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], "sig": ""},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], "sig": SIG[:-1] + "B"},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], "sig": b64(bytes(63))},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], "received": 1},
        {"entry": as_dict(line_bytes(entry(), None))["entry"], **as_dict(skip_bytes(SKIP))},
        {**as_dict(skip_bytes(SKIP)), "sig": SIG},
        {"skip": {**as_dict(skip_bytes(SKIP))["skip"], "id": "short"}},
        {"skip": {**as_dict(skip_bytes(SKIP))["skip"], "program": ""}},
        {"skip": {**as_dict(skip_bytes(SKIP))["skip"], "n": 0}},
        {"skip": {**as_dict(skip_bytes(SKIP))["skip"], "why": "x" * 2001}},
        {"skip": {"n": 1}},
        {"skip": None},
    ],
)
def test_what_is_no_line_is_refused(line: Any) -> None:
    with pytest.raises((BadLine, NotCanonical)):
        parse_line(encode(line))


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def test_depth_of_a_line_counts_from_its_outermost_object() -> None:
    # line, entry and action are three of the sixteen
    deepest = line_bytes(entry({"do": "x", "value": nested(13)}), None)
    check(deepest)
    parse_line(deepest)
    deeper = line_bytes(entry({"do": "x", "value": nested(14)}), None)
    for judge in (check, parse_line):
        with pytest.raises(NotCanonical):
            judge(deeper)


@pytest.mark.parametrize("size", [10_000, 60_000])
def test_bombs_end_quickly(size: int) -> None:
    head, tail = line_bytes(entry("here"), None).split(b'"here"')
    for bomb in (b"[" * size, b'{"a":' * (size // 5), b"[" * (size // 2) + b"]" * (size // 2), b"9" * size):
        with pytest.raises(NotCanonical):
            parse_line(head + bomb[:size] + tail)


def test_size_is_at_most_60_kib() -> None:
    room = MAX_LINE - len(line_bytes(entry({"do": "x", "text": ""}), None))
    parse_line(line_bytes(entry({"do": "x", "text": "a" * room}), None))
    with pytest.raises(BadLine, match="at most"):
        parse_line(line_bytes(entry({"do": "x", "text": "a" * (room + 1)}), None))


@pytest.mark.parametrize("text", ["bidi \u202e", "bell \x07", "e\u0301", "tab\t"])
def test_text_rules_are_judged_only_when_asked(text: str) -> None:
    for line in (
        line_bytes(entry({"do": "x", "text": text}), None),
        line_bytes(entry(record=text), None),
        skip_bytes(msgspec.structs.replace(SKIP, why=text)),
    ):
        parse_line(line)
        with pytest.raises(BadText):
            parse_line(line, text=True)


def test_text_that_needs_escapes_or_is_not_ascii_passes() -> None:
    for text in ('quote " and \\ and \n newline', "\u00e9\u65e5\U0001f602"):
        parse_line(line_bytes(entry({"do": "x", "text": text}), None), text=True)


def test_keys_outside_ascii_are_refused_without_text_rules_too() -> None:
    for fields in ({"heads": {"\u00e9": 1}}, {"action": {"do": "x", "\u00e9": 1}}):
        plain = as_dict(line_bytes(entry(), None))
        plain["entry"] |= fields
        with pytest.raises(NotCanonical):
            parse_line(msgspec.json.encode(plain, order="sorted"))


@given(st.binary(max_size=300))
@example(b'{"entry":')
@example(b'{"entry":{"action":' + b"[" * 50_000)
@example(b'{"sig":"\\ud800"}')
@example(b'{"entry":{"action":"\xff"}}')
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    with pytest.raises((BadLine, NotCanonical)):
        parse_line(data, text=True)


@given(st.sampled_from([line_bytes(entry(), None), line_bytes(SIGNED, SIG), skip_bytes(SKIP)]), st.data())
def test_a_changed_byte_is_refused_or_another_line(line: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(line) - 1))
    other = line[:at] + bytes([data.draw(st.integers(0, 255))]) + line[at + 1 :]
    try:
        parsed = parse_line(other)
    except (BadLine, NotCanonical):
        return
    written = skip_bytes(parsed) if isinstance(parsed, Skip) else line_bytes(parsed.entry, parsed.sig)
    assert written == other
    assert (line_id(other) == line_id(line)) == (other == line)
