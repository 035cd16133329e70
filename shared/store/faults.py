"""What verifying gives, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from shared.store.errors import Damaged, Gap
from shared.store.sqlite import Error

UNREADABLE: Final = (Error, Damaged, Gap, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading damaged pages raises: SQLite may give any value of any type for them."""


class Fault(NamedTuple):
    """One thing that is not as it was: `where` names it, `what` says what is the matter.

    Both may quote what somebody wrote into a log; as text (`str`) it is one line without anything a terminal obeys.
    """

    where: str
    what: str

    def __str__(self) -> str:
        said = f"{self.where}: {self.what}"
        return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in said)


class Keys(NamedTuple):
    """What signatures are verified with. What is None is not verified, and that is no fault.

    Attributes:
        verify: SSHSIG's, `shared.trust.sshsig.verify`.
        holder: gives the public key, by its fingerprint, that a person or terminal holds or ever held
            (`shared.fold.roster.RosterNow.holds_key`).
        plain: plain Ed25519's, `shared.trust.plain.verify`: public key, message, signature.
        log: the log's public key; of one that is no key, no checkpoint is signed.
        cosigners: by the cosigners' names (terminal codes) the public keys that each holds or ever held.
    """

    verify: Callable[[bytes, str, bytes, bytes], bool] | None = None
    holder: Callable[[str, str], bytes | None] | None = None
    plain: Callable[[bytes, bytes, bytes], bool] | None = None
    log: bytes | None = None
    cosigners: Mapping[str, Sequence[bytes]] = {}

    def fits(self, author: str, fingerprint: str, space: str, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is by that key, and the key is the author's; true if that cannot be told here."""
        if self.verify is None or self.holder is None:
            return True
        key = self.holder(author, fingerprint)
        return key is not None and self.verify(key, space, message, signature)
