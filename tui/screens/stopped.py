"""After F2: what is held, how to make it safe, and what comes next. The hold is saved already."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import BindingType
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Static

from shared.kinds.hold import HOLD
from shared.terminal.asked import Asked, Done
from tui.card_lines import STEP, CardLine, card_lines
from tui.drafting import Drafting, part_named
from tui.hostile import content
from tui.keys import binding
from tui.limits import limit_of, too_long
from tui.messages import Scanned
from tui.possible import Begun, made_about, next_on
from tui.reader import Post, since_of
from tui.scanned import open_scanned, person_of
from tui.scanning import gs1_words
from tui.screens.page import Page
from tui.screens.stop import STOP
from tui.widgets.card import Card, Part
from tui.widgets.menu import Entry, Menu
from tui.wording import SYNC

if TYPE_CHECKING:
    from shared.terminal.containment import Containment, Measure

_DONE, _CALL, _OTHER, _LOOK, _AGAIN, _BACK = "done", "call", "other", "look", "again", "back"
_OF_STEP, _MAKE = "step ", "make "
_NO_CARD: Final = "No containment card is kept for this place."
_LETTERS: Final = 2
"""Letters that a name has at least."""
SEEN_S: Final = 0.4
"""How long a step must stand on the screen, and the keyboard be still, before Enter says that it is done."""
_NOTHING: Final[Mapping[str, Any]] = {}


class StoppedScreen(Page):
    """A hold, its containment card, and the steps that follow. Whatever is done here is an entry of the hold."""

    CSS_PATH = "stopped.tcss"
    HELP: ClassVar[str] = (
        "The hold is saved on this terminal and goes to both companies as soon as there is a network. Follow the"
        " containment card: each step is done with Enter, and both companies see it. Then call ({call}). Whoever lifts"
        " the hold must sign; nobody can lift it by accident. From the hold's own screen, Enter and 'make safe' come"
        " back here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("back")]

    def __init__(
        self, record: str, *, again: bool = False, asks: CardLine | None = None, part: Mapping[str, Any] = _NOTHING
    ) -> None:
        """Show a hold.

        Args:
            record: its id.
            again: somebody pressed stop though it was held already.
            asks: what to ask for at once; None for nothing.
            part: about which part of the card.
        """
        super().__init__()
        self.record = record
        self._again = again
        self._post: Post | None = None
        self._found: Containment | None = None
        self._lines = card_lines(record)
        self._then = next((one for one in self._lines.values() if not (one.of_step or one.asks_who)), None)
        """What of the card is asked behind its steps: the first that is declared so."""
        self._makes = {one.spec.name: one for one in made_about(record)}
        self._asks = asks
        self._part = part
        self._draft: Drafting | None = None
        self._choosing = False
        self._quiet_since = 0.0
        self._warned = False

    def body(self) -> Iterable[Widget]:
        """What is held, the card, what comes next or is asked."""
        yield Static(id="held")
        yield Card(id="card")
        yield Static(id="asked")
        yield Input(id="said", compact=True)
        yield Menu(id="next")

    def on_mount(self) -> None:
        """Begin in the menu, or with what was being typed."""
        self._post = self.andon.reader.post()
        self.query_one(Input).cursor_blink = False
        self._ask(self._asks, self._part)

    def in_force(self) -> bool:
        """Whether the hold is in force, and on what this terminal stands beside now."""
        return self._held() and self._post == self.andon.reader.post()

    def pressed_again(self) -> None:
        """Offer another hold: stop was pressed again."""
        self._again = True
        self._menu()

    def again(self, *, nobody: bool) -> Page | None:
        """It is not made safe yet, whoever is there; what was being typed with nobody signed in goes on."""
        asks = self._asks if nobody else None
        return StoppedScreen(self.record, asks=asks, part=self._part) if self.in_force() else None

    def reread(self) -> None:
        """Say how far it is; a question that was asked stays."""
        row, names = self.andon.reader.lists.row(self.record), self.andon.reader.names()
        state = str(row.columns.get("state") or "") if row else "held"
        on = names.whole(str(row.columns.get("on") or "")) if row else ""
        why = str(row.columns.get("reason") or "") if row else ""
        since = f", since {self.andon.reader.desk.clock.at(since_of(row))[11:16]}" if row else ""
        self.query_one("#held", Static).update(
            Content.assemble(
                Content.styled(f" {state.upper()} ", "$error reverse bold" if state == "held" else "reverse"),
                content(f" {on}{f': {why}' if why else ''}", "bold"),
                content(f"\n{self.record}{since}: {SYNC[row.sync] if row else 'saved'}"),
            )
        )
        before = self._found.next if self._found else ""
        self._found = self.andon.reader.containment(self.record)
        if self._found.next != before:
            self._quiet_since = self.andon.monotonic()
        self._menu()
        self._card()

    def _held(self) -> bool:
        row = self.andon.reader.lists.row(self.record)
        return row is not None and row.columns.get("state") == "held"

    # What is shown

    def _card(self) -> None:
        """Show the card; the step that is due, or the one under the cursor, whole."""
        if self._found is not None:
            self.query_one(Card).show([*self._parts(self._found)])

    def _parts(self, found: "Containment") -> Iterator[Part]:
        made = "Make safe; Enter for each step done:" if found.measures else _NO_CARD
        yield Part("", made, "head" if found.measures else "")
        under = self.query_one(Menu).key
        look = under.removeprefix(_OF_STEP) if under.startswith(_OF_STEP) else found.next
        for one in found.measures:
            due = one.step == found.next
            mark, tone = ("x", "faint") if one.done else (">", "due") if due else (" ", "")
            yield Part(f"[{mark}] ", f"{one.step}{self._by(one)}", tone, one.step == look)
        for text, by in found.samples:
            yield Part("", f"Samples kept: {text} ({by})")
        if found.pressed:
            yield Part("", f"Pressed by {', '.join(found.pressed)}", "faint")
        elif self._asks_who(found):
            yield Part("", "Who pressed? Nobody has said so yet.", "faint")

    def _asks_who(self, found: "Containment") -> bool:
        """Whether it is not known yet who pressed: asked where it was pressed, with nobody signed in."""
        own = self.record.startswith(f"{HOLD.code}-{self.andon.reader.desk.code}-")
        return own and not found.pressed and not self.andon.session.person

    def _by(self, one: "Measure") -> str:
        if not one.at:
            return ""
        said = f"{one.by} {self.andon.reader.desk.clock.at(one.at)[11:16]}"
        return f"  ({said})" if one.done else f"  NOT DONE: {one.undone} ({said})"

    def _menu(self) -> None:
        if self._found is not None and not self._asks:
            entries = self._steps(self._found) if self._choosing else self._next(self._found)
            menu = self.query_one(Menu)
            menu.show([*entries])
            if menu.key == _DONE and not self._choosing:
                menu.go_to(self._due())

    def _next(self, found: "Containment") -> Iterator[Entry]:
        """What can be done, each at its number for as long as the hold is looked at: gloves remember a digit."""
        whole = [one for one in self._lines.values() if not one.of_step]
        lines = [Entry(one.do, one.words) for one in whole if not one.asks_who and one is not self._then]
        then = [Entry(self._then.do, self._then.words)] if self._then else []
        if found.measures:
            yield Entry(_DONE, f"Done: {found.next}") if found.next else Entry(_DONE, "Done", "each step is noted")
            yield from then
        yield Entry(_CALL, "Call who is on call now")
        yield from lines if found.measures else (*then, *lines)
        for one in self._makes.values():
            yield Entry(f"{_MAKE}{one.spec.name}", f"{_about(one)} for this hold")
        if found.measures:
            yield Entry(_OTHER, "Another step, or one that is not done after all")
        yield Entry(_LOOK, "Look at the hold")
        if self._asks_who(found) or (found.pressed and not self.andon.session.person):
            other = " (somebody else)" if found.pressed else ""
            yield from (Entry(one.do, f"{one.words}{other}") for one in whole if one.asks_who)
        if self._again:
            yield Entry(_AGAIN, "Hold again (another reason)")

    def _due(self) -> str:
        """The entry that is next: the step, with all of them done what of the card is not said yet, then the call."""
        found = self._found
        if found is None or not found.measures:
            return _CALL
        if found.next:
            return _DONE
        return self._then.do if self._then is not None and not found.samples else _CALL

    @staticmethod
    def _steps(found: "Containment") -> Iterator[Entry]:
        yield Entry(_BACK, "Nothing: go back")
        for one in found.measures:
            yield Entry(f"{_OF_STEP}{one.step}", f"{'NOT done after all' if one.done else 'Done'}: {one.step}")

    # What is done

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Do what was chosen."""
        message.stop()
        key, found = message.key, self._found
        if found is None:
            return
        if key == _DONE:
            self._tick(found.next)
        elif key in {_OTHER, _BACK}:
            self._choose(steps=key == _OTHER)
        elif key.startswith(_OF_STEP):
            self._chosen(next((one for one in found.measures if one.step == key.removeprefix(_OF_STEP)), None))
        elif key in self._lines:
            self._ask(self._lines[key])
        elif key == _CALL:
            self.andon.action_page("call")
        elif key.startswith(_MAKE):
            one = self._makes[key.removeprefix(_MAKE)]
            self.andon.act(one.spec.name, "", one.given)
        elif key == _AGAIN:
            self.andon.act(STOP)
        else:
            self.andon.open_record(self.record)

    def on_menu_moved(self, message: Menu.Moved) -> None:
        """Show the step under the cursor whole."""
        message.stop()
        self._card()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Note what was typed; nothing typed leaves it open."""
        event.stop()
        said, line = event.value.strip(), self._asks
        if not said or line is None:
            self._ask(None)
            if line is not None and self.query_one(Menu).key == line.do:
                self.query_one(Menu).action_move(1)  # nothing to say of it: go on
            return
        if trouble := too_long(line.do, line.field, said):
            self.andon.tell(trouble, bad=True)
            return
        if line.asks_who and sum(one.isalpha() for one in said) < _LETTERS:
            self.andon.tell("That is no name. Type a name or a user id, or scan a badge.", bad=True)
            return
        if line.asks_who:
            member = self.andon.reader.member(said.lower())
            self.andon.session.claimed = member.record if member else said
            self._enter(line.do, {}, typed=True)
        else:
            self._enter(line.do, self._typed(line, said), typed=True)

    def on_scanned(self, message: Scanned) -> None:
        """A badge answers who pressed; any code may be a sample's."""
        message.stop()
        field = self.query_one(Input)
        if self._asks is None:
            open_scanned(self.andon, message.code)
            return
        person = person_of(self.andon.reader, message.code)
        field.value = person if self._asks.asks_who and person else gs1_words(message.code) or message.code
        field.cursor_position = len(field.value)

    def on_key(self, event: Key) -> None:
        """Letters say nothing to a menu; whoever types some has not read it, and Enter behind them is no step done."""
        if not self._asks and event.character is not None and event.character.isalpha():
            self._quiet_since = self.andon.monotonic()
            if not self._warned:
                self._warned = True
                self.andon.tell("Letters choose nothing here: arrows or a digit, then Enter.")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it, and say how much room is left where it gets tight."""
        event.stop()
        if self._draft is not None and self._asks is not None:
            if event.value.strip():
                self._draft.keep(self._typed(self._asks, event.value))
            elif self._draft.kept:
                self._draft.end()
        self._question()

    def action_back(self) -> None:
        """Leave the question, then the screen; what was typed is a draft."""
        if self._draft is not None and self._draft.kept:
            self.andon.tell("Kept as a draft; Attention shows it.")
        if self._asks or self._choosing:
            self._choose(steps=False)
        else:
            self.andon.go_back()

    def _tick(self, step: str) -> None:
        """Note a step as done, if whoever pressed can have read it: a burst of Enter is no reading."""
        now = self.andon.monotonic()
        quick, self._quiet_since = now - self._quiet_since < SEEN_S, now
        if not quick:
            self._warned = False
            self._do(step)
        elif not self._warned:
            self._warned = True
            self.andon.tell("That was too quick to have read the step: do it, then press Enter once.")

    def _choose(self, *, steps: bool) -> None:
        """Show the steps to choose one, or what comes next."""
        self._choosing = steps
        self._ask(None)

    def _chosen(self, one: "Measure | None") -> None:
        self._choosing = False
        self._ask(None)
        comes = self._next_on(one.step) if one is not None and one.done else None
        if comes is not None:
            self._ask(self._lines.get(comes.spec.name), comes.given)
        elif one is not None:
            self._do(one.step)

    def _do(self, step: str) -> None:
        comes = self._next_on(step)
        if comes is not None:
            self._enter(comes.spec.name, comes.given)

    def _next_on(self, step: str) -> Begun | None:
        return next_on(self.andon.reader, self.andon.session, self.record, {STEP: step})

    def _typed(self, line: CardLine, said: str) -> dict[str, Any]:
        """What is typed here, as fields of the action that keeps it."""
        return {line.field: said, **self._part}

    def _enter(self, do: str, fields: Mapping[str, Any], *, typed: bool = False) -> None:
        """Enter it about the hold; what was typed stays until it is saved."""
        session, draft = self.andon.session, self._draft if typed else None
        if draft is not None and draft.kept and self._asks is not None:
            draft.keep(self._typed(self._asks, self.query_one(Input).value))  # theirs now, if it was nobody's

        def saved(done: Done) -> None:
            del done
            if draft is not None:
                draft.end()
            if typed and self.is_open and self._asks is not None and self._asks.do == do:
                self.andon.reading(self.reread)
                self._ask(None)

        seen, name = (draft.seen, draft.name) if draft is not None else (None, None)
        asked = Asked(do, self.record, {**session.says(), **fields}, session.person, seen=seen, draft=name)
        self.andon.perform(asked, saved)

    def _ask(self, what: CardLine | None, part: Mapping[str, Any] = _NOTHING) -> None:
        """Ask for a line of text about a part of the card, or about the whole; with None show the menu again.

        It may be typed in part already.
        """
        self._asks, self._part = what, part
        self._draft = Drafting(self.andon, what.do, self.record, part_named(part)) if what is not None else None
        field, menu = self.query_one(Input), self.query_one(Menu)
        with field.prevent(Input.Changed):
            field.value = str(self._draft.fields.get(what.field, "")) if what is not None and self._draft else ""
            field.cursor_position = len(field.value)
        field.placeholder = what.hint if what else ""
        field.display = self.query_one("#asked").display = what is not None
        menu.display = what is None
        self._question()
        self._card()
        if what is None:
            self._menu()
            menu.go_to(_BACK if self._choosing else self._due())
        (field if what is not None else menu).focus()

    def _question(self) -> None:
        asked, text = self._asks, ""
        if asked is not None:
            room = limit_of(asked.do, asked.field, self.query_one(Input).value)
            text = f"{asked.question} Then Enter; Enter alone says nothing.{room}"
        self.query_one("#asked", Static).update(content(text, "bold"))


def _about(one: Begun) -> str:
    """What is made, as a menu has it: "Open a deviation"."""
    return f"Open a {one.spec.kind.name if one.spec.kind else 'record'}"
