"""What is set for this terminal's screens: a small file in its home, changed on the settings screen."""

import os
from pathlib import Path
from typing import Self

import msgspec

from tui.themes import ANSI, CONTRAST, DARK, NAMES

FILE = "screens.json"
THEME_WORDS = {DARK: "dark", CONTRAST: "high contrast", ANSI: "the terminal's own colours (fewest bytes)"}
"""What the themes are called on the settings screen."""


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """Settings of one terminal.

    Attributes:
        theme: one of the themes' names.
        preamble: the key that a scanner sends before a code.
        pattern: whether a fast burst that ends with Enter counts as a scan too, without a preamble.
        kiosk: whether nobody can leave the screens; set in the file, by who looks after the machine.
    """

    theme: str = DARK
    preamble: str = "ctrl+b"
    pattern: bool = False
    kiosk: bool = False

    @classmethod
    def load(cls, home: Path) -> Self:
        """Read a home's settings; the usual ones if there are none, or they are of no use."""
        try:
            found = msgspec.json.decode((home / FILE).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError):
            return cls()
        return found if found.theme in NAMES else msgspec.structs.replace(found, theme=DARK)

    def save(self, home: Path) -> None:
        """Keep them, whole or not at all."""
        draft = home / f".{FILE}.{os.getpid()}"
        draft.write_bytes(msgspec.json.encode(self))
        draft.replace(home / FILE)
