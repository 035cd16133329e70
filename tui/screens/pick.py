"""Choosing what a field can name: places, batches, people, steps, as people call them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from shared.store.lists import Listed
from tui.hostile import content
from tui.keys import binding
from tui.messages import Scanned
from tui.prefill import called
from tui.reader import Reader
from tui.widgets.form import Form
from tui.widgets.menu import Entry, Menu
from tui.widgets.narrow import Narrow

if TYPE_CHECKING:
    from tui.app import AndonApp

_MOST = 200
_MOST_BATCHES = 10


class PickScreen(ModalScreen[str | None]):
    """A list over the form; typing narrows it, Enter takes what is under the cursor."""

    CSS_PATH = "pick.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [binding("back", "nothing")]

    def __init__(self, label: str, refs: tuple[str, ...]) -> None:
        """Offer the records of some kinds; "step" stands for `BATCH/STEP`."""
        super().__init__()
        self._label = label
        self._refs = refs

    def compose(self) -> ComposeResult:
        """A field to narrow it, and the list."""
        takes = self._andon.keyed("type to narrow, arrows, Enter; {back} takes nothing.")
        with Vertical():
            yield Static(content(f"{self._label}: {takes}"))
            yield Narrow()

    def on_mount(self) -> None:
        """Read what there is."""
        narrow = self.query_one(Narrow)
        narrow.show(list(offered(self._andon.reader, self._refs)))
        narrow.take_focus()

    @property
    def _andon(self) -> "AndonApp":
        return cast("AndonApp", self.app)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Take it."""
        message.stop()
        self.dismiss(message.key)

    def on_narrow_entered(self, message: Narrow.Entered) -> None:
        """What is in no list can be typed into the form."""
        message.stop()
        self._andon.tell("Nothing in the list has that.", bad=True)

    def on_scanned(self, message: Scanned) -> None:
        """Take what was scanned."""
        message.stop()
        self.dismiss(message.code)

    def action_nothing(self) -> None:
        """Take nothing."""
        self.dismiss(None)


def pick_for(andon: "AndonApp", form: Form, keep: Callable[[], None]) -> bool:
    """Let somebody choose what the field under the cursor can name; `keep` is called when it was put there.

    Returns:
        False if the field names no records.
    """
    field = form.field_here()
    refs = tuple(field.asked.get("refs") or ()) if field else ()
    if field is None or not refs:
        return False

    def picked(name: str | None) -> None:
        if name:
            given = field.editor.given
            known = given if isinstance(given, list) else []
            field.editor.put([*known, name] if field.asked["type"] == "list" else name)
            field.touched = True
            keep()

    andon.push_screen(PickScreen(field.label, refs), picked)
    return True


def offered(reader: Reader, refs: tuple[str, ...]) -> Iterator[Entry]:
    """What a field can name, each by the name that people use and with the words that tell it apart."""
    names = reader.names()
    for kind in refs:
        if kind == "step":
            yield from _steps(reader)
            continue
        for row in reader.lists.rows(kind, limit=_MOST):
            name = called(names, row.record)
            yield Entry(name, f"{name}  {_words(row, name)}")


def _words(row: Listed, called: str) -> str:
    title = str(row.columns["title"] or "").removeprefix(called).strip()
    state = str(row.columns["state"] or "")
    return f"{title}  {state}".strip()


def _steps(reader: Reader) -> Iterator[Entry]:
    """The steps of the batches that changed last, as `BATCH/STEP`."""
    names = reader.names()
    for row in reader.lists.rows("batch", limit=_MOST_BATCHES):
        seen = reader.record(row.record)
        batch = names.within(row.record)
        for step in (seen.looked.facts.get("steps") or []) if seen and seen.looked else []:
            yield Entry(f"{batch}/{step['key']}", f"{batch}/{step['key']}  {step['words']}")
