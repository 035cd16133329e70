"""Screens on which nothing happens sleep; what they hang on wakes them."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from textual.pilot import Pilot

from shared.terminal.desk import Desk
from tests.terminal.firm import CHEAP, Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, text_of
from tests.tui.records import deviation, signed_in
from tests.tui.test_desk import Script, at_desk, numbers
from tests.tui.two_programs import Two, two
from tui.desk_app import DeskApp
from tui.pulse import Pulse, passed
from tui.session import IDLE_S

__all__ = ["two"]  # a fixture
SOON_S = 20.0
"""Far more than it takes; a busy machine is no failure."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks often, so that no test waits."""
    monkeypatch.setattr("tui.pulse.LOOK_S", 0.01)


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does not look by itself."""
    monkeypatch.setattr("tui.pulse.LOOK_S", 3_600.0)


async def until(pilot: Pilot[None], text: str) -> None:
    """Wait until the screen shows it by itself."""
    async with asyncio.timeout(SOON_S):
        while text not in text_of(pilot.app):
            await pilot.pause(0.02)


@pytest.mark.usefixtures("quick")
def test_it_tells_of_what_is_otherwise_then_once_more_and_no_more() -> None:
    looks, told, looked = iter([1, 1, 1, 1, 2, 2, 2, 2]), [], threading.Event()

    def look() -> int:
        found = next(looks, 0)
        if not found:
            looked.set()
        return found or 2

    pulse = Pulse(look, lambda: told.append(""))
    pulse.start()
    assert looked.wait(SOON_S)
    pulse.end()
    assert not pulse.is_alive()
    assert len(told) == 4, "twice of each"


@pytest.mark.usefixtures("quick")
def test_where_nothing_can_be_looked_at_the_screens_are_told_each_time() -> None:
    told = threading.Semaphore(0)

    def look() -> object:
        raise OSError

    pulse = Pulse(look, told.release)
    pulse.start()
    assert all(told.acquire(timeout=SOON_S) for _ in range(3))
    pulse.end()


def test_time_passes_by_the_minute_and_by_each_time_that_is_counted_from() -> None:
    assert passed(119_999, (0, 30_000)) == (1, 1)
    assert passed(120_000, (0, 30_000)) == (2, 1)
    assert passed(150_000, (0, 30_000)) == (2, 2)
    assert passed(1_999, (0,), 1_000) == (1,)


@pytest.mark.usefixtures("never")
def test_a_programs_screens_hang_on_the_minute_the_file_and_who_is_there(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        firm.hand.now += 60_000 - firm.hand.now % 60_000
        app.standing.heard_at = 0  # or a minute since the server was heard would be over somewhere between
        seen = app.hangs_on()
        firm.hand.wait(50_000)
        assert app.hangs_on() == seen, "nothing happens within a minute"
        firm.hand.wait(10_000)
        assert app.hangs_on() != seen
        seen = app.hangs_on()
        with Desk.open(firm.homes["LYN1"], clock=firm.hand.clock, costs=CHEAP) as other, other.store.write() as tx:
            tx.set_heard(firm.hand.now, 0)
        assert app.hangs_on() != seen
        seen = app.hangs_on()
        app.monotonic = lambda: IDLE_S + 1
        assert app.hangs_on() != seen

    drive(app, script)


@pytest.mark.usefixtures("quick")
def test_what_another_process_writes_is_shown_without_a_key(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await until(pilot, "Nothing is held.")
        firm.do("LYN1", "hold.stop", on="LINE 4", reason="belt torn")
        await until(pilot, "belt torn")

    drive(app, script)


@pytest.mark.usefixtures("quick")
def test_who_has_gone_is_locked_out_by_itself(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.session = signed_in("anna")
        app.monotonic = lambda: IDLE_S
        await until(pilot, "Signed out: nobody has pressed a key")

    drive(app, script)


@pytest.mark.usefixtures("quick")
def test_seconds_are_counted_where_a_product_clock_runs_and_only_there(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    by = datetime.fromtimestamp(firm.hand.now / 1000, UTC) + timedelta(minutes=8)
    words = {"spoils": "bulk", "by_time": by.isoformat(timespec="milliseconds")}
    firm.do("LYN1", "deviation.urgency", record, **words)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await until(pilot, "PRODUCT CLOCK  7:5")
        firm.hand.wait(20_000)
        await until(pilot, "PRODUCT CLOCK  7:3")
        firm.hand.wait(8 * 60_000)
        await until(pilot, "RAN OUT 0:2")
        firm.hand.wait(10 * 60_000)
        await until(pilot, "RAN OUT 10 min ago")
        assert app.due == inf

    drive(app, script)


@pytest.mark.usefixtures("quick")
def test_the_desk_counts_what_another_process_writes(two: Two) -> None:
    app = two.app()

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        two.hold(two.second, "Needle 4 drips")
        async with asyncio.timeout(SOON_S):
            while numbers(app, two.second.program).held != 1:
                await pilot.pause(0.02)
        await until(pilot, "HELD 1")

    shown: Script = script
    at_desk(app, shown)


@pytest.mark.usefixtures("quick")
def test_nothing_wakes_the_screens_while_nothing_happens(open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app()
    looks, ticks, look, tick = [], [], app.hangs_on, app._tick

    def looked() -> object:
        looks.append("")
        return look()

    def ticked() -> None:
        ticks.append("")
        tick()

    monkeypatch.setattr(app._pulse, "_look", looked)
    monkeypatch.setattr(app, "_tick", ticked)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        async with asyncio.timeout(SOON_S):
            while len(looks) < 100:
                await pilot.pause(0.02)
        assert 1 <= len(ticks) <= 8

    drive(app, script)
