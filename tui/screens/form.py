"""The form of any action: made from its declaration, kept as a draft at every key, saved or signed at the end."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared import kinds  # noqa: F401 - declares every action
from shared.actions.action import ACTIONS
from shared.actions.schema import form, who
from shared.terminal.asked import Asked, Done
from shared.terminal.refusal import FACT_NEXT, Refused
from shared.terminal.trail import spoken_of
from tui.drafting import PARTS, Drafting, part_named
from tui.failure import explained
from tui.hostile import content
from tui.prefill import check, prefilled, reminders, ruled_out
from tui.screens.asking import AskingPage
from tui.screens.page import Page
from tui.widgets.field import NOW, POST, Field
from tui.widgets.form import Form
from tui.wording import plain

if TYPE_CHECKING:
    from shared.actions.action import Spec

CLAIMED, HAPPENED = "claimed", "happened"


class FormScreen(AskingPage):
    """One action about one record, or a new one."""

    HELP: ClassVar[str] = (
        "Fields with a * are needed. Enter goes to the next field, and behind the last one saves; {save} saves at once."
        " {back} goes back and keeps what was typed as a draft; it is there when the form is opened again."
    )

    def __init__(self, do: str, record: str = "", given: Mapping[str, Any] | None = None) -> None:
        """Ask for an action's fields; `given` are those that are known already."""
        super().__init__()
        self.do = do
        self.record = record
        self._given = dict(given or {})
        self._spec: Spec = ACTIONS[do]
        self._busy = False
        self._happened_shown = False

    def body(self) -> Iterable[Widget]:
        """What it is about, the fields, what was refused."""
        andon = self.andon
        self._drafting = Drafting(andon, self.do, self.record, part_named(self._given))
        self.seen = self._drafting.seen
        known = prefilled(andon.reader, self._spec, self.record, self._given, andon.session.person)
        values = {**known, **self._drafting.fields}
        hidden = self._hidden(values)
        yield Static(self._heading(), id="heading")
        shown = self.ask(form(self._spec)["fields"], values, hidden=frozenset(hidden))
        for field in shown.fields:  # what stands in a draft was meant, and nothing suggested puts itself in its place
            field.touched = field.name_ in self._drafting.fields
        yield shown
        yield Static("", id="refused")

    def _hidden(self, values: Mapping[str, Any]) -> set[str]:
        """What is not asked for: which part of the record it is about, entries, and what is seldom needed."""
        hidden = {one.name for one in self._spec.fields if one.entry and (values.get(one.name) or not one.required)}
        hidden |= {name for name in PARTS if self._given.get(name)}
        if self.andon.session.person or not self._spec.by.terminal:
            hidden.add(CLAIMED)
        return hidden if values.get(HAPPENED) else hidden | {HAPPENED}

    def on_form_went(self, message: Form.Went) -> None:
        """Fill in what the terminal knows now: a checklist's items, say, as soon as the checklist is chosen."""
        message.stop()
        form = message.form
        if getattr(self._spec.cls, "suggests", None) is None:
            return
        suggested = {one.name_ for one in form.untouched() if one.asked.get("suggest", "") not in {"", *POST}}
        typed = {name: value for name, value in self._values().items() if name not in suggested}
        known = prefilled(self.andon.reader, self._spec, self.record, typed, self.andon.session.person)
        for field in form.untouched():
            value, given = known.get(field.name_), field.editor.given
            gone = not value and field.asked.get("suggest") == NOW  # that of which it was the time
            if (gone or value) and given != value and (field.name_ in suggested or given is None):
                field.editor.put(value)

    def doubt(self, field: Field) -> str:
        """Say also of a choice that a rule refuses it, before the rest is typed."""
        ruled = ""
        if field.asked.get("choices") and len(field.path) == 1:  # else it is part of what rules look at
            given = {field.name_: field.editor.given}
            ruled = ruled_out(self.andon.reader, self._spec, self.record, given, self.andon.session.person)
        return ruled or super().doubt(field)

    def on_mount(self) -> None:
        """Say where a draft comes from; a form without fields is only asked about."""
        by = f" by {self._drafting.by}" if self._drafting.by else ""
        found = f"This is what was typed before{by} and not saved; go on, or change it."
        self.say(found if self._drafting.found else "")

    def again(self, *, nobody: bool) -> Page | None:
        """What was typed with nobody signed in goes on with whoever signs in."""
        return FormScreen(self.do, self.record, self._given) if nobody else None

    def action_save(self) -> None:
        """Save it, or go on to the signature."""
        if self._busy:
            return
        if self._drafting.kept:
            self.keep()  # what was taken over from nobody is forgotten with the rest when it is performed
        asked = self.asked()
        self._busy = True
        if self._spec.signs(asked.person):
            self._judge(asked)
        else:
            self.andon.perform(asked, self._done, self._refused)

    def _judge(self, asked: Asked) -> None:
        """Have it refused, where it is, beside the field, before anybody is asked for a password."""
        from shared.terminal.perform import perform  # noqa: PLC0415 - loads the fold

        def sign(_: object) -> None:
            self._busy = False
            if self.andon.screen is self:
                self.andon.sign(asked, self._done, self._not_signed)

        try:
            check(self.andon.reader, self._spec, self.record, asked.fields, asked.person)
        except Refused as error:
            self._refused(error)
            return
        if not asked.person:  # whoever signs is judged then
            sign(None)
            return
        self.set_focus(None)  # keys that come before the sheet are no text
        self.andon.work(lambda desk: perform(desk, asked, dry_run=True), sign, self._refused)

    def asked(self) -> Asked:
        """What stands in the form, as the terminal is asked for it."""
        return Asked(
            self.do,
            self.record,
            self._values(),
            self.andon.session.person,
            seen=self.seen,
            draft=self._drafting.name,
        )

    def _values(self) -> dict[str, Any]:
        """What stands in the form. What somebody has emptied stays so: a time is now, as it says, the rest nothing."""
        shown, clock = self.query_one(Form), self.andon.reader.desk.clock
        found = shown.values()
        for one in shown.fields:
            if one.touched and one.editor.given is None:
                suggest = one.asked.get("suggest")
                if suggest == NOW:
                    found[one.name_] = clock.at(clock.now())
                elif suggest in POST and not one.asked.get("required"):
                    found[one.name_] = ""
        return found

    def keep(self) -> None:
        """Keep it as a draft."""
        self._drafting.keep(self.query_one(Form).kept())

    def action_back(self) -> None:
        """Go back; the draft stays."""
        if self._drafting.kept:
            self.andon.tell("Kept as a draft; Attention shows it.")
        self.andon.go_back()

    def _done(self, done: Done) -> None:
        self._busy = False
        self._drafting.end()
        front = self.andon.screen is self
        names = self.andon.reader.names()
        waits = f" It waits for {' and '.join(done.waiting)}." if done.waiting else ""
        derived = f" A rule was broken: {done.derived} is open." if done.derived else ""
        self.andon.tell(f"Saved: {plain(self.do)}, {names.within(done.record)}.{waits}{derived}")
        if self.is_open:
            self.andon.close(self)
        if front and self._spec.creates and not done.waiting and done.record != self.record:
            self.andon.open_new(done.record)

    def _not_signed(self, error: Exception) -> None:
        """Say why; no field has the cursor, for whoever types a password at this moment must not type it into one."""
        self._refused(error)
        if self.is_open:
            self.set_focus(None)

    def _refused(self, error: Exception) -> None:
        """Say it beside the field, if it is about one; nothing typed is lost."""
        self._busy = False
        if not self.is_open:  # somebody has left; what was typed is a draft
            self.andon.tell_error(error)
            return
        rule, _, then = explained(error)
        broken = isinstance(error, Refused) and not rule.startswith(("FORM", "STORE", "KEY"))
        asks = self._spec.fact and any(field.name == HAPPENED for field in self._spec.fields)
        if broken and asks and not self._happened_shown:
            self._happened_shown = True
            self.query_one(Form).reveal(HAPPENED)
            then = then.replace(FACT_NEXT, "If it happened all the same, say why in the field that has appeared.")
        self.refuse(error, then)

    def _reminders(self) -> list[str]:
        names = self.andon.reader.names()
        return [names.within(one) for one in reminders(self.andon.reader, self._spec, self.record, self._given)]

    def _heading(self) -> Content:
        names = self.andon.reader.names()
        part = " ".join(str(self._given[name]) for name in PARTS if self._given.get(name) and name != "of")
        about = "".join(f"  {one}" for one in (names.whole(self.record) if self.record else "", part) if one)
        signs = "signed" if self._spec.signs(self.andon.session.person) else "no signature"
        save = self.andon.keyed("{save} saves.")
        of = str(self._given.get("of") or "")
        spoken = spoken_of(self.andon.reader.store, self.record, of) if of else ""
        return Content.assemble(
            content(f"{spoken}\n" if spoken else "", "bold"),
            *(content(f"{one}\n", "$warning bold") for one in self._reminders()),
            content(plain(self.do), "bold"),
            content(about, "bold"),
            content(f"  {self._spec.doc}\n", "$text-muted"),
            content(f"By {who(self._spec.by)}; {signs}. {save}", "$text-muted"),
        )
