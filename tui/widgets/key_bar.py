"""The keys that count on this screen, on one line. Textual's own Footer leaks (Textualize/textual, issue 6666)."""

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tui.keys import key_name

FIRST = ("stop", "call")
"""Commands that are shown on every screen, however little room there is."""


class KeyBar(Widget):
    """Shows the bindings in force; grey ones cannot be used now. It is painted only when one of them changes."""

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self._shown: list[tuple[str, str, bool]] = []
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.call_after_refresh(self._look)

    def render(self) -> RenderResult:
        """As many as there is room for."""
        parts: list[Content] = []
        width = 0
        for key, words, enabled in self._shown:
            width += cell_len(f" {key} {words}")
            if width > self.size.width:
                break
            parts += [
                Content(" "),
                Content.styled(key, "$accent bold" if enabled else "$text-disabled"),
                Content.styled(f" {words}", "" if enabled else "$text-disabled"),
            ]
        return Content.assemble(*parts)

    def _changed(self, screen: Screen[object]) -> None:
        if screen.is_current:
            self._look()

    def _look(self) -> None:
        if not self.is_attached:
            return  # the screen was closed in the turn in which it was opened
        found: dict[str, tuple[str, str, bool]] = {}
        for _, one, enabled, _tip in self.screen.active_bindings.values():
            if one.show and one.id and one.id not in found:
                found[one.id] = (key_name(one.key), one.description, enabled)
        first = [found.pop(one) for one in FIRST if one in found]
        shown = [*first, *found.values()]
        if shown != self._shown:
            self._shown = shown
            self.refresh()
