"""F8: what can be done with a record, and the records that are linked to it; what cannot be done now says why."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.fold.joint import VERBS
from shared.terminal.blind import RATE
from tui.card_lines import card_lines
from tui.hostile import content
from tui.listing import is_over
from tui.offered import told
from tui.possible import Possible, possible
from tui.record_seen import RecordSeen, seen
from tui.screens.page import Page
from tui.screens.sheet import SheetScreen, steps_of
from tui.screens.stopped import StoppedScreen
from tui.widgets.menu import Entry, Menu
from tui.wording import Wording, plain

SHEET: Final = "sheet"
_CARD: Final = "card"
_OPEN: Final = "open "


class ActionsScreen(Page):
    """The menu."""

    CSS_PATH = "actions.tcss"
    HELP: ClassVar[str] = (
        "What can be done with this record. What has a - before it cannot be done now; it says why, and the lines below"
        " say all of it. Nothing happens before you save or sign what comes next. Below: records that are linked to it."
    )

    def __init__(self, record: str, part: Mapping[str, str] | None = None) -> None:
        """Offer what can be done with a record; `part` names which part of it is meant, such as one step."""
        super().__init__()
        self._about = record
        self._part = dict(part or {})
        self._offered: dict[str, Possible] = {}

    @property
    def record(self) -> str:
        """The record that this is about."""
        return self._about

    def body(self) -> Iterable[Widget]:
        """What it is about, the menu, more about what is under the cursor."""
        yield Static(id="head")
        yield Menu(id="actions")
        yield Static(id="more")

    def on_mount(self) -> None:
        """Begin in the menu."""
        self.query_one(Menu).focus()

    def reread(self) -> None:
        """Judge anew what can be done."""
        reader, session = self.andon.reader, self.andon.session
        found, said = seen(reader, session, self._about), Wording(reader)
        title = said.title(found.row) if found.row else "proposed"
        by = f"as {session.name}" if session.person else "nobody signed in: a signature asks who signs"
        self.query_one("#head", Static).update(
            Content.assemble(
                content(f"{said.record(self._about)}  {title}", "bold"), content(f"\n({by})", "$text-muted")
            )
        )
        self.query_one(Menu).show([*self._entries(found, said)])
        self._more()

    def on_menu_moved(self) -> None:
        """Say more about what is under the cursor."""
        self._more()

    def on_menu_refused(self, message: Menu.Refused) -> None:
        """Say why not."""
        self.andon.tell(message.why, bad=True)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Begin it in the place of this menu."""
        andon = self.andon
        andon.go_back()
        if message.key == SHEET:
            andon.push_screen(SheetScreen(self._about))
        elif message.key == _CARD:
            andon.push_screen(StoppedScreen(self._about))
        elif message.key.startswith(_OPEN):
            andon.open_record(message.key.removeprefix(_OPEN))
        else:
            one = self._offered.get(message.key)
            if one is None:  # news came between the key and this
                andon.tell("It cannot be done any more; look again.", bad=True)
                return
            andon.act(one.do, one.record, one.given)

    def _entries(self, found: RecordSeen, said: Wording) -> Iterator[Entry]:
        """What waits for a second person, the call sheet, what else can be done, links; then what cannot be done."""
        session, row = self.andon.session, found.row
        waiting = {one.proposed.entry: one.sentence for one in found.waiting}
        going = row is not None and not is_over(row)
        sheet, card = (steps_of(self._about), card_lines(self._about)) if going else ({}, {})
        self._offered = {}
        spoken: list[Entry] = []
        able: list[Entry] = []
        broken: list[Entry] = []
        grey: list[Entry] = []
        for one in possible(self.andon.reader, session, self._about, self._part):
            if (one.do in VERBS and not one.given) or one.do in sheet or one.do in card:
                continue  # that nothing waits need not be said of every record; and sheet and card ask the rest
            if one.do in VERBS and not session.person:
                one = one._replace(why_not="")  # noqa: PLW2901 - whoever signs is judged then
            settles = settled(found, session.person) if one.do == RATE else []
            given = {**one.given, **({"settles": settles} if settles else {})}
            entry = self._entry(one._replace(given=given), waiting, said)
            (grey if entry.why_not else spoken if one.do in VERBS else broken if one.but else able).append(entry)
        yield from spoken
        if card:
            yield Entry(_CARD, "Make safe: the containment card, what is wrong, samples, who pressed")
        if sheet:
            yield Entry(SHEET, "Call sheet: talk it through, six short screens")
        yield from able
        yield from broken
        for kind, other in found.links:
            words = f"Open the {kind} {said.record(other.record)}: {other.columns.get('state')}, {said.title(other)}"
            yield Entry(f"{_OPEN}{other.record}", words)
        yield from grey

    def _entry(self, one: Possible, waiting: dict[str, str], said: Wording) -> Entry:
        of = str(one.given.get("of") or "")
        key = f"{one.do} {one.record} {' '.join(map(str, one.given.values()))}"
        self._offered[key] = one
        if of in waiting:
            return Entry(key, f"{VERBS[one.do].capitalize()}: {said.text(waiting[of])}", one.why_not)
        first = one.words.partition(". ")[0].rstrip(".")
        if one.given.get("settles"):
            first = "Settles the ratings that you have seen, by a new one"
        return Entry(key, f"{first}{' (needs a reason)' if one.but else ''}  {plain(one.do)}", one.why_not)

    def _more(self) -> None:
        one = self._offered.get(self.query_one(Menu).key)
        self.query_one("#more", Static).update(told(one, self.andon.session.person) if one else Content(""))


def settled(found: RecordSeen, person: str) -> list[str]:
    """The entries of ratings that a new one of this person's settles: all that differ, or their own.

    Nobody can be asked to type an entry's id. What is hidden from them they do not settle.
    """
    if found.blind:
        return []
    if any(one.fact == "rating" for one in found.contests):
        return [one.entry for one in found.ratings]
    return [one.entry for one in found.ratings if one.person == person]
