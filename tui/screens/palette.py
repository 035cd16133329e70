"""F9: everything that can be done and shown, found by typing; what cannot be done now is grey and says why."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from shared.actions.action import ACTIONS
from tui.hostile import content
from tui.keys import COMMANDS, KNOWN
from tui.offered import told
from tui.pages import PAGES
from tui.possible import Possible, needs_record, possible
from tui.screens.page import Page
from tui.widgets.menu import Entry, Menu
from tui.widgets.narrow import Narrow
from tui.wording import plain

_NAME: Final = 20
_COMMAND: Final = "command "
_DIRECT: Final = frozenset({"stop", "lock", "desk", "leave"})
"""Commands that are no screen."""
_PAGE_WORDS: Final = {"settings": "Colours, scanner, and the keys in force."}
"""Of screens that no key shows."""


class PaletteScreen(Page):
    """The list of all of it."""

    CSS_PATH = "palette.tcss"
    HELP: ClassVar[str] = (
        "Everything that can be done here. Type a word of it, go to it with the arrows, Enter begins it. What has a"
        " - before it cannot be done now; the lines below the list say why, and by whom it can. Nothing is done before"
        " you save or sign it."
    )

    def __init__(self, record: str | None = None) -> None:
        """Offer what can be done; what can be done with a record comes first (None: that of the screen below)."""
        super().__init__()
        self._asked = record
        self._record = record or ""
        self._offered: dict[str, Possible] = {}

    def body(self) -> Iterable[Widget]:
        """What it is about, the list, more about what is under the cursor."""
        if self._asked is None:
            self._record = self.record_below()
        yield Static(id="whom")
        yield Narrow("type a word: hold, rate, batch ...")
        yield Static(id="more")

    def on_mount(self) -> None:
        """Go into the field."""
        self.query_one(Narrow).take_focus()

    def reread(self) -> None:
        """Judge anew what can be done."""
        names, session = self.andon.reader.names(), self.andon.session
        about = f"About {names.whole(self._record)}: what" if self._record else "What"
        by = f", as {session.name}" if session.person else "; a signature asks who signs"
        self.query_one("#whom", Static).update(content(f"{about} can be done{by}."))
        self.query_one(Narrow).show(list(self._entries()))
        self._more()

    def on_menu_moved(self, message: Menu.Moved) -> None:
        """Say more about what is under the cursor."""
        message.stop()
        self._more()

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Say why not."""
        message.stop()
        self.andon.tell(message.why, bad=True)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Begin it in the place of this list."""
        message.stop()
        andon = self.andon
        if message.key.startswith(_COMMAND):
            name = message.key.removeprefix(_COMMAND)
            andon.go_back()
            if name in _DIRECT:
                andon.call_later(andon.run_action, name)
            else:
                andon.action_page(name)
            return
        one = self._offered.get(message.key)
        andon.go_back()
        if one is None:  # news came between the key and this
            andon.tell("It cannot be done any more; look again.", bad=True)
            return
        if not one.record and needs_record(ACTIONS[one.do], andon.reader):
            from tui.screens.find import FindScreen  # noqa: PLC0415 - when it is asked for

            andon.push_screen(FindScreen(one.do))
            return
        andon.act(one.do, one.record, one.given)

    def _entries(self) -> Iterator[Entry]:
        self._offered = {}
        reader, session = self.andon.reader, self.andon.session
        about = possible(reader, session, self._record) if self._record else []
        yield from (self._entry(one) for one in about if not one.why_not)
        offered = {one.do for one in about if one.record}
        at_all = [one for one in possible(reader, session) if one.do not in offered]
        yield from (self._entry(one) for one in at_all if not one.why_not)
        yield from self._commands()
        yield from (self._entry(one) for one in [*about, *at_all] if one.why_not)

    def _entry(self, one: Possible) -> Entry:
        key = f"{one.do} {one.record} {' '.join(map(str, one.given.values()))}".strip()
        self._offered.setdefault(key, one)
        mark = "" if not one.but else " (needs a reason)"
        here = "About this: " if one.given and not one.record else ""
        return Entry(key, f"{plain(one.do):<{_NAME}}{here}{one.words}{mark}", one.why_not)

    def _commands(self) -> Iterator[Entry]:
        for one in COMMANDS:
            if one.id == "desk" and not self.andon.has_desk:
                continue
            if not one.where and (one.id in PAGES or one.id in _DIRECT) and one.id != "palette":
                yield Entry(_COMMAND + one.id, f"{self.andon.keyed(f'{one.short} {{{one.id}}}'):<{_NAME}}{one.words}")
        known = {one.id for one in COMMANDS}
        for name in PAGES:
            if name not in known:
                words = _PAGE_WORDS.get(name, f"Show the screen: {name}.")
                yield Entry(_COMMAND + name, f"{name.capitalize():<{_NAME}}{words}")

    def _more(self) -> None:
        key = self.query_one(Narrow).key
        one = self._offered.get(key)
        command = KNOWN.get(key.removeprefix(_COMMAND))
        said = told(one, self.andon.session.person) if one else content(command.words if command else "")
        self.query_one("#more", Static).update(said)
