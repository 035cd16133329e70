"""What every screen has: the top line, its own body, the key bar."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from tui.keys import binding
from tui.widgets.key_bar import KeyBar
from tui.widgets.top_line import TopLine

if TYPE_CHECKING:
    from tui.app import AndonApp


class Page(Screen[None], inherit_bindings=False):
    """A screen over the whole terminal. `body` gives its widgets, `reread` reads what they show after a change."""

    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    """What the screen is for, in a few plain lines, for F1."""
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("back", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("ctrl+c", "how_to_leave", show=False),
    ]

    was_read: bool = False
    """Whether it has been read once: before that its widgets may not be there, and nobody asks it for anything."""

    private: ClassVar[bool] = False
    """Whether a password is typed here: with nobody there for too long it closes, also if nobody is signed in."""

    finished: bool = False
    """Whether what it was opened for is done: it closes when it is in front again."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """As Textual's own, which paints the whole screen anew at each change; the two widgets paint themselves."""

    @property
    def andon(self) -> "AndonApp":
        """The app, with all that screens may ask of it."""
        return cast("AndonApp", self.app)

    def compose(self) -> ComposeResult:
        """Top line, body, keys."""
        yield TopLine()
        yield from self.body()
        yield KeyBar()

    def body(self) -> Iterable[Widget]:
        """Give the widgets between top line and keys."""
        return ()

    def reread(self) -> None:
        """Read anew what is shown: something was written."""

    def tick(self) -> None:
        """Count down what counts down; called each second, and hardly ever paints."""

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
            self.call_later(self.andon.go_back)
            return
        self.andon.reading(self._come_back)
        self.was_read = True

    def _come_back(self) -> None:
        self.andon.tell_top()
        self.reread()

    def action_how_to_leave(self) -> None:
        """Ctrl+C ends other programs: say what ends this one, unless nothing does."""
        if not self.andon.settings.kiosk:
            self.andon.tell(self.andon.keyed("{leave}, pressed twice, leaves the screens."))

    def action_back(self) -> None:
        """Go back."""
        self.andon.go_back()
