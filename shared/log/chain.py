"""Chain and seal: what makes the lines of one terminal a sequence that nobody can thin out.

Each line's *link* is the hash of the link before and the line's id. Links stand beside the lines, not in them, so a
line refused by the server can be replaced by a skip without writing the following lines anew. The terminal signs its
last link: the *seal*, which covers the whole chain before it, and says which checkpoint the terminal last verified.
"""

from __future__ import annotations

from binascii import b2a_base64
from hashlib import sha256
from typing import Final

import msgspec

from shared.log import canonical
from shared.log.canonical import NotCanonical, is_b64
from shared.log.entry import BadLine, Code, Count, Name, Number, is_program

FIRST: Final = bytes(32)
"""The link before a terminal's first line."""

SEAL: Final = "andon-seal"
"""The SSHSIG namespace of a terminal's signature over its chain."""

_DIGEST_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64


class Verified(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The last checkpoint that a terminal verified, by which two terminals notice that they were shown two logs.

    Attributes:
        epoch: The log's epoch, left out when 0.
        root: Merkle root of the log at that size, base64url of 32 bytes.
        size: Number of leaves; 0 if the terminal has verified none yet, with the root of the empty tree.
    """

    epoch: Count = 0
    root: str
    size: Count


class Seal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A terminal's signature over its chain up to one line.

    Attributes:
        key: Fingerprint of the terminal's key, ``SHA256:...`` as OpenSSH prints it.
        link: The link after line ``n``, base64url of 32 bytes.
        n: Number of the last line that it covers.
        program: Id of the program.
        seen: The last checkpoint that the terminal verified.
        sig: 64 bytes of Ed25519 in SSHSIG's wrapping, namespace ``andon-seal``, over ``seal_body``; base64url.
        terminal: Code of the terminal.
    """

    key: Name
    link: str
    n: Number
    program: str
    seen: Verified
    sig: str
    terminal: Code


class _Body(msgspec.Struct, frozen=True):
    """What is signed: the seal without its signature, keys in their order."""

    key: str
    link: str
    n: int
    program: str
    seen: Verified
    terminal: str


# RFC 8709 section 4: name of the algorithm and key, each after its length in four bytes.
_WIRE: Final = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"

_encode: Final = msgspec.json.Encoder(order="sorted").encode
_decode: Final = msgspec.json.Decoder(Seal).decode


def link(before: bytes, line_id: bytes) -> bytes:
    """Extend a chain by a line.

    Args:
        before: The link after the line before, 32 bytes; ``FIRST`` for the first line.
        line_id: The line's id, 32 bytes.

    Returns:
        The link after the line: SHA-256 of both, 32 bytes.
    """
    return sha256(before + line_id).digest()


def key_name(public: bytes) -> str:
    """Name a public key as OpenSSH does; ``trust.keys.fingerprint`` is the same, but this package cannot import it.

    Args:
        public: The Ed25519 public key, 32 bytes.

    Returns:
        ``SHA256:`` and the unpadded base64 of the SHA-256 of the key in ssh's wire format.
    """
    return "SHA256:" + b2a_base64(sha256(_WIRE + public).digest(), newline=False).rstrip(b"=").decode()


def seal_body(  # noqa: PLR0913, PLR0917 - these six are what is signed
    program: str, terminal: str, key: str, n: int, link: str, seen: Verified
) -> bytes:
    """Give what a terminal signs to seal its chain.

    Args:
        program: Id of the program.
        terminal: Code of the terminal.
        key: Fingerprint of the terminal's key.
        n: Number of the last line covered.
        link: The link after it, base64url.
        seen: The last checkpoint that the terminal verified.

    Returns:
        Canonical JSON of these.
    """
    return _encode(_Body(key, link, n, program, seen, terminal))


def sealed_bytes(seal: Seal) -> bytes:
    """Give what a seal's signature must verify over.

    Args:
        seal: The seal.

    Returns:
        The same bytes as ``seal_body`` of its values.
    """
    return seal_body(seal.program, seal.terminal, seal.key, seal.n, seal.link, seal.seen)


def seal_bytes(seal: Seal) -> bytes:
    """Write a seal down, as it is pushed, pulled and stored.

    Args:
        seal: The seal.

    Returns:
        Its canonical JSON.
    """
    return _encode(seal)


def parse_seal(data: bytes) -> Seal:
    """Read a seal and refuse whatever is not exactly one.

    Args:
        data: Its bytes.

    Returns:
        The seal; its signature is not verified here.

    Raises:
        NotCanonical: The bytes are not canonical JSON.
        BadLine: They are, but no seal.
    """
    try:
        seal = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        canonical.check(data, text=False)  # says it better, if that is what is wrong
        raise BadLine(f"The bytes are not a seal: {error}.") from error
    if _encode(seal) != data:
        raise NotCanonical("The seal is not written in the one canonical way.")
    if not well_formed(seal):
        raise BadLine("A seal's link, root and program are base64url of 32 bytes, its signature of 64.")
    return seal


def well_formed(seal: Seal) -> bool:
    """Tell whether the binary values of a seal have their sizes.

    Args:
        seal: The seal.

    Returns:
        True if link, root and program stand for 32 bytes each, and the signature for 64.
    """
    return (
        is_program(seal.program)
        and is_b64(seal.link, _DIGEST_BYTES)
        and is_b64(seal.seen.root, _DIGEST_BYTES)
        and is_b64(seal.sig, _SIGNATURE_BYTES)
    )
