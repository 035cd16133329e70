"""Reading from the terminal: nothing is done while nothing comes, no key is lost between two apps, no key is half."""

import os
import pty
import select
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from textual.events import Key
from textual.message import Message

from tui import driver as module
from tui.driver import TerminalDriver

LONGEST_S = 10.0


class Bare(TerminalDriver):
    """The driver without an app: what its reading needs, and what was read."""

    def __init__(self, fd: int) -> None:  # Textual's own would take over this process' terminal
        self.fileno = fd
        self.exit_event = Event()
        self._debug = self._mouse = False
        self._in_band_window_resize = False
        self._writer_thread = None
        self._pipe = os.pipe()
        self.read: list[str] = []
        self._key_thread = Thread(target=self.run_input_thread, name="reading", daemon=True)
        self._key_thread.start()

    def process_message(self, message: Message) -> None:
        """Take what an app would get."""
        if self._handing:
            super().process_message(message)
        elif isinstance(message, Key):
            self.read.append(message.key)

    @property
    def reads(self) -> bool:
        """Whether the reading goes on."""
        return self._key_thread is not None and self._key_thread.is_alive()


@contextmanager
def reading() -> Iterator[tuple[Bare, int]]:
    """A driver on a terminal of its own, and the other end of that."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    driver = Bare(theirs)
    try:
        yield driver, ours
    finally:
        driver.hand_over()
        driver.disable_input()
        driver.close()
        os.close(theirs)
        os.close(ours)


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    end = monotonic() + LONGEST_S
    while not true():
        assert monotonic() < end
        sleep(0.005)  # between two looks


def test_it_sleeps_until_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []

    def noted(read: list[int], write: tuple[()], other: tuple[()], wait: float | None) -> object:
        waits.append(wait)
        return select.select(read, write, other, wait)

    class Noting:
        select = staticmethod(noted)

    monkeypatch.setattr(module, "select", Noting)
    with reading() as (driver, ours):
        until(lambda: bool(waits))
        assert waits == [None]
        os.write(ours, b"a")
        until(lambda: len(waits) > 1 and waits[-1] is None)
        assert driver.read == ["a"]
        assert all(wait is not None and 0 < wait <= module._WHOLE_S for wait in waits[1:-1])


def test_an_escape_alone_is_a_key_and_one_that_goes_on_is_another() -> None:
    with reading() as (driver, ours):
        os.write(ours, b"\x1b")
        until(lambda: driver.read == ["escape"])
        os.write(ours, b"\x1b")
        os.write(ours, b"OQ")
        until(lambda: driver.read == ["escape", "f2"])


def test_what_is_typed_while_it_ends_is_kept_and_no_key_is_cut() -> None:
    with reading() as (driver, ours):
        os.write(ours, b"a")
        until(lambda: driver.read == ["a"])
        kept = driver.hand_over()
        os.write(ours, b"\x1b")
        os.write(driver._pipe[1], b"\0")  # what `disable_input` begins with
        os.write(ours, b"OQ")
        until(lambda: not driver.reads)
        left = os.read(driver.fileno, 9) if select.select([driver.fileno], [], [], 0)[0] else b""
        assert ([one.key for one in kept], left) in [(["f2"], b""), ([], b"\x1bOQ")]


def test_at_rest_it_ends_at_once_and_leaves_the_rest_to_the_next_one() -> None:
    with reading() as (driver, ours):
        kept = driver.hand_over()
        driver.disable_input()
        assert not driver.reads
        os.write(ours, b"b")
        assert os.read(driver.fileno, 9) == b"b"
        assert not kept


def test_it_ends_when_the_terminal_is_gone() -> None:
    ours, theirs = pty.openpty()
    driver = Bare(theirs)
    os.close(ours)
    until(lambda: not driver.reads)
    driver.close()
    os.close(theirs)
