"""What every screen must stand: each theme, and no colours at all."""

import os
import re

import pytest
from textual.color import Color
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, text_of
from tests.tui.every_screen import OPEN, plant
from tui.app import AndonApp
from tui.settings import Settings
from tui.themes import NAMES


def words(app: AndonApp) -> str:
    """The screen's text, without what the clock changes."""
    return re.sub(r"\d", "0", text_of(app))


def test_every_screen_says_the_same_in_each_theme_and_without_colours(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """State is never told by colour alone: the words are the same where there are none."""
    made.lead(firm, monkeypatch)
    records = plant(firm)
    said: dict[str, dict[str, str]] = {}
    for look in (*NAMES, "NO_COLOR"):
        if look == "NO_COLOR":
            monkeypatch.setitem(os.environ, "NO_COLOR", "1")
        else:
            app_settings = Settings(theme=look)
            app_settings.save(firm.homes["LYN1"].path)
        app = open_app()
        said[look] = {}

        async def script(pilot: Pilot[None], app: AndonApp = app, look: str = look) -> None:
            for name, opens in OPEN.items():
                await opens(app, pilot, records)
                assert type(app.screen).__name__ == name
                said[look][name] = words(app)
                if look == "NO_COLOR":
                    assert app.no_color
                    assert grey(app), name
                else:
                    assert app.theme == look
                app.session = type(app.session)()
                while len(app.screen_stack) > 2:
                    app.pop_screen()
                await settle(pilot)

        drive(app, script)
    first, *others = said.values()
    for one in others:
        assert {name for name in one if one[name] != first[name]} <= {"SettingsScreen"}, "which names the theme"


def grey(app: AndonApp) -> bool:
    """Whether what reaches the terminal has no colour."""
    found = [
        style.color.triplet
        for strip in app.screen._compositor.render_strips(app.size)
        for _, style, _ in strip.apply_filter(app.get_line_filters()[0], Color(0, 0, 0))
        if style is not None and style.color is not None and style.color.triplet is not None
    ]
    return all(one.red == one.green == one.blue for one in found)
