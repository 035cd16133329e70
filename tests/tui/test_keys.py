"""Keys: one table, which the manual shows; other keys from a file, unless two commands would share one."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of
from tui import screens
from tui.keys import COMMANDS, BadKeys, clashes, key_name, keyed, own_keys
from tui.screens.page import Page
from tui.screens.stopped import StoppedScreen

PAGE = Path(__file__).resolve().parents[2] / "docs/manual/screens.md"


def test_the_manual_lists_every_key() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for one in COMMANDS:
        assert f"| {key_name(one.key)} | `{one.id}` | {one.words}" in text


def test_the_usual_keys_do_not_clash() -> None:
    assert clashes({}) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('stop = "f3"', "f3 is both stop and call"),
        ('save = "f2"', "f2 is both stop and save"),
        ('halt = "f2"', "'halt' is no command"),
        ("stop = 2", "'stop' is no command with a key"),
        ("stop =", "cannot be read"),
        ('stop = "ctrl+b"', "ctrl.b for stop is the key that the scanner sends first"),
        ('stop = "a"', "a cannot be stop"),
        ('stop = "7"', "7 cannot be stop"),
        ('stop = "enter"', "enter cannot be stop"),
        ('stop = "ctrl+m"', "ctrl.m cannot be stop"),
        ('board = "j"', "j cannot be board"),
        ('board = "slash"', "slash cannot be board"),
        ('board = "question_mark"', "question_mark cannot be board"),
        ('find = "f13,tab"', "tab cannot be find"),
        ('find = "shift+tab"', "tab cannot be find"),
        ('find = "pageup"', "pageup cannot be find"),
        ('find = "ctrl+d"', "ctrl.d cannot be find"),
        ('find = "delete"', "delete cannot be find"),
        ('find = "space"', "space cannot be find"),
        ('find = "f6,"', "nothing cannot be find"),
        ('find = "f25"', "f25 cannot be find"),
        ('lock = "not a key"', "not a key cannot be lock"),
        ('stop = "f5"\nattention = "f2"', "f2 is both stop and attention"),
        ('call = "f5"\nattention = "f3"', "f3 is both call and attention"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keys.toml"
    path.write_text(text)
    with pytest.raises(BadKeys, match=said):
        own_keys(path, "ctrl+b")


def test_stop_and_call_keep_their_usual_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('stop = "Ctrl+S"\ncall = "f3"\nfilter = "slash, f15"\nboard = "ctrl+f4"\n')
    assert own_keys(path, "ctrl+b") == {"stop": "ctrl+s,f2", "call": "f3", "filter": "slash,f15", "board": "ctrl+f4"}


def test_every_usual_key_can_be_written_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_text("\n".join(f'{one.id} = "{one.key}"' for one in COMMANDS))
    assert own_keys(path, "ctrl+b") == {one.id: one.key for one in COMMANDS}


def test_two_commands_that_never_meet_may_share_a_key() -> None:
    assert clashes({"why": "f8", "save": "f8", "actions": "f9"}) == ["f9 is both palette and actions"]


@pytest.mark.parametrize("key", ["ctrl+s", "f2"])
def test_own_keys_are_in_force(firm: Firm, open_app: Opened, key: str) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    (firm.homes["LYN1"].path / "keys.toml").write_text('stop = "ctrl+s"\nhelp = "f10"\nsave = "f1"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "F10 Help" in text_of(app)
        await keys(pilot, key)
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)


def test_a_clash_is_told_and_the_usual_keys_hold(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    (firm.homes["LYN1"].path / "keys.toml").write_text('stop = "f3"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "f3 is both stop and call" in text_of(app)
        assert not app._notifications  # it stands there, and does not go away by itself
        app.action_page("settings")
        await keys(pilot, "tab")
        assert "f3 is both stop and call" in text_of(app)
        await keys(pilot, "f2")
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)


def pages() -> list[type[Page]]:
    """Every screen's class."""
    for module in pkgutil.iter_modules(screens.__path__, "tui.screens."):
        importlib.import_module(module.name)
    found, ahead = [], [Page]
    while ahead:
        found.append(ahead.pop())
        ahead += found[-1].__subclasses__()
    return found


def test_no_help_names_a_key_that_may_be_another_one_here() -> None:
    assert len(pages()) > 20
    for one in pages():
        assert not re.search(r"\b(F\d+|Esc|Ctrl)\b", one.HELP), one
        assert "{" not in keyed(one.HELP, {}), one


def test_help_names_the_keys_that_are_in_force(firm: Firm, open_app: Opened) -> None:
    (firm.homes["LYN1"].path / "keys.toml").write_text('stop = "ctrl+s"\npalette = "ctrl+l"\n')
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "stands nowhere yet: Ctrl+L, terminal post" in text_of(app)
        await keys(pilot, "f1")
        assert "Ctrl+S holds" in text_of(app)
        assert "F2" not in text_of(app)

    drive(app, script)
