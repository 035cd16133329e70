"""One of a list that a form holds, such as a batch's step: its fields, over the form that it belongs to."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.hostile import content
from tui.keys import binding
from tui.screens.asking import AskingPage
from tui.widgets.form import Form
from tui.widgets.groups import Group, Groups


class GroupScreen(AskingPage):
    """The fields of one; what is typed stands in the list at once, and is kept with it."""

    HELP: ClassVar[str] = (
        "One of a list. What is typed here stands in the list at once and is kept with the form below: go back with"
        " {back}, or with Enter behind the last field. In the list, Del pressed twice takes one away, and Shift with an"
        " arrow moves it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("save", "back", show=False)]

    def __init__(self, editor: Groups, at: int) -> None:
        """Ask for the fields of one, by its number; the number behind the last is a new one."""
        super().__init__()
        self._editor = editor
        self._at = at

    def body(self) -> Iterable[Widget]:
        """Which one, its fields."""
        yield Static(content(f"{self._editor.label}: number {self._at + 1}", "bold"), id="heading")
        yield self.ask(self._editor.fields, self._editor.group(self._at), hidden=frozenset())
        yield Static("", id="refused")

    def on_mount(self) -> None:
        """Nothing is refused yet."""
        self.say("")

    def keep(self) -> None:
        """Put it into the list."""
        self._editor.keep(self._at, self._typed())

    def action_save(self) -> None:
        """Behind the last field: it stands in the list already."""
        self.action_back()

    def action_back(self) -> None:
        """Go back to the list; one in which nothing is left is none."""
        if not self._typed():
            self._editor.drop(self._at)
        super().action_back()

    def _typed(self) -> Group:
        """What was typed, without what is so by default."""
        usual = {one["name"]: one.get("default") for one in self._editor.fields}
        return {name: value for name, value in self.query_one(Form).kept().items() if value != usual[name]}
