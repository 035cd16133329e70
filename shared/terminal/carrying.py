"""Carrying blobs: what entries name by digest only goes to the server, and personal details and attachments come back.

The text of a signature's sheet goes to the server too, so that it outlives this terminal; others fetch it when it is
asked for.
"""

from typing import Final

from shared.log.entry import BadLine
from shared.log.wire import MOST_BLOB, blob_body, parse_blob
from shared.store.keep import digest_of
from shared.terminal.desk import Desk
from shared.terminal.remote import NotEnrolled, Remote, TooLarge

AT_ONCE: Final = 100
"""Blobs that are carried each way in one sync; the rest goes with the next."""
SMALL: Final = 16_384
"""Bytes of a blob that goes out before the entries that name it, so that whoever pulls those finds it: a number, a
sheet. Larger ones go afterwards: a stop must not wait for a picture."""
AGAIN_MS: Final = 30_000
"""How long a blob that the server does not have is not asked for again; its author may be cut off."""


def send_blobs(desk: Desk, remote: Remote, most: int = MOST_BLOB) -> None:
    """Send what must go to the server, each of at most so many bytes.

    Raises:
        TooLarge: the server does not take one of them; all others were sent.
    """
    store = desk.store
    refused: TooLarge | None = None
    for digest in store.carried.outgoing(AT_ONCE):
        blob = store.blobs.get(digest)
        if blob is not None and blob.salt is not None and blob.content is not None:
            if len(blob.content) > most:
                continue
            try:
                remote.put_blob(digest, blob_body(blob.erasable, blob.salt, blob.content))
            except TooLarge as error:
                refused = error
                continue
        with store.write():
            store.carried.done(digest)
    if refused is not None:
        raise refused


def fetch_blobs(desk: Desk, remote: Remote) -> None:
    """Fetch what is wanted and the server has."""
    store = desk.store
    now = desk.clock.now()
    for digest in store.carried.wanted(now - AGAIN_MS, AT_ONCE):
        try:
            body = remote.get_blob(digest)
        except NotEnrolled:
            return
        with store.write():
            if body is not None and _keep(desk, digest, body):
                store.carried.done(digest)
            else:
                store.carried.tried(digest, now)


def _keep(desk: Desk, digest: str, body: bytes) -> bool:
    """Keep a blob if it is the one that was asked for."""
    try:
        erasable, salt, content = parse_blob(body)
    except BadLine:
        return False
    if digest_of(salt, content) != digest:
        return False
    desk.store.blobs.put(salt, content, erasable=erasable)
    return True
