"""What fields are typed into: one line, several lines, one of a few choices, several of a few.

Each holds a value as `perform` takes it, `None` where nothing was typed; tells `Edited` at every change and `Left` when
Enter says that the next field is due. What is typed is never lost: a draft keeps it at every key.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from shared.log.clock import is_at
from tui.hostile import content

_MOST_LINES = 6
_DIGITS = 9


class Edited(Message, bubble=True):
    """A field's value changed by somebody's hand: in the field itself, or on a screen over it."""

    def __init__(self, editor: "Editor") -> None:
        """Take the field's editor."""
        super().__init__()
        self.editor = editor


class Left(Message, bubble=True):
    """Enter: the next field is due."""


class Editor(Protocol):
    """What the form knows of a field's widget."""

    @property
    def given(self) -> Any:  # noqa: ANN401 - any JSON value
        """What stands in it, None for nothing."""

    def put(self, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Show a value that nobody typed here."""


class Line(Input):
    """One line: a text, a number, a time, a record by what people call it, or short names with commas between."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        value: Any,  # noqa: ANN401 - any JSON value
        *,
        sort: str = "text",
        most: int | None = None,
        hint: str = "",
        read: Callable[[str], str] = str,
    ) -> None:
        """Show a value.

        Args:
            value: what stands there at first.
            sort: "text", "number", "time", or, with commas between, "names" or "numbers".
            most: the most characters; None for no limit.
            hint: what stands there while it is empty.
            read: gives a time that was typed as entries have it; what is none as it is.
        """
        self._read = read
        self._sort = sort
        super().__init__(
            self._shown(value), placeholder=hint, max_length=most or 0, select_on_focus=False, compact=True
        )
        self.cursor_blink = False
        self._whole = value
        self._put: str | None = self.value
        """What the form has put there, until somebody types: showing it is no edit, and it stands for the value."""

    @property
    def given(self) -> Any:  # noqa: ANN401 - see `Editor`
        """What stands in it; a time with its day, as it is understood now, so that a draft means the same tomorrow."""
        text = self.value.strip()
        if not text:
            return None
        match self._sort:
            case "time":
                return self._whole if self._put == self.value else self._read(text)
            case "number":
                return _number(text)
            case "names":
                return [one for part in text.split(",") if (one := part.strip())]
            case "numbers":
                return [_number(one) for part in text.split(",") if (one := part.strip())]
            case _:
                return text

    def put(self, value: Any) -> None:  # noqa: ANN401 - see `Editor`
        """Show a value."""
        self._whole = value
        self._put = self._shown(value)
        self.value = self._put
        self.cursor_position = len(self.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the form, if somebody has typed."""
        event.stop()
        if event.value != self._put:
            self._put = None
            self.post_message(Edited(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self._settle()
        self.post_message(Left())

    def insert_words(self, text: str) -> None:
        """Put a text where the cursor is, apart from the word before it."""
        before = self.value[: self.cursor_position]
        self.insert_text_at_cursor(f"{' ' if before and not before[-1].isspace() else ''}{text}")

    def on_blur(self) -> None:
        """However the field is left."""
        self._settle()

    def _settle(self) -> None:
        """Show a time that was typed with the day that is meant, and mean that one from now on."""
        if self._sort == "time" and self._put != self.value and self.given:
            self.put(self.given)

    def _shown(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        if value is None:
            return ""
        if self._sort == "time":
            whole = self._read(str(value))
            return whole[:16].replace("T", " ") if is_at(whole) else whole
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class Lines(TextArea):
    """Several lines: a narrative, or items with one on each line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "app.focus_next", show=False)]

    def __init__(self, value: Any, *, sort: str = "text", most: int | None = None) -> None:  # noqa: ANN401 - any JSON value
        """Show a value; `sort` is "text" or "items"."""
        self._sort = sort
        super().__init__(_lines_of(value, sort), soft_wrap=True, compact=True, tab_behavior="focus")
        self.cursor_blink = False
        self._most = most
        self._put: str | None = self.text
        """As for `Line`."""

    @property
    def given(self) -> Any:  # noqa: ANN401 - see `Editor`
        """What stands in it."""
        text = self.text.strip()
        if not text:
            return None
        return [one for part in text.split("\n") if (one := part.strip())] if self._sort == "items" else text

    def put(self, value: Any) -> None:  # noqa: ANN401 - see `Editor`
        """Show a value."""
        self._put = _lines_of(value, self._sort)
        self.load_text(self._put)
        self._fit()

    def on_mount(self) -> None:
        """Take the room that the text needs; whoever goes on typing goes on behind it."""
        self._fit()
        self.move_cursor(self.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell the form."""
        event.stop()
        self._fit()
        if self.text != self._put:
            self._put = None
            self.post_message(Edited(self))

    def insert_words(self, text: str) -> None:
        """As for `Line`."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        self.insert(f"{' ' if before and not before[-1].isspace() else ''}{text}")

    def _fit(self) -> None:
        self.styles.height = min(max(self.document.line_count, 2), _MOST_LINES)


class Choice(Widget, can_focus=True):
    """One of a few words; arrows or a digit choose, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "by(-1)", show=False),
        Binding("right", "by(1)", show=False),
        Binding("backspace,delete", "nothing", show=False),
        Binding("enter", "leave", show=False),
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(1, 10)),
    ]

    def __init__(self, words: tuple[str, ...], value: Any, *, values: tuple[Any, ...] | None = None) -> None:  # noqa: ANN401 - any JSON value
        """Offer words; `values` are what they stand for, themselves if None."""
        super().__init__()
        self._words = words
        self._wholes = values or words
        self._at = self._wholes.index(value) if value in self._wholes else -1

    @property
    def given(self) -> Any:  # noqa: ANN401 - see `Editor`
        """What is chosen."""
        return self._wholes[self._at] if self._at >= 0 else None

    def put(self, value: Any) -> None:  # noqa: ANN401 - see `Editor`
        """Choose a value."""
        self._at = self._wholes.index(value) if value in self._wholes else -1
        self.refresh(layout=True)

    def render(self) -> RenderResult:
        """All words with their digit, the chosen one marked; none looks as if somebody had answered so."""
        parts = []
        for number, word in enumerate(self._words):
            chosen = number == self._at
            text = f"{number + 1 if number < _DIGITS else ''}[{'x' if chosen else '.'}]{word}"
            here = self.has_focus and (chosen or (self._at < 0 and number == 0))
            parts += [content(text, "reverse bold" if here else "bold" if chosen else ""), Content("  ")]
        if self._at < 0:
            parts.append(content("not answered yet", "$text-muted italic"))
        return Content.assemble(*parts)

    def action_by(self, by: int) -> None:
        """Choose the next one or the one before; the ends do not wrap."""
        self._choose(max(0, min(self._at + by, len(self._words) - 1)))

    def action_digit(self, digit: int) -> None:
        """Choose by digit."""
        if digit <= len(self._words):
            self._choose(digit - 1)

    def action_nothing(self) -> None:
        """Choose nothing."""
        self._choose(-1)

    def action_leave(self) -> None:
        """Enter goes on."""
        self.post_message(Left())

    def _choose(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self.refresh(layout=True)
            self.post_message(Edited(self))


class Several(Widget, can_focus=True):
    """Several of a few words; arrows go, space or a digit marks, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "by(-1)", show=False),
        Binding("right", "by(1)", show=False),
        Binding("space", "mark", show=False),
        Binding("enter", "leave", show=False),
    ]

    def __init__(self, words: tuple[str, ...], value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Offer words."""
        super().__init__()
        self._words = words
        self._marked = {one for one in value or () if one in words}
        self._at = 0

    @property
    def given(self) -> Any:  # noqa: ANN401 - see `Editor`
        """What is marked, in the order of the words."""
        return [one for one in self._words if one in self._marked] or None

    def put(self, value: Any) -> None:  # noqa: ANN401 - see `Editor`
        """Mark values."""
        self._marked = {one for one in value or () if one in self._words}
        self.refresh()

    def render(self) -> RenderResult:
        """All words, the marked ones with a cross."""
        parts = []
        for number, word in enumerate(self._words):
            text = f"[{'x' if word in self._marked else '.'}]{word}"
            here = self.has_focus and number == self._at
            parts += [content(text, "reverse bold" if here else ""), Content(" ")]
        return Content.assemble(*parts)

    def action_by(self, by: int) -> None:
        """Go to another word."""
        self._at = max(0, min(self._at + by, len(self._words) - 1))
        self.refresh()

    def action_mark(self) -> None:
        """Mark the word, or take the mark away."""
        self._marked ^= {self._words[self._at]}
        self.refresh()
        self.post_message(Edited(self))

    def action_leave(self) -> None:
        """Enter goes on."""
        self.post_message(Left())


def _number(text: str) -> int | str:
    """A whole number; the text itself where it is none, which is refused when it is saved."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() else text


def _lines_of(value: Any, sort: str) -> str:  # noqa: ANN401 - any JSON value
    if value is None or value == "":
        return ""
    if sort == "items" and isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)
