"""What is set for this terminal's screens: a small file in its home, changed on the settings screen; and its keys."""

from pathlib import Path
from typing import Final, NamedTuple, Self

import msgspec

from shared.terminal.home import write_small
from tui.keys import BadKeys, own_keys
from tui.themes import ANSI, CONTRAST, DARK, NAMES

FILE = "screens.json"
THEME_WORDS = {DARK: "dark", CONTRAST: "high contrast", ANSI: "the terminal's own colours (fewest bytes)"}
"""What the themes are called on the settings screen."""


PREAMBLES: Final = {
    "ctrl+b": "Ctrl+B (STX, as scanners come)",
    "ctrl+a": "Ctrl+A (SOH)",
    "ctrl+t": "Ctrl+T (DC4)",
    "ctrl+y": "Ctrl+Y (EM)",
    "": "none",
}
"""What a scanner may be set to send first; tmux and screen take the first two for themselves. None is a usual key."""


class BadSettings(Exception):
    """The file of settings is not used as it is; the message is one plain line for people.

    Attributes:
        settings: what is in force instead.
    """

    def __init__(self, text: str, settings: "Settings") -> None:
        super().__init__(text)
        self.settings = settings


class Settings(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
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
        """Read a home's settings; the usual ones if there is no file.

        Raises:
            BadSettings: there is one, and it cannot be used. The screens then stay as on a kiosk: it may be one, and
                nobody may get behind its screens because a file is torn.
        """
        try:
            found = msgspec.json.decode((home / FILE).read_bytes(), type=cls)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.MsgspecError) as error:
            said = error.strerror or "it cannot be read" if isinstance(error, OSError) else str(error)
            raise BadSettings(
                f"{FILE} is of no use ({said}): these screens stay, as on a kiosk, and settings are not saved, until it"
                " is mended or deleted.",
                cls(kiosk=True),
            ) from None
        if found.theme not in NAMES:
            found = msgspec.structs.replace(found, theme=DARK)
        if found.preamble not in PREAMBLES:
            raise BadSettings(
                f"{FILE}: a scanner's preamble is one of {', '.join(filter(None, PREAMBLES))}; the usual one counts,"
                " and settings are not saved, until that is mended.",
                msgspec.structs.replace(found, preamble=cls().preamble),
            )
        return found

    def save(self, home: Path) -> None:
        """Keep them, whole or not at all, durably."""
        write_small(home / FILE, msgspec.json.encode(self))


class Configured(NamedTuple):
    """What a home's files say of its screens.

    Attributes:
        settings: those in force.
        unsaved: why a change of settings is not saved, "" if it is.
        keys: by command, those that are not the usual ones.
        faults: what is wrong with the files, a line each; it stands on the first screen until it is mended.
    """

    settings: Settings
    unsaved: str
    keys: dict[str, str]
    faults: list[str]


def configured(home: Path) -> Configured:
    """Read both files; neither keeps the screens from opening."""
    unsaved, faults = "", []
    try:
        settings = Settings.load(home)
    except BadSettings as error:
        settings, unsaved = error.settings, str(error)
        faults.append(unsaved)
    keys: dict[str, str] = {}
    try:
        keys = own_keys(home / "keys.toml", settings.preamble)
    except BadKeys as error:
        faults.append(str(error))
    return Configured(settings, unsaved, keys, faults)
