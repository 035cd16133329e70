"""What a rule may read: the world as the author of an action had been shown it, and nothing else.

The fold implements these; kinds only ever see them. Every read goes through a view, so that a rule cannot depend on
what came later or on the order of arrival.
"""

from typing import Any, NamedTuple, Protocol

from shared.actions.terms import Terms


class Person(NamedTuple):
    """Somebody who acts, as the view shows them: id, company (its code, "" where unknown) and the roles granted."""

    id: str
    company: str
    roles: frozenset[str]


class Proposal(NamedTuple):
    """A joint act as shown in a view.

    `state` is "unknown" (no such proposal in the view), "waiting", "done", "declined", "withdrawn", "expired" or
    "uncounted"; `signers` are those who have signed, the author first; `open` are the places still to fill, in words;
    `fits` tells whether the reader could fill one; `refusal` is the rule that now refuses it, "" for none.
    """

    state: str
    do: str = ""
    record: str = ""
    author: str = ""
    company: str = ""
    signers: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    fits: bool = False
    refusal: str = ""


class Record(Protocol):
    """One record as shown in a view; a fact is an attribute, None (or an empty list or table) where nothing stands."""

    @property
    def id(self) -> str:
        """The record's id."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def exists(self) -> bool:
        """Whether an action that creates it is in the view."""

    def __getattr__(self, fact: str) -> Any:  # noqa: ANN401  facts hold any JSON value
        """The fact as merged: a value; a list for a union; a table of key to value where it stands per key."""

    def contested(self, fact: str) -> bool:
        """Whether values stand that differ, and nobody who saw them all has settled it."""

    def entries(self, fact: str) -> list[tuple[str, str, Any]]:
        """The standing values with the entry id and key of each, oldest first."""


class World(Protocol):
    """A view, with the place and the author that an action is judged for."""

    @property
    def here(self) -> Record:
        """The record that the action is about."""

    @property
    def me(self) -> Person:
        """The author: a person, or a terminal with its company and no roles."""

    @property
    def by(self) -> str:
        """The author's id: a person's, or `@` and a terminal's code."""

    @property
    def at(self) -> int:
        """The author's time in ms since 1970 UTC, never before `received` of the last leaf seen."""

    @property
    def terms(self) -> Terms:
        """The agreement in force at that time, or the default one."""

    def get(self, record: str) -> Record:
        """Any record by id; `exists` is false for one that the view does not hold."""

    def all(self, kind: str, fact: str, value: str) -> list[Record]:
        """The records of a kind whose indexed fact names `value`, oldest first."""

    def person(self, person: str) -> Person:
        """Another member as the view shows them; no roles for one that is not there or is revoked."""

    def proposal(self, entry: str) -> Proposal:
        """What the view shows of the joint act that the entry of this id proposed."""
