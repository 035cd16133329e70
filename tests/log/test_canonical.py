"""Canonical JSON against the reference implementation, its vectors, and hostile bytes."""

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from shared.log.canonical import (
    BIGGEST,
    DEPTH,
    BadText,
    NotCanonical,
    b64,
    bad_text,
    check,
    encode,
    is_b64,
    is_plain,
    unb64,
)

VECTORS = Path(__file__).parent.parent / "data" / "vectors" / "log" / "jcs"

keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
texts = st.text().filter(lambda text: bad_text(text) is None)
scalars = st.none() | st.booleans() | st.integers(-BIGGEST, BIGGEST) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


@given(values)
def test_encode_is_rfc_8785(value: Any) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert check(data) == value


@given(st.recursive(scalars | st.text(st.characters(codec="utf-8")), st.lists, max_leaves=4))
def test_encode_without_text_rules_is_rfc_8785(value: Any) -> None:
    data = encode(value, text=False)
    assert data == rfc8785.dumps(value)
    assert check(data, text=False) == value


@given(values, st.data())
def test_any_changed_byte_is_refused_or_another_value(value: Any, data: st.DataObject) -> None:
    canonical = encode(value)
    at = data.draw(st.integers(0, len(canonical) - 1))
    changed = canonical[:at] + bytes([data.draw(st.integers(0, 255))]) + canonical[at + 1 :]
    try:
        other = check(changed, text=False)
    except NotCanonical:
        return
    # Compared as JSON, for in Python 1 == True.
    assert (changed == canonical) == (json.dumps(other, sort_keys=True) == json.dumps(value, sort_keys=True))


@given(st.binary(max_size=200) | st.text(st.sampled_from('{}[]",:0123456789.eE+-\\u ntfa\n\t')).map(str.encode))
@example(b"")
@example(b"[" * 1_000_000)
@example(b'{"a":' * 100_000)
@example(b"1" * 100_000)
@example(b"-" + b"9" * 400)
@example(b'"\\ud800"')
@example(b'"\xed\xa0\x80"')
@example(b'"\xc0\x80"')
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        value = check(data)
    except NotCanonical:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',  # the last one would win
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"{} ",
        b" {}",
        b"{}\n",
        b"{}{}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"-0",
        b"01",
        b"+1",
        b"1.0",
        b"1.5",
        b"1e2",
        b"1E400",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"18446744073709551616",
        b"123456789012345678901234567890",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\u000a"',
        b'"\\u00e9"',
        b'"\\ud83d\\ude02"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"a\nb"',
        b"'a'",
        b"[1,]",
        b"[1,2",
        b"true ",
        b"True",
        b"// 1",
        '{"\u00e9":1}'.encode(),
        b'{"\\u00e9":1}',
        b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1),
        b'{"a":' * (DEPTH + 1) + b"0" + b"}" * (DEPTH + 1),
    ],
)
def test_another_spelling_or_value_is_refused(data: bytes) -> None:
    for text in (True, False):
        with pytest.raises(NotCanonical):
            check(data, text=text)


@pytest.mark.parametrize("number", [BIGGEST, -BIGGEST, 0])
def test_largest_numbers_pass(number: int) -> None:
    assert check(encode(number)) == number


@given(values, st.integers(0, 7))
def test_judged_by_type_or_by_walk_is_the_same(value: Any, depth: int) -> None:
    # A document that is not ASCII is walked; one that is, and is shallow, is judged by the decoder's type.
    for _ in range(depth):
        value = [value]
    for document in ([value, "plain"], [value, "\u00e9"]):
        data = encode(document)
        assert check(data, text=False) == check(data) == document
    for bad in (b"1.5", b"9007199254740992", b'{"b":1,"a":1}', b"[" * 17 + b"]" * 17):
        for tail in (b'"plain"', '"\u00e9"'.encode()):
            with pytest.raises(NotCanonical):
                check(b"[" + encode(value) + b"," + bad + b"," + tail + b"]")


def test_depth_counts_the_outermost_container() -> None:
    assert check(encode(nested(DEPTH))) == nested(DEPTH)
    assert check(encode(nested(3)), depth=3) == nested(3)
    for depth in (DEPTH + 1, 100_000):
        with pytest.raises(NotCanonical):
            encode(nested(depth))
    with pytest.raises(NotCanonical):
        check(encode(nested(4)), depth=3)


@pytest.mark.parametrize(
    "value",
    [1.0, 2**53, -(2**53), 2**70, b"bytes", {1: 2}, {"a": {3}}, "\ud800", {"\u00e9": 1}, "a\x00", "e\u0301", object()],
)
def test_encode_refuses_what_is_outside_the_profile(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


def test_encode_takes_structs_tuples_and_raw() -> None:
    class Pair(msgspec.Struct):
        z: int
        a: tuple[int, ...]
        raw: msgspec.Raw

    assert encode(Pair(1, (2, 3), msgspec.Raw(b'{"k":[]}'))) == b'{"a":[2,3],"raw":{"k":[]},"z":1}'
    with pytest.raises(NotCanonical):
        encode(Pair(1, (), msgspec.Raw(b'{"k": []}')))


REFUSED = {
    "french": "A key holds a character outside ASCII.",
    "unicode": "The text is not in Unicode's normal form C (NFC).",
    "values": "is a float",
    "weird": "The text holds the control character U+000D",
}


@pytest.mark.parametrize("name", ["arrays", "structures", *REFUSED])
def test_rfc_8785_vectors(name: str) -> None:
    output = (VECTORS / "output" / f"{name}.json").read_bytes()
    assert bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text()) == output
    read = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())
    assert rfc8785.dumps(read) == output
    if name in REFUSED:
        with pytest.raises(NotCanonical) as refusal:
            check(output)
        assert REFUSED[name] in str(refusal.value)
    else:
        assert check(output) == read  # the input of one says 56.0, the output 56
        assert encode(check(output)) == output


def test_of_the_vectors_only_text_rules_refuse_unicode() -> None:
    output = (VECTORS / "output" / "unicode.json").read_bytes()
    assert encode(check(output, text=False), text=False) == output


FORBIDDEN = [0, 8, 9, 0xB, 0xD, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0x061C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069]


@pytest.mark.parametrize("code", [*FORBIDDEN, 0xD800, 0xDFFF])
def test_forbidden_characters(code: int) -> None:
    for text in (chr(code), f"a{chr(code)}b", f"\u00e9\n{chr(code)}"):
        assert bad_text(text)
        with pytest.raises(NotCanonical):
            encode({"a": [text]})


@pytest.mark.parametrize("code", FORBIDDEN)
def test_forbidden_characters_are_text_rules_only(code: int) -> None:
    for value in (chr(code), "\u00e9" + chr(code), ["plain", {"k": "x" + chr(code)}]):
        data = encode(value, text=False)
        assert check(data, text=False) == value
        with pytest.raises(BadText):
            check(data)
    with pytest.raises(NotCanonical):
        check(encode({"k" + chr(code): 1}, text=False))


@pytest.mark.parametrize(
    "text", ["", "plain", "two\nlines", "\u00e9", "\u65e5\u672c", "\U0001f602", "\u00a0", "\u200b", "\u2028", "\ufeff"]
)
def test_allowed_text(text: str) -> None:
    assert bad_text(text) is None
    assert check(encode(text)) == text


@given(st.text(st.characters(codec="utf-8")))
def test_plain_documents_hold_no_bad_text(text: str) -> None:
    if is_plain(encode(text, text=False)):
        assert bad_text(text) is None


@given(st.binary(min_size=1, max_size=70))
def test_b64_reads_back(data: bytes) -> None:
    text = b64(data)
    assert "=" not in text
    assert unb64(text) == data
    assert is_b64(text, len(data))
    assert not is_b64(text, len(data) + 1)


@given(st.integers(1, 40), st.text(st.sampled_from("AQgwEIMabz019-_+/= \n\u00e9\u0664"), max_size=60))
def test_is_b64_agrees_with_unb64(size: int, text: str) -> None:
    try:
        accepted = len(unb64(text)) == size
    except NotCanonical:
        accepted = False
    assert is_b64(text, size) == accepted


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "Q+Q/", "QQ\n", " QQ", "Q=", "QQQQQ", "\u00e9", "Q\ud800"])
def test_unb64_takes_one_spelling(text: str) -> None:
    with pytest.raises(NotCanonical):
        unb64(text)


def test_many_random_documents_agree_with_the_reference() -> None:
    draw = random.Random(8785)

    def make(depth: int) -> Any:
        kind = draw.randrange(7 if depth else 5)
        if kind == 0:
            return draw.choice([None, True, False])
        if kind <= 2:
            return draw.randint(-BIGGEST, BIGGEST) >> draw.randrange(54)
        if kind <= 4:
            return "".join(chr(draw.choice([draw.randrange(0x80), draw.randrange(0xA1, 0x2000)])) for _ in range(8))
        if kind == 5:
            return [make(depth - 1) for _ in range(draw.randrange(4))]
        return {chr(draw.randrange(0x20, 0x7F)) * draw.randrange(3): make(depth - 1) for _ in range(draw.randrange(5))}

    for _ in range(2_000):
        value = make(5)
        assert encode(value, text=False) == rfc8785.dumps(value)
