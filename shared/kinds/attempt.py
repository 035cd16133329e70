"""Attempts: passwords that were wrong, ones that fitted after that, and locks that a second person opened.

How long to wait, and when it is locked, is counted from these entries by each terminal (shared/terminal/attempts.py),
so that it works offline and survives a restore. Nothing of what was typed is in them.
"""

from typing import Annotated

from shared.actions.action import Decision, Happened, World, Writer, action, any_member, only_terminal, rule
from shared.actions.field import Text, ask
from shared.actions.kind import Column, kind
from shared.actions.merge import constant

ATTEMPT = kind(
    "attempt",
    "ATT",
    "A password that did not fit, one that fitted after that, or a lock that a second person opened.",
    facts={
        "state": constant(),
        "person": constant(index=True),
        "raised": constant(),
        "reason": constant(),
    },
    columns={
        "title": Column("person", lambda r: r.person),
        "state": Column("what", lambda r: r.state),
        "person": Column("person", lambda r: r.person),
        "by": Column("by", lambda r: (r.raised or {}).get("by")),
        "company": Column("company", lambda r: (r.raised or {}).get("company"), width=8),
        "at": Column("at", lambda r: (r.raised or {}).get("at"), time=True),
        "reason": Column("why", lambda r: r.reason),
    },
    quiet=True,
)
_WRITES = ("state", "person", "raised")


def _enter(r: Writer, state: str, person: str) -> None:
    r.put("state", state)
    r.put("person", person)
    r.put("raised", {"by": r.by, "company": r.company, "at": r.at})


class OfTerminal(Happened, frozen=True, kw_only=True):
    """What the terminal notes of itself, with nobody signed in."""

    person: Annotated[Text, ask("whose password", most=40, refs=("member",))]


@action(
    ATTEMPT,
    by=only_terminal,
    creates=True,
    quiet=True,
    says="noted a wrong password for {person}",
    writes=_WRITES,
)
class Failed(OfTerminal, frozen=True, kw_only=True, tag="signing.failed"):
    """Notes that a password did not fit; never what was typed (21 CFR 11.300(d))."""

    def apply(self, r: Writer) -> None:
        """Enter it."""
        _enter(r, "failed", self.person)


@action(
    ATTEMPT,
    by=only_terminal,
    creates=True,
    quiet=True,
    says="noted that the password of {person} fitted, after wrong ones",
    writes=_WRITES,
)
class Passed(OfTerminal, frozen=True, kw_only=True, tag="signing.passed"):
    """Notes that the password fitted after it had not, so that counting begins anew."""

    def apply(self, r: Writer) -> None:
        """Enter it."""
        _enter(r, "passed", self.person)


@action(
    ATTEMPT,
    by=any_member,
    signed="unlocked",
    creates=True,
    says="let {person} sign again: {reason}",
    writes=(*_WRITES, "reason"),
)
class Unlock(Decision, frozen=True, kw_only=True, tag="signing.unlock"):
    """Lets a person sign again who is locked after wrong passwords; a second person, who has made sure who it is."""

    person: Annotated[Text, ask("who may sign again", most=40, refs=("member",))]
    reason: Annotated[Text, ask("how you made sure who it is, and why", most=300)]

    @rule("KEY-6", source="21 CFR 11.200(a)(3); EU GMP Annex 11 draft 11.7")
    def another(self, w: World) -> bool:
        """Nobody opens their own lock; ask another enrolled person."""
        return w.by != self.person

    @rule("KEY-7", source="21 CFR 11.10(d)")
    def member(self, w: World) -> bool:
        """There is no such member here; choose one from the list of members."""
        return w.get(self.person).kind == "member" and w.get(self.person).exists

    def apply(self, r: Writer) -> None:
        """Enter it."""
        _enter(r, "opened", self.person)
        r.put("reason", self.reason)
