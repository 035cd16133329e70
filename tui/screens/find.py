"""F6: find a record by its number, a code, or words in it; also to choose what an action is about."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from shared.actions.action import ACTIONS
from shared.actions.kind import KINDS
from shared.store.lists import Listed
from tui.finding import MOST, entry_of, find
from tui.hostile import content
from tui.messages import Scanned
from tui.possible import judged
from tui.screens.page import Page
from tui.widgets.menu import Menu
from tui.widgets.narrow import Narrow
from tui.wording import plain

_NOTHING: Final = "Nothing here has that. Try fewer letters, or {board} for lists."


class FindScreen(Page):
    """A field, and what fits it."""

    CSS_PATH = "find.tcss"
    HELP: ClassVar[str] = (
        "Type a number (670, DEV 670), a batch's or place's code, a person's id, or words that are in a record; or scan"
        " a code. Words may be cut short. The arrows go to a record, Enter opens it."
    )

    def __init__(self, do: str = "") -> None:
        """Find a record to open, or one to begin an action with."""
        super().__init__()
        self._do = do

    def body(self) -> Iterable[Widget]:
        """What for, the field and the list, how many."""
        yield Static(id="what")
        yield Narrow("number, code or words", filters=False)
        yield Static(id="found")

    def on_mount(self) -> None:
        """Go into the field."""
        what = f"{plain(self._do).capitalize()}: which record?" if self._do else "Find a record:"
        self.query_one("#what", Static).update(content(what))
        self.query_one(Narrow).take_focus()

    def reread(self) -> None:
        """Find again."""
        reader = self.andon.reader
        names = reader.names()
        narrow = self.query_one(Narrow)
        rows = find(reader, narrow.text, self._wanted())
        whys = {row.record: self._why_not(row) for row in rows}
        rows = sorted(rows, key=lambda row: bool(whys[row.record]))[:MOST]
        narrow.show([entry_of(row, names, reader.desk.clock, whys[row.record]) for row in rows])
        if len(rows) >= MOST:
            said = f"The first {MOST}; type more to find others."
        elif narrow.text.strip():
            said = f"{len(rows)} found." if rows else self.andon.keyed(_NOTHING)
        else:
            said = "First those with which it can be done; what changed last." if self._do else "What changed last:"
        self.query_one("#found", Static).update(content(said))

    def on_narrow_typed(self, message: Narrow.Typed) -> None:
        """Find what fits."""
        message.stop()
        self.reread()

    def on_scanned(self, message: Scanned) -> None:
        """Find what was scanned."""
        message.stop()
        self.query_one(Narrow).put(message.code)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Open it, or begin with it what was asked for."""
        message.stop()
        if self._do:
            self.andon.go_back()
            self.andon.act(self._do, message.key)
        else:
            self.andon.open_record(message.key)

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Say why not."""
        message.stop()
        self.andon.tell(message.why, bad=True)

    def _why_not(self, row: Listed) -> str:
        """Why what is asked for cannot be done with a record; a fact that breaks a rule can be, with a reason."""
        if not self._do:
            return ""
        return judged(self.andon.reader, self.andon.session, self._do, row.record).why_not

    def _wanted(self) -> frozenset[str]:
        if not self._do:
            return frozenset()
        spec = ACTIONS[self._do]
        if spec.kind is not None:
            return frozenset({spec.kind.name})
        return frozenset(one.name for one in KINDS.values() if not spec.writes.isdisjoint(one.facts))
