"""The form of any action: made from its declaration, kept as a draft at every key, saved or signed at the end."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared import kinds  # noqa: F401 - declares every action
from shared.actions.action import ACTIONS
from shared.actions.schema import who
from shared.terminal.asked import Asked, Done
from shared.terminal.refusal import FACT_NEXT, Refused
from shared.terminal.trail import spoken_of
from tui.drafting import PARTS, Drafting
from tui.failure import explained
from tui.hostile import content
from tui.keys import binding
from tui.prefill import check, hints, prefilled, read_time
from tui.screens.page import Page
from tui.widgets.form import Form
from tui.widgets.key_bar import key_name

if TYPE_CHECKING:
    from shared.actions.action import Spec

CLAIMED, HAPPENED = "claimed", "happened"


class FormScreen(Page):
    """One action about one record, or a new one."""

    CSS_PATH = "form.tcss"
    HELP: ClassVar[str] = (
        "Fields with a * are needed. Enter goes to the next field, and behind the last one saves; F10 saves at once."
        " Esc goes back and keeps what was typed as a draft; it is there when the form is opened again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("save"), binding("pick"), binding("back")]

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
        part = " ".join(str(self._given[name]) for name in PARTS if self._given.get(name))
        self._drafting = Drafting(andon, self.do, self.record, part)
        self.seen = self._drafting.seen
        known = prefilled(andon.reader, self._spec, self.record, self._given, andon.session.person)
        values = {**known, **self._drafting.fields}
        hidden = {HAPPENED} | ({CLAIMED} if andon.session.person or not self._spec.by.terminal else set())
        if values.get(HAPPENED):
            hidden.discard(HAPPENED)
        yield Static(self._heading(), id="heading")
        yield Form(
            self._spec,
            values,
            hints(self._spec, key_name(andon.key_of("pick"))),
            hidden=frozenset(hidden),
            read_time=partial(read_time, andon.reader),
        )
        yield Static("", id="refused")

    def on_mount(self) -> None:
        """Say where a draft comes from; a form without fields is only asked about."""
        self.query_one("#refused", Static).display = False
        if self._drafting.found:
            self._say("This is what was typed before and not saved; go on, or change it.", bad=False)

    def on_form_edited(self, message: Form.Edited) -> None:
        """Keep it as a draft: whatever happens to this terminal, it is there."""
        message.stop()
        self._keep()

    def on_form_finished(self, message: Form.Finished) -> None:
        """Enter behind the last field saves."""
        message.stop()
        self.action_save()

    def action_save(self) -> None:
        """Save it, or go on to the signature."""
        if self._busy:
            return
        asked = self.asked()
        if self._spec.signed and not (self._spec.fact and self._spec.by.terminal):
            try:
                check(self.andon.reader, self._spec, self.record, asked.fields, asked.person)
            except Refused as error:
                self._refused(error)
                return
            self.andon.sign(asked, self._done, self._not_signed)
            return
        self._busy = True
        self.andon.perform(asked, self._done, self._refused)

    def asked(self) -> Asked:
        """What stands in the form, as the terminal is asked for it."""
        return Asked(
            self.do,
            self.record,
            self.query_one(Form).values(),
            self.andon.session.person,
            seen=self.seen,
            draft=self._drafting.name,
        )

    def action_pick(self) -> None:
        """Choose what the field under the cursor can name."""
        from tui.screens.pick import pick_for  # noqa: PLC0415 - when it is asked for

        if not pick_for(self.andon, self.query_one(Form), self._keep):
            self._say("Nothing to choose from here: type it.", bad=False)

    def _keep(self) -> None:
        self._drafting.keep(self.query_one(Form).values())

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
        self.andon.tell(f"Saved: {names.within(done.record)}.{waits}{derived}")
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
        form = self.query_one(Form)
        rule, text, then = explained(error)
        if isinstance(error, Refused) and error.field and form.say(error.field, f"{rule}: {text} {then}"):
            return
        broken = isinstance(error, Refused) and self._spec.fact and not rule.startswith(("FORM", "STORE", "KEY"))
        if broken and not self._happened_shown and any(one.name == HAPPENED for one in self._spec.fields):
            self._happened_shown = True
            form.reveal(HAPPENED)
            then = then.replace(FACT_NEXT, "If it happened all the same, say why in the field that has appeared.")
        self._say(f"{rule}: {text} {then}", bad=True)

    def _say(self, text: str, *, bad: bool) -> None:
        shown = self.query_one("#refused", Static)
        shown.update(content(text))
        shown.set_class(bad, "bad")
        shown.display = bool(text)

    def _heading(self) -> Content:
        names = self.andon.reader.names()
        about = f"  {names.whole(self.record)}" if self.record else ""
        signs = "signed" if self._spec.signed and not (self._spec.fact and self._spec.by.terminal) else "no signature"
        save = key_name(self.andon.key_of("save"))
        of = str(self._given.get("of") or "")
        spoken = spoken_of(self.andon.reader.store, self.record, of) if of else ""
        return Content.assemble(
            content(f"{spoken}\n" if spoken else "", "bold"),
            content(self.do, "bold"),
            content(about, "bold"),
            content(f"  {self._spec.doc}\n", "$text-muted"),
            content(f"By {who(self._spec.by)}; {signs}. {save} saves.", "$text-muted"),
        )
