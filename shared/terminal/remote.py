"""The server as a terminal sees it: the one seam between syncing and the network (net.py; simulations have another)."""

from typing import Protocol

from shared.log.wire import Answer, Page, Recovering


class Unreachable(Exception):
    """The server does not answer; nothing is lost, what waits goes out later. The message says what was tried."""


class Later(Exception):
    """The server answers that it cannot now (full, busy, too many requests); nothing is lost."""


class TooLarge(Exception):
    """The server does not take so much at once; trying again changes nothing, so people are told."""


class NotEnrolled(Exception):
    """The server has no such log for this terminal: it is not enrolled, or was revoked, or the server is another."""


class NotUnderstood(Exception):
    """The server answers something else than the protocol says."""


class Contradicted(Exception):
    """The server refuses leaves that it had published: somebody shows two histories."""


class Remote(Protocol):
    """One log on its server. Every call may come twice: the server gives the same answer.

    Attributes:
        offset: by how much the server's clock is ahead of this machine's, ms; as it was at the last answer.
    """

    offset: int

    def push(self, body: bytes) -> Answer:
        """Push lines (`wire.push_body`)."""
        ...

    def page(self, start: int) -> Page:
        """Pull the page that begins at a position; one without leaves if there are no more."""
        ...

    def refill(self, body: bytes) -> Recovering:
        """Give a restored server leaves back (`wire.page_body`)."""
        ...

    def put_blob(self, digest: str, body: bytes) -> None:
        """Give the server a blob (`wire.blob_body`)."""
        ...

    def get_blob(self, digest: str) -> bytes | None:
        """Ask for a blob; None if the server does not have it, or it was erased."""
        ...
