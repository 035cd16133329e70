"""Binary values in JSON: base64url without padding (RFC 4648 5), in its one canonical spelling."""

from binascii import a2b_base64, b2a_base64

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = str.maketrans("-_", "+/")


def encode(value: bytes) -> str:
    """Writes bytes as base64url without padding."""
    return b2a_base64(value, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def decode(text: str) -> bytes:
    """Reads what `encode` writes.

    Raises:
        ValueError: for every other spelling: padding, other characters, stray bits at the end.
    """
    # a2b_base64 skips what it does not know; encoding again finds all of that.
    value = a2b_base64(text.translate(_FROM_URL) + "==")
    if encode(value) != text:
        raise ValueError("this is not base64url")
    return value
