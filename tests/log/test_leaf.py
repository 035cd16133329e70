"""Leaves are cut from lines, and are canonical all the same."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.log.canonical import BIGGEST, NotCanonical, b64, bad_text, check, encode
from shared.log.entry import BadLine, Entry, Sign, Skip, line_bytes, parse_line, skip_bytes
from shared.log.leaf import Leaf, leaf_bytes, leaf_hash, line_of, parse_leaf

DIGEST = b64(bytes(32))
texts = st.text(max_size=30).filter(lambda text: bad_text(text) is None)
# Texts that look like the places at which leaves are cut.
traps = st.sampled_from(
    ['","sig":"', ',"received":1', '"}', "}}", '{"received":1,', '\\"}', ',"received":12,"sig":"' + "A" * 86]
)
actions = st.dictionaries(st.sampled_from(["a", "received", "sig", "skip", "entry"]), texts | traps, max_size=3)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    if draw(st.booleans()):
        why = draw(texts | traps)
        return skip_bytes(Skip(program=DIGEST, terminal="LYN3", n=draw(st.integers(1, 99)), id=DIGEST, why=why))
    sig = draw(st.none() | st.binary(min_size=64, max_size=64).map(b64))
    entry = Entry(
        action=msgspec.Raw(encode({"do": draw(texts | traps), **draw(actions)})),
        app=draw(traps)[:64],
        at="2026-11-22T07:38:09.120+01:00",
        by="p07",
        heads=draw(st.dictionaries(st.sampled_from(["LYN4", "LYN5"]), st.integers(1, BIGGEST))),
        n=1,
        program=DIGEST,
        record=draw(traps),
        salt=b64(bytes(16)),
        seen=(0, 0),
        sign=draw(st.none() | st.just(Sign(meaning="rated", key="SHA256:k", sheet=DIGEST))),
        terminal="LYN3",
    )
    return line_bytes(entry, sig)


received = st.integers(0, BIGGEST) | st.sampled_from([0, 1, 9, 10, BIGGEST])


@given(lines(), received)
def test_leaf_is_the_canonical_encoding(line: bytes, at: int) -> None:
    leaf = leaf_bytes(line, at)
    whole: Any = check(line)
    assert leaf == encode(whole | {"received": at})
    assert line_of(leaf) == line
    assert parse_leaf(leaf, text=True) == Leaf(parse_line(line), at)


@given(lines(), received, st.data())
def test_a_changed_byte_is_refused_or_another_leaf(line: bytes, at: int, data: st.DataObject) -> None:
    leaf = leaf_bytes(line, at)
    place = data.draw(st.integers(0, len(leaf) - 1))
    other = leaf[:place] + bytes([data.draw(st.integers(0, 255))]) + leaf[place + 1 :]
    try:
        parsed = parse_leaf(other)
    except (BadLine, NotCanonical):
        return
    assert leaf_bytes(line_of(other), parsed.received) == other
    check(other, text=False)


@given(st.binary(max_size=200))
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    with pytest.raises((BadLine, NotCanonical)):
        parse_leaf(data)


LINE = skip_bytes(Skip(program=DIGEST, terminal="LYN3", n=1, id=DIGEST, why=""))


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"{}",
        LINE,
        b'{"received":1}',
        b'{"received":,' + LINE[1:],
        b'{"received":01,' + LINE[1:],
        b'{"received":-1,' + LINE[1:],
        b'{"received":1.5,' + LINE[1:],
        b'{"received":9007199254740992,' + LINE[1:],
        b'{"received":' + b"9" * 10_000 + b"," + LINE[1:],
        b'{"received":1,"received":1,' + LINE[1:],
        b'{"received": 1,' + LINE[1:],
        '{"received":\u0661,'.encode() + LINE[1:],
        LINE[:-1] + b',"received":1}',
        b'{"received":1,"entry":{}}',
        b'{"entry":{}}',
    ],
)
def test_what_is_no_leaf_is_refused(leaf: bytes) -> None:
    with pytest.raises((BadLine, NotCanonical)):
        parse_leaf(leaf)


def test_hash_of_a_leaf_is_that_of_rfc_6962() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
