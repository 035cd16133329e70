"""What every screen must stand: hostile text in all it shows, scans in bursts, each theme, and no colours at all."""

import os
import re
from typing import Final

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import Input

from shared.log import canonical
from shared.terminal import enrol
from shared.terminal import fields as fields_of
from shared.terminal.own_chain import own_end
from tests.terminal.firm import Firm, password
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, sizes, text_of
from tests.tui.every_screen import OPEN, classes
from tests.tui.test_hostile import LONG, TEXT, harmless, spoilt
from tests.tui.test_scanned import STX, burst, holds
from tui.app import AndonApp
from tui.screens.stopped import StoppedScreen
from tui.settings import Settings
from tui.themes import NAMES

SHOWS: Final = "[bold red]x[/]"
PLAIN: Final = {"HelpScreen", "PaletteScreen", "SettingsScreen"}
"""Screens with words of ours only, as they are opened here."""


def plant(firm: Firm) -> list[str]:
    """Records of each kind that has a screen of its own."""
    fields = {"code": "FILL-2", "sort": "equipment", "name": f"Line {SHOWS}", "site": "Lyon"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do(
        "LYN1",
        "place.card",
        place,
        "anna",
        steps=["Stop the infeed", "Lift the needles", "Keep samples"],
        reason="first card",
    )
    firm.do("LYN1", "terminal.post", places=[place])
    hold = firm.do("LYN1", "hold.stop", reason="Needle 4 drips, bold").record
    deviation = firm.do("LYN1", "deviation.raise", title="Needle 4 drips, bold", hold=hold).record
    firm.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="no contact")
    return [place, hold, deviation, made.batch(firm), made.gate(firm)]


def hostile(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hostile text in every kind of record, the names of people and a gate too."""
    records = spoilt(firm, monkeypatch)
    items = [{**one, "area": TEXT[:60], "text": TEXT[:250]} for one in made.ITEMS]
    with monkeypatch.context() as patched:
        patched.setattr(canonical, "bad_text", lambda _: None)
        patched.setattr(fields_of, "bad_text", lambda _: None)
        patched.setattr(made, "ITEMS", items)
        gate = made.gate(firm)
        firm.do("LYN1", "gate.answer", gate, "sven", item="FAC-01", answer="no-go", reason=LONG[:400])
        invitation = enrol.new_invitation(firm.rng.randbytes)
        proposed = firm.do(
            "LYN1", "member.invite", "hugo", "olga", name=TEXT[:100], company="cdmo", roles=["qa"],
            public=invitation.public, checked=TEXT[:100],
        )  # fmt: skip
        firm.do("LYN1", "entry.confirm", "hugo", "otto", of=proposed.id)
        enrol.accept_person(firm.desks["LYN1"], "hugo", invitation.seed, password("hugo"))
    return [*records, gate]


def test_every_screen_is_opened_here() -> None:
    assert set(OPEN) == set(classes()), "tests/tui/every_screen.py opens each of them"


@sizes
def test_hostile_text_is_text(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    made.lead(firm, monkeypatch)
    records = hostile(firm, monkeypatch)
    app = open_app()
    seen: dict[str, str] = {}

    async def script(pilot: Pilot[None]) -> None:
        for name, opens in OPEN.items():
            await opens(app, pilot, records)
            assert type(app.screen).__name__ == name
            seen[name] = harmless(app)
            for key in ("down", "pagedown", "end"):
                await pilot.press(key)
                await pilot.pause()
                seen[name] += harmless(app)
            app.session = type(app.session)()
            while len(app.screen_stack) > 2:
                app.pop_screen()
            await settle(pilot)

    drive(app, script, size)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200d\ufeff]", "".join(seen.values()))
    flat = {name: re.sub(r"[\s▁▂▃▄▅▆▇█]+", "", text) for name, text in seen.items()}
    assert {name for name, text in flat.items() if "[boldred]x" not in text} <= PLAIN, "it is shown as it was typed"


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
