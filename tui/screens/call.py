"""F3: whom to call now, with numbers. Nobody has to sign in, and no network is needed."""

from collections.abc import Iterable, Iterator
from math import inf
from typing import ClassVar, Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.actions.kind import KINDS, kind_of
from shared.kinds.calltree import NOBODY
from shared.store.errors import StoreError
from shared.terminal.calling import CallList, Turn
from shared.terminal.readback import three_words
from shared.terminal.refusal import Refused
from tui.call_line import OTHER, call_line, mark_of
from tui.drafting import begun
from tui.hostile import content
from tui.screens.outcome import LOG, OutcomeScreen
from tui.screens.page import Page
from tui.widgets.big_number import big
from tui.widgets.menu import Entry, Menu

_BESIDE: Final = 4
"""Columns of the list beside an entry's words: its mark, its digit, a blank, the scroll bar."""


class CallScreen(Page):
    """The list. Enter asks what became of a call."""

    CSS_PATH = "call.tcss"
    HELP: ClassVar[str] = (
        "Who is on call now, next, and deputies. Call the number at the top. Then Enter, and say what became of it:"
        " 1 answered, 2 no answer, then Enter; after no answer the next one moves up. An answered call counts as notice"
        " to that company, witnessed by you. The three words stand for what is known of the record: read aloud by both,"
        " they tell whether both have the same of it. They say nothing of this list, which has a code of its own."
    )

    def __init__(self, record: str = "", contact: str = "") -> None:
        """Call about a record.

        Args:
            record: its id; "" for that of the screen below, the latest hold on this terminal's post, or that.
            contact: whose call was begun to be logged, to go on with that; "" for none.
        """
        super().__init__()
        self._goes_on = contact
        self._begun: set[str] = set()
        self.record = record
        self._made: CallList | None = None
        self._to_call = True
        self._said = ""

    def body(self) -> Iterable[Widget]:
        """What about, the number, the list, what this copy is."""
        if not self.record:
            below = self.record_below()
            kind = kind_of(below) if below else None
            self.record = below if kind is not None and "calls" in KINDS[kind.name].facts else ""
        yield Static(id="about")
        yield VerticalScroll(Static(id="now"), can_focus=False, id="whom")
        yield Menu(id="list")
        yield Static(id="copy")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one(Menu).focus()

    def reread(self) -> None:
        """Make the list anew."""
        try:
            self._made = self.andon.reader.calls(self.record)
            self.due = self._made.expires
        except (Refused, StoreError) as error:
            self._made, self.due = None, inf
            self.query_one("#about", Static).update(content(str(error), "$error bold"))
            return
        before, self._begun = self._begun, begun(self.andon, LOG, self._made.record)
        self.query_one("#about", Static).update(self._about(self._made))
        self.query_one("#copy", Static).update(self._copy(self._made))
        self._list()
        if self._begun and not before:
            self._to_the_begun()
        self._now()

    def tick(self) -> None:
        """Make the list anew when somebody else may be on duty."""
        if self._made is not None and self.andon.reader.desk.clock.now() >= self._made.expires:
            self.reread()

    def on_resize(self) -> None:
        """Fit number and list."""
        if self._made is not None:
            self._list()
            self._now()

    def on_menu_moved(self, message: Menu.Moved) -> None:
        """Show the number of whoever the cursor is on."""
        message.stop()
        self._now()

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Nobody is there to be called."""
        message.stop()
        self.andon.tell(NOBODY, bad=True)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Ask what became of the call."""
        message.stop()
        self._ask(message.key)

    def _ask(self, contact: str) -> None:
        turn = next((one for one in self._turns() if one.callee.contact == contact), None)
        if turn is not None and self._made is not None:
            self.andon.push_screen(OutcomeScreen(self._made.record, turn, self._words(), self._was_logged))

    def _was_logged(self, said: str) -> None:
        self._to_call, self._said = True, said  # said on the screen: a message over it would hide the next number

    # What is shown

    def _turns(self) -> list[Turn]:
        return self._made.turns if self._made is not None else []

    def _list(self) -> None:
        """Show the list; at first, and after a call, the cursor goes to the top, or to another number to try first."""
        menu = self.query_one(Menu)
        room = max(self.size.width - _BESIDE, 1)
        menu.show(
            [
                Entry(one.callee.contact, call_line(one, self._mark(one), room), "" if one.callee.contact else "CALL-2")
                for one in self._turns()
            ]
        )
        if self._to_call:
            self._to_call = False
            place = next((at for at, one in enumerate(self._turns()) if self._mark(one) == OTHER), 0)
            menu.action_digit(place + 1)

    def _to_the_begun(self) -> None:
        """Go to a call that is not logged yet, and on with it if that is what this was opened for."""
        contact, self._goes_on = self._goes_on, ""
        wanted = {contact} if contact else self._begun
        place = next((at for at, one in enumerate(self._turns()) if one.callee.contact in wanted), None)
        if place is not None:
            self.query_one(Menu).action_digit(place + 1)
        if contact:
            self.call_later(self._ask, contact)

    def _now(self) -> None:
        """Show whom to call."""
        key, turns = self.query_one(Menu).key, self._turns()
        turn = next((one for one in turns if one.callee.contact == key), turns[0] if turns else None)
        if turn is not None and self._made is not None:
            self.query_one("#now", Static).update(Content("\n").join(self._number(self._made, turn)))

    def _number(self, made: CallList, turn: Turn) -> Iterator[Content]:
        one, mark = turn.callee, self._mark(turn)
        clock = self.andon.reader.desk.clock
        answered = bool(made.answers)
        for answer in made.answers:
            yield content(f" ANSWERED: {answer.name} {clock.at(answer.at)[11:16]} ", "$success reverse bold")
        head = f"CALL {mark}" if mark else f"{made.turns.index(turn) + 1}."
        if mark == OTHER:
            head = "OTHER NUMBER"
        elif one.status == "answered":
            head = "has answered:"
        elif answered and mark:
            head = "next to call:"
        yield Content.assemble(
            content(f" {head} ", "$text-muted" if answered else "reverse bold"),
            content(f" {one.name}", "bold"),
            content(f"  {one.company}  {self._why(turn)}"),
        )
        numbers = [turn.each[place] for place in turn.order]
        if not numbers:
            yield content(
                "The number is not on this terminal yet: it comes with the next sync." if turn.missing else ""
            )
            return
        first, *others = numbers
        if not answered:
            yield content(big(first, max(self.size.width - 2, 1)), "bold $accent")
        yield Content.assemble(content(first, "bold"), content("".join(f", then {other}" for other in others)))

    def _mark(self, turn: Turn) -> str:
        return mark_of(self._made, turn) if self._made is not None else ""

    def _words(self) -> str:
        """The words of what it is about; none where it is only the terminal, of which nobody has anything."""
        record = self._made.record if self._made is not None else ""
        kind = kind_of(record)
        return three_words(self.andon.reader.store, record) if kind is not None and kind.code else ""

    def _why(self, turn: Turn) -> str:
        one = turn.callee
        tried = f"{one.status}, tried {one.tries}; " if one.tries else ""
        return f"{tried}{self.andon.reader.names().within(one.why)}"

    def _about(self, made: CallList) -> Content:
        names = self.andon.reader.names()
        row = self.andon.reader.lists.row(made.record)
        if row is None or row.kind == "terminal":
            what = "nothing open here; the call is kept with this terminal"
        else:
            what = f"{names.within(made.record)} {names.within(str(row.columns.get('title') or ''))}"
        need = f", for {made.expertise}" if made.expertise else ""
        said = content(f"\n{self._said}" if self._said else "", "$success")
        open_ = ", ".join(one.callee.name for one in made.turns if one.callee.contact in self._begun)
        begun_ = content(f"\nNOT LOGGED YET: {open_}. Enter goes on." if open_ else "", "$warning bold")
        about = content("Call about: ", "$text-muted")
        return Content.assemble(about, content(what, "bold"), content(need), said, begun_)

    def _copy(self, made: CallList) -> Content:
        until = self.andon.reader.desk.clock.at(made.expires)[:16].replace("T", " ")
        words = self._words()
        known = f"Three words for {made.record}: {words}\n" if words else ""
        contact = self.andon.standing.contact()
        return content(f"{known}Version {made.version}, {contact}, {made.digest}, until {until}", "$text-muted")
