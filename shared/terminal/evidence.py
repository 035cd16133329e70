"""Evidence against a server: checkpoints that it signed and that do not continue what this terminal holds.

They are never thrown away: with the terminal's own leaves each proves that the log was shown in two ways.
"""

from typing import Final

from shared.log.checkpoint import parse_text
from shared.log.note import parse_note
from shared.store.store import Store

_KEY: Final = "evidence"
MOST: Final = 100
"""Notes that are kept; a server that signs more histories than that has been found out."""


def keep_evidence(store: Store, note: str) -> None:
    """Keep a note that the log signed over another history; the same one once."""
    kept = store.metas(_KEY)
    if len(kept) < MOST and note not in evidence(store):
        with store.write() as tx:
            tx.set_meta(f"{_KEY} {len(kept):03}", note)


def evidence(store: Store) -> list[str]:
    """Give the notes that are kept, in the order in which they came."""
    return [str(store.meta(key)) for key in store.metas(_KEY)]


def told(note: str) -> str:
    """Say what a kept note shows, for people."""
    point = parse_text(parse_note(note.encode()).text)
    return f"the server has signed another history of {point.size} entries; its checkpoint is kept as evidence"
