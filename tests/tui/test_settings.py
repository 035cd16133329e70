"""Settings: saved as soon as they are chosen, for this terminal; and the keys in force."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, sizes, text_of
from tui.settings import FILE, BadSettings, Settings
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
        assert next(iter(app._notifications)).message.endswith("(DISK-1)")

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


@pytest.mark.parametrize("torn", ['{"kiosk":"true"}', '{"kiosk":tr', "", "[]", '{"kisok":true}', "\x00" * 20])
def test_a_file_that_cannot_be_read_leaves_nobody_out_of_the_screens(firm: Firm, open_app: Opened, torn: str) -> None:
    file = firm.homes["LYN1"].path / FILE
    file.write_text(torn)
    app = open_app()
    assert app.settings == Settings(kiosk=True)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot)
        assert "screens.json is of no use" in text_of(app)
        await keys(pilot, "ctrl+q", "ctrl+q")
        assert app.is_running
        app.action_page("settings")
        await keys(pilot, "2", "enter")
        assert app.theme == CONTRAST

    drive(app, script)
    assert file.read_text() == torn  # whoever mends it finds what there was


def test_a_folder_in_the_place_of_the_file_is_a_fault_too(firm: Firm) -> None:
    (firm.homes["LYN1"].path / FILE).mkdir()
    with pytest.raises(BadSettings) as told:
        Settings.load(firm.homes["LYN1"].path)
    assert told.value.settings.kiosk


def test_no_preamble_takes_a_key_that_commands_have(firm: Firm, open_app: Opened) -> None:
    home = firm.homes["LYN1"].path
    (home / FILE).write_text('{"preamble":"f2"}')
    app = open_app()
    assert app.settings == Settings()
    assert "preamble is one of" in app.faults[0]
    (home / FILE).unlink()
    (home / "keys.toml").write_text('stop = "ctrl+t"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.action_page("settings")
        seen = []
        for _ in range(5):
            await keys(pilot, "4", "enter")
            seen.append(app.settings.preamble)
        assert "ctrl+t" not in seen
        assert seen[-1] == seen[0]

    drive(app, script)
