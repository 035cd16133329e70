"""Links and seals."""

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.log.canonical import NotCanonical, b64, check, encode
from shared.log.chain import FIRST, Seal, Verified, key_name, link, parse_seal, seal_body, seal_bytes, sealed_bytes
from shared.log.entry import BadLine
from shared.trust import keys

DIGEST = b64(bytes(range(32)))
SEEN = Verified(size=1200, root=DIGEST)
SEAL = Seal(key="SHA256:abc", link=DIGEST, n=418, program=DIGEST, seen=SEEN, sig=b64(bytes(range(64))), terminal="LYN3")


def as_dict(seal: Seal = SEAL) -> dict[str, Any]:
    written: dict[str, Any] = msgspec.json.decode(seal_bytes(seal))
    return written


def test_link_hashes_the_link_before_and_the_id() -> None:
    first = link(FIRST, b"\x01" * 32)
    assert first == hashlib.sha256(bytes(32) + b"\x01" * 32).digest()
    assert link(first, b"\x02" * 32) == hashlib.sha256(first + b"\x02" * 32).digest()


def test_what_is_sealed_is_canonical_and_holds_everything_but_the_signature() -> None:
    body = seal_body("P", "LYN3", "SHA256:abc", 418, DIGEST, SEEN)
    check(body)
    assert msgspec.json.decode(body) == {
        "program": "P",
        "terminal": "LYN3",
        "key": "SHA256:abc",
        "n": 418,
        "link": DIGEST,
        "seen": {"size": 1200, "root": DIGEST},
    }
    assert sealed_bytes(SEAL) == seal_body(DIGEST, "LYN3", "SHA256:abc", 418, DIGEST, SEEN)


@pytest.mark.parametrize("seal", [SEAL, msgspec.structs.replace(SEAL, seen=Verified(size=1, root=DIGEST, epoch=3))])
def test_seal_is_canonical_and_reads_back(seal: Seal) -> None:
    check(seal_bytes(seal))
    assert parse_seal(seal_bytes(seal)) == seal
    assert as_dict(seal).keys() - {"sig"} == msgspec.json.decode(sealed_bytes(seal)).keys()


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 0},
        {"more": 1},
        {"link": b64(bytes(31))},
        {"sig": b64(bytes(63))},
        {"sig": None},
        {"program": ""},
        {"terminal": ""},
        {"key": ""},
        {"seen": {"size": 1}},
        {"seen": {"size": -1, "root": DIGEST}},
        {"seen": {"size": 1, "root": "short"}},
        {"seen": {"size": 1, "root": DIGEST, "more": 1}},
    ],
)
def test_other_forms_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadLine):
        parse_seal(encode(as_dict() | fields))


def test_an_epoch_of_0_is_left_out() -> None:
    with pytest.raises(NotCanonical):
        parse_seal(encode(as_dict() | {"seen": {"size": 1, "root": DIGEST, "epoch": 0}}))


@given(st.binary(max_size=200))
@example(seal_bytes(SEAL) + b" ")
@example(seal_bytes(SEAL).replace(b":418", b": 418"))
@example(b"[" * 100_000)
@example(b'{"key":"\xff"}')
def test_hostile_bytes_raise_nothing_else(data: bytes) -> None:
    with pytest.raises((BadLine, NotCanonical)):
        parse_seal(data)


@given(st.binary(min_size=32, max_size=32))
def test_keys_are_named_as_in_trust(public: bytes) -> None:
    assert key_name(public) == keys.fingerprint(public)
