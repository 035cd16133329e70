"""One field of a form: its label, what is typed into, and what is wrong with it; all read off the declaration."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from shared.actions.schema import Document
from tui.hostile import content
from tui.widgets.editors import Choice, Editor, Line, Lines, Several
from tui.widgets.groups import Groups, is_groups

_YES_NO: Final = (("no", "yes"), (False, True))
_WIDE: Final = 300
"""Characters from which on a line is given the whole width, so that a sentence can be read while it is typed."""
NOW: Final = "now"
"""The suggestion of the time at which the form is saved: the field says so, unless the action knows a better one."""
POST: Final = frozenset({"post", "hold"})
"""Suggestions of what the terminal stands beside: the field is filled when the form opens, and then means that."""
FILLED: Final = POST | {"", NOW}
"""Suggestions that need no words in the field."""

Path = tuple[str | int, ...]
"""Where a value stands in an action's fields: the field's name, behind it that of a group's or a number in a list."""


class Field(Container):
    """One field."""

    def __init__(
        self,
        asked: Document,
        path: Path,
        value: Any,  # noqa: ANN401 - any JSON value
        pick: str,
        read_time: Callable[[str, str], str],
    ) -> None:
        """Ask for a value.

        Args:
            asked: what is declared of the field.
            path: where its value stands.
            value: what is known already, None for nothing.
            pick: the key that chooses a record.
            read_time: as `Form` takes it.
        """
        super().__init__(classes="field long" if _long(asked) else "field")
        self.asked = asked
        self.path = path
        self.editor: Editor = _editor(asked, value, hint(asked, pick), read_time)
        self.touched = False

    @property
    def name_(self) -> str:
        """The name of the action's field that it belongs to."""
        return str(self.path[0])

    @property
    def label(self) -> str:
        """The words of the field."""
        return str(self.asked["label"])

    @property
    def widget(self) -> Widget:
        """The widget that is typed into."""
        return cast("Widget", self.editor)

    def compose(self) -> ComposeResult:
        """Label, editor, fault."""
        mark = "*" if self.asked.get("required") else " "
        unit = f" ({self.asked['unit']})" if self.asked.get("unit") else ""
        yield Static(content(f"{mark}{self.label}{unit}{_how(self.asked)}"), classes="label")
        with Container(classes="answer"):
            yield self.widget
            fault = Static("", classes="fault")
            fault.display = False  # nothing is wrong yet
            yield fault

    def say(self, text: str) -> None:
        """Say below the field what is wrong with it, or what has changed; "" for nothing."""
        fault = self.query_one(".fault", Static)
        fault.update(content(text))
        fault.display = bool(text)


def hint(asked: Document, pick: str) -> str:
    """Give what stands in a field while it is empty; `pick` is the key that chooses."""
    if asked.get("suggest") == NOW:
        return NOW
    if asked.get("time"):
        return "06:30, 22 06:30 or 2026-11-22 06:30"
    if asked.get("refs"):
        return f"{' or '.join(asked['refs'])}; {pick} chooses"
    return f"left empty: the {asked['suggest']}" if asked.get("suggest", "") not in FILLED else ""


def _how(asked: Document) -> str:
    """How a list is typed, where that is not seen."""
    if is_groups(asked):
        empty = f"; left empty: the {asked['suggest']}" if asked.get("suggest", "") not in FILLED else ""
        return f" (Enter opens one, Del takes it away, Tab goes on{empty})"
    return ", one a line" if _long(asked) and asked["type"] == "list" else ""


def _long(asked: Document) -> bool:
    short = asked["type"] == "list" and (asked["items"]["type"] != "text" or asked.get("refs"))
    wide = asked["type"] == "text" and (asked.get("limit") or 0) >= _WIDE and not asked.get("refs")
    return bool(asked.get("multiline")) or wide or is_groups(asked) or (asked["type"] == "list" and not short)


def _editor(  # noqa: PLR0911 - one line a form of field
    asked: Document,
    value: Any,  # noqa: ANN401 - any JSON value
    words: str,
    read_time: Callable[[str, str], str],
) -> Editor:
    most = asked.get("limit")
    known = asked.get("default") if value is None else value
    match asked["type"]:
        case "yes or no":
            return Choice(_YES_NO[0], known, values=_YES_NO[1])
        case "choice":
            return Choice(tuple(asked["choices"]), known)
        case "whole number":
            return Line(value, sort="number", hint=words)
        case "list" if asked["items"]["type"] == "choice":
            return Several(tuple(asked["items"]["choices"]), value)
        case "list" if asked["items"]["type"] == "whole number":
            return Line(value, sort="numbers", hint=words)
        case "list" if asked.get("refs"):
            return Line(value, sort="names", hint=words)
        case "list" if asked["items"]["type"] == "text":
            return Lines(value, sort="items", most=most)
        case "list" | "table":
            return Groups(asked, value)
        case _ if asked.get("multiline"):
            return Lines(value, most=most)
        case _:
            read = partial(read_time, asked.get("when", ""))
            return Line(value, sort="time" if asked.get("time") else "text", most=most, hint=words, read=read)
