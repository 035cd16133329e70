"""Private keys at rest, with parameters so small that a test takes no time."""

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from shared.log.canonical import b64, unb64
from shared.trust.keys import fingerprint, public_of
from shared.trust.passwords import Secret
from shared.trust.stretch import stretch
from shared.trust.wrapping import (
    FLOOR,
    STANDARD,
    BadWrapping,
    Inner,
    Kdf,
    NotForThisTerminal,
    Wrapped,
    WrongPassword,
    associated,
    derive,
    open_inner,
    open_outer,
    seal_inner,
    wrap_outer,
)

VECTORS = Path(__file__).parent.parent / "data" / "vectors" / "trust"

SMALL = Kdf(memory_kib=8, passes=1)
SEED = bytes(range(32))
PASSWORD = Secret("nine herons over the weir")
SALT = b"s" * 16
AD = associated("p07", public_of(SEED))
TERMINAL = b"t" * 32
KEY = derive(PASSWORD, SALT, SMALL, AD)
INNER = seal_inner(SEED, KEY, b"n" * 12, AD, salt=SALT, params=SMALL, floor=SMALL)
WRAPPED = wrap_outer(INNER, TERMINAL, b"m" * 12, AD)


def opened(wrapped: Wrapped, password: Secret, terminal: bytes = TERMINAL, ad: bytes = AD) -> bytes:
    inner = open_outer(wrapped, terminal, ad, floor=SMALL)
    return open_inner(inner, derive(password, inner.salt, inner.kdf, ad), ad)


def argon2_vectors() -> list[dict[str, str]]:
    """The vectors in the file, each a table of what stands before and behind `=`."""
    blocks: list[dict[str, str]] = []
    for line in (VECTORS / "argon2" / "argon2id-rfc9106.txt").read_text(encoding="ascii").splitlines():
        name, equals, value = line.partition("=")
        if name.strip() == "COUNT":
            blocks.append({})
        if equals and blocks and not line.startswith("#"):
            blocks[-1][name.strip()] = value.strip()
    return blocks


@pytest.mark.parametrize("vector", argon2_vectors(), ids=lambda vector: vector["COUNT"])
def test_argon2id(vector: dict[str, str]) -> None:
    secret, ad, salt, password, output = (
        bytes.fromhex(vector.get(name, "")) for name in ("secret", "ad", "salt", "pass", "output")
    )
    memory_kib, passes, lanes = (int(vector[name]) for name in ("memcost", "iter", "lanes"))
    kdf = Argon2id(
        salt=salt,
        length=len(output),
        iterations=passes,
        lanes=lanes,
        memory_cost=memory_kib,
        ad=ad or None,
        secret=secret or None,
    )
    assert kdf.derive(password) == output
    if len(output) == 32 and not secret:  # RFC 9106's own has a secret, which we do without
        assert stretch(password, salt, ad, (memory_kib, passes, lanes)) == output


def test_chacha20_poly1305() -> None:
    vectors = json.loads((VECTORS / "wycheproof" / "chacha20_poly1305_32_bytes.json").read_text(encoding="ascii"))
    assert len(vectors) == 10
    for vector in vectors:
        key, nonce, ad, seed, sealed, tag = (bytes.fromhex(vector[n]) for n in ("key", "iv", "aad", "msg", "ct", "tag"))
        inner = seal_inner(seed, key, nonce, ad, salt=SALT)
        assert inner.sealed == sealed + tag
        assert open_inner(inner, key, ad) == seed
        damaged = msgspec.structs.replace(inner, sealed=sealed + tag[:-1] + bytes([tag[-1] ^ 1]))
        with pytest.raises(WrongPassword):
            open_inner(damaged, key, ad)


def test_what_was_wrapped_once_opens_for_ever() -> None:
    """Recorded with version 1. If this fails, no terminal in the field can open its people's keys any more."""
    inner = (
        b'{"kdf":{"lanes":1,"memory_kib":8,"name":"argon2id","passes":1},"nonce":"bm5ubm5ubm5ubm5u",'
        b'"salt":"c3Nzc3Nzc3Nzc3Nzc3Nzcw","sealed":"SRW7Q6RvMSETTJBPQUxI8gAJc9hwoZQeHpUoGJxsRyk9QBhMV-Hk9wm7nqPTom8n",'
        b'"v":1}'
    )
    outer = (
        b'{"nonce":"bW1tbW1tbW1tbW1t","sealed":"'
        b"SYc4Quxn-ptMrCPBRUPTwVhpLQ25baoRpSgUymzGzh9hJ5OqkWlk_aZqgSaEzj9hLRsmsXkx-euh3rAtpRD28Yfa8i"
        b"ZjnqnLlUd07MQFt8r6mfYeQtleTe2hnwBUxSBB9S9l1oicD1jntNaTcKRY0v8LaQ-9BdiOuu1R5jkWTrdiM5JWJN-o"
        b"TqjH6D6rmC5pwfGEyyDkpF3pFHhK6IRZvgh5QvSsP4xR_EBx1GN7YRRLKhQacYdp-UIOlioubcm0EIuesu0QzFq-BH"
        b"X7z1u5QuWhENIjFemkXgZnnQ"
        b'","v":1}'
    )
    assert AD == b'{"key":"SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg","person":"p07"}'
    assert INNER.to_json() == inner
    assert WRAPPED.to_json() == outer
    assert opened(Wrapped.from_json(outer), PASSWORD) == SEED


def test_it_opens_with_the_password_on_the_terminal() -> None:
    assert opened(WRAPPED, PASSWORD) == SEED
    assert opened(Wrapped.from_json(WRAPPED.to_json()), Secret("nine herons over the weir")) == SEED


def test_the_standard_is_that_of_the_design() -> None:
    assert Kdf(memory_kib=262_144, passes=3, lanes=1) == STANDARD
    assert Kdf(memory_kib=65_536, passes=2) == FLOOR


def test_the_inner_wrapping_is_the_same_on_every_terminal() -> None:
    elsewhere = b"u" * 32
    carried = Inner.from_json(open_outer(WRAPPED, TERMINAL, AD, floor=SMALL).to_json(), floor=SMALL)
    assert carried == INNER
    assert opened(wrap_outer(carried, elsewhere, b"k" * 12, AD), PASSWORD, elsewhere) == SEED


@pytest.mark.parametrize("password", ["nine herons over the wei", "Nine herons over the weir", "", "\ud800"])
def test_a_wrong_password(password: str) -> None:
    with pytest.raises(WrongPassword):
        opened(WRAPPED, Secret(password))


def test_the_password_is_the_same_however_it_is_spelled() -> None:
    composed, decomposed, wide = Secret("caf\u00e9 x"), Secret("cafe\u0301 x"), Secret("\uff43af\u00e9\u00a0x")
    keys = {derive(password, SALT, SMALL, AD) for password in (composed, decomposed, wide)}
    assert len(keys) == 1
    assert derive(Secret("cafe x"), SALT, SMALL, AD) not in keys


@pytest.mark.parametrize(
    "ad", [associated("p08", public_of(SEED)), associated("p07", public_of(bytes(32)))], ids=["person", "key"]
)
def test_it_is_nobody_elses(ad: bytes) -> None:
    with pytest.raises(NotForThisTerminal):
        open_outer(WRAPPED, TERMINAL, ad, floor=SMALL)
    assert derive(PASSWORD, SALT, SMALL, ad) != KEY
    with pytest.raises(WrongPassword):
        open_inner(INNER, KEY, ad)


def test_another_terminal_cannot_take_the_outer_wrapping_off() -> None:
    with pytest.raises(NotForThisTerminal):
        open_outer(WRAPPED, b"u" * 32, AD, floor=SMALL)


@given(st.integers(0, 8 * (12 + len(WRAPPED.sealed)) - 1))
def test_any_changed_bit_is_damage_and_not_a_wrong_password(bit: int) -> None:
    data = bytearray(WRAPPED.nonce + WRAPPED.sealed)
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotForThisTerminal):
        open_outer(Wrapped(nonce=bytes(data[:12]), sealed=bytes(data[12:])), TERMINAL, AD, floor=SMALL)


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 15])
def test_what_was_cut_short_is_damage(sealed: bytes) -> None:
    with pytest.raises(NotForThisTerminal):
        open_outer(Wrapped(nonce=b"m" * 12, sealed=sealed), TERMINAL, AD)


def test_nothing_of_the_inner_wrapping_shows_from_outside() -> None:
    shown = WRAPPED.to_json() + unb64(json.loads(WRAPPED.to_json())["sealed"])
    for part in (SALT, b64(SALT).encode(), b"argon2", b"memory", INNER.sealed, SEED, b"p07"):
        assert part not in shown


@pytest.mark.parametrize("weak", [Kdf(memory_kib=64 * 1024 - 1), Kdf(passes=1), SMALL])
def test_parameters_below_the_floor_are_refused(weak: Kdf) -> None:
    inner = msgspec.structs.replace(INNER, kdf=weak)
    with pytest.raises(BadWrapping, match="cheaper"):
        open_outer(wrap_outer(inner, TERMINAL, b"m" * 12, AD), TERMINAL, AD)
    with pytest.raises(BadWrapping, match="cheaper"):
        Inner.from_json(inner.to_json())
    with pytest.raises(BadWrapping, match="cheaper"):
        seal_inner(SEED, KEY, b"n" * 12, AD, salt=SALT, params=weak)


@pytest.mark.parametrize("params", [FLOOR, STANDARD])
def test_parameters_at_or_above_the_floor_are_read(params: Kdf) -> None:
    inner = msgspec.structs.replace(INNER, kdf=params)
    assert open_outer(wrap_outer(inner, TERMINAL, b"m" * 12, AD), TERMINAL, AD) == inner


def test_parameters_reach_their_limits() -> None:
    assert Kdf(memory_kib=2 * 1024**2, passes=16, lanes=8).lanes == 8
    assert Kdf(memory_kib=64, passes=1, lanes=8).memory_kib == 64


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"),
    [(2 * 1024**2 + 1, 3, 1), (262_144, 17, 1), (262_144, 3, 9), (262_144, 0, 1), (262_144, 3, 0), (15, 1, 2)],
)
def test_parameters_that_would_stall_a_terminal_are_refused(memory_kib: int, passes: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="Argon2id"):
        Kdf(memory_kib=memory_kib, passes=passes, lanes=lanes)
    form = json.loads(INNER.to_json())
    form["kdf"] |= {"memory_kib": memory_kib, "passes": passes, "lanes": lanes}
    with pytest.raises(BadWrapping):
        Inner.from_json(msgspec.json.encode(form, order="sorted"), floor=SMALL)


INNER_FORM: dict[str, object] = json.loads(INNER.to_json())
WRAPPED_FORM: dict[str, object] = json.loads(WRAPPED.to_json())
CHANGES: list[dict[str, object]] = [
    {"v": 2},
    {"v": "1"},
    {"more": 1},
    {"nonce": b64(b"n" * 11)},
    {"nonce": b64(b"n" * 12) + "="},
    {"nonce": None},
    {"sealed": "*"},
]
INNER_CHANGES: list[dict[str, object]] = [
    {"salt": b64(b"s" * 15)},
    {"sealed": b64(b"s" * 47)},
    {"kdf": {"lanes": 1, "memory_kib": 8, "name": "scrypt", "passes": 1}},
    {"kdf": {"lanes": 1, "memory_kib": 8, "passes": 1}},
]


def test_the_json_is_canonical_and_small() -> None:
    assert INNER.to_json() == json.dumps(INNER_FORM, sort_keys=True, separators=(",", ":")).encode()
    assert WRAPPED.to_json() == json.dumps(WRAPPED_FORM, sort_keys=True, separators=(",", ":")).encode()
    assert json.loads(AD) == {"key": fingerprint(public_of(SEED)), "person": "p07"}
    assert set(INNER_FORM) == {"v", "kdf", "salt", "nonce", "sealed"}
    assert set(WRAPPED_FORM) == {"v", "nonce", "sealed"}


@pytest.mark.parametrize("change", CHANGES + INNER_CHANGES, ids=str)
def test_an_inner_wrapping_in_another_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadWrapping):
        Inner.from_json(msgspec.json.encode(INNER_FORM | change, order="sorted"), floor=SMALL)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_wrapping_in_another_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadWrapping):
        Wrapped.from_json(msgspec.json.encode(WRAPPED_FORM | change, order="sorted"))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_json_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(BadWrapping):
        Inner.from_json(data)
    with pytest.raises(BadWrapping):
        Wrapped.from_json(data)


def test_json_with_white_space_is_refused() -> None:
    with pytest.raises(BadWrapping, match="canonical"):
        Inner.from_json(INNER.to_json() + b"\n", floor=SMALL)
    with pytest.raises(BadWrapping, match="canonical"):
        Wrapped.from_json(WRAPPED.to_json() + b"\n")


def test_lengths() -> None:
    with pytest.raises(ValueError, match="salt"):
        derive(PASSWORD, b"s" * 15, SMALL, AD)
    with pytest.raises(ValueError, match="salt"):
        seal_inner(SEED, KEY, b"n" * 12, AD, salt=b"s" * 17)
    with pytest.raises(ValueError, match="seed"):
        seal_inner(SEED[:-1], KEY, b"n" * 12, AD, salt=SALT)
    with pytest.raises(ValueError, match="secret"):
        wrap_outer(INNER, b"t" * 31, b"m" * 12, AD)
    with pytest.raises(ValueError, match="secret"):
        open_outer(WRAPPED, b"t" * 33, AD)
    with pytest.raises(ValueError, match=r"(?i)nonce"):
        wrap_outer(INNER, TERMINAL, b"m" * 11, AD)


@given(st.binary())
def test_base64url_goes_there_and_back(value: bytes) -> None:
    assert unb64(b64(value)) == value


@given(st.text("ABwx-_+/=\n \u00e9", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        value = unb64(text)
    except ValueError:
        return
    assert b64(value) == text
