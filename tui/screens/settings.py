"""Settings of this terminal's screens: colours and scanner; and which keys are in force. Saved as soon as chosen."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import msgspec
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.hostile import content, line
from tui.keys import COMMANDS, key_name
from tui.screens.page import Page
from tui.settings import PREAMBLES, THEME_WORDS
from tui.widgets.menu import Entry, Menu

_THEME: Final = "theme "
_PREAMBLE, _PATTERN = "preamble", "pattern"


class SettingsScreen(Page):
    """What can be set, then the keys."""

    CSS_PATH = "settings.tcss"
    HELP: ClassVar[str] = (
        "Enter changes the setting under the cursor, and it is saved at once, for this terminal. The scanner's preamble"
        " is the key that it sends before each code; set the scanner to the same one. Other keys for commands stand in"
        ' the file that is named below, with lines like  stop = "ctrl+s"  and count from the next start on. The'
        " usual keys of STOP and Call stay theirs besides."
    )

    def body(self) -> Iterable[Widget]:
        """The settings, then the keys in force."""
        yield Static(content("Settings of this terminal; Enter changes one.", "$text-muted"), id="what")
        yield Menu(id="settings")
        yield VerticalScroll(Static(id="keys-in-force"), can_focus=True, id="more")

    def on_mount(self) -> None:
        """Go to the settings."""
        self.query_one(Menu).focus()

    def reread(self) -> None:
        """Show what is set."""
        self.query_one(Menu).show(list(self._entries()))
        self.query_one("#keys-in-force", Static).update(Content("\n").join(self._keys()))

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Change it, and save it."""
        message.stop()
        andon = self.andon
        settings = andon.settings
        if message.key.startswith(_THEME):
            settings = msgspec.structs.replace(settings, theme=message.key.removeprefix(_THEME))
        elif message.key == _PREAMBLE:
            own = {key for keys in andon.keys.values() for key in keys.split(",")}
            known = [one for one in PREAMBLES if one not in own]  # a command's key would never come
            at = known.index(settings.preamble) if settings.preamble in known else -1
            settings = msgspec.structs.replace(settings, preamble=known[(at + 1) % len(known)])
        else:
            settings = msgspec.structs.replace(settings, pattern=not settings.pattern)
        andon.settings = settings
        andon.theme = settings.theme
        if andon.unsaveable:
            andon.tell(andon.unsaveable, bad=True)
        else:
            try:
                settings.save(andon.reader.desk.home.path)
            except OSError as error:
                andon.tell_error(error)
        self.reread()

    def _entries(self) -> Iterator[Entry]:
        settings = self.andon.settings
        for name, words in THEME_WORDS.items():
            mark = "(x)" if name == settings.theme else "( )"
            yield Entry(_THEME + name, f"{mark} colours: {words}")
        preamble = PREAMBLES.get(settings.preamble, settings.preamble)
        yield Entry(_PREAMBLE, f"scanner sends first: {preamble}")
        yield Entry(_PATTERN, f"[{'x' if settings.pattern else ' '}] a fast burst of a known form is a scan, too")

    def _keys(self) -> Iterator[Content]:
        andon = self.andon
        for fault in andon.faults:
            yield content(line(fault), "$text-error")
        yield content("Keys in force (Tab, then arrows, shows all)", "bold")
        yield content("Other keys stand in keys.toml in this terminal's folder.", "$text-muted")
        for command in COMMANDS:
            keys = andon.keys.get(command.id, command.key)
            shown = ", ".join(key_name(one.strip()) for one in keys.split(","))
            own = " (own)" if command.id in andon.keys else ""
            where = f" [{command.where}]" if command.where else ""
            yield Content.assemble(
                content(f"{shown:<12}", "$accent bold"), content(f"{command.id:<10}{command.short}{where}{own}")
            )
        yield content(f"This terminal's folder: {andon.home.path}", "$text-muted")
        plain = "plain characters only" if andon.plain else "all characters"
        colour = ", no colour (NO_COLOR)" if andon.no_color else ""
        yield content(f"This terminal shows {plain}{colour}.", "$text-muted")
