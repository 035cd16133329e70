"""What an error means to whoever typed the command: a rule's id, one sentence, and what to do next."""

from pathlib import Path
from traceback import extract_tb

from shared.actions.visible import visible
from shared.store import errors
from shared.store.errors import StoreError
from shared.store.lists import Unknown
from shared.terminal.refusal import Refused

STORE_RULES = {
    Unknown: "LIST-1",
    errors.Busy: "STORE-1",
    errors.Full: "STORE-2",
    errors.Damaged: "STORE-3",
    errors.Missing: "STORE-4",
    errors.Newer: "STORE-5",
    errors.Outdated: "STORE-6",
    errors.Unsafe: "STORE-7",
}
"""The ids of what stores refuse."""
_OTHER = "STORE-8"


def explained(error: Exception) -> tuple[str, str, str]:
    """Give the rule's id, the sentence and the next step of an error.

    An error that nobody foresaw is named by its place alone: its message may hold what somebody typed.
    """
    if isinstance(error, Refused):
        return error.rule, visible(error.text), visible(error.next)
    if isinstance(error, StoreError):
        text, _, then = visible(str(error)).partition(". ")
        return STORE_RULES.get(type(error), _OTHER), f"{text.rstrip('.')}.", then
    if isinstance(error, OSError):
        return "DISK-1", f"{error.strerror or 'The disk cannot be used'}.", "Look at the folder of this terminal."
    places = extract_tb(error.__traceback__)
    place = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return "BUG-1", f"{type(error).__name__}{place}.", "This is a fault of Andon; please report this line."


def unsaved(error: Exception) -> str:
    """Say that nothing can be saved on this terminal, before anybody relies on it."""
    rule, text, then = explained(error)
    return f"NOTHING CAN BE SAVED: stop by hand, telephone. {rule}: {text} {then}"
