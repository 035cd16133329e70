"""The desk as a real process on a real terminal: to a program and back, what others write, and every way to end."""

import signal
import termios
import time
from collections.abc import Callable, Iterator

import pytest

from tests.terminal.firm import Firm
from tests.tui.ending import ends_in_time
from tests.tui.terminal import Terminal
from tests.tui.test_pty import _cpu
from tests.tui.two_programs import Two, line, two
from tui.settings import Settings

__all__ = ["two"]  # a fixture
Start = Callable[..., Terminal]


@pytest.fixture
def desk(two: Two) -> Iterator[Start]:
    """Starts the screens and waits for the desk; ends what was started."""
    started: list[Terminal] = []

    def start(*named: str, owns: bool = True) -> Terminal:
        one = Terminal(two.home.path, *named, owns=owns)
        started.append(one)
        one.until_text(*(("On call now",) if named else ("Antibody A", "Vector B", "settle")))
        return one

    yield start
    for one in started:
        one.__exit__()


def opened(one: Terminal, product: str) -> Terminal:
    """Open the program under the cursor."""
    one.keys("enter")
    one.until_text("On call now", product)
    return one


def test_who_names_a_program_begins_there_and_has_the_desk_behind_it(desk: Start, two: Two) -> None:
    one = desk("--program", two.second.program[:12])
    one.until_text("On call now", "Vector B")
    one.keys("escape")
    one.until_text("settle", "Antibody A", "> Vector B")


def test_there_and_back_and_out(desk: Start) -> None:
    one = desk()
    before = one.modes()
    opened(one, "Antibody A")
    one.keys("escape")
    one.until_text("settle", "> Antibody A")
    one.keys("down", "enter")
    one.until_text("On call now", "Vector B")
    assert one.modes() == before
    one.keys("f4")
    one.until_text("Open deviations")
    one.keys("\x0f")
    one.until_text("settle", "> Vector B")
    opened(one, "Vector B")
    one.keys("ctrl+q")
    one.until_text("once more")
    one.keys("ctrl+q")
    assert one.ended()[0] == 0
    assert one.modes() & termios.ECHO
    assert one.modes() & termios.ISIG
    assert not one.screen.strange


def test_what_another_process_writes_is_shown_by_itself(two: Two, desk: Start) -> None:
    one = desk()
    one.quiet()
    two.hold(two.second, "Needle 4 drips")
    one.until_text("* Vector B", "HELD 1")
    one.keys("up")
    one.until_text("Needle 4 drips")
    assert "> Vector B" in one.screen.text()


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it(desk: Start, number: signal.Signals, *, inside: bool) -> None:
    one = desk()
    if inside:
        opened(one, "Antibody A")
    assert ends_in_time(one, lambda: one.signal(number)) == 0
    assert one.modes() & termios.ECHO


@pytest.mark.parametrize("inside", [False, True])
def test_a_terminal_that_is_gone_ends_all_of_it(desk: Start, *, inside: bool) -> None:
    one = desk(owns=False)
    if inside:
        opened(one, "Antibody A")
    ends_in_time(one, one.hang_up)


def test_power_taken_away_leaves_all_of_it_as_it_was(desk: Start) -> None:
    one = desk()
    one.signal(signal.SIGKILL)
    one.ended()
    desk()


def test_a_kiosk_stays_whatever_is_pressed_while_it_goes_there_and_back(two: Two, desk: Start) -> None:
    Settings(kiosk=True).save(two.home.path)
    one = desk()
    for _ in range(3):
        one.keys("enter", "ctrl+c", "ctrl+z", "ctrl+\\")
        for _ in range(20):  # the keys come while one app ends and the next begins
            one.keys("ctrl+c", "ctrl+\\")
            one.pump(0.02)
        one.until_text("On call now")
        one.keys("\x0f")
        for _ in range(20):
            one.keys("ctrl+c", "ctrl+\\")
            one.pump(0.02)
        one.until_text("settle")
    one.keys("ctrl+q", "ctrl+q")
    one.until_text("kiosk")
    assert one.process.poll() is None


def test_it_is_idle_when_nothing_happens(two: Two, desk: Start) -> None:
    two.hold(two.second, "Needle 4 drips")
    one = desk()
    one.until_text("NO SERVER: ")
    one.quiet(1.5)
    sent, used, end = one.bytes, _cpu(one), time.monotonic() + 4
    while time.monotonic() < end:
        one.pump(0.1)
    assert one.bytes - sent < 600, "nothing repaints when nothing has changed; the minute may pass"
    assert _cpu(one) - used < 0.4


def test_plain_characters_and_no_colour_are_enough(two: Two) -> None:
    two.hold(two.second, "Needle 4 drips")
    plain = {"TERM": "linux", "NO_COLOR": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with Terminal(two.home.path, environment=plain, size=(60, 20)) as one:
        one.until_text("> Vector B", "HELD 1", "Needle 4 drips")
        assert one.everything.isascii()


def test_a_stop_on_the_desk_holds_what_the_terminal_stands_beside(two: Two, desk: Start) -> None:
    post(two.second)
    one = desk()
    one.keys("f2")
    one.until_text("HELD", "saved here")
    assert two.second.desks["SPO1"].store.lists.count("hold", {"state": "held"}) == 1
    assert two.first.desks["SPO1"].store.lists.count("hold") == 0


@pytest.mark.parametrize("after", [0.02, 0.1, 0.18])
def test_a_stop_pressed_between_the_desk_and_a_program_is_not_lost(two: Two, desk: Start, after: float) -> None:
    post(two.second)
    one = desk()
    one.quiet()
    one.keys("end", "enter")
    end = time.monotonic() + after
    while time.monotonic() < end:
        one.pump(0.002)
    one.keys("f2")
    one.until_text("HELD", "saved here")


def post(firm: Firm) -> None:
    """Let the shared terminal stand at the line of a firm."""
    there = line(firm)
    firm.sync()
    firm.do("SPO1", "terminal.post", places=[there])
