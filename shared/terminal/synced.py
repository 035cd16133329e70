"""How a sync ended, in words that commands and screens share. Loads nothing: the first screen reads it."""

from typing import Final, NamedTuple

IN_LOG: Final = "in log"
"""All that was written here is in the log, and all of the log is here."""
WAITING: Final = "waiting"
"""A line waits for one of another terminal, which its author had seen."""
REFUSED: Final = "refused"
"""The server refuses what this terminal pushes; what is pulled is here."""
RECOVERING: Final = "recovering"
"""The server was restored and waits for leaves that this terminal does not have."""
STRANGER: Final = "not enrolled"
CONTRADICTION: Final = "contradiction"
"""The server shows another history than before; nothing of it is kept."""
UNREACHABLE: Final = "unreachable"
LATER: Final = "later"
"""The server cannot now."""

WELL: Final = frozenset({IN_LOG, WAITING})
"""The states in which the server was heard, and took and gave what it should."""


class Synced(NamedTuple):
    """What a sync did, and how things stand.

    Attributes:
        pushed: own lines that are in the log now.
        pulled: leaves of the log that are here now, beside those own lines.
        position: leaves that this terminal holds.
        state: one of the words above.
        text: why, for people; "" if all is well.
        refused: numbers of own entries that the server refused; their text is kept for entering them again.
        cloned: codes of active terminals under which two machines write.
        offset: by how much the server's clock is ahead of this machine's, ms, as it was heard last.
    """

    pushed: int
    pulled: int
    position: int
    state: str
    text: str
    refused: tuple[int, ...]
    cloned: tuple[str, ...] = ()
    offset: int = 0
