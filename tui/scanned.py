"""What a scan does: a command of the card, a person's badge, a record; or it fills what has the focus.

Whoever has the focus is told first, by `Scanned`; a form stops that message and takes the code. What nobody takes comes
to the app, which opens the record.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from textual.events import Key
from textual.widget import Widget

from tui.command_card import Card, card_of
from tui.hostile import line
from tui.messages import Scanned
from tui.pages import page_named
from tui.reader import Reader
from tui.scanning import GS, Scanning, gs1_of, gs1_words

if TYPE_CHECKING:
    from textual.widgets import Input

    from shared.actions.kind import Kind
    from tui.app import AndonApp
    from tui.shell import Shell

_SHOWN: Final = 40
_TWO: Final = 2


class _Before(NamedTuple):
    """What a field held before a burst."""

    field: "Input"
    value: str
    selection: tuple[int, int]


class Scanner:
    """The app's filter: gives scans to whom they are for."""

    def __init__(self, app: "Shell") -> None:
        """Filter an app's keys."""
        self._app = app
        self._set = ("", False)
        self._scanning = Scanning("", pattern=False)
        self._before: _Before | None = None

    def take(self, event: Key) -> bool:
        """Whether a key is the scanner's; then nobody else may have it."""
        settings = self._app.settings
        if self._set != (settings.preamble, settings.pattern):
            self._set = (settings.preamble, settings.pattern)
            self._scanning = Scanning(settings.preamble, pattern=settings.pattern)
        fed = self._scanning.feed(event.key, event.character, event.time)
        if getattr(self._app.focused, "password", False):
            self._scanning.forget()
            self._before = None
        elif fed.first and settings.pattern:
            self._before = _before(self._app.focused)
        if fed.broken:
            self._app.tell("A scan did not come through. Scan again.", bad=True)
        if fed.code:
            self._give(fed.code, fed.typed)
        return fed.kept

    def _give(self, code: str, typed: int) -> None:
        """Give a scan to the focused widget, behind the keys that are on their way to it."""
        to = self._app.focused or self._app.screen
        if typed:
            before, self._before = self._before, None
            to.call_later(_take_out, to, code, before)
        card = card_of(code)
        if card is not None:
            self._obey(card)
        else:
            to.post_message(Scanned(code))

    def _obey(self, card: Card) -> None:
        """Do a command. It is nobody's text, so it is not offered to the focused widget."""
        from textual.widgets import Input  # noqa: PLC0415 - after the first paint

        focused = self._app.focused
        if card.word == "STOP":
            self._app.action_stop()
        elif card.word == "CALL":
            self._app.action_page("call")
        elif isinstance(focused, Input) and focused.password:
            self._app.tell("A signature is given at the keyboard.", bad=True)
        else:
            self._app.simulate_key(card.key)


def open_scanned(app: "AndonApp", code: str) -> None:
    """Open what a code stands for: a record, or the lock screen with the person of a badge."""
    person = person_of(app.reader, code)
    if person:
        _badge(app, person)
        return
    records = records_of(app.reader, code)
    if len(records) == 1:
        app.open_record(records[0])
    elif records:
        app.tell(f"More than one record has the code {_cut(code)}: {', '.join(records)}.", bad=True)
    else:
        app.tell(f"Nothing here has the code {_cut(code)}.", bad=True)


def open_named(app: "AndonApp", text: str) -> None:
    """Open the record that somebody named when they opened the screens: its id, a batch's number, a place's code."""
    lists = app.reader.lists
    found = [text] if lists.row(text) or lists.trail(text) else records_of(app.reader, text)  # or only proposed yet
    if len(found) == 1:
        app.open_record(found[0])
    else:
        what = f"More than one record is called {_cut(text)}" if found else f"There is no record {_cut(text)} here"
        app.call_after_refresh(app.tell, f"{what}: {app.keyed('{find} finds by words.')}", bad=True, seconds=8)


def records_of(reader: Reader, code: str) -> list[str]:
    """The records that a code stands for: its id, what people call it, or a GS1 code with that."""
    gs1 = gs1_of(code) or {}
    for one in dict.fromkeys((code, code.strip(), code.strip().upper())):
        row = reader.lists.row(one)
        if row is not None and row.kind != "member":
            return [row.record]
        for kind in findable():
            if found := reader.lists.rows(kind.name, {kind.found_by: one}, limit=_TWO):
                return [each.record for each in found]
    for kind in findable():
        for ai in kind.gs1:
            if ai in gs1 and (found := reader.lists.rows(kind.name, {kind.found_by: gs1[ai]}, limit=_TWO)):
                return [each.record for each in found]
    return []


def findable() -> "list[Kind]":
    """The kinds of which a record is found by what people call it, and put on labels."""
    from shared import kinds  # noqa: F401, PLC0415 - declares every kind; after the first paint
    from shared.actions.kind import KINDS  # noqa: PLC0415 - as above

    return [one for one in KINDS.values() if one.found_by]


def _badge(app: "AndonApp", person: str) -> None:
    """Let the lock screen ask for this person's password; it takes badges itself, as any field does."""
    if isinstance(app.screen, page_named("lock")):
        app.tell(f"{person}: type the password.")  # or the badge would come back from there for ever
        return
    app.action_page("lock")
    app.call_later(lambda: (app.focused or app.screen).post_message(Scanned(person)))


def person_of(reader: Reader, code: str) -> str:
    """The person whose badge has a code, "" for none."""
    row = reader.member(code.strip().lower())
    return row.record if row is not None else ""


def _cut(code: str) -> str:
    shown = gs1_words(code) or line(code)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}~"


def _before(focused: Widget | None) -> _Before | None:
    from textual.widgets import Input  # noqa: PLC0415 - after the first paint

    if not isinstance(focused, Input) or focused.password:
        return None  # no password is kept anywhere
    return _Before(focused, focused.value, (focused.selection.start, focused.selection.end))


def _take_out(to: Widget, code: str, before: _Before | None) -> None:
    """Take the letters of a burst out of the field that they went to; it has handled all of them by now."""
    from textual.widgets import Input, TextArea  # noqa: PLC0415 - after the first paint

    typed = code.replace(GS, "")
    if isinstance(to, Input) and before is not None and before.field is to:
        to.value = before.value
        to.selection = type(to.selection)(*before.selection)
    elif isinstance(to, Input):
        to.value = to.value.removesuffix(typed)
    elif isinstance(to, TextArea):
        row, column = to.cursor_location
        start = (row, max(column - len(typed), 0))
        if to.get_text_range(start, (row, column)) == typed:
            to.delete(start, (row, column))
