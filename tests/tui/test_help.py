"""F1: what the screen below is for, its keys, and help for the field that was under the cursor."""

import pytest
from textual.pilot import Pilot

from shared.terminal.version import VERSION
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, sizes, text_of
from tui.screens.help import HelpScreen
from tui.screens.idle import IdleScreen
from tui.widgets.form import Form


@sizes
@pytest.mark.requirement("A11-12")
def test_it_tells_what_the_screen_below_is_for_and_its_keys(open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f1")
        shown = " ".join(text_of(app).split())
        assert "What this terminal stands beside" in shown
        assert "F1 What this screen is for, and its keys." in shown
        await keys(pilot, "end")
        assert f"Andon {VERSION}" in text_of(app)
        await keys(pilot, "f1")
        assert isinstance(app.screen, IdleScreen), "the same key goes back"

    drive(app, script, size)


def test_help_of_the_field_under_the_cursor(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop")
        await keys(pilot, "f1")
        shown = " ".join(text_of(app).split())
        assert "This field: what is held" in shown
        assert "It is needed." in shown
        assert "It names a place or batch or step" in shown
        assert "F10 Save what was typed" in shown

    drive(app, script)


def test_keys_of_ones_own_are_those_that_are_shown(firm: Firm, open_app: Opened) -> None:
    (firm.homes["LYN1"].path / "keys.toml").write_text('call = "ctrl+l"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f1")
        assert "Ctrl+L        Whom to call now" in text_of(app)

    drive(app, script)


def test_every_screen_has_help(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        for key in ("f3", "f4", "f5", "f6", "f9", "f12"):
            await keys(pilot, key)
            assert len(getattr(app.screen, "HELP", "")) > 60, app.screen
            await keys(pilot, "f1")
            assert isinstance(app.screen, HelpScreen)
            assert "has no help" not in text_of(app)
            app.go_home()

    drive(app, script)


@sizes
def test_choosing_for_a_field_is_a_screen_like_any_other(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    firm.do("LYN1", "place.add", "", "anna", code="FILL-2", sort="equipment", name="Filling line", site="Lyon")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop")
        await keys(pilot, "f7")
        lines = text_of(app).splitlines()
        assert "LYN1  nobody signed in" in lines[0]
        assert "F2 STOP F3 Call Esc Back" in lines[-1]
        await keys(pilot, "f1")
        assert "What a field of the form below can name" in text_of(app)
        await keys(pilot, "escape", "enter")
        assert app.screen.query_one(Form).values()["on"] == "FILL-2"
        await keys(pilot, "f7", "escape")
        assert app.screen.query_one(Form).values()["on"] == "FILL-2", "nothing else was taken"

    drive(app, script, size)
