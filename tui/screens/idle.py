"""The first screen, nobody signed in: where this terminal stands, what is held, whom to call, for whom."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shared.store.errors import StoreError
from shared.store.lists import Listed
from shared.terminal.refusal import Refused
from tui.about import about
from tui.cutting import cut, hung
from tui.hostile import content, line
from tui.keys import binding
from tui.screens.page import Page

if TYPE_CHECKING:
    from shared.terminal.calling import CallList, Turn

_MOST_HOLDS = 5
_MOST_CALLS = 2
_PATIENTS = 2
"""Lines that are kept for the patients before holds take them, where there is room for both."""
_WHY = 12
"""Columns from which on it is worth beginning to say why somebody is on call."""
_MARGINS = 4
"""Columns left and right of the text."""


class Floor(VerticalScroll, can_focus=False):
    """What is on the first screen; a line that is told above the keys takes some of its room."""

    def on_resize(self) -> None:
        """Fit the room."""
        if isinstance(self.screen, IdleScreen) and self.screen.was_read:
            self.screen.fit()


class IdleScreen(Page):
    """What anybody who passes must see."""

    CSS_PATH = "idle.tcss"
    HELP: ClassVar[str] = (
        "What this terminal stands beside, what is held there and elsewhere, and who is on call now. Nobody has to sign"
        " in to stop, to call, or to look. {stop} holds what this terminal stands beside, at once."
    )
    BINDINGS: ClassVar[list[BindingType]] = [binding("back", "to_desk")]

    def body(self) -> Iterable[Widget]:
        """The post, the holds, the calls, the patients."""
        yield Floor(
            self.faults(),
            Static(id="post"),
            Static(id="holds"),
            Static(id="calls"),
            Static(id="patients"),
            self._about(),
        )

    _made: "CallList | None" = None
    """Who is on call; None where nobody is shown."""
    _no_calls: str = ""
    _held: Sequence[Listed] = ()
    _total: int = 0

    def tick(self) -> None:
        """Show who is on call now when the shift has changed."""
        if self._made is not None and self.andon.reader.desk.clock.now() >= self._made.expires:
            self.reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Behind this screen there is nothing but the desk, and that only where there are several programs."""
        del parameters
        return action not in {"back", "to_desk"} or self.andon.has_desk

    def action_to_desk(self) -> None:
        """Go to the desk, unless somebody is signed in here, and may only have gone back once too often."""
        if self.andon.session.person:
            self.andon.tell(self.andon.keyed("{desk} goes to the desk, and signs you out here."))
        else:
            self.andon.action_desk()

    def reread(self) -> None:
        """Read all of it."""
        lists = self.andon.reader.lists
        self._held = lists.rows("hold", {"state": "held"}, limit=_MOST_HOLDS)
        self._total = lists.count("hold", {"state": "held"}) if self._held else 0
        self._read_calls()
        self.fit()

    def fit(self) -> None:
        """Put it into the room that there is: whom to call and for whom stand there, however much is held."""
        floor = self.query_one(Floor)
        width, height = self.size.width - _MARGINS, floor.size.height or self.size.height - 2
        post, calls, patients = self._post(width), [*self._calls(width)], hung("", self._patients(), width)
        others = [self.query_one(name, Static) for name in ("#faults", "#about")]
        said = [hung("", one, width) for each in others if each.display for one in str(each.content).split("\n")]
        needed = len(post) + len(calls) + sum(map(len, said))
        gaps = 2 + bool(calls) + bool(patients[0]) + sum(each.display for each in others)
        wished, least = self._lines_of_holds(_MOST_HOLDS), self._lines_of_holds(1)
        tight = needed + gaps + least + 1 > height
        room = height - needed - (0 if tight else gaps)
        for_patients = min(len(patients), _PATIENTS, max(room - least, 1))
        for_holds = min(wished, max(room - for_patients, least))
        for_patients = min(len(patients), max(room - for_holds, for_patients))
        floor.set_class(tight, "tight")
        shown = {
            "#post": post,
            "#holds": self._holds(for_holds, width),
            "#calls": calls,
            "#patients": [content(one, "italic") for one in shortened(patients, for_patients, width)],
        }
        for name, lines in shown.items():
            static, text = self.query_one(name, Static), Content("\n").join(lines)
            if not (isinstance(static.content, Content) and text.is_same(static.content)):  # else all is laid out anew
                static.update(text)
            static.display = bool(lines)

    def _about(self) -> Static:
        """What is said of this terminal by whoever looks after it."""
        said = Static(content("".join(about(self.shell.home.path)[:1]), "$accent"), id="about")
        said.display = bool(said.content)
        return said

    def _post(self, width: int) -> list[Content]:
        post = self.andon.reader.post()
        if not (post.places or post.batch):
            nowhere = self.andon.keyed("This terminal stands nowhere yet: {palette}, terminal post, says where.")
            return [content(one, "$warning") for one in hung("", nowhere, width)]
        step = f", step {post.step.rpartition('/')[2]}" if post.step else ""
        lines = [content(cut(line("  ".join(post.places)), width), "bold")]
        return [*lines, content(cut(line(f"batch {post.batch}{step}"), width))] if post.batch else lines

    def _lines_of_holds(self, most: int) -> int:
        """How many lines so many holds take, with their heading, and what says that there are more."""
        shown = min(most, len(self._held))
        return 1 + shown + (self._total > shown)

    def _holds(self, lines: int, width: int) -> Iterator[Content]:
        """The holds in so many lines, one each: a longer reason is cut."""
        if not self._held:
            yield content("Nothing is held.", "$success")
            return
        yield Content.styled(f" {self._total} IN FORCE ", "$error reverse bold")
        most = max(one for one in range(1, len(self._held) + 1) if one == 1 or self._lines_of_holds(one) <= lines)
        for row in self._held[:most]:
            yield self._hold(row, width)
        if self._total > most:
            more = self.andon.keyed(f"and {self._total - most} more ({{board}})")
            yield content(f" {more}", "$text-muted")

    def _hold(self, row: Listed, width: int) -> Content:
        names = self.andon.reader.names()
        record, sync = f"  {row.record}", f"  {row.sync}"
        room = width - cell_len(record) - cell_len(sync) - 1
        reason = line(names.within(str(row.columns.get("reason") or "") or self._since(row)))
        on = line(names.whole(str(row.columns.get("on") or "")))
        on = cut(on, max(room - 2 - cell_len(reason), room // 2))
        return Content.assemble(
            content(f" {on}", "bold"),
            content(f"  {cut(reason, room - cell_len(on) - 2)}"),
            content(record, "$text-muted"),
            content(sync, "$warning" if row.sync == "local" else "$text-muted"),
        )

    def _since(self, row: Listed) -> str:
        at = row.columns.get("since")
        return f"since {self.andon.reader.desk.clock.at(at)[11:16]}" if isinstance(at, int) else ""

    def _read_calls(self) -> None:
        self._made, self._no_calls, self.due = None, "", inf
        if not self.andon.performer.ready:
            return  # some 100 ms later it is told
        try:
            self._made = self.andon.reader.on_call()
            self.due = self._made.expires
        except (Refused, StoreError) as error:
            self._no_calls = str(error)

    def _calls(self, width: int) -> Iterator[Content]:
        """Who is on duty now for what this post needs; whether they have been called about anything is F3's matter."""
        if self._made is None:
            yield from (content(one, "$warning") for one in hung("", self._no_calls, width) if one)
            return
        turns = self._made.turns
        on_duty = [one for one in turns if one.callee.tier] if turns[0].callee.tier else []
        head = "" if on_duty else ": nobody; first to call" if turns[0].callee.contact else ": nobody"
        yield content(self.andon.keyed(f"On call now ({{call}} for all){head}"), "$text-muted")
        for turn in (on_duty or turns)[:_MOST_CALLS]:
            yield from _called(turn, width)

    def _patients(self) -> str:
        row = self.andon.reader.program()
        return line(f"{row.columns['title'] or ''}. {row.columns['patients'] or ''}".strip(". ")) if row else ""


def _called(turn: "Turn", width: int) -> Iterator[Content]:
    """Somebody on call: beside each other, or the numbers, whole, on lines of their own."""
    one = turn.callee
    if not one.contact:
        yield from map(content, hung(" ", line(one.why), width))
        return
    numbers = line(", ".join(turn.each)) or "no number here"
    who, beside = f" {line(one.name)}", f"  {numbers}  {line(one.company)}"
    rest, why = width - cell_len(who) - cell_len(beside), f"  {line(one.why)}"
    if rest >= 0:
        beside += cut(why, rest) if rest >= min(_WHY, cell_len(why)) else ""
        yield Content.assemble(content(who, "bold"), content(beside))
        return
    yield content(cut(f"{who}  {line(one.company)}", width), "bold")
    yield from map(content, hung("   ", numbers, width))


def shortened(lines: list[str], most: int, width: int) -> list[str]:
    """A wrapped text in at most so many lines; the last one says that there is more of it."""
    if len(lines) <= most:
        return [one for one in lines if one]
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width)]
