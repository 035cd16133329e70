"""Who may read: requests signed by a terminal over method, path and date (docs/protocol.md 13)."""

import re
from typing import Final, NamedTuple

from server.errors import Late, Malformed, NotHere
from shared.log.canonical import NotCanonical, unb64
from shared.log.wire import read_bytes

SLACK_MS: Final = 5 * 60_000
"""How far a request's date may be from now: a request that was overheard is worth nothing soon."""
_HEADER: Final = re.compile(r"Andon terminal=([A-Za-z0-9]{1,64}), date=(\d{1,15}), sig=([A-Za-z0-9_-]{86})")


class Claim(NamedTuple):
    """Who says to read: the terminal, the bytes that it signed, and the signature."""

    terminal: str
    message: bytes
    signature: bytes


def claim(header: str, method: str, path: str, now: int) -> Claim:
    """Read the header of a signed request.

    Args:
        header: `Andon terminal=CODE, date=MS, sig=B64`.
        method: the request's.
        path: the request's path with its query, as it was sent.
        now: the server's time, ms since 1970 UTC.

    Raises:
        Malformed: there is no such header.
        Late: its date is not now.
    """
    found = _HEADER.fullmatch(header)
    if found is None:
        raise Malformed("Reading is signed: `Authorization: Andon terminal=CODE, date=MS, sig=SIGNATURE`.")
    terminal, date, sig = found[1], int(found[2]), found[3]
    if abs(date - now) > SLACK_MS:
        raise Late("The request's date is not now. Sign it again with the time of this answer.")
    try:
        return Claim(terminal, read_bytes(terminal, method, path, date), unb64(sig))
    except NotCanonical:
        raise NotHere from None


def terminal_of(header: str) -> str:
    """Give the terminal of a header that `claim` has read."""
    found = _HEADER.fullmatch(header)
    return found[1] if found else ""
