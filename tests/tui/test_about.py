"""What is said of a terminal by whoever looks after it, and Ctrl+C, which ends other programs."""

from typing import Final

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tui.about import NAME, about
from tui.settings import Settings

TEXT: Final = "Line 2: ask Ida, 4711.\n  the paper card hangs at the door\n\nKeys are with QA."
PLACES: Final = {"idle": (), "lock": ("f12",), "form": ("f9",), "board": ("f4",)}


@sizes
def test_its_first_line_is_on_the_first_screen_and_all_of_it_in_the_help(
    firm: Firm, open_app: Opened, size: tuple[int, int]
) -> None:
    (firm.homes["LYN1"].path / NAME).write_text(TEXT)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "Line 2: ask Ida, 4711." in text_of(app)
        assert "paper card" not in text_of(app)
        await keys(pilot, "f1")
        shown = text_of(app)
        assert all(f"\n  {one}" in shown for one in TEXT.splitlines()), shown

    drive(app, script, size)


def test_it_may_be_hostile_long_or_unreadable(firm: Firm, open_app: Opened) -> None:
    path = firm.homes["LYN1"].path / NAME
    path.write_bytes(b"[bold red]x[/] \x1b[31m \xff\xe2\x80\xae" + b"y" * 100_000)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "[bold red]x[/]" in text_of(app)
        await keys(pilot, "f1")
        assert "\x1b" not in text_of(app)
        assert "\u202e" not in text_of(app)

    drive(app, script)
    path.unlink()
    path.mkdir()
    assert about(path.parent) == []


@pytest.mark.parametrize("name", PLACES)
def test_ctrl_c_says_how_to_leave(open_app: Opened, name: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, *PLACES[name])
        if name == "form":
            app.act("hold.stop")
            await settle(pilot)
        await keys(pilot, "ctrl+c")
        assert "Ctrl+Q, pressed twice" in text_of(app)

    drive(app, script)


def test_ctrl_c_is_silent_on_a_kiosk(open_app: Opened) -> None:
    app = open_app()
    app.settings = Settings(kiosk=True)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "ctrl+c")
        assert "leaves" not in text_of(app)

    drive(app, script)
