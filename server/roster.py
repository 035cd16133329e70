"""The roster as the server asks for it: its answers are kept until it changes, for nearly all pushes ask the same."""

from functools import lru_cache
from typing import Final

from shared.fold.roster import RosterNow
from shared.log.canonical import NotCanonical, unb64
from shared.log.chain import SEAL, Seal, sealed_bytes
from shared.log.push import Roster
from shared.store.store import Store
from shared.trust import sshsig

_MOST: Final = 10_000
verify = lru_cache(maxsize=1_024)(sshsig.verify)
"""SSHSIG's verification, which has no state: a seal is judged when it comes, and again when it is ordered."""


class KeptRoster:
    """Who holds which key now, by one store's tables; answers `shared.log.push.Roster`."""

    def __init__(self, store: Store, program: str) -> None:
        """Read from a store that folds the roster only."""
        self._store = store
        self._program = program
        self._changed = -1
        self._keys: dict[str, bytes] = {}
        self._held: dict[tuple[str, str], bytes] = {}

    def forget(self) -> None:
        """Forget all answers, for a transaction failed that may have changed them."""
        self._changed = -1

    def _now(self) -> RosterNow:
        tables = self._store.tables
        changed = tables.top()
        if changed != self._changed or len(self._held) > _MOST:
            self._changed = changed
            self._keys.clear()
            self._held.clear()
        return RosterNow(tables, self._program)

    def program(self) -> str:
        """See `Roster`."""
        return self._program

    def terminal_key(self, terminal: str) -> bytes | None:
        """See `Roster`."""
        now = self._now()
        key = self._keys.get(terminal) or now.terminal_key(terminal)
        if key is not None:
            self._keys[terminal] = key
        return key

    def branch_keys(self, terminal: str, n: int) -> list[bytes]:
        """See `Roster`."""
        return self._now().branch_keys(terminal, n)

    def holds_key(self, person: str, fingerprint: str) -> bytes | None:
        """See `Roster`."""
        now = self._now()
        key = self._held.get((person, fingerprint)) or now.holds_key(person, fingerprint)
        if key is not None:
            self._held[person, fingerprint] = key
        return key


def sealed(roster: Roster, seal: Seal) -> bool:
    """Tell whether a seal is by a key that the terminal which it names holds or ever held."""
    key = roster.holds_key(seal.terminal, seal.key)
    try:
        return key is not None and verify(key, SEAL, sealed_bytes(seal), unb64(seal.sig))
    except NotCanonical:
        return False
