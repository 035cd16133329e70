"""The first screen, nobody signed in: where this terminal stands, what is held, whom to call, for whom."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

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
from tui.hostile import content, line
from tui.keys import binding
from tui.screens.page import Page

_MOST_HOLDS = 5
_MOST_CALLS = 2
_BESIDE = 6
"""Columns beside the text: a number that would not fit stands on a line of its own, whole."""


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
        yield VerticalScroll(
            self.faults(),
            Static(id="post"),
            Static(id="holds"),
            Static(id="calls"),
            Static(id="patients"),
            self._about(),
            can_focus=False,
        )

    _expires: int | None = None
    """From when on somebody else may be on call (ms); None where nobody is shown."""

    def tick(self) -> None:
        """Show who is on call now when the shift has changed."""
        if self._expires is not None and self.andon.reader.desk.clock.now() >= self._expires:
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
        self.query_one("#post", Static).update(self._post())
        self.query_one("#holds", Static).update(self._holds())
        self.query_one("#calls", Static).update(self._calls())
        self.query_one("#patients", Static).update(self._patients())

    def _about(self) -> Static:
        """What is said of this terminal by whoever looks after it."""
        said = Static(content("".join(about(self.shell.home.path)[:1]), "$accent"), id="about")
        said.display = bool(said.content)
        return said

    def _post(self) -> Content:
        post = self.andon.reader.post()
        if not (post.places or post.batch):
            return content(
                self.andon.keyed("This terminal stands nowhere yet: {palette}, terminal post, says where."), "$warning"
            )
        lines = [content("  ".join(post.places), "bold")]
        if post.batch:
            lines.append(
                content(f"batch {post.batch}" + (f", step {post.step.rpartition('/')[2]}" if post.step else ""))
            )
        return Content("\n").join(lines)

    def _holds(self) -> Content:
        lists, names = self.andon.reader.lists, self.andon.reader.names()
        held: list[Listed] = lists.rows("hold", {"state": "held"}, limit=_MOST_HOLDS)
        if not held:
            return content("Nothing is held.", "$success")
        total = lists.count("hold", {"state": "held"})
        lines = [Content.styled(f" {total} IN FORCE ", "$error reverse bold")]
        for row in held:
            on = names.whole(str(row.columns.get("on") or ""))
            reason = str(row.columns.get("reason") or "") or self._since(row)
            lines.append(
                Content.assemble(
                    content(f" {on}  ", "bold"),
                    content(names.within(reason)[:200]),
                    content(f"  {row.record}", "$text-muted"),
                    content(f"  {row.sync}", "$warning" if row.sync == "local" else "$text-muted"),
                )
            )
        if total > len(held):
            lines.append(content(f" and {total - len(held)} more ({self.andon.keyed('{board}')})", "$text-muted"))
        return Content("\n").join(lines)

    def _since(self, row: Listed) -> str:
        at = row.columns.get("since")
        return f"since {self.andon.reader.desk.clock.at(at)[11:16]}" if isinstance(at, int) else ""

    def _calls(self) -> Content:
        return Content("\n").join(self._call_lines())

    def _call_lines(self) -> Iterator[Content]:
        key, self._expires = self.andon.keyed("{call}"), None
        if not self.andon.performer.ready:
            return  # some 100 ms later it is told
        try:
            made = self.andon.reader.calls()
        except (Refused, StoreError) as error:
            yield content(str(error), "$warning")
            return
        self._expires = made.expires
        yield content(f"On call now ({key} for all)", "$text-muted")
        for turn in made.turns[:_MOST_CALLS]:
            numbers = ", ".join(turn.each) or "no number here"
            who = f" {turn.callee.name}"
            beside = cell_len(line(f"{who}  {numbers}  {turn.callee.company}")) <= self.size.width - _BESIDE
            yield Content.assemble(
                content(who, "bold"),
                content(f"  {numbers}  {turn.callee.company}" if beside else f"  {turn.callee.company}\n   {numbers}"),
            )

    def _patients(self) -> Content:
        row = self.andon.reader.program()
        if row is None:
            return Content("")
        return content(f"{row.columns.get('title') or ''}. {row.columns.get('patients') or ''}".strip(". "), "italic")
