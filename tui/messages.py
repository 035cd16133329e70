"""What threads and widgets tell the screens."""

from collections.abc import Callable
from typing import Protocol

from textual.message import Message

from shared.terminal.synced import Synced


class Told(Protocol):
    """Who is told by message, from any thread: an app, as a rule."""

    def post_message(self, message: Message) -> bool:
        """Take a message; False if nobody listens any more."""


class Changed(Message):
    """Something was written to this terminal's file: what is shown may be stale."""

    def __init__(self, *, here: bool) -> None:
        """Take whether it was done here, and so must be pushed."""
        super().__init__()
        self.here = here


class Pulsed(Message):
    """What the screens hang on is otherwise, or was a second ago: what they show may be stale."""


class SyncTold(Message):
    """A sync with the server ended."""

    def __init__(self, synced: Synced) -> None:
        """Take what it told."""
        super().__init__()
        self.synced = synced


class Finished(Message):
    """A job of the performing thread ended; `tell` gives its outcome to who asked, in the screens' thread."""

    def __init__(self, tell: Callable[[], None]) -> None:
        """Take it."""
        super().__init__()
        self.tell = tell


class Scanned(Message):
    """A scanner read a code; whatever has the focus gets it before anybody else."""

    def __init__(self, code: str) -> None:
        """Take the code, without preamble and Enter."""
        super().__init__()
        self.code = code
