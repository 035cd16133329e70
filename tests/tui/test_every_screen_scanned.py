"""What every screen must stand: scans in bursts."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from shared.terminal.own_chain import own_end
from tests.terminal.firm import Firm
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive
from tests.tui.every_screen import OPEN, plant
from tests.tui.test_scanned import STX, burst, holds
from tui.screens.stopped import StoppedScreen


@pytest.mark.parametrize("name", OPEN)
def test_scans_open_their_record_or_fill_a_field_and_do_nothing_else(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made.lead(firm, monkeypatch)
    records = plant(firm)
    app = open_app()
    store = firm.desks["LYN1"].store

    async def script(pilot: Pilot[None]) -> None:
        await OPEN[name](app, pilot, records)
        assert type(app.screen).__name__ == name
        before = own_end(store, "LYN1").n
        for _ in range(5):
            await burst(pilot, STX, *"01095060001343521", "f2", "f10", "f12", "escape", "tab", "enter")
        for code in ("anna", records[0], "[bold red]x[/]", "A", ""):
            await burst(pilot, STX, *code, "enter")
        passwords = [one for screen in app.screen_stack for one in screen.query(Input) if one.password]
        assert all(one.value == "" for one in passwords), "no scan gets into a password"
        assert own_end(store, "LYN1").n == before, "nothing was done"
        assert app.session.person in {"", "quin"}, "a badge signs nobody in"
        assert holds(app) == 1
        firm.do("LYN1", "hold.lift", records[1], "sven", reason="mended")
        await burst(pilot, STX, *"$ANDON/STOP", "enter")
        assert holds(app) == 2, "the stop on the card works everywhere"
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)
    assert not app.crashed
