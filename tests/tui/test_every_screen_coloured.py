"""What every screen must stand: each theme, and no colours at all."""

import os
import re

import pytest
from textual.color import Color
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of
from tests.tui.every_screen import OPEN, plant
from tui.app import AndonApp
from tui.settings import Settings
from tui.themes import NAMES
from tui.widgets.menu import NOT, Entry, Menu, said


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
    asked = 0
    for look in (*NAMES, "NO_COLOR"):
        if look == "NO_COLOR":
            monkeypatch.setitem(os.environ, "NO_COLOR", "1")
        else:
            app_settings = Settings(theme=look)
            app_settings.save(firm.homes["LYN1"].path)
        app = open_app()
        said[look] = {}

        async def script(pilot: Pilot[None], app: AndonApp = app, look: str = look) -> None:
            nonlocal asked
            for name, opens in OPEN.items():
                await opens(app, pilot, records)
                assert type(app.screen).__name__ == name
                asked += impossible(app)
                said[look][name] = words(app)
                if look == "NO_COLOR":
                    assert app.no_color
                    assert grey(app), name
                else:
                    assert app.theme == look
                app.session = type(app.session)()
                while len(app.screen_stack) > 1:
                    app.pop_screen()
                await settle(pilot)

        drive(app, script)
    assert asked > len(said), "there was something that is not possible, in each look"
    first, *others = said.values()
    for one in others:
        assert {name for name in one if one[name] != first[name]} <= {"SettingsScreen"}, "which names the theme"


def impossible(app: AndonApp) -> int:
    """How many entries of menus cannot be chosen now; each line says so without its style, and why, by which rule."""
    found = 0
    for menu in app.screen.query(Menu):
        for y in range(menu.size.height):
            index, text = y + menu.scroll_offset.y, menu.render_line(y).text
            one = menu._entries[index] if index < len(menu._entries) else None
            if one is not None and one.why_not:
                found += 1
                assert text[3:].startswith(NOT), text
                assert f"({one.why_not.partition(':')[0]}" in text, text
            elif one is not None:
                assert not text[3:].startswith(NOT), text
    return found


def test_what_is_not_possible_says_so_and_why_at_the_edge_of_the_screen_and_below_the_list(
    firm: Firm, open_app: Opened
) -> None:
    record, _ = made.deviation(firm)
    app = open_app(record=record)
    app.session = made.signed_in("anna")

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f8")
        menu = app.screen.query_one(Menu)
        at = next(at for at, one in enumerate(menu._entries) if one.key.startswith("deviation.close"))
        await keys(pilot, *["down"] * at)
        shown = text_of(app).splitlines()
        line = next(one for one in shown if "Closes a deviation" in one)
        assert re.search(r"> ?\d? - Closes a deviation.*~  \(CLOSE-7: Procedure or just.*~\)", line), line
        below = " ".join(" ".join(shown).split())
        assert "Not now. CLOSE-7: Procedure or justification is missing; record both (deviation problem)." in below
        assert "record what was done at once (deviation fix)." in below
        assert "By qa; signature: closed" in below

    drive(app, script)


def test_the_words_leave_room_for_the_reason() -> None:
    assert said(Entry("a", "Rates it", "WHO-3: for qa"), 40) == "- Rates it  (WHO-3: for qa)"
    assert said(Entry("a", "Rates " + "x" * 80, "WHO-3: for qa"), 40) == f"- Rates {'x' * 14}~  (WHO-3: for qa)"
    long = said(Entry("a", "Rates " + "x" * 80, "WHO-3: " + "y" * 80), 40)
    assert (len(long), long[:20], long[-2:]) == (40, "- Rates xxxxxxxxxxx~", "~)")
    assert said(Entry("a", "x" * 80), 40) == "x" * 39 + "~"


def grey(app: AndonApp) -> bool:
    """Whether what reaches the terminal has no colour."""
    found = [
        style.color.triplet
        for strip in app.screen._compositor.render_strips(app.size)
        for _, style, _ in strip.apply_filter(app.get_line_filters()[0], Color(0, 0, 0))
        if style is not None and style.color is not None and style.color.triplet is not None
    ]
    return all(one.red == one.green == one.blue for one in found)
