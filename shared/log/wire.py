"""What terminals and the server say to each other: the bodies of requests and answers (docs/protocol.md 13).

A body of entries is canonical JSON documents, one a line: no document holds a newline, so the stored bytes travel as
they are. Everything here is pure; who sends it and how it is compressed is for `server` and `shared.terminal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from shared.log.canonical import b64, encode
from shared.log.chain import Seal, parse_seal, seal_bytes
from shared.log.entry import BadLine
from shared.log.push import Refused

MOST_LINES: Final = 2_000
"""The most lines of a push, and the fewest leaves at which a page looks for its end."""
MOST_PUSH: Final = 2 << 20
"""The most bytes of a push's body before it is compressed; the longest line fits many times."""
PAGE: Final = 1 << 18
"""Bytes of leaves after which a page ends at the next place where it can."""
MOST_PAGE: Final = 16 << 20
"""The most bytes of a page that anybody reads: some pushes may lie between a page's limit and its end."""
MOST_PAGE_LINES: Final = MOST_PAGE // 128
"""The most lines of a page: no leaf and no seal is as short as that, so only what is none has more of them."""
MOST_BLOB: Final = 8 << 20
"""The most bytes of a blob's content."""

TIME_HEADER: Final = "Andon-Time"
"""Header of every answer: the server's time, ms since 1970-01-01 UTC, by which a terminal knows its clock's offset."""
LIVE: Final = "/v1/live"
"""The path of the live socket, and of what a terminal signs to listen to a log."""

_SALT: Final = 16
_SEAL: Final = b'{"key":'


class Placed(msgspec.Struct, frozen=True, tag="ordered"):
    """A push is in the log, durably.

    Attributes:
        places: Of each pushed line its position and time of receipt (ms since 1970-01-01 UTC), in the push's order.
        checkpoint: The log's signed note up to the last of them.
        size: Leaves that the log holds with them; more than the checkpoint's if others' have come behind.
    """

    places: list[tuple[int, int]]
    checkpoint: str
    size: int


class Denied(msgspec.Struct, frozen=True, tag="refused", omit_defaults=True):
    """A push is refused, and nothing of it is in the log; see `push.Refused`, whose id it gives in base64url."""

    rule: str
    why: str
    n: int | None = None
    id: str | None = None


class Waits(msgspec.Struct, frozen=True, tag="wait"):
    """A push must come again after another terminal's line; see `push.Wait`."""

    terminal: str
    n: int
    line: int


class Recovering(msgspec.Struct, frozen=True, tag="recovering"):
    """The server was restored from a backup and lacks leaves that it had published; terminals give them back.

    Attributes:
        size: Leaves that it holds.
        head: Leaves that it must hold before it orders anything again.
    """

    size: int
    head: int


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks on the live socket to be poked when a log grows.

    Attributes:
        program: The log's id.
        authorization: The header of a signed request with the method LIVE and the path `live_path(program)`.
    """

    program: str
    authorization: str


class Poke(msgspec.Struct, frozen=True):
    """Says on the live socket how many leaves a log has; None: it is not here, or this terminal may not read it."""

    program: str
    size: int | None


Answer = Placed | Denied | Waits | Recovering
"""What a push is answered."""


class Head(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The first line of a page.

    Attributes:
        checkpoint: A note of the log's. Of a pulled page it is over exactly the leaves up to the page's end.
        count: Leaves that follow.
        links: By position the link before a leaf (base64url), for each of a terminal whose chain forks.
        proof: Hashes (base64url) of the proof that the checkpoint's tree continues the one up to the page's end; given
            by who refills a server, whose checkpoint is over more leaves (RFC 9162 section 2.1.4).
        size: Leaves that the sender's log holds.
        start: Position of the first leaf.
    """

    checkpoint: str
    count: int
    links: dict[int, str] = {}
    proof: list[str] = []
    size: int
    start: int


class Page(NamedTuple):
    """Leaves from one position on, with the seals that cover them: each with the position of its last line."""

    head: Head
    leaves: list[bytes]
    seals: list[tuple[int, Seal]]


_head: Final = msgspec.json.Decoder(Head).decode
_answer: Final = msgspec.json.Decoder(Answer).decode
_json: Final = msgspec.json.Encoder().encode


def push_body(seal: Seal, lines: Sequence[bytes]) -> bytes:
    """Write a push down: the seal, then the lines."""
    return b"\n".join((seal_bytes(seal), *lines)) + b"\n"


def parse_push(body: bytes) -> tuple[Seal, list[bytes]]:
    """Read a push.

    Args:
        body: Its bytes, not compressed.

    Returns:
        The seal, and the lines unread: `ordering.order` judges them.

    Raises:
        BadLine: It holds no seal, too many lines, or has no last newline.
        NotCanonical: The seal is not canonical JSON.
    """
    seal, *lines = _lines(body, 1 + MOST_LINES)
    return parse_seal(seal), lines


def _lines(body: bytes, most: int) -> list[bytes]:
    """Take a body apart, counted before: a few bytes unpack to millions of lines, and each would be an object.

    Raises:
        BadLine: It has more lines than it may, or none, or no last newline.
    """
    if not body.endswith(b"\n"):
        raise BadLine("A push or a page ends in a newline.")
    if body.count(b"\n") > most:
        raise BadLine(f"It has more than {most} lines. Send less at once.")
    return body[:-1].split(b"\n")


def page_body(page: Page) -> bytes:
    """Write a page down: its head, then the leaves, behind each the seal whose last line it is."""
    seals = {position: seal_bytes(seal) for position, seal in page.seals}
    parts = [_json(page.head)]
    for position, leaf in enumerate(page.leaves, page.head.start):
        parts.append(leaf)
        if position in seals:
            parts.append(seals[position])
    parts.append(b"")
    return b"\n".join(parts)


def parse_page(body: bytes) -> Page:
    """Read a page.

    Args:
        body: Its bytes, not compressed.

    Returns:
        The page; of the leaves nothing is judged yet but that they are as many as the head says.

    Raises:
        BadLine: It is of another form.
        NotCanonical: A seal is not canonical JSON.
    """
    first, *rest = _lines(body, MOST_PAGE_LINES)
    try:
        head = _head(first)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadLine(f"The first line is not a page's head: {error}.") from error
    leaves: list[bytes] = []
    seals: list[tuple[int, Seal]] = []
    for line in rest:
        if line.startswith(_SEAL):
            if not leaves:
                raise BadLine("A seal stands before the first leaf.")
            seals.append((head.start + len(leaves) - 1, parse_seal(line)))
        else:
            leaves.append(line)
    if len(leaves) != head.count or head.start < 0:
        raise BadLine(f"The page should hold {head.count} leaves, and holds {len(leaves)}.")
    return Page(head, leaves, seals)


def blob_body(erasable: bool, salt: bytes, content: bytes) -> bytes:  # noqa: FBT001 - one of three parts
    """Write a blob down: a byte that is 1 if it may be erased after retention, its salt, its content."""
    return bytes([erasable]) + salt + content


def parse_blob(body: bytes) -> tuple[bool, bytes, bytes]:
    """Read a blob; whether it is the one of its digest is for the caller to judge.

    Returns:
        Whether it may be erased, its salt, its content.

    Raises:
        BadLine: It is none.
    """
    if len(body) <= _SALT or body[0] > 1:
        raise BadLine("A blob is one byte, 0 or 1, its salt of 16 bytes, and its content.")
    return bool(body[0]), body[1 : 1 + _SALT], body[1 + _SALT :]


def answer_body(answer: Answer) -> bytes:
    """Write an answer down."""
    return _json(answer)


def parse_answer(body: bytes) -> Answer:
    """Read an answer.

    Raises:
        BadLine: It is none.
    """
    try:
        answer: Answer = _answer(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLine(f"The server's answer is not understood: {error}.") from error
    return answer


def denied(refused: Refused) -> Denied:
    """Give a refusal as it is sent."""
    return Denied(refused.rule, refused.why, refused.n, None if refused.id is None else b64(refused.id))


def live_path(program: str) -> str:
    """Give the path that is signed to listen to a log."""
    return f"{LIVE}?program={program}"


def read_bytes(terminal: str, method: str, path: str, date: int) -> bytes:
    """Give what a terminal signs to read (SSHSIG, namespace `andon-read`).

    Args:
        terminal: Its code.
        method: The request's, such as GET.
        path: The request's path with its query.
        date: When, ms since 1970-01-01 UTC by the server's clock as the terminal knows it.

    Returns:
        Canonical JSON of these.
    """
    return encode({"date": date, "method": method, "path": path, "terminal": terminal})
