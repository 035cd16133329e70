"""What became of a call: the outcome, who answered, the words that are read back, and what was said."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final, Literal

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from shared.actions.action import ACTIONS
from shared.terminal.asked import Asked, Done
from shared.terminal.calling import Turn
from shared.terminal.fields import field_of
from tui.drafting import Drafting
from tui.hostile import content
from tui.limits import limit_of, too_long
from tui.screens.page import Page
from tui.widgets.menu import Entry, Menu

LOG: Final = "call.log"
ANSWERED: Final = "answered"
_ELSE, _NUMBER, _NOTHING = "@else", "@number", "@nothing"
_SAME, _NOT_SAME = "@same", "@not same"
_TYPED: Final = {"who": "name", "said": "text"}
"""The field of the action that is typed in a step."""
Step = Literal["outcome", "who", "readback", "said"]
_HINTS: Final = {"who": "name, or user id", "said": "what they advise, what they will do"}


class OutcomeScreen(Page):
    """A few questions, one after the other; the call is logged behind the last one, and nothing before.

    From the first answer on it is a draft: whatever happens, what became of the call is found again.

    The outcomes have the digits of domain.md 3: 1 answered, 2 no answer. The cursor begins on the last entry, which
    logs nothing, so that no run of Enters says that somebody answered.
    """

    CSS_PATH = "call.tcss"
    HELP: ClassVar[str] = (
        "What became of the call: 1 answered, 2 no answer, then Enter. Enter alone, and {back}, log nothing; what was"
        " typed is kept as a draft, which {call} and {attention} open again. The three words stand for what is known of"
        " the record: if they say the same, both have the same of it."
    )
    part_of: ClassVar[str] = "call"

    def __init__(self, record: str, turn: Turn, words: str, logged: Callable[[str], None]) -> None:
        """Ask what became of a call.

        Args:
            record: what it was about.
            turn: who was called.
            words: the words of the record to be read back; "" for none.
            logged: is told what to say when the call is logged.
        """
        super().__init__()
        self.record = record
        self._turn = turn
        self._words = words
        self._logged = logged
        self._order = turn.order
        self._step: Step = "outcome"
        self._fields: dict[str, Any] = {}
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """The question, the field, the answers."""
        self._drafting = Drafting(self.andon, LOG, self.record, self._turn.callee.contact)
        self._fields = dict(self._drafting.fields)
        if called := self._fields.get("number"):
            self._order.sort(key=lambda place: str(place + 1) != called)
        yield Static(id="about")
        yield Static(id="question")
        yield Input(id="said", compact=True)
        yield Menu(id="list")

    def on_mount(self) -> None:
        """Ask the first question, or go on where somebody stopped."""
        self.query_one(Input).cursor_blink = False
        self._ask(self._due())

    def again(self, *, nobody: bool) -> Page | None:
        """What became of a call with nobody signed in goes on with whoever signs in."""
        from tui.screens.call import CallScreen  # noqa: PLC0415 - it opens this one

        begun = nobody and self._drafting.kept
        return CallScreen(self.record, self._turn.callee.contact) if begun else None

    def reread(self) -> None:
        """Say who says so."""
        self._question()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Go on with the answer."""
        message.stop()
        key = message.key
        if key == _NOTHING:
            self.action_back()
        elif key == _NUMBER:
            self._order = [*self._order[1:], self._order[0]]
            self._ask("outcome")
        elif self._step == "outcome":
            self._outcome(key)
        else:
            if key == _SAME:
                self._fields["readback"] = self._words
                self._keep()
            self._ask("said")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take who answered: a member of this id, or a name; then what was said."""
        event.stop()
        typed = event.value.strip()
        if trouble := too_long(LOG, _TYPED[self._step], typed):
            self.andon.tell(trouble, bad=True)
        elif self._step == "said":
            self._log()
        elif typed:
            if member := self.andon.reader.member(typed.lower()):
                self._fields["person"] = member.record
                del self._fields["name"]
                self._keep()
            self._ask(self._after_who())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it, and say how much room is left where it gets tight."""
        event.stop()
        name = _TYPED[self._step]
        self._fields.pop(name, None)
        if typed := event.value.strip():
            self._fields[name] = typed
        self._keep()
        self._question()

    def action_back(self) -> None:
        """Go back, and log nothing: what was typed stays a draft, what was only chosen is taken back."""
        if any(self._fields.get(name) for name in _TYPED.values()):
            self.andon.tell(self.andon.keyed("Not logged yet. Kept as a draft; {call} and {attention} show it."))
        elif self._drafting.kept:
            self._drafting.end()
        self.andon.close(self)

    # The steps

    def _due(self) -> Step:
        """The question at which a draft goes on."""
        known = self._fields
        if "outcome" not in known:
            return "outcome"
        if "text" in known or "readback" in known:
            return "said"
        return self._after_who() if "person" in known else "who"

    def _after_who(self) -> Step:
        return "readback" if self._words else "said"

    def _keep(self) -> None:
        self._drafting.keep(self._fields)

    def _outcome(self, outcome: str) -> None:
        self._fields = {
            "contact": self._turn.callee.contact,
            "outcome": ANSWERED if outcome == _ELSE else outcome,
        }
        if len(self._order) > 1:
            self._fields["number"] = str(self._order[0] + 1)
        if outcome not in {ANSWERED, _ELSE}:
            self._log()
            return
        if outcome == ANSWERED and self._turn.callee.person:
            self._fields["person"] = self._turn.callee.person
        self._keep()
        self._ask(self._due())

    def _ask(self, step: Step) -> None:
        """Ask something: by a list of answers, or a field."""
        self._step = step
        menu, field = self.query_one(Menu), self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = str(self._fields.get(_TYPED.get(step, ""), ""))
            field.cursor_position = len(field.value)
        field.placeholder = _HINTS.get(step, "")
        typed = step in _TYPED
        field.display, menu.display = typed, not typed
        if not typed:
            menu.show([*(self._outcomes() if step == "outcome" else self._readings())])
            menu.action_move(9999)  # the last one claims nothing
        self._question()
        (field if typed else menu).focus()

    def _outcomes(self) -> Iterator[Entry]:
        for one in field_of(ACTIONS[LOG], "outcome").choices:
            yield Entry(one, one)
        if self._turn.callee.person:
            yield Entry(_ELSE, f"{ANSWERED}, by somebody else")
        for other in self._order[1:2]:
            yield Entry(_NUMBER, f"I called their other number: {self._turn.each[other]}")
        yield Entry(_NOTHING, "Nothing yet: go back")

    @staticmethod
    def _readings() -> Iterator[Entry]:
        yield Entry(_SAME, "They said the same three words")
        yield Entry(_NOT_SAME, "They do not have the record before them, or read other words")

    def _log(self) -> None:
        if self._busy:
            return
        self._busy = True
        if self._drafting.kept:
            self._keep()  # what was taken over from nobody is forgotten with the rest when it is logged
        callee, session, fields = self._turn.callee, self.andon.session, self._fields
        asked = Asked(
            LOG, self.record, {**session.says(), **fields}, session.person, seen=self._drafting.seen,
            draft=self._drafting.name,
        )  # fmt: skip

        def logged(done: Done) -> None:
            del done
            self._busy = False
            self._drafting.end()
            self._logged(f"Logged: {callee.name}, {fields['outcome']}.")
            if self.is_open:
                self.andon.close(self)

        def refused(error: Exception) -> None:
            self._busy = False
            self.andon.tell_error(error)

        self.andon.perform(asked, logged, refused)

    # What is shown

    def _question(self) -> None:
        one = self._turn.callee
        number = self._turn.each[self._order[0]] if self._order else "no number here"
        says = self.andon.session.says().get("claimed", "")
        self.query_one("#about", Static).update(
            Content.assemble(
                content(one.name, "bold"),
                content(f"  {one.company}  {number}"),
                content(f"\nLogged as said by {says}, not signed in." if says else "", "$text-muted"),
            )
        )
        self.query_one("#question", Static).update(Content("\n").join(self._asked()))

    def _asked(self) -> Iterator[Content]:
        match self._step:
            case "outcome":
                yield content(
                    self.andon.keyed("What became of the call? A digit, then Enter. {back} goes back and logs nothing.")
                )
            case "readback":
                yield content("Read these three words aloud. Who has the record before them reads the same:")
                yield content(f"   {self._words.upper()}", "bold $accent")
            case "who":
                yield content(f"Who answered? Type the name, then Enter.{self._limit()}")
            case _:
                yield content(
                    f"What was said? One line, then Enter; Enter alone logs the call without it.{self._limit()}"
                )

    def _limit(self) -> str:
        return limit_of(LOG, _TYPED[self._step], self.query_one(Input).value)
