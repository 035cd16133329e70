"""Which Ed25519 public keys are acceptable, and how OpenSSH writes them.

Source: RFC 8032 5.1 (encoding, the curve), RFC 8709 4 (the key on the ssh wire), design 6 ("refuse low-order and
non-canonical keys"). With a low-order public key one signature is valid for every text, so its owner could deny what he
signed and anyone could forge it: OpenSSL and ssh-keygen both accept that, and so it is refused here.

A key with a torsion component beside a full-order one is not refused: finding it costs a scalar multiplication, and
OpenSSL and ssh-keygen, which both verify without the cofactor, agree about its signatures.
"""

from binascii import b2a_base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32
"""Length of a public key, and of the seed that is the private key."""

ALGORITHM = b"ssh-ed25519"

_P = 2**255 - 19
_D = 37095705934669439343138083508754565189542113879843219016388785533085940283555
_SIGN_BIT = 1 << 255
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
"""The y of two of the four points of order 8, which differ in the sign of x; `_P - _Y8` is that of the other two."""

_LOW_ORDER_Y = frozenset((0, 1, _P - 1, _Y8, _P - _Y8))
"""Every y of the 8-torsion. The sign of x is left out, so that the encodings of x = 0 with its sign set are in too."""


class BadKey(ValueError):
    """A public key that must not be enrolled; the text says why."""


def weakness(point: bytes) -> str:
    """Says what is wrong with an encoded point, or "" if nothing was found.

    Meant for a public key and for the R of a signature alike. Cheap (about 1 us): whether the point is on the curve is
    left to whoever decodes it.

    Args:
        point: 32 bytes, RFC 8032 5.1.2: y little-endian, the sign of x in the highest bit.

    Returns:
        "" or a clause: wrong length, not canonical (y at or above the field's prime), low order.
    """
    if len(point) != KEY_BYTES:
        return f"an Ed25519 key has {KEY_BYTES} bytes, not {len(point)}"
    y = int.from_bytes(point, "little") & ~_SIGN_BIT
    if y >= _P:
        return "the key is not in its canonical encoding"
    if y in _LOW_ORDER_Y:
        return "the key is of low order: one signature would fit every text"
    return ""


def check_public(key: bytes) -> bytes:
    """Gives a public key back if it may be enrolled.

    Args:
        key: the raw public key.

    Raises:
        BadKey: for a wrong length, a non-canonical encoding, any point of the 8-torsion in any encoding, and 32 bytes
            that are no point of the curve (RFC 8032 5.1.3), whose owner could never sign anything.
    """
    if why := weakness(key):
        raise BadKey(why)
    square = pow(int.from_bytes(key, "little") & ~_SIGN_BIT, 2, _P)
    # x^2 = (y^2 - 1) / (d y^2 + 1) has a root exactly if the product of the two is a square (Euler's criterion);
    # neither is zero here: y is not +-1, and -1/d is no square.
    if pow((square - 1) * (_D * square + 1), (_P - 1) // 2, _P) != 1:
        raise BadKey("the key is no point of the curve")
    return key


def public_of(seed: bytes) -> bytes:
    """Computes the public key of a private one.

    Args:
        seed: the private key, 32 random bytes (RFC 8032 5.1.5), drawn by the caller.

    Returns:
        The raw 32 bytes of the public key; never one that `check_public` refuses.

    Raises:
        ValueError: if the seed has another length.
    """
    return private_key(seed).public_key().public_bytes_raw()


def private_key(seed: bytes) -> Ed25519PrivateKey:
    """Loads a seed as the library's private key.

    Raises:
        ValueError: if the seed has not 32 bytes.
    """
    if len(seed) != KEY_BYTES:
        raise ValueError(f"a private key is a seed of {KEY_BYTES} bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)


def wire(public: bytes) -> bytes:
    """Writes a public key as ssh does (RFC 8709 4): the algorithm's name and the key, each after its length.

    The only rule here is the length, so that a key that was refused can still be named in the refusal.

    Raises:
        BadKey: if the key has not 32 bytes.
    """
    if len(public) != KEY_BYTES:
        raise BadKey(weakness(public))
    return string(ALGORITHM) + string(public)


def string(value: bytes) -> bytes:
    """Writes a `string` of RFC 4251 5: its length in four bytes, big-endian, and the bytes."""
    return len(value).to_bytes(4, "big") + value


def fingerprint(public: bytes) -> str:
    """Names a public key as `ssh-keygen -l` does: `SHA256:` and the unpadded base64 of the wire key's digest."""
    return "SHA256:" + b2a_base64(sha256(wire(public)).digest(), newline=False).rstrip(b"=").decode()


def openssh_line(public: bytes, comment: str = "") -> str:
    """Writes the line of an OpenSSH public key file, without a newline: `ssh-ed25519 AAAA... comment`.

    Raises:
        BadKey: if the key has not 32 bytes.
        ValueError: if the comment has a character that does not print, which could begin another line.
    """
    if not comment.isprintable():
        raise ValueError("the comment of a key is one line of printable text")
    return f"{ALGORITHM.decode()} {b2a_base64(wire(public), newline=False).decode()} {comment}".rstrip(" ")
