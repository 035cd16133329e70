"""What the ordering asks, and what it answers.

A push is all or nothing: it is ordered whole, refused with the first reason, or told to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from shared.log.chain import Seal
from shared.log.entry import Line, Skip

Verify = Callable[[bytes, str, bytes, bytes], bool]
"""Verifies an SSHSIG signature: ``verify(public key, namespace, message, 64 bytes)`` (``trust.sshsig.verify``)."""


class Roster(Protocol):
    """What the ordering asks of the roster, which stands at the log's present end."""

    def program(self) -> str:
        """Give the program's id; empty before the genesis is in the log."""
        ...

    def terminal_key(self, terminal: str) -> bytes | None:
        """Give the key that the terminal's chain must be sealed with now.

        Before the genesis it is asked about the genesis' terminal, and answers from the genesis that is offered.
        A revoked terminal has a key still: it may push.

        Args:
            terminal: The terminal's code.

        Returns:
            The public key, 32 bytes; None if the terminal is not enrolled.
        """
        ...

    def branch_keys(self, terminal: str, n: int) -> list[bytes]:
        """Give the keys that a fork of the terminal's chain may be sealed with.

        Asked only if the seal names another key than ``terminal_key``: a clone may have branched off before the key
        was replaced, and must be heard, because the fork is the evidence.

        Args:
            terminal: The terminal's code.
            n: The fork's first line is a child of this entry; 0 if it is the terminal's first.

        Returns:
            For each known branch with an entry ``n`` the key in force after that entry.
        """
        ...

    def holds_key(self, person: str, fingerprint: str) -> bytes | None:
        """Give a person's key.

        Args:
            person: The person's code.
            fingerprint: The key's, ``SHA256:...``.

        Returns:
            The public key, 32 bytes, if the person holds it or ever held it, or an open proposal gives it to the
            person; else None.
        """
        ...


class ChainState(Protocol):
    """What the ordering asks of the log, at its present end."""

    def size(self) -> int:
        """Give the number of leaves."""
        ...

    def epoch(self) -> int:
        """Give the log's epoch: 0, and one more after each restore that lost leaves."""
        ...

    def last_received(self) -> int:
        """Give the last leaf's time of receipt in milliseconds since 1970-01-01 UTC; 0 if there is none."""
        ...

    def links(self, terminal: str, n: int) -> list[bytes]:
        """Give the links known after a terminal's entry ``n``: none, one, or several if the chain forks.

        For ``n`` = 0 that is ``[chain.FIRST]``.
        """
        ...

    def find(self, line_id: bytes) -> tuple[int, int] | None:
        """Give position and time of receipt of a line, or None if the log does not hold it."""
        ...

    def has(self, terminal: str, n: int) -> bool:
        """Tell whether the log holds a line ``n`` of the terminal."""
        ...


class OrderedLeaf(msgspec.Struct, frozen=True):
    """A line that gets its position.

    Attributes:
        position: Its position in the log, from 0.
        received: Time of receipt, milliseconds since 1970-01-01 UTC.
        leaf: The leaf's bytes.
        id: The line's id, 32 bytes.
        terminal: Code of the terminal.
        n: The line's number on the terminal's chain.
        link: The chain's link after it, 32 bytes.
        line: The line as it was read, so that nobody need read it twice.
    """

    position: int
    received: int
    leaf: bytes
    id: bytes
    terminal: str
    n: int
    link: bytes
    line: Line | Skip


class Known(msgspec.Struct, frozen=True):
    """A pushed line that the log holds already.

    Attributes:
        id: The line's id, 32 bytes.
        position: Its position in the log, from 0.
        received: Its time of receipt, milliseconds since 1970-01-01 UTC.
    """

    id: bytes
    position: int
    received: int


class Ordered(msgspec.Struct, frozen=True):
    """The push has its place in the log.

    Attributes:
        leaves: The new leaves, in order; none if the log holds every line already.
        known: The lines that the log holds already; they come before the new ones in the push.
        seal: The seal, to be stored with the leaves; None if there are no new ones.
        forked: True if the log already holds another line with the first new one's number.
    """

    leaves: list[OrderedLeaf]
    known: list[Known]
    seal: Seal | None
    forked: bool


class Refused(msgspec.Struct, frozen=True):
    """The push is refused, and nothing of it is in the log.

    Attributes:
        n: Number of the line to replace by a skip; None if the refusal is about the push.
        id: Id of the line that it is about, 32 bytes; None if it is about none.
        rule: The rule's id.
        why: What was refused, what is the matter, and what to do next, for people.
    """

    n: int | None
    id: bytes | None
    rule: str
    why: str


class Wait(msgspec.Struct, frozen=True):
    """The push must come again after another terminal's line, which an author had seen; it is no refusal.

    The terminal pushes the lines before ``line`` by themselves now: the other terminal may be waiting for one of them.

    Attributes:
        terminal: Code of the other terminal.
        n: Number of its line.
        line: Number of the pushed line that has seen it.
    """

    terminal: str
    n: int
    line: int
