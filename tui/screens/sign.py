"""Signing: the exact text that is signed stands on the screen, and the person's own password signs it.

The password is asked for at every signature; the user id too, unless the session is unbroken (21 CFR 11.200(a)(1)).
"""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from shared.terminal.asked import Asked, Done
from shared.terminal.desk import Desk
from shared.terminal.perform import prepare, sign_shown
from shared.terminal.plan import Plan
from shared.terminal.refusal import KEY_1, KEY_4, SIGN_9, Refused
from tui.failure import explained
from tui.hostile import content
from tui.keys import binding
from tui.messages import Scanned
from tui.screens.page import Page
from tui.widgets.password import PasswordInput
from tui.widgets.sheet_text import SheetText

_AGAIN = frozenset({KEY_1.id, KEY_4.id, SIGN_9.id})
"""What a person can do again at once, with a new sheet."""

_WHOLE = "This is what you sign; Page Down reads on."
_GOES_ON = "This is what you sign. A line without a bar goes on with the one above; Page Down reads on."
"""Said where the screen is narrower than the sheet: its line ends are not all the sheet's."""


class SignScreen(Page):
    """The sheet, who signs, and the password."""

    CSS_PATH = "sign.tcss"
    private = True
    HELP: ClassVar[str] = (
        "This text is what you sign, and everybody can see later that it was this. Read it (Page Up and Page Down),"
        " type your password, Enter. {back} signs nothing."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("back"),
        binding("save", "sign"),
        Binding("pageup", "read(-1)", show=False, priority=True),
        Binding("pagedown", "read(1)", show=False, priority=True),
    ]

    def __init__(self, asked: Asked, then: Callable[[Done], None], failed: Callable[[Exception], None]) -> None:
        """Sign what is asked; `failed` is told what refuses it for good, when this screen has gone."""
        super().__init__()
        self._asked = asked
        self._then = then
        self._failed = failed
        self._plan: Plan | None = None
        self._busy = False
        self._warned = False

    def body(self) -> Iterable[Widget]:
        """The sheet, then the questions."""
        yield VerticalScroll(SheetText("", id="sheet"), id="reading", can_focus=False)
        yield Static("", id="said")
        with Horizontal(id="who"):
            yield Static("user id")
            yield Input(self._asked.person, id="user", compact=True, disabled=bool(self._asked.person))
            yield Static("password")
            yield PasswordInput(id="password")

    def on_mount(self) -> None:
        """Write the sheet, if it is known who signs."""
        self.query_one("#user", Input).cursor_blink = False
        if self._asked.person:
            self._prepare()
        else:
            self._say("Who signs? Type the user id, or scan the badge; Enter.", bad=False)
            self.query_one("#user").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the user id shows the sheet."""
        event.stop()
        self._named(event.value.strip())

    def on_password_input_typed(self, message: PasswordInput.Typed) -> None:
        """Enter in the password signs."""
        message.stop()
        self.action_sign()

    def on_scanned(self, message: Scanned) -> None:
        """A badge says who, never more: it signs nothing."""
        message.stop()
        if not self._asked.person:
            self._named(message.code)

    def action_read(self, by: int) -> None:
        """Turn the page."""
        reading = self.query_one("#reading", VerticalScroll)
        (reading.scroll_page_down if by > 0 else reading.scroll_page_up)(animate=False)

    def action_sign(self) -> None:
        """Sign what stands on the screen."""
        field = self.query_one(PasswordInput)
        if self._busy or self._plan is None or not field.value:
            return
        asked, shown = self._asked._replace(password=field.take()), self._plan
        self._wait("Signing ...")
        self.andon.signer.ask(lambda desk: sign_shown(desk, asked, shown), self._signed, self._refused)

    def action_back(self) -> None:
        """Sign nothing."""
        if not self._busy:
            self.query_one(PasswordInput).clear()
            self.andon.go_back()

    def _named(self, person: str) -> None:
        if not person or self._busy:
            return
        if self.andon.reader.member(person) is None:
            self._say(f"WHO-1: nobody here has the user id {person[:40]!r}. Type it again.", bad=True)
            return
        self._asked = self._asked._replace(person=person)
        user = self.query_one("#user", Input)
        user.value, user.disabled = person, True
        self._prepare()

    def _prepare(self) -> None:
        asked = self._asked
        self._wait("Writing the sheet ...")

        def job(desk: Desk) -> Plan:
            return prepare(desk, asked)

        self.andon.signer.ask(job, self._prepared, self._refused, quiet=True)

    def _prepared(self, plan: Plan) -> None:
        if not self.is_open:
            return
        self._busy = False
        self._plan = plan
        sheet = self.query_one(SheetText)
        sheet.show(plan.sheet)
        if not self._warned:
            self._say(f"{_GOES_ON if sheet.cut else _WHOLE} Password, then Enter.", bad=False)
        self._warned = False
        self.query_one(PasswordInput).disabled = False
        self.query_one("#password").focus()

    def _signed(self, done: Done) -> None:
        if not self.is_open:  # locked meanwhile: nothing is opened for whoever comes
            self.andon.tell(f"Signed and saved: {self.andon.reader.names().within(done.record)}.")
            return
        self._busy = False
        self.andon.close(self)
        self._then(done)

    def _refused(self, error: Exception) -> None:
        """A wrong password is typed again; whatever else refuses it goes back to where it was asked."""
        if not self.is_open:
            self.andon.tell_error(error)
            return
        self._busy = False
        rule, text, then = explained(error)
        if isinstance(error, Refused) and rule in _AGAIN:
            self._warned = True
            self._say(f"{text} {then} ({rule})", bad=True)
            self._prepare()
            return
        self.andon.close(self)
        self._failed(error)

    def _wait(self, text: str) -> None:
        self._busy = True
        if not self._warned:
            self._say(text, bad=False)
        self.query_one(PasswordInput).disabled = True

    def _say(self, text: str, *, bad: bool) -> None:
        said = self.query_one("#said", Static)
        said.update(content(text))
        said.set_class(bad, "bad")
