"""A kiosk runs for weeks: what is opened and closed again leaves nothing behind."""

import gc

from textual.pilot import Pilot
from textual.widget import Widget

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle
from tui.screens.form import FormScreen

ROUNDS = 15


def alive() -> int:
    """Widgets in memory, but for lines that are told: they go by themselves after some seconds."""
    gc.collect()
    return sum(isinstance(one, Widget) and "Toast" not in type(one).__name__ for one in gc.get_objects())


def test_forms_and_pages_that_were_closed_are_gone(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def round_trip(pilot: Pilot[None]) -> None:
        app.push_screen(FormScreen("deviation.raise"))
        await pilot.pause()
        await pilot.press("tab", "tab", "shift+tab")
        await pilot.press("f7", "escape", "escape")
        await pilot.pause()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for _ in range(5):
            await round_trip(pilot)
        before = alive()
        for _ in range(ROUNDS):
            await round_trip(pilot)
        assert alive() <= before + 2, "something stays alive with each form"

    drive(app, script)


def test_moving_the_focus_makes_nothing(firm: Firm, open_app: Opened) -> None:
    """Textual's own Footer made a widget for each key at each change of focus (Textualize/textual, issue 6666)."""
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(FormScreen("deviation.raise"))
        await settle(pilot)
        await pilot.press(*["tab"] * 20)
        before = alive()
        await pilot.press(*["tab"] * 200)
        await pilot.pause()
        assert alive() <= before + 2

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("deviation") == 0
