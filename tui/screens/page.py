"""What every screen has: the top line, its own body, the key bar."""

from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Event, Mount, Resize, ScreenResume
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.hostile import content, line
from tui.keys import binding
from tui.widgets.key_bar import KeyBar
from tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from tui.app import AndonApp
    from tui.shell import Shell

_BEGINS: Final = (Mount, Resize, ScreenResume)
"""What a screen is told when it opens."""


class Page(Screen[None], inherit_bindings=False):
    """A screen over the whole terminal. `body` gives its widgets, `reread` reads what they show after a change."""

    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    """What the screen is for, in a few plain lines, for F1."""
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("back"),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("ctrl+c", "how_to_leave", show=False),
    ]

    was_read: bool = False
    """Whether it has been read once: before that its widgets may not be there, and nobody asks it for anything."""

    private: ClassVar[bool] = False
    """Whether a password is typed here: with nobody there for too long it closes, also if nobody is signed in."""

    part_of: ClassVar[str] = ""
    """The named screen that it is a part of: that one's key does nothing here, and so loses nothing typed."""

    top_line: TopLine | None = None
    """Its first line, from when it is composed."""

    finished: bool = False
    """Whether what it was opened for is done: it closes when it is in front again."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As Textual's own, which paints the whole screen anew at each change; the two widgets paint themselves."""

    @property
    def andon(self) -> "AndonApp":
        """The app, with all that screens may ask of it."""
        return cast("AndonApp", self.app)

    @property
    def shell(self) -> "Shell":
        """The app, with what it has also where no program is open."""
        return cast("Shell", self.app)

    def compose(self) -> ComposeResult:
        """Top line, body, keys."""
        self.top_line = TopLine()
        yield self.top_line
        yield from self.body()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """Give the widgets between top line and keys."""
        return ()

    def faults(self) -> Static:
        """Give a widget for the first screen: what is wrong with this terminal's files, until it is mended."""
        shown = Static(content("\n".join(map(line, self.shell.faults)), "$text-error"), id="faults")
        shown.display = bool(self.shell.faults)
        return shown

    def reread(self) -> None:
        """Read anew what is shown: something was written."""

    def again(self, *, nobody: bool) -> "Page | None":
        """Give the same screen for whoever has just signed in, None if it closes; `nobody` was signed in before."""
        del nobody
        return None

    due: float = inf
    """From when on what it shows is otherwise by time alone, within a minute: ms since 1970 UTC."""

    def tick(self) -> None:
        """Count down what counts down; called each minute at least, each second once it is `due`. It hardly paints."""

    async def on_event(self, event: Event) -> None:
        """Give it no more to do, if it was closed before it was whole: its widgets may not be there, or not any more.

        A scan, a lock or an answer can close a screen within a turn of its being opened; so can the end of it all.
        """
        if isinstance(event, _BEGINS) and not (self.is_attached and self in self.app.screen_stack):
            return
        await super().on_event(event)

    @property
    def is_open(self) -> bool:
        """Whether it is still there: an answer may come after somebody has left, or locked."""
        return self in self.app.screen_stack and not self.finished

    def below(self) -> Screen[object] | None:
        """Give the screen over which this one was opened; None for the first."""
        under = [one for one in self.app.screen_stack if one is not self]
        stack = self.app.screen_stack
        return (stack[stack.index(self) - 1] if self in stack else under[-1]) if under else None

    def record_below(self) -> str:
        """Give the record that the screen below is about, "" for none; such a screen has it as `record`."""
        found = getattr(self.below(), "record", "")
        return found if isinstance(found, str) else ""

    def on_screen_resume(self) -> None:
        """Be up to date when the screen is shown again."""
        if self.finished:
            self.call_later(self.shell.go_back)
            return
        self.shell.reading(self._come_back)
        self.was_read = True

    def _come_back(self) -> None:
        self.shell.tell_top()
        self.reread()

    def action_how_to_leave(self) -> None:
        """Ctrl+C ends other programs: say what ends this one, unless nothing does."""
        if not self.andon.settings.kiosk:
            self.andon.tell(self.andon.keyed("{leave}, pressed twice, leaves the screens."))

    def action_back(self) -> None:
        """Go back."""
        self.shell.go_back()
