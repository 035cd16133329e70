"""What screens with a form share: choosing from a list, opening one of a list, and saying what was refused."""

import re
from abc import abstractmethod
from functools import partial
from typing import Any, ClassVar, Final

from textual.binding import BindingType
from textual.widgets import Static

from shared.log.clock import is_at
from shared.terminal.refusal import Refused
from tui.failure import explained
from tui.hostile import content
from tui.keys import binding
from tui.messages import Scanned
from tui.prefill import read_time, unknown
from tui.scan_field import put, taken
from tui.screens.page import Page
from tui.widgets.field import Field
from tui.widgets.form import Form
from tui.widgets.groups import Groups

_ITSELF: Final = re.compile(r"^\w+ \([^)]*\): ")
"""What a refusal says of which field it is about: its name, and its words."""


class AskingPage(Page):
    """A page with a `Form`, and a line `#refused` below it."""

    CSS_PATH = "asking.tcss"
    AUTO_FOCUS = ""  # the form says where to begin; a field that is not shown takes no key
    BINDINGS: ClassVar[list[BindingType]] = [binding("save"), binding("pick"), binding("back")]

    @abstractmethod
    def keep(self) -> None:
        """Keep what stands in the form: called at every key."""

    @abstractmethod
    def action_save(self) -> object:
        """Go on with what was typed: Enter behind the last field, or the key."""

    def ask(self, asked: list[dict[str, Any]], values: dict[str, Any], *, hidden: frozenset[str]) -> Form:
        """Make the form of some fields."""
        pick = self.andon.keyed("{pick}")
        return Form(asked, values, pick=pick, read_time=partial(read_time, self.andon.reader), hidden=hidden)

    def on_form_edited(self, message: Form.Edited) -> None:
        """Keep it: whatever happens to this terminal, it is there."""
        message.stop()
        self.keep()

    async def on_form_finished(self, message: Form.Finished) -> None:
        """Enter behind the last field saves."""
        message.stop()
        await self.run_action("save")

    def on_form_went(self, message: Form.Went) -> None:
        """Say at once of a name that nothing here has it, and of a time that it is none: it may be forgotten later."""
        message.stop()
        for field in message.form.fields:
            left = field.touched and field.display and field.editor.given and not field.widget.has_focus_within
            if left and (said := self.doubt(field)):
                field.say(said)

    def doubt(self, field: Field) -> str:
        """What is strange about what stands in a field, "" for nothing."""
        given, refs = field.editor.given, tuple(field.asked.get("refs") or ())
        if field.asked.get("time"):
            return "" if is_at(str(given)) else "That is no time. Give 06:30, 22 06:30 or 2026-11-22 06:30."
        names = [str(one) for one in (given if isinstance(given, list) else [given])] if refs else []
        strange = [one for one in names if unknown(self.andon.reader, one, refs)]
        return f"Not known here: {', '.join(strange)}. It is kept as typed, and linked to nothing." if strange else ""

    def on_groups_opened(self, message: Groups.Opened) -> None:
        """Ask for the fields of one of a list."""
        from tui.screens.group import GroupScreen  # noqa: PLC0415 - it is such a page itself

        message.stop()
        self.andon.push_screen(GroupScreen(message.editor, message.at))

    def action_pick(self) -> None:
        """Choose what the field under the cursor can name."""
        from tui.screens.pick import pick_for  # noqa: PLC0415 - when it is asked for

        form = self.query(Form)
        if not form or not pick_for(self.andon, form.first(), self.keep):
            self.say("Nothing to choose from here: type it.")

    def on_scanned(self, message: Scanned) -> None:
        """A scan goes into the field that it names, else where the cursor is; its Enter neither submits nor signs."""
        message.stop()
        form = self.query(Form).first()
        shown = [field for field in form.fields if field.display]
        went = [one for one in taken(self.andon.reader, shown, form.field_here(), message.code) if put(one)]
        if not went:
            self.andon.tell("No field here takes that code.", bad=True)
            return
        self.keep()
        said = [f"{one.field.label}: {one.value}" for one in went if not one.insert]
        if said:
            self.andon.tell(f"Scanned. {', '.join(said)}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to choose where the field under the cursor names records; else the key is grey."""
        del parameters
        if action != "pick" or not self.query(Form):
            return True
        field = self.query(Form).first().field_here()
        return True if field is not None and field.asked.get("refs") else None

    def refuse(self, error: Exception, then: str | None = None) -> None:
        """Say what was refused beside the field that it is about, if there is one; nothing typed is lost.

        Args:
            error: what was refused, or went wrong.
            then: what to do next; what the refusal says if None.
        """
        rule, text, what_next = explained(error)
        field = error.field if isinstance(error, Refused) else ""
        text = _ITSELF.sub("", text) if field else text  # it stands beside the field
        said = f"{text} {what_next if then is None else then} ({rule})"
        form = self.query_one(Form)
        if not (field and form.say(field, said)):
            self.say(said, bad=True)
            if form.field_here() is None:
                form.begin()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say something below the form; "" for nothing."""
        shown = self.query_one("#refused", Static)
        shown.update(content(text))
        shown.set_class(bad, "bad")
        shown.display = bool(text)
