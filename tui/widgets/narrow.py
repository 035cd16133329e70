"""A field and a list below it: typing narrows the list, arrows move in it, Enter chooses; the field keeps the focus."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.widgets.menu import Entry, Menu

_PAGE: Final = 8
_FAR: Final = 9999


class Narrow(Vertical):
    """The two of them. The list tells what was chosen (`Menu.Chosen`, `Menu.Refused`), and where it is (`Menu.Moved`).

    Where the words that are typed are in no entry, those whose letters come in that order are shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", f"move(-{_PAGE})", show=False),
        Binding("pagedown", f"move({_PAGE})", show=False),
        Binding("ctrl+home", f"move(-{_FAR})", show=False),
        Binding("ctrl+end", f"move({_FAR})", show=False),
    ]
    DEFAULT_CSS = """
    Narrow { height: 1fr; }
    Narrow Input.-textual-compact { background: $panel; padding: 0 1; }
    Narrow Menu { height: 1fr; }
    """

    class Typed(Message):
        """What stands in the field is another text."""

        def __init__(self, narrow: "Narrow", text: str) -> None:
            """Take it."""
            super().__init__()
            self.narrow = narrow
            self.text = text

    class Entered(Message):
        """Enter was pressed where nothing is to be chosen."""

        def __init__(self, narrow: "Narrow", text: str) -> None:
            """Take what stands in the field."""
            super().__init__()
            self.narrow = narrow
            self.text = text

    def __init__(self, placeholder: str = "", *, filters: bool = True, id: str | None = None) -> None:
        """Ask with a placeholder; without `filters` whoever shows entries has chosen them by the text already."""
        super().__init__(id=id)
        self._placeholder = placeholder
        self._filters = filters
        self._all: list[Entry] = []

    def compose(self) -> ComposeResult:
        """The field, then the list."""
        field = Input(placeholder=self._placeholder, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Menu(steered=True)

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value

    @property
    def key(self) -> str:
        """The key of the entry under the cursor, "" for none."""
        return self.query_one(Menu).key

    def put(self, text: str) -> None:
        """Put another text into the field."""
        self.query_one(Input).value = text
        self.query_one(Input).action_end()

    def take_focus(self) -> None:
        """Go into the field."""
        self.query_one(Input).focus()

    def show(self, entries: Sequence[Entry]) -> None:
        """Offer other entries."""
        self._all = list(entries)
        self._narrow()

    def action_move(self, by: int) -> None:
        """Move in the list."""
        self.query_one(Menu).action_move(by)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        if self._filters:
            self._narrow()
            self.action_move(-_FAR)  # the first that fits, wherever the cursor was
        self.post_message(self.Typed(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose."""
        event.stop()
        menu = self.query_one(Menu)
        if menu.key:
            menu.action_choose()
        else:
            self.post_message(self.Entered(self, event.value))

    def _narrow(self) -> None:
        self.query_one(Menu).show(narrowed(self._all, self.text) if self._filters else self._all)


def narrowed(entries: Sequence[Entry], text: str) -> list[Entry]:
    """The entries that fit a text: all of its words are in them, those first that begin with it."""
    words = text.casefold().split()
    if not words:
        return list(entries)
    found = [one for one in entries if all(word in _said(one) for word in words)]
    if not found:
        letters = "".join(words)
        return [one for one in entries if _in_order(letters, _said(one))]
    return sorted(found, key=lambda one: _rank(one, words[0]))


def _said(one: Entry) -> str:
    return f"{one.key} {one.words}".casefold()


def _rank(one: Entry, word: str) -> tuple[bool, int]:
    """What can be chosen before what cannot; the word at the very beginning, at that of a word, or within."""
    said = one.words.casefold()
    where = 0 if said.startswith(word) else 1 if any(part.startswith(word) for part in _parts(said)) else 2
    return bool(one.why_not), where


def _parts(said: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in said).split()


def _in_order(letters: str, said: str) -> bool:
    rest = iter(said)
    return all(letter in rest for letter in letters)
