"""Checkpoints: what a log says of itself at one size (C2SP tlog-checkpoint), signed by the log, cosigned by terminals.

The text has three lines: *origin*, size, root. The origin of a program's log is ``andon/`` and the program's id; after
a restore that lost leaves the log continues in a new *epoch*, whose number is then part of the origin, so that nobody
takes the two for one history. Further lines (extensions) are kept and signed, and mean nothing here.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Final

import msgspec

from shared.log.canonical import BIGGEST
from shared.log.entry import is_program
from shared.log.merkle import EMPTY_ROOT, HASH_BYTES
from shared.log.note import (
    COSIGNATURE,
    ED25519,
    BadNote,
    Key,
    Note,
    Signature,
    Signer,
    Verify,
    from_base64,
    note_bytes,
    parse_note,
    sign,
    verified,
)

_PREFIX: Final = "andon/"


class Checkpoint(msgspec.Struct, frozen=True):
    """A log at one size.

    Attributes:
        origin: Which log, and which epoch of it.
        size: Number of leaves.
        root: Merkle root over them, 32 bytes.
        extensions: Further lines, none of them empty.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


class Opened(msgspec.Struct, frozen=True):
    """A checkpoint whose log's signature has been verified.

    Attributes:
        checkpoint: The checkpoint.
        cosigned: Names of the known cosigners that cosigned it, and when, seconds since 1970-01-01 UTC.
        note: The note that it came in.
    """

    checkpoint: Checkpoint
    cosigned: dict[str, int]
    note: Note


def origin_of(program: str, epoch: int = 0) -> str:
    """Name a log in its checkpoints.

    Args:
        program: Id of the program.
        epoch: The log's epoch: 0 until a restore lost leaves, then one more each time.

    Returns:
        ``andon/<program>``, and ``/<epoch>`` behind it if that is not 0.
    """
    return f"{_PREFIX}{program}/{epoch}" if epoch else f"{_PREFIX}{program}"


def _number(text: str) -> int:
    """Read a decimal number without leading zeros, up to 2^53 - 1."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(BIGGEST)) or int(text) > BIGGEST:
        raise BadNote("A number is written in decimal digits, and is less than 2^53.")
    if str(int(text)) != text:
        raise BadNote("A number has no leading zeros.")
    return int(text)


def parse_origin(origin: str) -> tuple[str, int]:
    """Read an origin.

    Args:
        origin: The first line of a checkpoint.

    Returns:
        Id of the program, and epoch.

    Raises:
        BadNote: It is not the origin of an Andon log.
    """
    program, slash, epoch = origin.removeprefix(_PREFIX).partition("/")
    if not origin.startswith(_PREFIX) or not is_program(program) or (slash and epoch == "0"):
        raise BadNote("The origin is not that of an Andon log.")
    return program, _number(epoch) if slash else 0


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, which is what the log signs.

    Args:
        checkpoint: The checkpoint.

    Returns:
        Origin, size, root in base64, and the extensions, a line each.

    Raises:
        BadNote: It would not read back as it is.
    """
    root = binascii.b2a_base64(checkpoint.root, newline=False).decode()
    text = "\n".join([checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions, ""])
    if parse_text(text) != checkpoint:
        raise BadNote("The checkpoint cannot be written down as it is.")
    return text


def parse_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Args:
        text: The note's text, with its final newline.

    Returns:
        The checkpoint.

    Raises:
        BadNote: The text is anything else: fewer than three lines, an empty line, a number with leading zeros, a root
            that is not 32 bytes, or that is not the empty tree's at size 0.
    """
    lines = text.split("\n")
    if len(lines) < len(("origin", "size", "root", "")) or lines.pop() or not all(lines):
        raise BadNote("A checkpoint has three lines or more, and none is empty.")
    origin, size, root, *extensions = lines
    checkpoint = Checkpoint(origin, _number(size), from_base64(root), tuple(extensions))
    if len(checkpoint.root) != HASH_BYTES or (not checkpoint.size and checkpoint.root != EMPTY_ROOT):
        raise BadNote("The root has 32 bytes, and at size 0 is that of the empty tree.")
    return checkpoint


def log_key(origin: str, public: bytes) -> Key:
    """Give the key by which a log signs its checkpoints: its name is the origin.

    Args:
        origin: The log's origin.
        public: The log's Ed25519 public key, 32 bytes.

    Returns:
        The key.
    """
    return Key(origin, ED25519, public)


def cosigner_key(name: str, public: bytes) -> Key:
    """Give the key by which a terminal cosigns checkpoints.

    Args:
        name: The cosigner's name; a key belongs to one name, since the signed bytes do not hold it.
        public: Its Ed25519 public key, 32 bytes.

    Returns:
        The key.
    """
    return Key(name, COSIGNATURE, public)


def sign_checkpoint(checkpoint: Checkpoint, public: bytes, signer: Signer) -> bytes:
    """Sign a checkpoint as the log.

    Args:
        checkpoint: The checkpoint.
        public: The log's public key, 32 bytes.
        signer: Signs with the log's private key.

    Returns:
        The bytes of the signed note.

    Raises:
        BadNote: It cannot be written down.
    """
    text = checkpoint_text(checkpoint)
    return note_bytes(Note(text, (sign(text, log_key(checkpoint.origin, public), signer),)))


def cosign(checkpoint: Checkpoint, key: Key, seconds: int, signer: Signer) -> Signature:
    """Cosign a checkpoint, after verifying that it continues the last one cosigned.

    Args:
        checkpoint: The checkpoint.
        key: The cosigner's key.
        seconds: When, seconds since 1970-01-01 UTC.
        signer: Signs with the cosigner's private key.

    Returns:
        The signature, to be added to the note (``note.with_signatures``).

    Raises:
        BadNote: The checkpoint cannot be written down.
    """
    return sign(checkpoint_text(checkpoint), key, signer, seconds)


def open_checkpoint(data: bytes, log: Key, cosigners: Iterable[Key], verify: Verify) -> Opened:
    """Read a checkpoint that a log signed.

    Args:
        data: The bytes of the signed note.
        log: The log's key; its name is the origin that the checkpoint must have.
        cosigners: The known cosigners.
        verify: Verifies plain Ed25519.

    Returns:
        The checkpoint, and who cosigned it.

    Raises:
        BadNote: The note is malformed, or of another origin, or not signed by the log, or a signature that names a
            known key does not verify.
    """
    note = parse_note(data)
    signed = verified(note, (log, *cosigners), verify)
    if log not in signed:
        raise BadNote("The checkpoint is not signed by its log.")
    checkpoint = parse_text(note.text)
    if checkpoint.origin != log.name:
        raise BadNote("The checkpoint is that of another log.")
    return Opened(checkpoint, {key.name: at for key, at in signed.items() if at is not None}, note)
