"""Signed notes: text that keys sign line by line (C2SP signed-note v1).

A note is text, an empty line, and one line for each signature. Two types of signature are known here: Ed25519 over the
text (type 1), and Ed25519 over the text and a time (type 4, a *cosignature*, C2SP tlog-cosignature v1).
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04

MAX_NOTE: Final = 256 * 1024
"""The most bytes of a note: room for a cosignature of each of some 1,500 terminals."""

_CONTROLS: Final = dict.fromkeys(code for code in range(0x20) if chr(code) != "\n")
"""What `str.translate` takes out of a text: control characters but newline."""

_MARK: Final = "\N{EM DASH} "
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_SIGNATURE_BYTES: Final = 64
_LATEST: Final = 2**63 - 1

Verify = Callable[[bytes, bytes, bytes], bool]
"""Verifies plain Ed25519 (RFC 8032): ``verify(public key, message, signature)``."""

Signer = Callable[[bytes], bytes]
"""Signs a message with plain Ed25519: 64 bytes."""


class BadNote(ValueError):
    """A note that is malformed, or whose signature does not verify; the message is one plain sentence for people."""


class Key(msgspec.Struct, frozen=True):
    """A key that signs notes.

    Attributes:
        name: Its name, without spaces and plus: a log's origin, or the cosigner's name.
        kind: Type of its signatures: ``ED25519`` or ``COSIGNATURE``.
        public: The Ed25519 public key, 32 bytes.
    """

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The key's id: the first 4 bytes of SHA-256 of name, newline, type and public key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    def text(self) -> str:
        """Give the key as other tools take it: name, id in hex, and type with public key in base64, joined by plus."""
        return f"{self.name}+{self.id.hex()}+{_to_base64(bytes([self.kind]) + self.public)}"


class Signature(msgspec.Struct, frozen=True):
    """One signature line.

    Attributes:
        name: Name of the key.
        key_id: Its id, 4 bytes.
        blob: What the key made: for Ed25519 64 bytes; for a cosignature 8 bytes of time and 64 bytes.
    """

    name: str
    key_id: bytes
    blob: bytes


class Note(msgspec.Struct, frozen=True):
    """A text and its signatures.

    Attributes:
        text: The text, with its final newline.
        signatures: One or more.
    """

    text: str
    signatures: tuple[Signature, ...]


def _to_base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


def from_base64(text: str) -> bytes:
    """Read standard base64 with padding (RFC 4648 section 4) in its one spelling.

    Args:
        text: The text.

    Returns:
        The bytes.

    Raises:
        BadNote: The text is anything else.
    """
    try:
        data = binascii.a2b_base64(text.encode())
    except ValueError:
        data = b""
    if _to_base64(data) != text:
        raise BadNote("The note holds a value that is not base64.")
    return data


def _judge_text(text: str) -> None:
    """Refuse a text that cannot be signed as a note."""
    if not text.endswith("\n"):
        raise BadNote("The text of a note ends in a newline.")
    if text.translate(_CONTROLS) != text:
        raise BadNote("A note holds no control characters but newline.")


def _judge_name(name: str) -> None:
    """Refuse a key's name that would break its line."""
    # Split at white space, which takes the separators below a space too; the controls are judged like a text's.
    if "+" in name or name.split() != [name] or name.translate(_CONTROLS) != name:
        raise BadNote("The name of a key is not empty and holds no spaces and no plus.")


def note_bytes(note: Note) -> bytes:
    """Write a note down.

    Args:
        note: The note.

    Returns:
        Its bytes, UTF-8.

    Raises:
        BadNote: It cannot be written so that it reads back: no signatures, control characters, no final newline, or
            more than ``MAX_NOTE`` bytes.
    """
    lines = [
        f"{_MARK}{signature.name} {_to_base64(signature.key_id + signature.blob)}\n" for signature in note.signatures
    ]
    data = (note.text + "\n" + "".join(lines)).encode(errors="replace")  # a lone surrogate then reads back otherwise
    if parse_note(data) != note:
        raise BadNote("The note cannot be written down as it is.")
    return data


def parse_note(data: bytes) -> Note:
    """Read a note; its text must be ignored until a signature has been verified (``verified``).

    Args:
        data: The note's bytes.

    Returns:
        The note.

    Raises:
        BadNote: The bytes are malformed in any way.
    """
    if len(data) > MAX_NOTE:
        raise BadNote(f"A note has at most {MAX_NOTE} bytes; this has {len(data)}.")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise BadNote("A note is UTF-8.") from None
    _judge_text(whole)
    before, empty_line, lines = whole.rpartition("\n\n")
    if not empty_line or not lines:
        raise BadNote("A note has a text, an empty line, and signatures.")
    return Note(before + "\n", tuple(_parse_signature(line) for line in lines[:-1].split("\n")))


def _parse_signature(line: str) -> Signature:
    """Read a signature line without its newline."""
    name, space, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise BadNote("A signature line has an em dash, a name, and base64.")
    _judge_name(name)
    data = from_base64(encoded)
    if len(data) <= _ID_BYTES:
        raise BadNote("A signature has four bytes of key id, and more.")
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:])


def _cosigned(text: str, seconds: int) -> bytes:
    """Give the message of a cosignature."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def sign(text: str, key: Key, signer: Signer, seconds: int | None = None) -> Signature:
    """Sign a text.

    Args:
        text: The text, with its final newline.
        key: The key whose signature it will be.
        signer: Signs with that key's private part.
        seconds: For a cosignature its time, seconds since 1970-01-01 UTC; else None.

    Returns:
        The signature.

    Raises:
        BadNote: The text or the key's name cannot stand in a note.
        ValueError: There is a time and the key makes no cosignatures, or the other way round.
    """
    _judge_text(text)
    _judge_name(key.name)
    if (seconds is None) != (key.kind == ED25519) or not 0 <= (seconds or 0) <= _LATEST:
        raise ValueError("A cosignature has a time from 1970 on; another signature has none.")
    if seconds is None:
        return Signature(key.name, key.id, signer(text.encode()))
    return Signature(key.name, key.id, seconds.to_bytes(_TIME_BYTES, "big") + signer(_cosigned(text, seconds)))


def verified(note: Note, keys: Iterable[Key], verify: Verify) -> dict[Key, int | None]:
    """Find which of the known keys signed a note.

    Signatures of other keys are ignored, as the specification demands, and so are repeated ones.

    Args:
        note: The note.
        keys: The known keys.
        verify: Verifies plain Ed25519.

    Returns:
        The keys that signed; for a cosignature its time in seconds since 1970-01-01 UTC, else None. If it is empty,
        nothing vouches for the text, and it must be ignored.

    Raises:
        BadNote: A signature that names a known key is not one of that key.
    """
    known = {(key.name, key.id): key for key in keys}
    found: dict[Key, int | None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None or key in found:
            continue
        found[key] = _verified_one(note.text, signature, key, verify)
    return found


def _verified_one(text: str, signature: Signature, key: Key, verify: Verify) -> int | None:
    """Verify the signature of a known key and give its time, if its type has one."""
    blob = signature.blob
    if key.kind == ED25519:
        if len(blob) == _SIGNATURE_BYTES and verify(key.public, text.encode(), blob):
            return None
    elif key.kind == COSIGNATURE and len(blob) == _TIME_BYTES + _SIGNATURE_BYTES:
        seconds = int.from_bytes(blob[:_TIME_BYTES], "big")
        if seconds <= _LATEST and verify(key.public, _cosigned(text, seconds), blob[_TIME_BYTES:]):
            return seconds
    raise BadNote(f"The signature of {key.name} does not verify.")


def with_signatures(note: Note, signatures: Sequence[Signature]) -> Note:
    """Add signatures to a note.

    Args:
        note: The note.
        signatures: Those to add; one of a key that has signed already takes the place of the older one.

    Returns:
        The note with both, the older ones first.
    """
    merged = {(one.name, one.key_id): one for one in (*note.signatures, *signatures)}
    return Note(note.text, tuple(merged.values()))
