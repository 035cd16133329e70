"""Plain Ed25519, as checkpoints and cosignatures are signed with it, verified strictly (RFC 8032 5.1.7)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.trust.keys import weakness

SIGNATURE_BYTES = 64

_ORDER = 2**252 + 27742317777372353535851937790883648493
"""L of RFC 8032 5.1: the S of a signature is below it, else each signature would have a twin."""


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tells whether a signature is valid. Never raises, whatever the bytes.

    Refused beside what does not fit: a public key or an R that is of low order or not canonical, an S at or above the
    group's order (RFC 8032 5.1.7), another length.

    Args:
        public: the raw key that is expected, not one that came along with the signature.
        message: the bytes that are said to be signed.
        signature: the raw 64 bytes.
    """
    if len(signature) != SIGNATURE_BYTES or weakness(public) or weakness(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
