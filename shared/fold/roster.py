"""The roster at the log's present end, as the ordering of pushes asks for it (shared/log/ordering.py, `Roster`).

It reads folded members and terminals; a server that orders pushes folds just those.
"""

from shared.fold.unit import Tables
from shared.log.canonical import NotCanonical, unb64
from shared.trust.keys import fingerprint


class RosterNow:
    """Who holds which key now."""

    def __init__(self, tables: Tables, program: str) -> None:
        """Read from `tables`; `program` is the log's id, "" before the genesis."""
        self._tables = tables
        self._program = program

    def program(self) -> str:
        """The log's program id, "" before the genesis."""
        return self._program

    def terminal_key(self, terminal: str) -> bytes | None:
        """The key that the terminal's chain must be sealed with now; a revoked one's too, for it may push. None for an unknown one."""
        state = self._tables.fact(terminal, "key")
        if state is None or not state.standing:
            return self._introduced(terminal, None)
        held = {write.value for write in state.standing}
        for public in self._publics(terminal):
            if fingerprint(public) in held:
                return public
        return None

    def holds_key(self, person: str, print_: str) -> bytes | None:
        """The public key of this fingerprint if the person holds or ever held it, or an open proposal names it as theirs."""
        for public in self._publics(person):
            if fingerprint(public) == print_:
                return public
        return self._introduced(person, print_)

    def _publics(self, record: str) -> list[bytes]:
        return [unb64(write.value) for write in self._tables.history(record, "publics")]

    def _introduced(self, record: str, print_: str | None) -> bytes | None:
        for write in self._tables.history(record, "@introduced"):
            try:
                public = unb64(write.value)
            except NotCanonical:
                continue  # a proposal may name anything; it is judged void, and a key that is none opens nothing
            if print_ is None or fingerprint(public) == print_:
                return public
        return None
