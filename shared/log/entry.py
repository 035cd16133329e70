"""Entry, line and skip: what a terminal writes into a log.

An *entry* says who did what, and what they had been shown. A *line* is the entry with its person's signature, as the
terminal writes and pushes it; the SHA-256 of its bytes is its id. A *skip* is the line that takes the place of an
entry that the server refused. Stored bytes are law: a line is encoded once, and never again before it is checked.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec

from shared.log import canonical
from shared.log.canonical import BIGGEST, NotCanonical, b64, is_b64
from shared.log.clock import is_at

MAX_LINE: Final = 60 * 1024
"""The most bytes a line may have; its leaf then stays under the 65,536 of the tlog-tiles format."""

ESIGN: Final = "andon-esign"
"""The SSHSIG namespace of a person's signature over an entry."""

# A line, its entry and its action are containers too, so this many are left for the action itself.
_ACTION_DEPTH: Final = canonical.DEPTH - 2
_SIGNATURE_BYTES: Final = 64
_DIGEST_BYTES: Final = 32
_SALT_BYTES: Final = 16
_SEEN_WITHOUT_EPOCH: Final = 2

Count = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Number = Annotated[int, msgspec.Meta(ge=1, le=BIGGEST)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Seen = Annotated[tuple[Count, ...], msgspec.Meta(min_length=2, max_length=3)]


class BadLine(ValueError):
    """Canonical bytes that are no line; the message is one plain sentence for people."""


# The fields of all structs here stand in the order of their keys, so that encoding them need not sort.


class Sign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a person's signature means.

    Attributes:
        key: Fingerprint of the signing key, ``SHA256:...`` as OpenSSH prints it.
        meaning: The meaning that was shown, such as ``rated`` or ``lifted`` (21 CFR 11.50).
        sheet: SHA-256 of salt and the exact text that was on the screen, base64url.
    """

    key: Name
    meaning: Name
    sheet: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One act, as its terminal wrote it down.

    Attributes:
        action: The action, canonical JSON, ``{"do": name, ...}``; embedded byte for byte.
        app: Version of the program that wrote it.
        at: The claimed time with milliseconds and offset, ``2026-11-22T07:38:09.120+01:00``.
        by: Code of the person, or ``@`` and the terminal's code. Never empty.
        heads: Entries of other terminals, seen through a relay before they were in the log: code to number.
        n: Number of this entry on its terminal's chain; the first is 1.
        program: Id of the program, empty in the genesis line only.
        record: What it is about: kind, terminal and number in one (``DEV-LYN3-418``), or a natural id.
        salt: 16 random bytes, base64url, so that nobody guesses an entry from its hash.
        seen: What the form showed: size of the log, own entries, and the log's epoch when that is not 0.
        sign: What the signature means; None if nobody signs.
        terminal: Code of the terminal that wrote it.
        v: Version of this format; always written.
    """

    action: msgspec.Raw
    app: Code
    at: str
    by: Code
    heads: dict[Code, Number] = {}
    n: Number
    program: str
    record: Name
    salt: str
    seen: Seen
    sign: Sign | None = None
    terminal: Code
    # A factory is no default that is left out, so 1 is always written, and a line without it is refused.
    v: Literal[1] = msgspec.field(default_factory=lambda: 1)


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry with its person's signature.

    Attributes:
        entry: The entry.
        sig: 64 bytes of Ed25519 in SSHSIG's wrapping, namespace ``andon-esign``, over ``signed_bytes``; base64url.
    """

    entry: Entry
    sig: str | None = None


class Skip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What stands on a terminal's chain in the place of an entry that the server refused.

    Attributes:
        id: Id of the refused line, base64url of 32 bytes.
        n: Number of the refused entry, and so of this line.
        program: Id of the program.
        terminal: Code of the terminal.
        why: The refusal: the rule's id, and the sentence.
    """

    id: str
    n: Number
    program: str
    terminal: Code
    why: Annotated[str, msgspec.Meta(max_length=2000)]


class _Wire(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Either kind of line, as it is decoded."""

    entry: Entry | None = None
    sig: str | None = None
    skip: Skip | None = None


class _Named(msgspec.Struct, frozen=True):
    """Of an action its name alone."""

    do: str


_encode: Final = msgspec.json.Encoder(order="sorted").encode
_decode: Final = msgspec.json.Decoder(_Wire).decode
_decode_name: Final = msgspec.json.Decoder(_Named).decode


def line_bytes(entry: Entry, sig: str | None) -> bytes:
    """Write an entry down.

    Args:
        entry: The entry; its action must be canonical already, and its texts judged (``canonical.encode``).
        sig: The person's signature, base64url of 64 bytes, or None.

    Returns:
        The line's bytes: canonical JSON ``{"entry":...,"sig"?}``.
    """
    return _encode(Line(entry, sig))


def skip_bytes(skip: Skip) -> bytes:
    """Write a skip down.

    Args:
        skip: The skip.

    Returns:
        The line's bytes: canonical JSON ``{"skip":...}``.
    """
    return _encode(_Wire(skip=skip))


def signed_bytes(entry: Entry) -> bytes:
    """Give what a person signs.

    Args:
        entry: The entry.

    Returns:
        The canonical JSON of the entry alone; in the line it stands between ``{"entry":`` and the signature.
    """
    return _encode(entry)


def do_of(entry: Entry) -> str:
    """Give the name of an entry's action, without reading the rest of it.

    Args:
        entry: An entry that has been checked (``parse_line``).

    Returns:
        The name, such as ``deviation.rate``.
    """
    return _decode_name(entry.action).do


def line_id(line: bytes) -> bytes:
    """Give the id of a line.

    Args:
        line: The exact bytes of the line.

    Returns:
        Their SHA-256, 32 bytes.
    """
    return sha256(line).digest()


@lru_cache(maxsize=64)  # all lines of a log name one program
def is_program(text: str) -> bool:
    """Tell whether a text can be a program's id.

    Args:
        text: The text.

    Returns:
        True if it is base64url of 32 bytes, the id of a genesis line.
    """
    return is_b64(text, _DIGEST_BYTES)


def _judge_entry(entry: Entry) -> None:
    """Refuse what the types of an entry's fields cannot say."""
    if entry.program and not is_program(entry.program):
        raise BadLine("The program must be empty or base64url of 32 bytes.")
    if not is_b64(entry.salt, _SALT_BYTES):
        raise BadLine("The salt must be base64url of 16 bytes.")
    if not is_at(entry.at):
        raise BadLine("The time must have milliseconds and an offset, as 2026-11-22T07:38:09.120+01:00.")
    if entry.seen[-1] == 0 and len(entry.seen) > _SEEN_WITHOUT_EPOCH:
        raise BadLine("An epoch of 0 must be left out.")
    action = canonical.check(bytes(entry.action), text=False, depth=_ACTION_DEPTH)
    if not isinstance(action, dict) or not isinstance(action.get("do"), str):
        raise BadLine('The action must be an object with a name: {"do": ...}.')


def _judge_signature(line: Line) -> None:
    """Refuse a signature, or a statement of what it means, that does not have its form."""
    if line.sig is not None and not is_b64(line.sig, _SIGNATURE_BYTES):
        raise BadLine("The signature must be base64url of 64 bytes.")
    if line.entry.sign is not None and not is_b64(line.entry.sign.sheet, _DIGEST_BYTES):
        raise BadLine("The sheet's digest must be base64url of 32 bytes.")


def _judge(wire: _Wire) -> Line | Skip:
    """Refuse what the types cannot say, and give the line its own type."""
    if wire.entry is not None and wire.skip is None:
        line = Line(wire.entry, wire.sig)
        _judge_entry(line.entry)
        _judge_signature(line)
        return line
    if wire.skip is None or wire.entry is not None or wire.sig is not None:
        raise BadLine("A line holds one entry, or one skip without a signature.")
    if not is_b64(wire.skip.id, _DIGEST_BYTES) or not is_program(wire.skip.program):
        raise BadLine("A skip names the refused line and the program by base64url of 32 bytes each.")
    return wire.skip


def parse_line(data: bytes, *, text: bool = False) -> Line | Skip:
    """Read a line and refuse whatever is not exactly one.

    Args:
        data: The line's bytes.
        text: Whether the text rules are judged too: the server says True, the fold never does.

    Returns:
        The entry with its signature, or the skip. Who signed, and whether they may, is not judged here.

    Raises:
        NotCanonical: The bytes are not canonical JSON, or (with ``text``) a string breaks a text rule.
        BadLine: They are, but no line: too large, a field missing, unknown, or of another form.
    """
    if len(data) > MAX_LINE:
        raise BadLine(f"A line has at most {MAX_LINE} bytes; this has {len(data)}.")
    try:
        wire = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        canonical.check(data, text=text)  # says it better, if that is what is wrong
        raise BadLine(f"The bytes are not a line: {error}.") from error
    # What the encoder leaves out, because it is the default, must be left out in the line too.
    if _encode(wire) != data:
        raise NotCanonical("The line is not written in the one canonical way (RFC 8785, defaults left out).")
    line = _judge(wire)
    if not data.isascii() or (text and not canonical.is_plain(data)):
        canonical.check(data, text=text)
    return line


def program_of(genesis: bytes) -> str:
    """Give the id of a program.

    Args:
        genesis: The bytes of its first line.

    Returns:
        The line's id in base64url.
    """
    return b64(line_id(genesis))
