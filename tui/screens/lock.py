"""F12: who sits here. User id or badge, then the password; with somebody signed in, lock or let another person come."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from shared.store.lists import Listed
from shared.terminal.desk import Desk
from shared.terminal.refusal import KEY_1, KEY_2, KEY_4, Refused
from shared.terminal.signing_in import SignedIn, sign_in
from tui.attending import URGENT, attention
from tui.failure import explained
from tui.hostile import content
from tui.keys import binding
from tui.messages import Scanned
from tui.screens.page import Page
from tui.session import Session
from tui.widgets.menu import Entry, Menu
from tui.widgets.narrow import Narrow
from tui.widgets.password import PasswordInput

_LOCK: Final = "@lock"
_AGAIN: Final = frozenset({KEY_1.id, KEY_4.id})
"""What the same person can do again at once."""
_MOST_PEOPLE: Final = 500
FLOOR: Final = frozenset({"operator", "supervisor"})
"""Roles that work beside what their terminal stands at."""
DESK: Final = frozenset({"qa", "sme", "lead", "coordinator", "release", "steering"})
"""Roles that work from lists of what is open."""


class LockScreen(Page):
    """The list of people, then one person's password."""

    CSS_PATH = "lock.tcss"
    private = True
    HELP: ClassVar[str] = (
        "Say who you are: type your user id or scan your badge, then type your password. A badge alone never signs you"
        " in. When somebody is signed in, Enter locks, or choose another person. Stop ({stop}) and Call ({call}) work"
        " without signing in. After five minutes without a key the terminal locks by itself; what was typed is kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("back")]

    def __init__(self) -> None:
        """Nobody is chosen yet."""
        super().__init__()
        self._person = ""
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """Who it can be, the password, what became of it."""
        yield Static(id="what")
        yield Narrow("user id, or scan your badge")
        with Vertical(id="asked"):
            yield Static("password, then Enter:")
            yield PasswordInput(id="password")
        yield Static(id="said")

    def on_mount(self) -> None:
        """Ask who it is."""
        self._ask("")

    def reread(self) -> None:
        """Who can be signed in here may have changed."""
        self.query_one(Narrow).show(list(self._people()))

    def on_narrow_entered(self, message: Narrow.Entered) -> None:
        """Nobody of this id is here."""
        message.stop()
        self._say(f"WHO-2: nobody here has the user id {message.text.strip()[:40]!r}. Type it again.")

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Lock, or ask for this person's password."""
        message.stop()
        if message.key == _LOCK:
            self.andon.lock()
        else:
            self._ask(message.key)

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Say why this person cannot sign in here."""
        message.stop()
        self._say(f"{KEY_2.id}: {KEY_2.text} {KEY_2.next}")

    def on_scanned(self, message: Scanned) -> None:
        """A badge says who it is, and no more."""
        message.stop()
        person = message.code.strip().lower()
        if self._busy:
            return
        if self.andon.reader.member(person) is None:
            self._ask("")
            self._say("WHO-2: nobody here has this badge.")
        else:
            self._ask(person)

    def on_password_input_typed(self, message: PasswordInput.Typed) -> None:
        """Check the password, which takes about a second; the screen goes on meanwhile."""
        message.stop()
        field = self.query_one(PasswordInput)
        if self._busy or not self._person or not field.value:
            return
        person, secret = self._person, field.take()
        self._busy = True
        field.disabled = True
        self._say("Checking the password ...", bad=False)

        def job(desk: Desk) -> SignedIn:
            return sign_in(desk, person, secret)

        self.andon.signer.ask(job, self._signed_in, self._refused)

    def action_back(self) -> None:
        """Go back to who it is, then to the screen before."""
        if self._busy:
            return
        if self._person:
            self._ask("")
        else:
            self.andon.go_back()

    def _people(self) -> Iterator[Entry]:
        andon = self.andon
        session = andon.session
        if session.person:
            yield Entry(_LOCK, f"Lock this terminal ({session.name} is signed in)")
        keys = set(andon.reader.store.keys.people())
        rows = andon.reader.lists.rows("member", {"state": "active"}, order="record", limit=_MOST_PEOPLE)
        for row in sorted(rows, key=lambda row: row.record not in keys):
            if row.record != session.person:
                yield Entry(row.record, _who(row), "" if row.record in keys else f"{KEY_2.id}: no key here")

    def _ask(self, person: str) -> None:
        """Ask who it is, or, if that is known, for the password."""
        self._person = person
        narrow, field = self.query_one(Narrow), self.query_one(PasswordInput)
        narrow.put("")
        field.clear()
        field.disabled = False
        narrow.display = not person
        self.query_one("#asked").display = bool(person)
        row = self.andon.reader.member(person) if person else None
        signed_in = self.andon.session.name
        ask = f"{signed_in} is signed in. Lock, or who comes?" if signed_in else "Who are you?"
        self.query_one("#what", Static).update(content(_who(row) if row else ask, "bold"))
        self._say("", bad=False)
        if person:
            field.focus()
        else:
            self.reread()
            narrow.take_focus()

    def _signed_in(self, found: SignedIn) -> None:
        """Begin with the start screen of this person's roles, unless somebody has left this screen meanwhile."""
        self._busy = False
        andon = self.andon
        if self not in andon.screen_stack:
            return
        andon.sign_in(Session(*found))
        if starts_at_board(found.roles, at_post=any(andon.reader.post())):
            andon.action_page("board")
        number = sum(one.section in URGENT for one in attention(andon.reader, andon.session))
        needs = "thing needs" if number == 1 else "things need"
        waits = f" {number} {needs} you: {andon.keyed('{attention}')}." if number else ""
        andon.tell(f"Signed in: {found.name}.{waits}")

    def _refused(self, error: Exception) -> None:
        """Say why; who mistyped types again."""
        self._busy = False
        rule, text, then = explained(error)
        if self in self.andon.screen_stack:
            self._ask(self._person if isinstance(error, Refused) and rule in _AGAIN else "")
            self._say(f"{text} {then} ({rule})")

    def _say(self, text: str, *, bad: bool = True) -> None:
        said = self.query_one("#said", Static)
        said.update(content(text))
        said.set_class(bad, "bad")


def starts_at_board(roles: frozenset[str], *, at_post: bool) -> bool:
    """Whether somebody begins with the board: not who works on the floor, at a terminal that stands somewhere."""
    return bool(roles & DESK) and not (at_post and roles & FLOOR)


def _who(row: Listed) -> str:
    roles = row.columns.get("roles")
    held = ", ".join(roles) if isinstance(roles, list) else ""
    return f"{row.record:<20} {row.columns.get('title') or ''}, {row.columns.get('company') or ''}  {held}".rstrip()
