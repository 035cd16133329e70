"""Canonical JSON: one value, one sequence of bytes.

RFC 8785 in a profile: objects with ASCII keys, arrays, strings, booleans, null and integers below 2^53 in size; no
floats; at most 16 containers inside each other. In that profile msgspec's sorted encoding *is* RFC 8785, so the check
is: decode, encode again, compare. That alone refuses duplicate keys, white space, byte order marks, ``-0`` and every
other spelling of a value. A bomb of brackets ends in msgspec's own limit, before Python recurses.

Documents of at most five containers inside each other, as nearly all are, are judged by the type of a decoder, in C;
the others, and those with text to judge, by a walk.

Text rules (NFC, no control and no bidirectional characters) come on top. They are judged by who writes and by the
server, never by the fold, because versions of Unicode differ and a fold must not.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Annotated, Any, Final
from unicodedata import is_normalized

import msgspec

DEPTH: Final = 16
"""Containers inside each other that a document may have, the outermost counted."""

BIGGEST: Final = 2**53 - 1
"""The largest integer, and with a minus sign the smallest, that every JSON library reads exactly."""

_encode: Final = msgspec.json.Encoder(order="sorted").encode

# C0 but newline, DEL, C1, the bidirectional controls. Category Cc never changes, so no table of Unicode is asked.
_FORBIDDEN: Final = frozenset(
    chr(code)
    for code in (
        *range(0x0A),
        *range(0x0B, 0x20),
        *range(0x7F, 0xA0),
        0x061C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
)


class NotCanonical(ValueError):
    """Bytes or a value outside the profile; the message is one plain sentence for people."""


class BadText(NotCanonical):
    """Text that breaks a text rule, in a document that is canonical otherwise."""


# msgspec expands such a type into 2^depth nodes: 5 takes 0.5 ms to build, 16 would take two seconds.
_SHALLOW: Final = 5


def _shallow_decoder() -> msgspec.json.Decoder[object]:
    """Return a decoder that takes integers of the profile, no floats, and ``_SHALLOW`` containers inside each other."""
    integer = Annotated[int, msgspec.Meta(ge=-BIGGEST, le=BIGGEST)]
    kind: Any = None | bool | integer | str
    for _ in range(_SHALLOW):
        kind = None | bool | integer | str | list[kind] | dict[str, kind]
    return msgspec.json.Decoder(kind)


def _no_float(digits: str) -> object:
    raise ValueError(f"the number {digits[:32]} is a float; measured values are decimal strings with their unit")


_decode_shallow: Final = _shallow_decoder().decode
_decode: Final = msgspec.json.Decoder(float_hook=_no_float).decode


def bad_text(text: str) -> str | None:
    """Say what is wrong with a string by the text rules.

    Args:
        text: The string, by itself; in a document each string is judged alone.

    Returns:
        None if nothing is wrong, else a sentence: a lone surrogate, a control character other than newline, a
        bidirectional control (061C, 200E, 200F, 202A-202E, 2066-2069), or not in Unicode's normal form C.
    """
    if text.isascii():
        if text.isprintable() or text.replace("\n", "").isprintable():
            return None
    elif _FORBIDDEN.isdisjoint(text):
        try:
            text.encode()
        except UnicodeEncodeError:
            return "The text holds half a surrogate pair, which is no character."
        return None if is_normalized("NFC", text) else "The text is not in Unicode's normal form C (NFC)."
    first = next(character for character in text if character in _FORBIDDEN)
    return f"The text holds the control character U+{ord(first):04X}; of these only newline is allowed."


def is_plain(data: bytes) -> bool:
    """Tell at a glance that no string of a canonical document can break the text rules.

    Args:
        data: A canonical document.

    Returns:
        True if it is ASCII without escapes and DEL, as most documents are. False says nothing yet.
    """
    return data.isascii() and b"\\" not in data and b"\x7f" not in data


def _judge_text(text: str) -> None:
    wrong = bad_text(text)
    if wrong:
        raise BadText(wrong)


def _judge(value: object, depth: int, *, text: bool) -> None:
    """Walk a decoded document, at most ``depth`` containers down, and refuse what is outside the profile."""
    if isinstance(value, str):
        if text:
            _judge_text(value)
    elif isinstance(value, dict | list):
        if not depth:
            raise NotCanonical("The JSON is deeper than its profile allows.")
        if isinstance(value, dict):
            _judge_keys(value, text=text)
            value = list(value.values())
        for inner in value:
            _judge(inner, depth - 1, text=text)
    elif isinstance(value, int) and not -BIGGEST <= value <= BIGGEST:
        raise NotCanonical("An integer of 2^53 or more is outside the profile.")


def _judge_keys(keys: Iterable[str], *, text: bool) -> None:
    """Refuse keys that are not ASCII and, with ``text``, those that break a text rule."""
    for key in keys:
        if not key.isascii():
            raise NotCanonical("A key holds a character outside ASCII.")
        if text:
            _judge_text(key)


def _decode_or_refuse(data: bytes) -> object:
    """Decode with the better message."""
    try:
        return _decode(data)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"The bytes are not JSON of the profile: {error}.") from error


def check(data: bytes, *, text: bool = True, depth: int = DEPTH) -> object:
    """Decode bytes that must be canonical.

    Args:
        data: The document.
        text: Whether the text rules are judged too; the fold says False.
        depth: Containers inside each other that are allowed; fewer for a part of a document.

    Returns:
        The value: dict, list, str, int, bool or None.

    Raises:
        NotCanonical: The bytes are not JSON, hold a float, an integer of 2^53 or more, a key outside ASCII, more
            depth than allowed, or are any other than the one spelling of their value (RFC 8785).
        BadText: With ``text``, a string in them breaks a text rule.
    """
    text = text and not is_plain(data)
    judged = not text and depth >= _SHALLOW and data.isascii()
    try:
        value = _decode_shallow(data) if judged else _decode(data)
    except (ValueError, RecursionError):  # msgspec's and Unicode's faults are ValueErrors
        value, judged = _decode_or_refuse(data), False
    if not judged:
        _judge(value, depth, text=text)
    if _encode(value) != data:
        raise NotCanonical("The JSON is valid, but not written in the one canonical way (RFC 8785).")
    return value


_PLAIN: Final = (str, int, type(None), msgspec.Raw, msgspec.UnsetType)


def _judge_types(value: object) -> None:
    """Refuse what msgspec would turn into some JSON silently: bytes, dates, sets, decimals, keys that are no text."""
    if isinstance(value, _PLAIN):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"A key must be text, not {type(key).__name__}.")
            _judge_types(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _judge_types(inner)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _judge_types(getattr(value, name))
    else:
        raise NotCanonical(f"A value of type {type(value).__name__} is not in the profile.")


def encode(value: object, *, text: bool = True) -> bytes:
    """Encode a value canonically.

    Args:
        value: dict, list, tuple, str, int, bool, None, a msgspec Struct of these, or Raw bytes that are canonical.
        text: Whether the text rules are judged too.

    Returns:
        The one sequence of bytes of the value, as RFC 8785 has it.

    Raises:
        NotCanonical: The value is outside the profile: another type, a key outside ASCII, too large, too deep, or
            text that breaks a text rule.
    """
    try:
        _judge_types(value)
        data = _encode(value)
    except RecursionError:
        raise NotCanonical(f"The value is deeper than {DEPTH} containers.") from None
    except UnicodeEncodeError:
        raise NotCanonical("The text holds half a surrogate pair, which is no character.") from None
    check(data, text=text)
    return data


_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")


def b64(data: bytes) -> str:
    """Write bytes as text: base64url (RFC 4648 section 5) without padding.

    Args:
        data: The bytes.

    Returns:
        The text, four characters for three bytes, as all binary values in a log are written.
    """
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Read base64url without padding, in its one spelling.

    Args:
        text: What ``b64`` wrote.

    Returns:
        The bytes.

    Raises:
        NotCanonical: A character outside the alphabet, padding, or trailing bits that are not zero.
    """
    try:
        data = binascii.a2b_base64(text.encode().translate(_FROM_URL) + b"=" * (-len(text) % 4))
    except ValueError:
        raise NotCanonical("The text is not base64url without padding.") from None
    if b64(data) != text:
        raise NotCanonical("The text is not base64url without padding in its one spelling.")
    return data


# Of the last character, the bits beyond the data must be zero, so few characters can end a text.
_LAST: Final = {1: "AQgw", 2: "AEIMQUYcgkosw048"}


def is_b64(text: str, size: int) -> bool:
    """Tell whether ``unb64`` would accept a text and give ``size`` bytes, without decoding it.

    Args:
        text: The text to judge.
        size: The number of bytes that it must stand for, 1 or more.

    Returns:
        True if it does.
    """
    return (
        len(text) == (size * 4 + 2) // 3
        and text.isascii()
        and text.replace("-", "0").replace("_", "0").isalnum()
        and (size % 3 == 0 or text[-1] in _LAST[size % 3])
    )
