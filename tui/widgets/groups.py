"""A list of things that have several fields each, such as a batch's steps: one line each, opened one by one.

A table is such a list too, whose first field is the name that each thing goes by.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from shared.actions.schema import Document
from tui.widgets.editors import Edited
from tui.widgets.menu import Entry, Menu

Group = dict[str, Any]
_LONGEST: Final = 28
"""Characters of one value in a line: those behind a long one are to be seen too."""
_ADD: Final = "+"
_NAME, _VALUE = "name", "value"
_NAMED: Final[Document] = {"name": _NAME, "label": "name", "type": "text", "required": True, "choices": []}


class Groups(Menu):
    """The lines, and one more that adds; the screen opens what was chosen and puts back what was typed there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "take_away", show=False),
        Binding("shift+up,K", "shift(-1)", show=False),
        Binding("shift+down,J", "shift(1)", show=False),
    ]
    DEFAULT_CSS = "Groups { max-height: 9; margin-left: 2; }"

    class Opened(Message):
        """One of the lines was chosen; its fields are to be asked for."""

        def __init__(self, editor: "Groups", at: int) -> None:
            """Take the list, and the number of the line."""
            super().__init__()
            self.editor = editor
            self.at = at

    def __init__(self, asked: Document, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Show a value of a field that is declared as a list or a table."""
        super().__init__()
        self._table = asked["type"] == "table"
        self.fields: list[Document] = _fields(asked)
        """The fields that each of them has."""
        self.label = str(asked["label"])
        self._doomed = -1
        self._groups = self._read(value)
        self.show(self._lines())

    @property
    def given(self) -> Any:  # noqa: ANN401 - see `Editor`
        """The list or table, None for an empty one."""
        if not self._groups:
            return None
        if not self._table:
            return [dict(one) for one in self._groups]
        whole = any(one["name"] == _VALUE for one in self.fields[1:]) and len(self.fields) == 2  # noqa: PLR2004 - a name and a value
        return {
            str(one.get(_NAME, "")): one.get(_VALUE) if whole else {k: v for k, v in one.items() if k != _NAME}
            for one in self._groups
        }

    def put(self, value: Any) -> None:  # noqa: ANN401 - see `Editor`
        """Show a value."""
        self._groups = self._read(value)
        self.show(self._lines())

    def group(self, at: int) -> Group:
        """Give one of them as it stands; an empty one behind the last."""
        return dict(self._groups[at]) if at < len(self._groups) else {}

    def keep(self, at: int, group: Group) -> None:
        """Put what was typed in its place, or behind the last."""
        self._groups[at : at + 1] = [group]
        self._changed()

    def drop(self, at: int) -> None:
        """Take one away, if it is there."""
        if at < len(self._groups):
            del self._groups[at]
            self._changed()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Open it, or a new one."""
        message.stop()
        self._doomed = -1
        self.post_message(self.Opened(self, len(self._groups) if message.key == _ADD else int(message.key)))

    def on_menu_moved(self, message: Menu.Moved) -> None:
        """Whoever moves does not take away."""
        message.stop()
        if self._doomed >= 0:
            self._doomed = -1
            self.show(self._lines())

    def action_move(self, by: int) -> None:
        """Go up or down; beyond the last line to the next field."""
        if by == 1 and self.key == _ADD:
            self.screen.focus_next()
        elif by == -1 and self.key in {"0", "" if self._groups else _ADD}:
            self.screen.focus_previous()
        else:
            super().action_move(by)

    def action_take_away(self) -> None:
        """Take the line under the cursor away; pressed twice."""
        if self.key == _ADD:
            return
        at = int(self.key)
        if self._doomed != at:
            self._doomed = at
            self.show(self._lines())
            return
        self._doomed = -1
        self.drop(at)

    def action_shift(self, by: int) -> None:
        """Put the line under the cursor before or behind its neighbour."""
        at = len(self._groups) if self.key == _ADD else int(self.key)
        if at < len(self._groups) and 0 <= at + by < len(self._groups):
            self._groups[at], self._groups[at + by] = self._groups[at + by], self._groups[at]
            self._changed()
            self.action_move(by)

    def _changed(self) -> None:
        self.show(self._lines())
        self.post_message(Edited(self))

    def _lines(self) -> list[Entry]:
        lines = [Entry(str(at), self._words(at, one)) for at, one in enumerate(self._groups)]
        return [*lines, Entry(_ADD, "+ one more" if lines else "+ add one")]

    def _words(self, at: int, group: Group) -> str:
        said = "  ".join(_said(self.fields, group))
        return f"{said}  (Del again takes it away)" if at == self._doomed else said

    def _read(self, value: Any) -> list[Group]:  # noqa: ANN401 - any JSON value
        """What a value holds; one that is of another form, as an old draft may be, is not shown."""
        if self._table and isinstance(value, dict):
            inner = len(self.fields) > 2 or self.fields[1]["name"] != _VALUE  # noqa: PLR2004 - the name and one more
            return [{_NAME: key, **(one if inner else {_VALUE: one})} for key, one in value.items()]
        return [dict(one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def is_groups(asked: Document) -> bool:
    """Whether a field holds a list of groups, or a table."""
    kind, items = str(asked["type"]), asked.get("items") or {}
    return kind == "table" or (kind == "list" and str(items["type"]) == "group")


def _fields(asked: Document) -> list[Document]:
    """The fields of each; what a table holds is asked for behind its name."""
    if asked["type"] == "list":
        return list(asked["items"]["fields"])
    inner: Document = asked["values"]
    own = inner.get("fields") or [{"name": _VALUE, "label": asked["label"], "required": True, **inner}]
    return [_NAMED, *own]


def _said(fields: list[Document], group: Group) -> Iterator[str]:
    """What one line says of a group: its values in the order of asking, and what is still missing."""
    for field in fields:
        value, label = group.get(field["name"]), str(field["label"])
        if value in (None, "", [], {}):
            if field.get("required"):
                yield f"({label}: missing)"
        elif value is True:
            yield label
        elif isinstance(value, list | dict):
            plain = isinstance(value, list) and all(isinstance(one, str | int) for one in value)
            yield ", ".join(map(str, value)) if plain else f"{label}: {len(value)}"
        elif value is not False and value != field.get("default"):
            text = f"{value} {field.get('unit') or ''}".rstrip()
            yield text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}~"
