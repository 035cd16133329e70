"""One entry whole: what was done, what became of it, its signature as 21 CFR 11.50 wants it shown, its text."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

import msgspec
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.actions.action import ACTIONS
from shared.terminal.times import readable
from shared.terminal.trail import Step
from tui.hostile import content
from tui.screens.actions import ActionsScreen
from tui.screens.page import Page
from tui.screens.record import labelled, one_fact
from tui.screens.trail import MEANT
from tui.widgets.scroll import Scroll
from tui.wording import SYNC, Wording, who

SPEAKS: Final = {"uncounted": " Enter accepts it.", "waiting": " Enter confirms or declines."}
"""What Enter does with an entry that somebody must speak to."""


class EntryScreen(Page):
    """One entry of a trail."""

    CSS_PATH = "entry.tcss"
    HELP: ClassVar[str] = "One entry of the log with all that is in it, its signature, and the text that was signed."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "speak", show=False)]

    def __init__(self, step: Step) -> None:
        """Show an entry."""
        super().__init__()
        self._step = step

    @property
    def record(self) -> str:
        """The record that the entry is about."""
        return self._step.record

    def body(self) -> Iterable[Widget]:
        """One text."""
        yield Scroll(Static(id="text"), id="body")

    def on_mount(self) -> None:
        """Begin in it."""
        self.query_one("#body").focus()

    def action_speak(self) -> None:
        """Accept what does not count; of what waits, show what can be said to it."""
        one = self._step
        if one.verdict == "uncounted":
            self.andon.act("entry.accept", one.record, {"of": one.id})
        elif one.verdict == "waiting":
            self.andon.push_screen(ActionsScreen(one.record))

    def reread(self) -> None:
        """Show it."""
        self.query_one("#text", Static).update(Content("\n").join([*self._lines(Wording(self.andon.reader))]))

    def _lines(self, said: Wording) -> Iterator[Content]:
        one = self._step
        yield content(said.text(one.sentence), "bold")
        if one.verdict in MEANT:
            yield content(f"{MEANT[one.verdict]}{SPEAKS.get(one.verdict, '')}", "$warning bold")
        if one.rule:
            yield content(f"{one.rule}: {one.text}", "$warning bold")
        yield labelled("about", said.record(one.record))
        yield labelled("by", who(one.by, one.claimed))
        yield labelled("time", readable(one.at))
        yield content("")
        yield from self._signature()
        yield content("")
        yield from self._fields(said)
        yield content("")
        yield labelled("state", SYNC[one.sync])
        if one.position is not None:
            yield labelled("place in the log", str(one.position))
        yield labelled("entry", one.id)
        if one.entry:
            yield labelled("its text", one.entry)

    def _signature(self) -> Iterator[Content]:
        sign = self._step.signature
        if sign is None:
            yield content("Nobody signed it.", "$text-muted")
            return
        yield labelled("signed by", sign.name)
        yield labelled("user", sign.user)
        yield labelled("role", sign.role or "none")
        yield labelled("meaning", sign.meaning)
        yield labelled("at", f"{readable(sign.time)}")
        yield labelled("key", sign.key)
        yield labelled("sheet", sign.sheet)
        yield content("Signature valid.", "$success") if sign.valid else content("SIGNATURE NOT VALID.", "$error bold")

    def _fields(self, said: Wording) -> Iterator[Content]:
        """What the entry says, by the words of its form."""
        spec = ACTIONS.get(self._step.do)
        words = {field.name: field.words for field in spec.fields} if spec else {}
        for name, value in self._action().items():
            if name != "do":
                yield from one_fact(words.get(name, name), value, said)

    def _action(self) -> dict[str, Any]:
        text = self._step.entry
        found = msgspec.json.decode(text).get("action") if text else None
        return found if isinstance(found, dict) else {}
