"""The real process on a real terminal: whatever becomes of the terminal, nothing typed is lost, and no shell comes."""

import signal
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.firm import Firm
from tests.tui.ending import ends_in_time
from tests.tui.terminal import Terminal
from tui.settings import Settings

FORM = ("f9", "note", "enter")
"""From the idle screen to a form with a field for text."""
TYPED = "needle four drips"


@pytest.fixture
def home(firm: Firm) -> Path:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    return firm.homes["LYN1"].path


@pytest.fixture
def screens(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts the screens and waits for the first one; ends what was started."""
    started: list[Terminal] = []

    def start(*, size: tuple[int, int] = (80, 24), owns: bool = True) -> Terminal:
        one = Terminal(home, size=size, owns=owns)
        started.append(one)
        one.until_text("FILL-2", "F2 STOP")
        return one

    yield start
    for one in started:
        one.__exit__()


Start = Callable[..., Terminal]


def drafts(firm: Firm) -> list[str]:
    store = firm.desks["LYN1"].store
    return [body for (body,) in store.connection.execute("SELECT body FROM draft")]


def typed(terminal: Terminal) -> Terminal:
    """A form with something typed in it, not saved."""
    terminal.keys("f9")
    terminal.until_text("What can be done")
    terminal.keys("hold.stop")
    terminal.until_text("hold.stop")
    terminal.keys("enter")
    terminal.until_text("F10 Save")
    terminal.keys(TYPED)
    terminal.until_text(TYPED)
    return terminal


def test_a_terminal_that_is_gone_without_a_signal_ends_it_and_keeps_what_was_typed(firm: Firm, screens: Start) -> None:
    one = typed(screens(owns=False))
    ends_in_time(one, one.hang_up)
    assert any(TYPED in body for body in drafts(firm))


@pytest.mark.parametrize("owns", [False, True])
def test_a_terminal_that_is_gone_while_it_is_painted_is_no_incident(home: Path, screens: Start, *, owns: bool) -> None:
    one = screens(owns=owns)
    one.keys("f4", "f9", "escape", "f1", "f5", "f3", "f4")
    one.hang_up()
    one.ended()
    assert not (home / "incidents.log").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_orderly_and_keeps_what_was_typed(firm: Firm, screens: Start, number: signal.Signals) -> None:
    one = typed(screens())
    assert ends_in_time(one, lambda: one.signal(number)) == 0
    assert any(TYPED in body for body in drafts(firm))
    assert one.modes() & termios.ECHO, "the terminal is as it was"


def test_closing_the_window_ends_it_and_keeps_what_was_typed(firm: Firm, screens: Start) -> None:
    one = typed(screens())
    ends_in_time(one, one.hang_up)
    assert any(TYPED in body for body in drafts(firm))


def test_power_taken_away_keeps_what_was_typed(firm: Firm, screens: Start) -> None:
    one = typed(screens())
    one.until(lambda: any(TYPED in body for body in drafts(firm)))
    one.signal(signal.SIGKILL)
    one.ended()
    with Terminal(firm.homes["LYN1"].path) as again:
        again.until_text("F2 STOP")
        again.keys("f9")
        again.until_text("What can be done")
        again.keys("hold.stop")
        again.until_text("hold.stop")
        again.keys("enter")
        again.until_text(TYPED)


def test_it_goes_on_after_being_stopped(screens: Start) -> None:
    one = screens()
    before = one.modes()
    one.quiet()
    one.signal(signal.SIGSTOP)
    one.signal(signal.SIGCONT)
    one.quiet()
    assert one.modes() == before
    for _ in range(3):  # a second reader beside the first would take some of the keys
        one.keys("f9")
        one.until_text("What can be done")
        one.keys("escape")
        one.until_text("On call now")
    one.signal(signal.SIGTERM)
    one.ended()
    assert one.modes() & termios.ECHO


def test_a_storm_of_sizes_ends_in_the_last_one(screens: Start) -> None:
    one = screens()
    for width in range(30, 130):
        one.resize(width, 10 + width % 30)
    one.resize(80, 24)
    one.until(lambda: "F2 STOP" in one.screen.text().splitlines()[-1])
    one.quiet()
    one.keys("f2")
    one.until_text("HELD")
    one.resize(20, 4)
    one.quiet()
    one.resize(1, 1)
    one.quiet()
    one.resize(80, 24)
    one.until_text("HELD")


@pytest.mark.parametrize("where", ["", "f9", "f4"])
def test_a_megabyte_pasted_does_no_harm(screens: Start, where: str) -> None:
    one = screens()
    if where:
        one.keys(where)
        one.quiet()
    one.paste("rm -rf / [red]\x1b[31m\x1b\n" * 48_000)
    begun = time.monotonic()
    one.keys("f2")
    one.until_text("HELD")
    assert time.monotonic() - begun < 10
    assert not one.screen.strange


def test_bytes_that_are_no_text_are_a_strange_key_and_not_the_end(screens: Start) -> None:
    one = screens()
    one.send(b"\xff\xfe\xe9\x80" * 20)
    one.keys("f2")
    one.until_text("HELD")
    assert one.process.poll() is None


@pytest.mark.parametrize("kiosk", [False, True])
def test_no_key_gives_a_shell(home: Path, screens: Start, *, kiosk: bool) -> None:
    Settings(kiosk=kiosk).save(home)
    one = screens()
    for key in ("ctrl+c", "ctrl+z", "ctrl+d", "ctrl+\\", "ctrl+c", "ctrl+c"):
        one.keys(key)
        one.quiet(0.1)
    assert one.process.poll() is None
    one.keys("ctrl+q")
    one.until_text("kiosk" if kiosk else "once more")
    one.keys("ctrl+q")
    if kiosk:
        one.signal(signal.SIGTSTP)
        one.keys("f2")
        one.until_text("HELD")
        assert one.process.poll() is None
    else:
        assert one.ended()[0] == 0
        assert one.modes() & termios.ECHO


@pytest.mark.parametrize("kiosk", [False, True])
def test_leaving_is_in_the_list_of_all_that_can_be_done(home: Path, screens: Start, *, kiosk: bool) -> None:
    Settings(kiosk=kiosk).save(home)
    one = screens()
    one.keys("f9")
    one.until_text("What can be done")
    one.keys("Leave the screens")
    one.quiet()
    one.keys("enter")
    if kiosk:
        one.until_text("kiosk")
    else:
        assert one.ended()[0] == 0


def test_it_is_idle_when_nothing_happens(screens: Start) -> None:
    one = screens()
    one.quiet(1.5)
    sent, begun = one.bytes, time.monotonic()
    used = _cpu(one)
    while time.monotonic() - begun < 3:
        one.pump(0.1)
    assert one.bytes - sent < 600, "nothing repaints when nothing has changed; the minute may pass"
    assert _cpu(one) - used < 0.3


def _cpu(one: Terminal) -> float:
    """Processor time of the process so far, s."""
    fields = Path(f"/proc/{one.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
