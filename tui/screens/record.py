"""One record: what it is and says, what people must know of it, what is in its way, and what waits."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from math import inf
from pathlib import PurePath
from typing import Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.actions.kind import kind_of
from shared.kinds.contact import is_digest
from tui.hostile import content
from tui.keys import binding
from tui.listing import runs_out
from tui.possible import Begun, next_on
from tui.record_head import head_of
from tui.record_seen import Contest, RecordSeen, seen
from tui.screens.acting import Acting
from tui.screens.page import Page
from tui.widgets.scroll import Scroll
from tui.wording import REPEATED, SOON_MS, Wording, deed

OWN: Final = {
    "hold": "tui.screens.hold:HoldScreen",
    "deviation": "tui.screens.deviation:DeviationScreen",
    "batch": "tui.screens.batch:BatchScreen",
    "gate": "tui.screens.gate:GateScreen",
}
"""Kinds with a screen of their own; it is loaded when it is first shown."""
IN_HEAD: Final = frozenset({"title", "state", "criticality"})
"""Columns that the head tells, beside the one whose time runs out."""
HEAD_TELLS: Final = REPEATED | {"urgency"}
"""Facts that columns, or the head, tell in a shorter way."""
KEYS: Final = (binding("why"), binding("actions"), binding("trail"))
"""What every screen of a record does by key; see `RecordKeys`."""


def record_screen(record: str, part: str = "") -> Page:
    """Give the screen for a record, by its kind; where it is a list of parts, with the cursor on that one."""
    kind = kind_of(record)
    module, _, name = OWN.get(kind.name if kind else "", "tui.screens.record:RecordScreen").partition(":")
    made: type[Page] = getattr(import_module(module), name)
    return made(record, part) if part else made(record)


class RecordKeys(Acting):
    """What every screen of a record can do: why, actions, trail."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS, binding("back")]

    def again(self, *, nobody: bool) -> Page | None:
        """Whoever looks and then signs in goes on looking."""
        return record_screen(self.record) if nobody else None

    def next_on(self, part: dict[str, str]) -> Begun | None:
        """What comes next on a part of the record; on all of it where none is meant."""
        return next_on(self.andon.reader, self.andon.session, self.record, part)

    def enter_does(self, part: dict[str, str]) -> str:
        """What Enter does there, where it begins what comes next: a sentence, "" for nothing."""
        comes = self.next_on(part)
        return f"Enter {deed(comes.spec)}." if comes else ""

    def action_why(self) -> None:
        """Show what is in its way, and who can clear it."""
        from tui.screens.why import WhyScreen  # noqa: PLC0415 - when it is asked for

        self.andon.push_screen(WhyScreen(self.record))

    def action_trail(self) -> None:
        """Show every entry about it."""
        from tui.screens.trail import TrailScreen  # noqa: PLC0415 - when it is asked for

        self.andon.push_screen(TrailScreen(self.record))


class RecordScreen(RecordKeys):
    """A record of any kind, from what its kind declares."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["record.tcss"]
    HELP: ClassVar[str] = (
        "One record. At its head: its state, what people must know of it, what is in its way, what waits; below, what"
        " it says. {why} tells what is in the way and who can clear it, {actions} (or Enter) what can be done, {trail}"
        " every entry."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "actions", show=False)]

    def __init__(self, record: str) -> None:
        """Show a record."""
        super().__init__()
        self._about = record

    @property
    def record(self) -> str:
        """The record that this is about."""
        return self._about

    def body(self) -> Iterable[Widget]:
        """Head and text."""
        yield Static(id="head")
        yield Scroll(Static(id="text"), id="body")

    def on_mount(self) -> None:
        """Begin in the text."""
        self.query_one("#body").focus()

    def reread(self) -> None:
        """Read all of it."""
        found = seen(self.andon.reader, self.andon.session, self._about)
        self._found = found
        self._head()
        said = Wording(self.andon.reader)
        self.query_one("#text", Static).update(Content("\n").join([*self.text(found, said)]))

    def tick(self) -> None:
        """Count the product clock down."""
        if self._found.row is not None and runs_out(self._found.row) is not None:
            self._head()

    def _head(self) -> None:
        until = runs_out(self._found.row) if self._found.row else None
        over = until is None or self.andon.reader.desk.clock.now() >= until + SOON_MS
        self.due = inf if until is None or over else until - SOON_MS
        shown = head_of(self._found, Wording(self.andon.reader), self.andon.keyed)
        head = self.query_one("#head", Static)
        if head.content != shown:
            head.update(shown)

    def text(self, found: RecordSeen, said: Wording) -> Iterator[Content]:
        """Give the text below the head, paragraph by paragraph."""
        yield from contested(found.contests, said)
        if found.row is None or found.kind is None:
            yield content(self.andon.keyed("It is not there yet. {trail} shows who proposed it."))
            return
        yield from self.sections(found, said)
        yield from linked(found, said)

    def sections(self, found: RecordSeen, said: Wording) -> Iterator[Content]:
        """Give what the record says."""
        yield from columns(found, said)
        yield from facts(found, said, frozenset())

    _found: RecordSeen


def labelled(label: str, text: str) -> Content:
    """One value with its label; nothing for an empty one."""
    return Content.assemble(content(f"{label}: ", "$accent"), content(text))


def apart(label: str, parts: list[str], indent: str = "") -> Iterator[Content]:
    """What has several parts with one on a line, so that none is broken: telephone numbers."""
    if len(parts) == 1:
        yield labelled(f"{indent}{label}", parts[0])
    elif parts:
        yield content(f"{indent}{label}:", "$accent")
        yield from (content(f"{indent}  {one}") for one in parts)


def columns(found: RecordSeen, said: Wording) -> Iterator[Content]:
    """The columns that the head does not tell."""
    row, kind = found.row, found.kind
    if row is None or kind is None:
        return
    for name, value in row.columns.items():
        column = kind.columns[name]
        if column.blobs:
            yield from apart(column.words, said.outside(value) if isinstance(value, list) else [])
            continue
        text = said.cell(column, value)
        if text and name not in {*IN_HEAD, kind.runs_out} and not (found.blind and name == "raters"):
            yield labelled(column.words, text)


def facts(found: RecordSeen, said: Wording, told: frozenset[str]) -> Iterator[Content]:
    """The facts that no column tells, but those that are told already."""
    if found.looked is None or found.kind is None:
        return
    for name, value in found.looked.facts.items():
        if name in found.kind.columns or name in HEAD_TELLS or name in told:
            continue
        yield from one_fact(name.replace("_", " "), value, said)


def one_fact(label: str, value: Any, said: Wording) -> Iterator[Content]:  # noqa: ANN401 - any JSON value
    """One fact; of a list or table of groups each on a line of its own."""
    if many := said.groups(value):
        yield content(f"{label}:", "$accent")
        for key, one in many:
            name = f"{key}: " if key else ""
            outside = {part: text for part, text in one.items() if _outside(text)} if isinstance(one, dict) else {}
            rest = {part: text for part, text in one.items() if part not in outside} if outside else one
            yield content(f"  - {name}{said.value(rest)}")
            for part, digest in outside.items():
                yield from apart(part, said.outside([digest]), "    ")
    elif text := said.value(value):
        yield labelled(label, text)


def _outside(value: object) -> bool:
    """Whether it is the digest of what is kept outside the log."""
    return isinstance(value, str) and is_digest(value)


def contested(contests: Iterable[Contest], said: Wording) -> Iterator[Content]:
    """What people set without knowing of each other: every value, with who set it."""
    for one in contests:
        yield content(f"CONTESTED {one.fact.replace('_', ' ')}:", "$error bold")
        for by, value in one.values:
            yield Content.assemble(content(f"  {by} set  ", "bold"), content(said.value(value)))


def linked(found: RecordSeen, said: Wording) -> Iterator[Content]:
    """Other records that it names, or that name it."""
    if found.links:
        yield content("Linked:", "$accent")
    for kind, row in found.links:
        state = str(row.columns.get("state") or "")
        yield content(f"  {kind} {said.record(row.record)}  {state}  {row.sync}  {said.title(row)}")
