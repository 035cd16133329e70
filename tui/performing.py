"""The one thread that writes: it judges, signs and keeps, while the screens go on.

Jobs are done one after the other, in the order in which they were asked for. A draft that is saved again before it was
written takes the place of the one that waits: only the last keystroke matters.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any, Final, NamedTuple, TypeVar

from textual.message_pump import MessagePump

from shared.store.errors import StoreError
from shared.terminal.desk import Desk
from tui.messages import Changed, Finished

T = TypeVar("T")
Job = Callable[[Desk], Any]
NEEDED: Final = ("shared.kinds", "shared.terminal.perform", "shared.terminal.calling")
"""What acting loads, some 100 ms of it."""
LONGEST_S: Final = 2.0
"""How long leaving waits for what is being written."""


class _Waiting(NamedTuple):
    """A job that waits; see `Performer.ask`."""

    key: str
    job: Job
    then: Callable[[Any], None]
    failed: Callable[[Exception], None]
    quiet: bool


class Performer(threading.Thread):
    """Writes for one program. Any thread may ask; answers come to `told` as messages, in the screens' thread."""

    def __init__(
        self, opened: Callable[[], Desk], told: MessagePump, broken: Callable[[Exception], None],
        also: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Prepare.

        Args:
            opened: opens the desk, in the thread itself.
            told: who gets the messages.
            broken: is called, in the screens' thread, with why the desk cannot be opened though nobody asked for a job
                yet: nothing can be saved then.
            also: modules to load after those that acting needs, for keys that are pressed soon.
        """
        super().__init__(name="performer", daemon=True)
        self._opened = opened
        self._told = told
        self._broken = broken
        self._also = also
        self._jobs: deque[_Waiting] = deque()
        self._bell = threading.Condition()
        self._ended = False
        self._busy = False
        self.ready = False
        """Whether the fold and the kinds are loaded: before that, a screen that is painted at once does without.

        It says nothing of the desk: whom to call is read though nothing can be saved.
        """

    def ask(
        self,
        job: Callable[[Desk], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        key: str = "",
        quiet: bool = False,
    ) -> None:
        """Ask for a job.

        Args:
            job: what to do with the desk; in the performing thread.
            then: is called with what it gave, in the screens' thread.
            failed: is called with what it raised, in the screens' thread.
            key: jobs with the same key, other than "", replace each other as long as they wait.
            quiet: nothing that screens show changes by it, so that none is told to read anew.
        """
        with self._bell:
            if key:
                self._jobs = deque(one for one in self._jobs if one.key != key)
            self._jobs.append(_Waiting(key, job, then, failed, quiet))
            self._bell.notify_all()

    def settle(self, seconds: float = LONGEST_S) -> bool:
        """Wait until all that was asked for is done; False if it takes longer."""
        with self._bell:
            return self._bell.wait_for(lambda: not self._jobs and not self._busy, seconds)

    def end(self) -> None:
        """Do what was asked for, then end."""
        with self._bell:
            self._ended = True
            self._bell.notify_all()
        if self.is_alive():
            self.join(LONGEST_S)

    def run(self) -> None:
        """Load what acting needs, while the first screen is looked at; then do jobs until the end."""
        for name in NEEDED:
            import_module(name)
        self.ready = True
        self._told.post_message(Changed(here=False))
        for name in self._also:
            import_module(name)
        waiting: _Waiting | None = None
        going = True
        while going:
            try:
                # At once, not when the first job comes: that may be a stop, and whether it can be saved is known now.
                with self._opened() as desk:
                    going = self._serve(desk, waiting)
            except Exception as error:  # noqa: BLE001 - told, and the next job tries again
                self._told.post_message(Finished(partial(waiting.failed if waiting else self._broken, error)))
                waiting = self._next()
                going = waiting is not None
            else:
                waiting = None

    def _serve(self, desk: Desk, waiting: "_Waiting | None") -> bool:
        """Do a job and those that follow, until nothing is left to do, or the desk fails; whether to take another."""
        waiting = waiting or self._next()
        while waiting is not None:
            if not self._do(desk, waiting):
                return True
            waiting = self._next()
        return False

    def _next(self) -> "_Waiting | None":
        """Wait for a job; None at the end."""
        with self._bell:
            self._busy = False
            self._bell.notify_all()
            self._bell.wait_for(lambda: self._jobs or self._ended)
            if not self._jobs:
                return None
            self._busy = True
            return self._jobs.popleft()

    def _do(self, desk: Desk, waiting: "_Waiting") -> bool:
        """Do a job, and tell its outcome; whether the desk can be used any more."""
        try:
            result = waiting.job(desk)
        except Exception as error:  # noqa: BLE001 - told to who asked, on the screen
            self._told.post_message(Finished(partial(waiting.failed, error)))
            return not isinstance(error, StoreError)  # it may have closed the file
        self._told.post_message(Finished(partial(waiting.then, result)))
        if not waiting.quiet:
            self._told.post_message(Changed(here=True))
        return True
