"""Choosing what a field can name: places, batches, people, steps, as people call them."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget
from textual.widgets import Static

from shared.store.lists import Listed
from tui.hostile import content
from tui.messages import Scanned
from tui.prefill import called
from tui.reader import Reader
from tui.screens.page import Page
from tui.widgets.form import Form
from tui.widgets.menu import Entry, Menu
from tui.widgets.narrow import Narrow

if TYPE_CHECKING:
    from tui.app import AndonApp

_MOST = 200
_MOST_BATCHES = 10


class PickScreen(Page):
    """The list; typing narrows it, Enter takes what is under the cursor."""

    CSS_PATH = "pick.tcss"
    HELP: ClassVar[str] = (
        "What a field of the form below can name. Type some letters to narrow the list, or scan a code; the arrows go"
        " to an entry, Enter puts it into the field, {back} takes nothing. What is in no list can be typed into the"
        " form."
    )

    def __init__(self, label: str, refs: tuple[str, ...], picked: Callable[[str], None]) -> None:
        """Offer the records of some kinds.

        Args:
            label: what the field is called.
            refs: the kinds; "step" stands for `BATCH/STEP`.
            picked: is told what was taken.
        """
        super().__init__()
        self._label = label
        self._refs = refs
        self._picked = picked

    def body(self) -> Iterable[Widget]:
        """What for, the field and the list."""
        takes = self.andon.keyed("type to narrow, arrows, Enter; {back} takes nothing.")
        yield Static(content(f"{self._label}: {takes}"), id="what")
        yield Narrow()

    def on_mount(self) -> None:
        """Go into the field."""
        self.query_one(Narrow).take_focus()

    def reread(self) -> None:
        """Read what there is."""
        self.query_one(Narrow).show(list(offered(self.andon.reader, self._refs)))

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Take it."""
        message.stop()
        self._take(message.key)

    def on_narrow_entered(self, message: Narrow.Entered) -> None:
        """What is in no list can be typed into the form."""
        message.stop()
        self.andon.tell("Nothing in the list has that.", bad=True)

    def on_scanned(self, message: Scanned) -> None:
        """Take what was scanned."""
        message.stop()
        self._take(message.code)

    def _take(self, name: str) -> None:
        self.andon.close(self)
        self._picked(name)


def pick_for(andon: "AndonApp", form: Form, keep: Callable[[], None]) -> bool:
    """Let somebody choose what the field under the cursor can name; `keep` is called when it was put there.

    Returns:
        False if the field names no records.
    """
    field = form.field_here()
    refs = tuple(field.asked.get("refs") or ()) if field else ()
    if field is None or not refs:
        return False

    def picked(name: str) -> None:
        given = field.editor.given
        known = given if isinstance(given, list) else []
        field.editor.put([*known, name] if field.asked["type"] == "list" else name)
        field.touched = True
        keep()

    andon.push_screen(PickScreen(field.label, refs, picked))
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
