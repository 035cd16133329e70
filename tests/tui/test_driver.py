"""Reading from the terminal: nothing is done while nothing comes, no key is lost between two apps, no key is half."""

import os
import pty
import select
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic, sleep

import pytest
from textual import constants
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
        self._kept, self._keeping, self._ends = None, Lock(), False
        self.read: list[str] = []
        self._key_thread = Thread(target=self.run_input_thread, name="reading", daemon=True)
        self._key_thread.start()

    def process_message(self, message: Message) -> None:
        """Take what an app would get."""
        if self._kept is not None:
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


def noted(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """How long each wait of the reading may take, from now on."""
    waits: list[float | None] = []

    def select_(read: list[int], write: tuple[()], other: tuple[()], wait: float | None) -> object:
        waits.append(wait)
        return select.select(read, write, other, wait)

    class Noting:
        select = staticmethod(select_)

    monkeypatch.setattr(module, "select", Noting)
    return waits


def test_it_sleeps_until_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = noted(monkeypatch)
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
        os.write(ours, b"\x1bOQ")
        until(lambda: driver.read == ["escape", "f2"])


def test_what_is_typed_while_it_ends_is_kept_and_no_key_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 1.0)
    monkeypatch.setattr(module, "_WHOLE_S", 1.1)
    with reading() as (driver, ours):
        os.write(ours, b"a\x1b")
        until(lambda: driver.read == ["a"])
        kept = driver.hand_over()
        os.write(driver._pipe[1], b"\0")  # what `disable_input` begins with
        os.write(ours, b"OQ")
        until(lambda: not driver.reads)
        assert [one.key for one in kept] == ["f2"]


def test_it_ends_though_somebody_goes_on_typing() -> None:
    with reading() as (driver, ours):

        def hold() -> None:
            while driver.reads:
                os.write(ours, b"a")
                sleep(0.01)  # a key that is held

        held = Thread(target=hold)
        held.start()
        until(lambda: bool(driver.read))
        kept = driver.hand_over()
        driver.disable_input()
        held.join()
        assert {one.key for one in kept} == {"a"}


def test_at_rest_it_ends_at_once_and_leaves_the_rest_to_the_next_one() -> None:
    with reading() as (driver, ours):
        kept = driver.hand_over()
        driver.disable_input()
        assert not driver.reads
        os.write(ours, b"b")
        assert os.read(driver.fileno, 9) == b"b"
        assert not kept


def test_keys_wait_until_the_app_can_take_them() -> None:
    with reading() as (driver, ours):
        kept = driver.hand_over()  # as at its begin
        os.write(ours, b"ab")
        until(lambda: len(kept) == 2)
        assert [one.key for one in driver.release()] == ["a", "b"]
        os.write(ours, b"c")
        until(lambda: driver.read == ["c"])


def test_a_key_that_cannot_be_is_left_out() -> None:
    with reading() as (driver, ours):
        for wrong in (b"\x1b[:u", b"\x1b[9999999;1u", b"\x1b[99999999999999999999;1u"):
            os.write(ours, wrong)
            before = len(driver.read)
            until(lambda: select.select([driver.fileno], [], [], 0)[0] == [])
            os.write(ours, b"a")
            until(lambda before=before: driver.read[before:] == ["a"])  # type: ignore[misc]


def test_it_reads_once_however_often_it_is_started() -> None:
    with reading() as (driver, ours):
        thread, pipe = driver._key_thread, driver._pipe
        driver.start_application_mode()
        assert (driver._key_thread, driver._pipe) == (thread, pipe)
        os.write(ours, b"a")
        until(lambda: driver.read == ["a"])


def test_a_terminal_that_is_gone_neither_breaks_it_nor_keeps_it_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = noted(monkeypatch)
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    driver = Bare(theirs)
    os.close(ours)
    until(lambda: waits.count(module._NOTHING_S) > 1)  # whoever watches the terminal ends it
    driver.hand_over()
    driver.disable_input()
    assert not driver.reads
    driver.close()
    os.close(theirs)
