"""A form made from an action's declaration: every label, choice and limit comes from there, no screen knows a field.

Groups are asked field by field; lists of groups and what nests deeper are typed as JSON, which administrators do.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from shared.actions.action import Spec
from shared.actions.schema import Document, form
from shared.terminal.fields import COMMON
from tui.hostile import content
from tui.widgets.editors import Choice, Editor, Left, Line, Lines, Several

Values = dict[str, Any]
_SHORT: Final = frozenset({"refs", "choices"})
_YES_NO: Final = (("no", "yes"), (False, True))


class Field(Container):
    """One field: its label, what is typed, and what is wrong with it."""

    def __init__(self, asked: Document, path: tuple[str, ...], value: Any, hint: str) -> None:  # noqa: ANN401
        """Ask for a value; `path` is the field's name, behind its group's where it stands in one."""
        super().__init__(classes="field long" if _long(asked) else "field")
        self.asked = asked
        self.path = path
        self.editor: Editor = _editor(asked, value, hint)
        self.touched = False

    @property
    def label(self) -> str:
        """The words of the field."""
        return str(self.asked["label"])

    def compose(self) -> ComposeResult:
        """Label, editor, fault."""
        mark = "*" if self.asked.get("required") else " "
        unit = f" ({self.asked['unit']})" if self.asked.get("unit") else ""
        yield Static(content(f"{mark}{self.label}{unit}{_form_of(self.asked)}"), classes="label")
        with Container(classes="answer"):
            yield _widget(self)
            yield Static("", classes="fault")

    def say(self, text: str) -> None:
        """Say below the field what is wrong with it, or what has changed; "" for nothing."""
        fault = self.query_one(".fault", Static)
        fault.update(content(text))
        fault.display = bool(text)

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self.query_one(".fault", Static).display = False


class Form(VerticalScroll, can_focus=False):
    """The fields of one action."""

    class Edited(Message):
        """Something was typed; `form.values()` gives all that stands in the form."""

    class Finished(Message):
        """Enter behind the last field."""

    def __init__(
        self, spec: Spec, values: Mapping[str, Any], hints: Mapping[str, str], *, hidden: frozenset[str] = COMMON,
        read_time: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        """Ask for an action's fields.

        Args:
            spec: the action's declaration.
            values: what is known already, by field.
            hints: what stands in a field while it is empty, by field.
            hidden: fields that are not shown until `reveal`.
            read_time: gives a time that was typed as it is understood, so that the day is seen; itself if it is none.
        """
        super().__init__()
        self.spec = spec
        self._given = dict(values)
        self._hints = hints
        self._hidden = set(hidden)
        self._read_time = read_time
        self.fields = list(self._fields())

    def compose(self) -> ComposeResult:
        """The fields in the order of asking."""
        yield from self.fields

    def on_mount(self) -> None:
        """Hide what is not needed, begin at the first field that is empty."""
        for field in self.fields:
            field.display = field.path[0] not in self._hidden
        self.begin()

    def begin(self) -> None:
        """Put the cursor into the first needed field that is empty, else the first one."""
        shown = [field for field in self.fields if field.display]
        empty = [field for field in shown if field.editor.given is None and field.asked.get("required")]
        for field in (empty or shown)[:1]:
            _widget(field).focus()

    def values(self) -> Values:
        """All that stands in the form, without what is empty; what was given and is not asked for stays."""
        names = {field.path[0] for field in self.fields}
        found: Values = {name: value for name, value in self._given.items() if name not in names}
        for field in self.fields:
            value = field.editor.given
            if value is None:
                continue
            if len(field.path) == 1:
                found[field.path[0]] = value
            else:
                found.setdefault(field.path[0], {})[field.path[1]] = value
        return found

    def reveal(self, name: str) -> None:
        """Show a field that was hidden; the cursor stays where it is, for that may be what is to be mended."""
        self._hidden.discard(name)
        for field in self.fields:
            if field.path[0] == name:
                field.display = True

    def say(self, name: str, text: str) -> bool:
        """Say at a field what is wrong with it, and go there; False if the form has no such field."""
        for field in self.fields:
            field.say("")
        for field in self.fields:
            if field.path[0] == name:
                field.display = True
                field.say(text)
                _widget(field).focus()
                return True
        return False

    def field_here(self) -> Field | None:
        """The field that has the cursor."""
        return next((field for field in self.fields if _widget(field).has_focus_within), None)

    def on_edited(self, message: Edited) -> None:
        """Tell the screen, once for the whole form."""
        message.stop()
        here = self.field_here()
        if here is not None:
            here.touched = True
            here.say("")
        self.post_message(self.Edited())

    def on_left(self, message: Left) -> None:
        """Go to the next field; behind the last one, tell the screen."""
        message.stop()
        shown = [field for field in self.fields if field.display]
        here = self.field_here()
        if here is not None and here.asked.get("time") and here.editor.given:
            here.editor.put(self._read_time(here.editor.given))
        at = shown.index(here) if here in shown else len(shown)
        if at + 1 < len(shown):
            _widget(shown[at + 1]).focus()
        else:
            self.post_message(self.Finished())

    def _fields(self) -> Iterator[Field]:
        for asked in form(self.spec)["fields"]:
            name, value = asked["name"], self._given.get(asked["name"])
            if asked["type"] == "group" and asked.get("fields") and all(_simple(one) for one in asked["fields"]):
                for inner in asked["fields"]:
                    known = value.get(inner["name"]) if isinstance(value, dict) else None
                    label = {**inner, "label": f"{asked['label']}: {inner['label']}", "required": False}
                    yield Field(label, (name, inner["name"]), known, "")
            else:
                yield Field(asked, (name,), value, self._hints.get(name, ""))


def _form_of(asked: Document) -> str:
    """How a list of groups, or what nests deeper, is typed: as JSON, with the names that it needs."""
    inner = asked["items"].get("fields") if asked["type"] == "list" else None
    if inner is None:
        return (
            " (as JSON)"
            if asked["type"] in {"table", "group"}
            else ", one a line"
            if _long(asked) and asked["type"] == "list"
            else ""
        )
    needed = ", ".join(f'"{one["name"]}": ""' for one in inner if one["required"])
    others = ", ".join(one["name"] for one in inner if not one["required"])
    return f" (as JSON: [{{{needed}}}, ...]" + (f"; also {others})" if others else ")")


def _widget(field: Field) -> Widget:
    return cast("Widget", field.editor)


def _simple(asked: Document) -> bool:
    return asked["type"] in {"text", "whole number", "yes or no", "choice"}


def _long(asked: Document) -> bool:
    short = asked["type"] == "list" and (asked["items"]["type"] == "choice" or asked.get("refs"))
    return bool(asked.get("multiline")) or (asked["type"] in {"list", "table", "group"} and not short)


def _editor(asked: Document, value: Any, hint: str) -> Editor:  # noqa: ANN401, PLR0911 - one line a form of field
    most = asked.get("limit")
    match asked["type"]:
        case "yes or no":
            return Choice(_YES_NO[0], asked.get("default") if value is None else value, values=_YES_NO[1])
        case "choice":
            return Choice(tuple(asked["choices"]), asked.get("default") if value is None else value)
        case "whole number":
            return Line(value, sort="number", hint=hint)
        case "list" if asked["items"]["type"] == "choice":
            return Several(tuple(asked["items"]["choices"]), value)
        case "list" if asked.get("refs"):
            return Line(value, sort="names", hint=hint)
        case "list" if asked["items"]["type"] == "text":
            return Lines(value, sort="items", most=most)
        case "list" | "table" | "group":
            return Lines(value, sort="json")
        case _ if asked.get("multiline"):
            return Lines(value, most=most)
        case _:
            return Line(value, most=most, hint=hint)
