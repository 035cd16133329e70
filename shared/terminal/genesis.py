"""The genesis: a log's first line, which names its first terminal, its server, and the key of its checkpoints.

It counts as it stands, also while its officers have not all confirmed it yet; and a log's id is that line's, so nobody
can put another one in its place.
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from shared.log.canonical import NotCanonical, unb64
from shared.log.entry import BadLine, Line, parse_line
from shared.log.leaf import line_of
from shared.store.store import Store

_KEY_BYTES = 32


class Genesis(NamedTuple):
    """What a genesis names; keys are the 32 bytes, b"" for a text that is no key."""

    terminal: str
    public: bytes
    log_key: bytes
    host: str


@lru_cache(maxsize=16)  # each sync asks for the same one
def read_genesis(line: bytes) -> Genesis | None:
    """Read a genesis; None for any other line."""
    try:
        parsed = parse_line(line)
    except (NotCanonical, BadLine):
        return None
    if not isinstance(parsed, Line) or parsed.entry.program:
        return None
    fields = msgspec.json.decode(parsed.entry.action)
    text = {name: value for name, value in fields.items() if isinstance(value, str)}
    keys = (_key(text.get("public", "")), _key(text.get("log_key", "")))
    return Genesis(text.get("terminal", ""), *keys, text.get("host", ""))


def genesis_of(store: Store) -> Genesis | None:
    """Read the genesis of a stored log, or of one that waits to be pushed; None for an empty one."""
    leaf = store.log.leaf(0)
    if leaf is not None:
        return read_genesis(line_of(leaf))
    waiting = store.pending.lines()
    return read_genesis(waiting[0].line) if waiting else None


def _key(text: str) -> bytes:
    try:
        key = unb64(text)
    except NotCanonical:
        return b""
    return key if len(key) == _KEY_BYTES else b""
