"""The screens that keys and the palette name."""

from importlib import import_module
from typing import Final

from tui.screens.page import Page

PAGES: Final = {
    "help": "tui.screens.help:HelpScreen",
    "call": "tui.screens.call:CallScreen",
    "board": "tui.screens.board:BoardScreen",
    "attention": "tui.screens.attention:AttentionScreen",
    "find": "tui.screens.find:FindScreen",
    "palette": "tui.screens.palette:PaletteScreen",
    "settings": "tui.screens.settings:SettingsScreen",
    "lock": "tui.screens.lock:LockScreen",
}
"""Screens by the name that keys and the palette use; each is loaded after the first is painted."""

LOADED: Final = (
    *(where.partition(":")[0] for where in PAGES.values()),
    *(f"tui.screens.{name}" for name in ("stop", "stopped", "record", "form", "sheet", "sign")),
)
"""Modules of the screens that most keys open: loaded while the first one is looked at, so that no key waits for it."""


def page_named(name: str) -> type[Page]:
    """Give a screen's class, loaded now if it was not."""
    module, _, cls = PAGES[name].partition(":")
    found: type[Page] = getattr(import_module(module), cls)
    return found
