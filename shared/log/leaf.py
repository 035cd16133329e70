"""Leaf: what a log holds in one position.

A leaf is the line with the time at which the server received it, and is canonical JSON itself. Since the keys are
sorted, the time has one place in the bytes, and line and leaf are made of each other by cutting, not by decoding.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec

from shared.log.canonical import BIGGEST, NotCanonical
from shared.log.entry import Line, Skip, parse_line

_SKIP: Final = b'{"skip":'
_SKIP_LEAF: Final = b'{"received":'
_RECEIVED: Final = b',"received":'
# An unsigned line ends in two braces, a signed one in its signature: ,"sig":"<86 characters>"}
_SIGNED: Final = b'"}'
_TAIL: Final = len(',"sig":""}') + 86


class Leaf(msgspec.Struct, frozen=True):
    """A line in its place in the log.

    Attributes:
        line: The entry with its signature, or the skip.
        received: When the server received it, milliseconds since 1970-01-01 UTC; never less than the leaf before.
    """

    line: Line | Skip
    received: int


def leaf_bytes(line: bytes, received: int) -> bytes:
    """Make a leaf of a line.

    Args:
        line: The exact bytes of a line that has been checked (``parse_line``).
        received: Milliseconds since 1970-01-01 UTC, 0 to 2^53 - 1.

    Returns:
        The canonical JSON of the line's object with ``received`` in it.
    """
    if line.startswith(_SKIP):
        return b"%b%d,%b" % (_SKIP_LEAF, received, line[1:])
    cut = len(line) - (_TAIL if line.endswith(_SIGNED) else 1)
    return b"%b%b%d%b" % (line[:cut], _RECEIVED, received, line[cut:])


def _split(leaf: bytes) -> tuple[bytes, int]:
    """Cut a leaf into its line and ``received``, and refuse it if they do not give the leaf again."""
    if leaf.startswith(_SKIP_LEAF):
        digits, _, rest = leaf[len(_SKIP_LEAF) :].partition(b",")
        line = b"{" + rest
    else:
        cut = len(leaf) - (_TAIL if leaf.endswith(_SIGNED) else 1)
        head, _, digits = leaf[: max(cut, 0)].rpartition(_RECEIVED)
        line = head + leaf[cut:]
    # The length first: int() of a very long text of digits raises, or takes long.
    received = int(digits) if 0 < len(digits) <= len(str(BIGGEST)) and digits.isdigit() else -1
    if not 0 <= received <= BIGGEST or leaf_bytes(line, received) != leaf:
        raise NotCanonical("The bytes are not a leaf: no time of receipt in its canonical place.")
    return line, received


def line_of(leaf: bytes) -> bytes:
    """Give back the line that a leaf was made of.

    Args:
        leaf: The exact bytes of the leaf.

    Returns:
        The exact bytes of the line; ``leaf_bytes`` of them is the leaf.

    Raises:
        NotCanonical: The bytes have no time of receipt in its place. Whether the rest is a line is not judged.
    """
    return _split(leaf)[0]


def parse_leaf(data: bytes, *, text: bool = False) -> Leaf:
    """Read a leaf and refuse whatever is not exactly one.

    Args:
        data: The leaf's bytes.
        text: Whether the text rules are judged too; the fold says False.

    Returns:
        The line and when it was received.

    Raises:
        NotCanonical: The bytes are not canonical JSON, or not that of a leaf.
        BadLine: The line in it has another form.
    """
    line, received = _split(data)
    return Leaf(parse_line(line, text=text), received)


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf into the Merkle tree.

    Args:
        leaf: The exact bytes of the leaf.

    Returns:
        SHA-256 of a zero byte and the leaf (RFC 6962 section 2.1), 32 bytes.
    """
    return sha256(b"\x00" + leaf).digest()
