"""Who sits at the terminal: nobody, or one person, until they go, are locked out after a while, or another comes."""

from dataclasses import dataclass, field
from typing import Final

IDLE_S: Final = 300.0
"""Seconds without a key after which the terminal locks (at most five minutes, design.md 6)."""


@dataclass
class Session:
    """One terminal's session.

    Attributes:
        person: who is signed in; "" for nobody.
        name: the printed name.
        company: the person's company.
        roles: the roles that the person holds now.
        touched: when a key was pressed last, s of a monotonic clock.
        claimed: with nobody signed in, who said to be there since the last stop; "" for nobody.
    """

    person: str = ""
    name: str = ""
    company: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    touched: float = 0.0
    claimed: str = ""

    def touch(self, now: float) -> None:
        """Note that somebody is there; after a while with nobody it may be somebody else than who said a name."""
        if self.idle(now):
            self.claimed = ""
        self.touched = now

    def idle(self, now: float) -> bool:
        """Whether nobody has been there for too long."""
        return now - self.touched >= IDLE_S

    def expired(self, now: float) -> bool:
        """Whether somebody is signed in and has not been there for too long."""
        return bool(self.person) and self.idle(now)

    def owner(self, code: str) -> str:
        """Whose drafts are written now: the person's, or the terminal's."""
        return owner_of(self.person, code)

    def says(self) -> dict[str, str]:
        """Give what an entry says of who acts, where nobody is signed in and somebody said a name."""
        return {"claimed": self.claimed} if self.claimed and not self.person else {}


def owner_of(person: str, code: str) -> str:
    """Whose drafts a person's are; those typed with nobody signed in are the terminal's."""
    return person or f"@{code}"
