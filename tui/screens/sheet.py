"""The call sheet of a deviation: six short screens on which it is talked through, and the rating.

Each is saved as an entry when it is left, so that the partner watches it fill, and anybody may go on where somebody
else stopped. What is not saved yet is this terminal's draft: it survives a crash, and whoever comes next goes on.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared import kinds  # noqa: F401 - declares every action
from shared.actions.action import ACTIONS
from shared.actions.kind import kind_of
from shared.actions.schema import form
from shared.terminal.asked import Asked, Done
from shared.terminal.fields import COMMON
from tui.drafting import Drafting
from tui.hostile import content
from tui.keys import binding
from tui.possible import next_on
from tui.prefill import prefilled
from tui.reader import Seen
from tui.record_seen import seen as seen_now
from tui.screens.asking import AskingPage
from tui.screens.page import Page
from tui.screens.record import contested, one_fact
from tui.widgets.form import Form
from tui.wording import Wording


def steps_of(record: str) -> dict[str, str]:
    """The screens of a record's call sheet in the order of the call, each an action: its name, and a short word."""
    kind = kind_of(record)
    return {spec.name: spec.sheet for spec in ACTIONS.values() if spec.sheet and spec.kind is kind}


class SheetScreen(AskingPage):
    """One deviation's call sheet, open at the screen that is due."""

    HELP: ClassVar[str] = (
        "Six short screens: what is wrong, what can be done, how long there is, who decides, who must know, and the"
        " fixed questions that propose a criticality. {save} saves a screen and goes to the next; {next} and"
        " {before} turn without saving. The partner company sees each screen as soon as it is saved and there is a"
        " network."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("next", "turn(1)"),
        binding("before", "turn(-1)"),
    ]

    def __init__(self, record: str, at: str = "") -> None:
        """Open a deviation's sheet, at the screen of an action; at the one that is due if ""."""
        super().__init__()
        self.record = record
        self._steps = steps_of(record)
        self._first = at
        self._at = ""
        self._saved: dict[str, Any] = {}
        self._busy = False
        self._answered = False
        self._drafting: Drafting | None = None

    def body(self) -> Iterable[Widget]:
        """The steps, what stands already, the form of the step that is due."""
        yield Static(id="steps")
        yield Static(id="stands")
        yield Vertical(id="step")
        yield Static("", id="refused")

    async def on_mount(self) -> None:
        """Begin where somebody stopped: at a draft, else at the first screen with nothing in it."""
        self.say("")
        seen = self.andon.reader.record(self.record)
        if seen is not None:
            await self._open(self._first or self._due(seen))

    def again(self, *, nobody: bool) -> Page | None:
        """Anybody goes on with a sheet, whoever signs in."""
        del nobody
        return SheetScreen(self.record, self._at)

    def reread(self) -> None:
        """Show what has come from elsewhere; what somebody is typing here stays as it is."""
        seen = self.andon.reader.record(self.record)
        if seen is None or not self._at:
            return
        self._head(seen)
        now = self._values(seen)
        shown = self.query(Form)
        for field in shown.first().fields if shown else ():
            name = field.name_
            if now.get(name) == self._saved.get(name):
                continue
            if field.touched:
                field.say(f"somebody wrote meanwhile: {now.get(name)}")
            else:
                field.editor.put(now.get(name))
        self._saved = now

    async def action_turn(self, by: int) -> None:
        """Turn to another screen without saving; what was typed is a draft."""
        steps = list(self._steps)
        if self._busy or self._at not in steps:
            return
        await self._open(steps[max(0, min(steps.index(self._at) + by, len(steps) - 1))])

    def action_save(self) -> None:
        """Save this screen, and turn to the next; where nothing was typed just turn."""
        if self._busy or self._drafting is None:
            return
        typed = self._drafting.kept or any(field.touched for field in self.query_one(Form).fields)
        last = self._at == [*self._steps][-1] and not self._answered  # what it asks the rating stands on
        if not typed and not last:
            self.run_worker(self._next(), exclusive=True)
            return
        asked = Asked(
            self._at, self.record, self._typed(), self.andon.session.person, seen=self._drafting.seen,
            draft=self._drafting.name,
        )  # fmt: skip
        self._busy = True
        self.andon.perform(asked, self._done, self._refused)

    def keep(self) -> None:
        """Keep it as this terminal's draft."""
        if self._drafting is not None:
            self._drafting.keep(self._typed())

    def _due(self, seen: Seen) -> str:
        drafts = self.andon.reader.store.drafts.of(f"@{self.andon.reader.desk.code}")
        for do in self._steps:
            if f"{do} {self.record}" in drafts:
                return do
        return next((do for do in self._steps if not self._filled(do, seen)), list(self._steps)[-1])

    def _filled(self, do: str, seen: Seen) -> bool:
        """Whether a screen has been saved: one of the facts that it writes, and no other action, has a value."""
        facts = seen.looked.facts if seen.looked else {}
        return any(facts.get(fact) for fact in ACTIONS[do].writes)

    async def _open(self, do: str) -> None:
        """Open one of the screens."""
        self._at = do
        spec = ACTIONS[do]
        seen = self.andon.reader.record(self.record)
        if seen is None or not self.is_open:
            return
        self._saved = self._values(seen)
        self._answered = self._filled(do, seen)
        code = self.andon.reader.desk.code
        self._drafting = Drafting(self.andon, do, self.record, owner=f"@{code}")
        known = prefilled(self.andon.reader, spec, self.record, {}, self.andon.session.person)
        asked = form(spec)["fields"]
        shown = self.ask(asked, {**known, **self._saved, **self._drafting.fields}, hidden=COMMON)
        for field in shown.fields:  # what was typed before is as typed now: nobody's saving puts itself in its place
            field.touched = field.name_ in self._drafting.fields
        step = self.query_one("#step", Vertical)
        await step.remove_children()
        await step.mount(shown)
        by = f" by {self._drafting.by}" if self._drafting.by not in {"", self.andon.session.person} else ""
        self.say(f"Typed before{by}, not saved yet." if self._drafting.found else "")
        self._head(seen)

    def _typed(self) -> dict[str, Any]:
        """What stands in the form and is not saved yet: an untouched field is no change."""
        shown = self.query_one(Form)
        drafted = self._drafting.fields if self._drafting else {}
        names = {field.name_ for field in shown.fields if field.touched} | set(drafted)
        whole = shown.values()
        always = {"yes or no", "choice"}
        needed = {one.name for one in ACTIONS[self._at].fields if one.required or one.type in always}
        return {name: value for name, value in whole.items() if name in names or name in needed}

    def _values(self, seen: Seen) -> dict[str, Any]:
        """What was saved of this screen's fields, so that nobody types it again."""
        facts = seen.looked.facts if seen.looked else {}
        clock = self.andon.reader.desk.clock
        return {
            field.name: clock.at(facts[field.name]) if field.time else facts[field.name]
            for field in ACTIONS[self._at].fields
            if field.name in ACTIONS[self._at].writes and facts.get(field.name)
        }

    def _done(self, done: Done) -> None:
        del done
        self._busy = False
        if self._drafting is not None:
            self._drafting.end()
        if self.is_open:
            self.run_worker(self._next(), exclusive=True)

    async def _next(self) -> None:
        steps = list(self._steps)
        at = steps.index(self._at)
        if at + 1 < len(steps):
            await self._open(steps[at + 1])
        elif self.andon.screen is self:  # talked through: what follows is a person's decision
            self.andon.go_back()
            comes = next_on(self.andon.reader, self.andon.session, self.record)
            if comes:
                self.andon.act(comes.spec.name, self.record)

    def _refused(self, error: Exception) -> None:
        self._busy = False
        if not self.is_open:
            self.andon.tell_error(error)
            return
        self.refuse(error)

    def _head(self, seen: Seen) -> None:
        parts = [content(f"{self.record}  ", "bold")]
        for number, (do, words) in enumerate(self._steps.items(), 1):
            mark = "!" if self._contested(do, seen) else "x" if self._filled(do, seen) else "."
            parts.append(content(f"{number}[{mark}]{words}", "reverse bold" if do == self._at else ""))
            parts.append(Content(" "))
        self.query_one("#steps", Static).update(Content.assemble(*parts))
        stands = list(self._stands(seen))
        shown = self.query_one("#stands", Static)
        shown.update(Content("\n").join(stands))
        shown.display = bool(stands)

    @staticmethod
    def _contested(do: str, seen: Seen) -> list[str]:
        """The facts of a screen that people set without knowing of each other."""
        return [one for one in (seen.looked.contested if seen.looked else ()) if one in ACTIONS[do].writes]

    def _stands(self, seen: Seen) -> Iterator[Content]:
        """What others have saved of this screen that no field can show: values that contest each other, options."""
        facts, said = seen.looked.facts if seen.looked else {}, Wording(self.andon.reader)
        disputed = self._contested(self._at, seen)
        if disputed:
            found = seen_now(self.andon.reader, self.andon.session, self.record).contests
            yield from contested([one for one in found if one.fact in disputed], said)
            yield content(
                "All of these stand until somebody who has read them types what is right, and saves it.", "$text-muted"
            )
        asked = {field.name for field in ACTIONS[self._at].fields}
        for fact in sorted(ACTIONS[self._at].writes - asked):
            if facts.get(fact):
                yield from one_fact(fact, facts[fact], said)
