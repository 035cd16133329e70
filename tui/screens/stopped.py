"""After F2: what is held, how to make it safe, and what comes next. The hold is saved already."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.hostile import content
from tui.keys import binding
from tui.reader import Post
from tui.screens.page import Page
from tui.widgets.menu import Entry, Menu

RAISE, BOARD = "raise", "open"


class StoppedScreen(Page):
    """The hold that was just raised, and the steps that follow."""

    CSS_PATH = "stopped.tcss"
    HELP: ClassVar[str] = (
        "The hold is saved on this terminal and goes to both companies as soon as there is a network. Follow the"
        " containment card, then call ({call}). Whoever lifts the hold must sign; nobody can lift it by accident."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("back"),
    ]

    def __init__(self, record: str, done: int = 0) -> None:
        """Show a hold; so many steps of its card are done."""
        super().__init__()
        self.record = record
        self._card: list[str] = []
        self._post: Post | None = None
        self.done = done

    def body(self) -> Iterable[Widget]:
        """What is held, the card, what comes next."""
        yield VerticalScroll(Static(id="held"), Static(id="card"), can_focus=False)
        yield Menu(id="next")

    def on_mount(self) -> None:
        """Read the card of where it was stopped."""
        self._post = self.andon.reader.post()
        self._card = self.andon.reader.card(self.record)
        self._menu()

    def in_force(self) -> bool:
        """Whether the hold is in force, and on what this terminal stands beside now."""
        row = self.andon.reader.lists.row(self.record)
        return row is not None and row.columns.get("state") == "held" and self._post == self.andon.reader.post()

    def again(self, *, nobody: bool) -> "StoppedScreen | None":
        """It is not made safe yet, whoever is there."""
        del nobody
        return StoppedScreen(self.record, self.done) if self.in_force() else None

    def reread(self) -> None:
        """Say how far it is."""
        row = self.andon.reader.lists.row(self.record)
        state = str(row.columns.get("state") or "") if row else "held"
        names = self.andon.reader.names()
        on = names.whole(str(row.columns.get("on") or "")) if row else ""
        sync = {"local": "saved here, not sent yet", "in log": "in the log", "cosigned": "seen by both companies"}
        self.query_one("#held", Static).update(
            Content.assemble(
                Content.styled(f" {state.upper()} ", "$error reverse bold" if state == "held" else "reverse"),
                content(f" {on}", "bold"),
                content(f"\n{self.record}: {sync[row.sync] if row else 'saved'}"),
            )
        )
        self._draw()

    def _draw(self) -> None:
        if not self._card:
            self.query_one("#card", Static).update(content("No containment card is kept for this place."))
            return
        lines = [content("Make safe; Enter for each step done:", "bold")]
        for number, step in enumerate(self._card):
            mark = "x" if number < self.done else ">" if number == self.done else " "
            style = "$text-muted" if number < self.done else "bold" if number == self.done else ""
            lines.append(content(f"[{mark}] {step}", style))
        self.query_one("#card", Static).update(Content("\n").join(lines))

    def _menu(self) -> None:
        menu = self.query_one(Menu)
        entries = [
            Entry("call", "Call who is on call now"),
            Entry(RAISE, "Open a deviation for this hold"),
            Entry(BOARD, "Look at the hold"),
        ]
        if self.done < len(self._card):
            entries.insert(0, Entry("done", f"Done: {self._card[self.done]}"))
        menu.show(entries)
        menu.focus()

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        """Do what was chosen."""
        match message.key:
            case "done":
                self.done += 1
                self._menu()
                self._draw()
            case "call":
                self.andon.action_page("call")
            case "raise":
                self.andon.act("deviation.raise", "", {"hold": self.record})
            case _:
                self.andon.open_record(self.record)
