"""F3: whom to call now, with numbers; and what became of it. Nobody has to sign in, and no network is needed."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from shared.actions.action import ACTIONS
from shared.actions.kind import KINDS, kind_of
from shared.kinds.calltree import NOBODY
from shared.store.errors import StoreError
from shared.terminal.asked import Asked, Done
from shared.terminal.calling import CallList, Turn
from shared.terminal.fields import field_of
from shared.terminal.readback import three_words
from shared.terminal.refusal import Refused
from tui.hostile import content, line
from tui.screens.page import Page
from tui.widgets.big_number import big, numbers_of
from tui.widgets.menu import Entry, Menu
from tui.widgets.top_line import ago

LOG: Final = "call.log"
ANSWERED: Final = "answered"
_ELSE: Final = "@else"
_SAME, _NO_SHEET = "@same", "@no sheet"
_NOTHING: Final = "@nothing"
_PLACES: Final = ("NOW", "NEXT")


class CallScreen(Page):
    """The list; then, for whoever was called, the outcome, who answered, and the words that are read back."""

    CSS_PATH = "call.tcss"
    HELP: ClassVar[str] = (
        "Who is on call now, next, and deputies. Call the number at the top. Then Enter, and say what became of it:"
        " after no answer the next one moves up. An answered call counts as notice to that company, witnessed by you."
        " The three words are read aloud by both, to see that both have the same sheet."
    )

    def __init__(self, record: str = "") -> None:
        """Call about a record; "" for that of the screen below, the latest hold on this terminal's post, or that."""
        super().__init__()
        self.record = record
        self._made: CallList | None = None
        self._turn: Turn | None = None
        self._fields: dict[str, Any] = {}
        self._busy = False
        self._said = False
        """Whether it is asked what was said, and not who answered."""

    def body(self) -> Iterable[Widget]:
        """What about, the number, the list or the question, what this copy is."""
        if not self.record:
            below = self.record_below()
            kind = kind_of(below) if below else None
            self.record = below if kind is not None and "calls" in KINDS[kind.name].facts else ""
        yield Static(id="about")
        yield VerticalScroll(Static(id="now"), can_focus=False, id="whom")
        yield Input(id="name", compact=True, placeholder="name, or user id", max_length=100)
        yield Menu(id="list")
        yield Static(id="copy")

    def on_mount(self) -> None:
        """Show the list."""
        self.query_one(Input).cursor_blink = False
        self._list()

    def reread(self) -> None:
        """Make the list anew; a question that was asked stays."""
        try:
            self._made = self.andon.reader.calls(self.record)
        except (Refused, StoreError) as error:
            self._made = None
            self.query_one("#about", Static).update(content(str(error), "$error bold"))
            return
        self.query_one("#about", Static).update(self._about(self._made))
        self.query_one("#copy", Static).update(self._copy(self._made))
        if self._turn is None:
            self.query_one(Menu).show([self._entry(number, one) for number, one in enumerate(self._made.turns)])
        self._now()

    def on_resize(self) -> None:
        """Fit the number."""
        if self._made is not None:
            self._now()

    def on_menu_moved(self, message: Menu.Moved) -> None:
        """Show the number of whoever the cursor is on."""
        message.stop()
        if self._turn is None:
            self._now()

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Nobody is there to be called."""
        message.stop()
        self.andon.tell(NOBODY, bad=True)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Go on with the one who was called, or with the answer."""
        message.stop()
        if self._turn is None:
            self._turn = next((one for one in self._turns() if one.callee.contact == message.key), None)
            self._outcomes()
        elif message.key == _NOTHING:  # first in the list, so that no run of Enters says that somebody answered
            self._list()
        elif "outcome" not in self._fields:
            self._outcome(message.key)
        else:
            if message.key == _SAME:
                self._fields["readback"] = self._words()
            self._ask_said()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take who answered: a member of this id, or a name; then what was said."""
        event.stop()
        name = event.value.strip()
        if self._said:
            self._log({**self._fields, **({"text": name} if name else {})})
            return
        if not name:
            return
        member = self.andon.reader.member(name.lower())
        self._fields["person" if member else "name"] = member.record if member else name
        self._read_back()

    def action_back(self) -> None:
        """Go back to the list, then to the screen before."""
        if self._turn is None:
            self.andon.go_back()
        else:
            self._list()

    # The steps

    def _list(self) -> None:
        self._turn, self._fields, self._said = None, {}, False
        self._show([])
        self.reread()
        self.query_one(Menu).action_move(-len(self._turns()))

    def _outcomes(self) -> None:
        choices = field_of(ACTIONS[LOG], "outcome").choices
        entries = [Entry(_NOTHING, "Nothing yet: go back"), *(Entry(one, one) for one in choices)]
        if self._turn is not None and self._turn.callee.person:
            entries.insert(choices.index(ANSWERED) + 2, Entry(_ELSE, f"{ANSWERED}, by somebody else"))
        self._show(entries)

    def _outcome(self, outcome: str) -> None:
        self._fields = {"outcome": ANSWERED if outcome == _ELSE else outcome}
        if outcome not in {ANSWERED, _ELSE}:
            self._log(self._fields)
        elif outcome == ANSWERED and self._turn is not None and self._turn.callee.person:
            self._read_back()
        else:
            self._show([], asks=True)

    def _read_back(self) -> None:
        if not self._words():
            self._ask_said()
            return
        self._show(
            [
                Entry(_SAME, "They said the same three words"),
                Entry(_NO_SHEET, "They have no sheet before them, or other words"),
            ]
        )

    def _ask_said(self) -> None:
        self._said = True
        self._show([], asks=True)

    def _log(self, fields: dict[str, Any]) -> None:
        turn, made = self._turn, self._made
        if turn is None or made is None or self._busy:
            return
        self._busy = True
        asked = Asked(LOG, made.record, {"contact": turn.callee.contact, **fields}, self.andon.session.person)

        def logged(done: Done) -> None:
            del done
            self._busy = False
            self.andon.tell(f"Logged: {turn.callee.name}, {fields['outcome']}.")
            if self in self.andon.screen_stack:
                self._list()

        def refused(error: Exception) -> None:
            self._busy = False
            self.andon.tell_error(error)

        self.andon.perform(asked, logged, refused)

    def _show(self, entries: list[Entry], *, asks: bool = False) -> None:
        """Show another question: a list of answers, or the field for a name."""
        menu, field = self.query_one(Menu), self.query_one(Input)
        field.value = ""
        field.display = asks
        menu.display = not asks
        if entries:
            menu.show(entries)
            menu.action_move(-len(entries))
        self._now()
        (field if asks else menu).focus()

    # What is shown

    def _turns(self) -> list[Turn]:
        return self._made.turns if self._made is not None else []

    def _now(self) -> None:
        """Show whom to call, or the question about the call."""
        key = self.query_one(Menu).key
        turns = self._turns()
        turn = self._turn or next((one for one in turns if one.callee.contact == key), turns[0] if turns else None)
        if turn is None:
            return
        parts = list(self._question(turn)) if self._turn is not None else list(self._number(turn))
        self.query_one("#now", Static).update(Content("\n").join(parts))

    def _number(self, turn: Turn) -> Iterator[Content]:
        one = turn.callee
        place = self._turns().index(turn)
        head = f" CALL {_PLACES[place]} " if place < len(_PLACES) else f" {place + 1}. "
        yield Content.assemble(
            content(head, "reverse bold"),
            content(f" {one.name}", "bold"),
            content(f"  {one.company}  {self._why(turn)}"),
        )
        numbers = numbers_of(turn.numbers)
        if not numbers:
            yield content(
                "The number is not on this terminal yet: it comes with the next sync." if turn.missing else ""
            )
            return
        first, *others = numbers
        yield content(big(first, max(self.size.width - 2, 1)), "bold $accent")
        yield Content.assemble(content(first, "bold"), content("".join(f", then {other}" for other in others)))

    def _question(self, turn: Turn) -> Iterator[Content]:
        one = turn.callee
        number = ", ".join(numbers_of(turn.numbers))
        yield Content.assemble(content(one.name, "bold"), content(f"  {one.company}  {number}"))
        if "outcome" not in self._fields:
            yield content(self.andon.keyed("What became of the call? {back} goes back and logs nothing."))
        elif not self.query_one(Input).display:
            yield content("Read these three words aloud, and let them be read from the other sheet:")
            yield content(f"   {self._words().upper()}", "bold $accent")
        elif self._said:
            yield content("What was said? One line, then Enter; Enter alone logs the call without it.")
        else:
            yield content("Who answered? Type the name, then Enter.")

    def _words(self) -> str:
        """The words of what it is about; none where it is only the terminal, of which nobody has a sheet."""
        record = self._made.record if self._made is not None else ""
        kind = kind_of(record)
        return three_words(self.andon.reader.store, record) if kind is not None and kind.code else ""

    def _why(self, turn: Turn) -> str:
        one = turn.callee
        tried = f"{one.status}, tried {one.tries}; " if one.tries else ""
        return f"{tried}{self.andon.reader.names().within(one.why)}"

    @staticmethod
    def _entry(number: int, turn: Turn) -> Entry:
        one = turn.callee
        numbers = ", ".join(numbers_of(turn.numbers)) or "no number here"
        tried = f" [{one.status}, tried {one.tries}]" if one.tries else ""
        first = "NOW " if not number else ""
        why = f"  {line(one.why)}" if one.contact else ""
        words = f"{first}{line(one.name)}, {line(one.company)}{tried}  {numbers}{why}"
        return Entry(one.contact, words, "" if one.contact else "CALL-2")

    def _about(self, made: CallList) -> Content:
        names = self.andon.reader.names()
        row = self.andon.reader.lists.row(made.record)
        if row is None or row.kind == "terminal":
            what = "nothing open here; the call is kept with this terminal"
        else:
            what = f"{names.within(made.record)} {names.within(str(row.columns.get('title') or ''))}"
        need = f", for {made.expertise}" if made.expertise else ""
        answered = [one.callee.name for one in made.turns if one.callee.status == ANSWERED]
        said = f"\nAnswered already: {', '.join(answered)}" if answered else ""
        return Content.assemble(
            content("Call about: ", "$text-muted"), content(what, "bold"), content(need), content(said, "$success")
        )

    def _copy(self, made: CallList) -> Content:
        until = self.andon.reader.desk.clock.at(made.expires)[:16].replace("T", " ")
        words = self._words()
        sheet = f"Sheet of {made.record}: {words}\n" if words else ""
        return content(f"{sheet}Version {made.version}, {ago(made.age)}, {made.digest}, until {until}", "$text-muted")
