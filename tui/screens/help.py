"""F1: what the screen below is for, its keys in words, and help for the field that was under the cursor."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import ClassVar, Final, NamedTuple

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.terminal.version import VERSION
from tui.about import about
from tui.hostile import content, line
from tui.keys import COMMANDS, KNOWN, binding, key_name
from tui.screens.page import Page
from tui.widgets.field import Field

_MOVING: Final = (
    ("arrows, hjkl", "Move in a list; Page Up and Page Down by a page, g and G to its ends."),
    ("Enter", "Open or choose what is under the cursor; go on to the next field."),
    ("1 to 9", "Go to that line of a short list; Enter then chooses it."),
    ("Tab", "Go to the next field; Shift+Tab to the one before."),
)
_KEYS: Final = 14
_MARGIN: Final = 6
_LEAST: Final = 30


class _Line(NamedTuple):
    """A key and what it does, or a paragraph with no key."""

    key: str
    words: str
    style: str = ""


class HelpScreen(Page):
    """The text; it scrolls."""

    CSS_PATH = "help.tcss"
    HELP: ClassVar[str] = "What a screen is for, and its keys. {back} goes back to it."
    BINDINGS: ClassVar[list[BindingType]] = [binding("back"), binding("help", "back", show=False)]

    def __init__(self) -> None:
        """Nothing is known of the screen below yet."""
        super().__init__()
        self._lines: list[_Line] = []

    def body(self) -> Iterable[Widget]:
        """One text."""
        self._lines = list(self._said())
        yield VerticalScroll(Static(id="text"), can_focus=True)

    def on_mount(self) -> None:
        """Arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """Fit the width."""
        width = max(self.size.width - _MARGIN, _LEAST)
        self.query_one("#text", Static).update(Content("\n").join(_drawn(one, width) for one in self._lines))

    def _said(self) -> Iterator[_Line]:
        below = self.below()
        if isinstance(below, Page):
            yield _Line("", self.shell.keyed(below.HELP or "This screen has no help of its own."))
            yield _Line("", "")
        field = _field(below.focused) if below is not None else None
        if field is not None:
            yield _Line("", f"This field: {field.label}", "bold")
            yield from (_Line("", words) for words in _help_of(field, self.shell.keyed("{pick}")))
            yield _Line("", "")
        if said := about(self.shell.home.path):
            yield from (_Line("", words) for words in said)
            yield _Line("", "")
        yield _Line("", "Keys of this screen", "bold")
        yield from dict.fromkeys(_Line(*one) for one in self._keys(below))
        yield _Line("", "")
        yield _Line("", "In lists and forms", "bold")
        yield from (_Line(*one) for one in _MOVING)
        yield _Line("", "")
        yield _Line("", f"Andon {VERSION}", "$text-muted")

    def _keys(self, below: object) -> Iterator[tuple[str, str]]:
        """The commands of that screen first, then those that are in force everywhere."""
        bindings = getattr(below, "active_bindings", {})
        for one in (each.binding for each in bindings.values() if each.binding.show and each.binding.id):
            known = KNOWN.get(one.id)
            if known is None or known.where:
                yield key_name(one.key.partition(",")[0]), known.words if known else f"{one.description}."
        for command in COMMANDS:
            if not command.where and (command.id != "desk" or getattr(self.app, "has_desk", False)):
                yield self.shell.keyed(f"{{{command.id}}}"), command.words


def _drawn(one: _Line, width: int) -> Content:
    if not one.key:
        return content("\n".join(wrap(line(one.words), width)), one.style)
    words = wrap(line(one.words), width - _KEYS)
    rest = "".join(f"\n{'':<{_KEYS}}{more}" for more in words[1:])
    return Content.assemble(
        content(f"{one.key:<{_KEYS}}", "$accent bold"), content(f"{words[0] if words else ''}{rest}")
    )


def _field(focused: Widget | None) -> Field | None:
    """The field of a form that the cursor is in."""
    around = focused.ancestors_with_self if focused is not None else ()
    return next((one for one in around if isinstance(one, Field)), None)


def _help_of(field: Field, pick: str) -> Iterator[str]:
    """What a field takes, read off its declaration."""
    asked = field.asked
    yield "It is needed." if asked.get("required") else "It may stay empty."
    if asked.get("choices"):
        yield f"One of: {', '.join(map(str, asked['choices']))}."
    if asked.get("refs"):
        yield f"It names a {' or '.join(asked['refs'])}: scan it, type its number or code, or {pick} to choose."
    if asked.get("limit"):
        yield f"At most {asked['limit']} {'items' if asked.get('type') == 'list' else 'characters'}."
    if asked.get("multiline"):
        yield "Several lines: Enter begins a new one, Tab goes on."
    if asked.get("blob"):
        yield "Kept outside the log, so that it can be erased; the log holds only its digest."
    if asked.get("suggest"):
        yield "Left empty, this terminal fills it in."
