"""A form made from declared fields: every label, choice and limit comes from there, no screen knows a field.

Groups are asked field by field. Of a list of groups each is opened by itself, unless the list stands already and its
declaration says which one field of each is to be asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from shared.actions.schema import Document
from shared.terminal.fields import COMMON
from tui.widgets import editors
from tui.widgets.field import NOW, Field, Path

Values = dict[str, Any]


class Form(VerticalScroll, can_focus=False):
    """Fields one below the other."""

    class Edited(Message):
        """Something was typed; `form.kept()` gives all that stands in the form."""

    class Went(Message):
        """The cursor has left a field."""

        def __init__(self, form: "Form") -> None:
            """Take the form."""
            super().__init__()
            self.form = form

    class Finished(Message):
        """Enter behind the last field."""

    def __init__(
        self, asked: Sequence[Document], values: Mapping[str, Any], *, pick: str,
        read_time: Callable[[str, str], str], hidden: frozenset[str] = COMMON,
    ) -> None:  # fmt: skip
        """Ask for fields.

        Args:
            asked: the fields' declarations, as `shared.actions.schema.form` gives them.
            values: what is known already, by field.
            pick: the key that chooses a record.
            read_time: gives, of a field's `when` and what was typed, the time as entries have it; else what was typed.
            hidden: fields that are not shown until `reveal`.
        """
        super().__init__()
        self._asked = asked
        self._given = dict(values)
        self._pick = pick
        self._hidden = set(hidden)
        self._read_time = read_time
        self.fields = [one for each in asked for one in self._fields(each, (), self._given.get(each["name"]))]
        for field in self.fields:
            field.display = field.name_ not in self._hidden

    def compose(self) -> ComposeResult:
        """The fields in the order of asking."""
        yield from self.fields

    def on_mount(self) -> None:
        """Begin at the first field that is empty."""
        self.begin()

    def begin(self) -> None:
        """Put the cursor into the first needed field that is empty, else the first one."""
        shown = [field for field in self.fields if field.display]
        needed = [field for field in shown if field.asked.get("required") and field.asked.get("suggest") != NOW]
        empty = [field for field in needed if field.editor.given is None]
        for field in (empty or shown)[:1]:
            field.widget.focus()

    def on_resize(self) -> None:
        """Keep the cursor on the screen: what is told below takes lines away."""
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            self.call_after_refresh(focused.scroll_visible, animate=False)

    def kept(self) -> Values:
        """All that stands in the form, as a draft keeps it; what was given and is not asked for stays."""
        names = {field.name_ for field in self.fields}
        found: Values = {name: value for name, value in self._given.items() if name not in names}
        for asked in self._asked:
            if _of_each(asked, self._given.get(asked["name"])):
                found[asked["name"]] = [{**one, asked["each"]: ""} for one in self._given[asked["name"]]]
        for field in self.fields:
            if field.editor.given is not None:
                _set(found, field.path, field.editor.given)
        return found

    def values(self) -> Values:
        """The same as an action takes it: of a list that stood already, what was filled in."""
        found = self.kept()
        for asked in self._asked:
            if _of_each(asked, self._given.get(asked["name"])):
                filled = [one for one in found[asked["name"]] if one[asked["each"]] != ""]
                found |= {asked["name"]: filled}
                if not filled:
                    del found[asked["name"]]
        return found

    def untouched(self) -> list[Field]:
        """The fields that nobody has typed into, but those that name entries: what was shown is meant there."""
        return [one for one in self.fields if not one.touched and not one.asked.get("entry")]

    def on_descendant_blur(self) -> None:
        """Tell the screen: what is typed there may tell more."""
        self.post_message(self.Went(self))

    def reveal(self, name: str) -> None:
        """Show a field that was hidden; the cursor stays where it is, for that may be what is to be mended."""
        self._hidden.discard(name)
        for field in self.fields:
            if field.name_ == name:
                field.display = True

    def say(self, name: str, text: str) -> bool:
        """Say at a field what is wrong with it, and go there; False if the form has no such field."""
        for field in self.fields:
            field.say("")
        own = [field for field in self.fields if field.name_ == name]
        for field in own:
            field.display = True
        empty = [field for field in own if field.editor.given is None and field.asked.get("required")]
        for field in (empty or own)[:1]:
            field.say(text)
            field.widget.focus()
        return bool(own)

    def field_here(self) -> Field | None:
        """The field that has the cursor."""
        return next((field for field in self.fields if field.widget.has_focus_within), None)

    def on_edited(self, message: editors.Edited) -> None:
        """Tell the screen, once for the whole form."""
        message.stop()
        for field in self.fields:
            if field.editor is message.editor:
                field.touched = True
                field.say("")
        self.post_message(self.Edited())

    def on_left(self, message: editors.Left) -> None:
        """Go to the next field; behind the last one, tell the screen."""
        message.stop()
        shown = [field for field in self.fields if field.display]
        here = self.field_here()
        at = shown.index(here) if here in shown else len(shown)
        if at + 1 < len(shown):
            shown[at + 1].widget.focus()
        else:
            self.post_message(self.Finished())

    def _fields(self, asked: Document, above: Path, value: Any) -> Iterator[Field]:  # noqa: ANN401 - any JSON value
        path = (*above, str(asked["name"]))
        if asked["type"] == "group":
            for inner in asked.get("fields") or []:
                known = value.get(inner["name"]) if isinstance(value, dict) else None
                needed = asked.get("required") and inner["required"]
                words = f"{asked['label']}: {inner['label']}"
                yield from self._fields({**inner, "label": words, "required": needed}, path, known)
        elif _of_each(asked, value):
            name = str(asked["each"])
            inner = next(one for one in asked["items"]["fields"] if one["name"] == name)
            for at, group in enumerate(value):
                words = " ".join(str(part) for key, part in group.items() if key != name and part)
                yield self._field({**inner, "label": words}, (*path, at, name), group.get(name) or None)
        else:
            yield self._field(asked, path, value)

    def _field(self, asked: Document, path: Path, value: Any) -> Field:  # noqa: ANN401 - any JSON value
        return Field(asked, path, value, self._pick, self._read_time)


def _of_each(asked: Document, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether one field of each group of a list that stands already is asked for."""
    return bool(asked.get("each") and value and all(isinstance(one, dict) for one in value))


def _set(values: Values, path: Path, value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Put a value where it belongs; groups on the way are made, lists are there."""
    here: Any = values
    for part in path[:-1]:
        here = here[part] if isinstance(part, int) else here.setdefault(part, {})
    here[path[-1]] = value
