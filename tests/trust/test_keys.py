"""Public keys: what may be enrolled, judged against arithmetic on the curve that is written here anew."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trust.keys import BadKey, check_public, fingerprint, openssh_line, public_of, weakness, wire

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
SIGN = 1 << 255

SEED = bytes(range(32))
PUBLIC = public_of(SEED)

Point = tuple[int, int]


def recover(y: int) -> Point | None:
    """RFC 8032 5.1.3: a point with this y, or None if there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x, y) if (x * x - square) % P == 0 else None


def add(a: Point, b: Point) -> Point:
    """RFC 8032 5.1.4, affine."""
    cross = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + cross, -1, P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - cross, -1, P)
    return x % P, y % P


def multiply(times: int, point: Point) -> Point:
    total = (0, 1)
    for bit in f"{times:b}":
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def torsion() -> list[Point]:
    """The eight points of low order: the multiples of one of order 8."""
    for y in range(2, 100):
        start = recover(y)
        if start is None:
            continue
        point = multiply(ORDER, start)
        if multiply(4, point) != (0, 1):
            return [multiply(times, point) for times in range(8)]
    raise AssertionError


def encodings(point: Point) -> set[bytes]:
    """Every 32 bytes that a lenient decoder takes for the point: y or y + p, and any sign where x is zero."""
    x, y = point
    signs = (0, SIGN) if x == 0 else ((x & 1) * SIGN,)
    return {(value | sign).to_bytes(32, "little") for value, sign in product((y, y + P), signs) if value < SIGN}


LOW_ORDER = sorted(set[bytes]().union(*map(encodings, torsion())))


def test_there_are_fourteen_encodings_of_the_eight_points() -> None:
    assert len(set(torsion())) == 8
    assert len(LOW_ORDER) == 14


@pytest.mark.parametrize("key", LOW_ORDER, ids=bytes.hex)
def test_low_order_keys_are_refused(key: bytes) -> None:
    assert weakness(key)
    with pytest.raises(BadKey):
        check_public(key)


@pytest.mark.parametrize("sign", [0, SIGN])
@pytest.mark.parametrize("y", range(P, 2**255))
def test_keys_that_are_not_canonical_are_refused(y: int, sign: int) -> None:
    key = (y | sign).to_bytes(32, "little")
    assert weakness(key) == "the key is not in its canonical encoding"
    with pytest.raises(BadKey, match="canonical"):
        check_public(key)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_keys_of_another_length_are_refused(length: int) -> None:
    key = bytes(length)
    for refuse in (check_public, wire, fingerprint, openssh_line):
        with pytest.raises(BadKey, match="32 bytes"):
            refuse(key)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_accepted_exactly_if_it_is_a_point_of_the_curve(key: bytes) -> None:
    y = int.from_bytes(key, "little") & ~SIGN
    acceptable = y < P and recover(y) is not None and key not in LOW_ORDER
    try:
        accepted = check_public(key) == key
    except BadKey:
        accepted = False
    assert accepted == acceptable


@given(st.binary(min_size=32, max_size=32))
def test_the_public_key_of_any_seed_is_acceptable(seed: bytes) -> None:
    assert check_public(public_of(seed))


def test_rfc_8032_test_1() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert public_of(seed).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="seed of 32 bytes"):
        public_of(bytes(length))


@pytest.mark.parametrize("comment", ["two\nlines", "a\rb", "tab\t", "\x1b[2J", "\u202e"])
def test_a_comment_cannot_begin_another_line(comment: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        openssh_line(PUBLIC, comment)


def test_a_line_without_a_comment_ends_with_the_key() -> None:
    assert openssh_line(PUBLIC).count(" ") == 1
    assert openssh_line(PUBLIC, "Ann Smith").endswith(" Ann Smith")
