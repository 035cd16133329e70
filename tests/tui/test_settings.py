"""Settings: saved as soon as they are chosen, for this terminal; and the keys in force."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, sizes, text_of
from tui.settings import Settings
from tui.themes import CONTRAST


@sizes
def test_a_choice_is_in_force_and_saved_at_once(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()
    home = firm.homes["LYN1"].path

    async def script(pilot: Pilot[None]) -> None:
        app.action_page("settings")
        await keys(pilot, "2", "enter")
        assert app.theme == CONTRAST
        assert "(x) colours: high contrast" in text_of(app)
        await keys(pilot, "4", "enter", "5", "enter")
        assert "scanner sends first: Ctrl+A" in text_of(app)
        assert "[x] a fast burst" in text_of(app)

    drive(app, script, size)
    assert Settings.load(home) == Settings(CONTRAST, "ctrl+a", pattern=True)
    again = open_app()
    drive(again, lambda pilot: pilot.pause())
    assert again.theme == CONTRAST


def test_a_folder_that_cannot_be_written_is_told(open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app()

    def full(self: Settings, home: object) -> None:
        del self, home
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Settings, "save", full)

    async def script(pilot: Pilot[None]) -> None:
        app.action_page("settings")
        await keys(pilot, "2", "enter")
        assert next(iter(app._notifications)).message.startswith("DISK-1")

    drive(app, script)


def test_the_keys_in_force_are_shown_and_where_others_would_stand(firm: Firm, open_app: Opened) -> None:
    (firm.homes["LYN1"].path / "keys.toml").write_text('stop = "f2, ctrl+s"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.action_page("settings")
        await keys(pilot)
        shown = text_of(app)
        assert "F2, Ctrl+S" in shown
        assert "(own)" in shown
        await keys(pilot, "tab", "end")
        assert "keys.toml" in text_of(app)

    drive(app, script, (200, 60))
