"""The keys that count on this screen, on one line. Textual's own Footer leaks (Textualize/textual, issue 6666)."""

from typing import Final, NamedTuple

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tui.keys import FEWER, key_name

FIRST: Final = ("stop", "call")
"""Commands that come first on every screen."""
BACK: Final = "back"
LAST: Final = ("lock", "palette", "help", "attention", "find", "board")
"""Commands of every screen, which stand behind the screen's own: those first that nobody should have to look for."""

HELP: Final = "help"
NEEDED: Final = frozenset({"lock", "palette", HELP})
"""Of these what stays longest: who is here, all that can be done, and what the keys are."""


class Key(NamedTuple):
    """One command on the line: its id, its key, its words, whether it can be used now, and fewer words."""

    id: str
    key: str
    words: str
    enabled: bool
    least: str

    @property
    def short(self) -> "Key":
        """With fewer words, and Ctrl as terminals write it."""
        return self._replace(words=self.least, key=self.key.replace("Ctrl+", "^"))

    @property
    def bare(self) -> "Key":
        """Without words."""
        return self.short._replace(words="")

    @property
    def said(self) -> str:
        """As it stands on the line."""
        return f" {self.key} {self.words}" if self.words else f" {self.key}"


class KeyBar(Widget):
    """Shows the bindings in force; grey ones cannot be used now. It is painted only when one of them changes."""

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self._shown: list[Key] = []
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._look()

    def render(self) -> RenderResult:
        """What there is room for."""
        parts: list[Content] = []
        for one in fitted(self._shown, self.size.width):
            parts += [
                Content(" "),
                Content.styled(one.key, "$accent bold" if one.enabled else "$text-disabled"),
                Content.styled(f" {one.words}" if one.words else "", "" if one.enabled else "$text-disabled"),
            ]
        return Content.assemble(*parts)

    def _changed(self, screen: Screen[object]) -> None:
        if screen.is_current:
            self._look()

    def _look(self) -> None:
        if not self.is_attached:
            return  # the screen was closed in the turn in which it was opened
        found: dict[str, Key] = {}
        for _, one, enabled, _tip in self.screen.active_bindings.values():
            if one.show and one.id and one.id not in found:
                least = FEWER.get(one.id, one.description)
                found[one.id] = Key(one.id, key_name(one.key), one.description, enabled, least)
        own = [one for one in found if one not in {*FIRST, *LAST, BACK}]
        shown = [found[one] for one in (*FIRST, *own, BACK, *LAST) if one in found]
        if shown != self._shown:
            self._shown = shown
            self.refresh()


def fitted(keys: list[Key], width: int) -> list[Key]:
    """Keys in fewer words, as many as fit into a width.

    First the commands of every screen lose their words, the last ones first; then the screen's own are said in short,
    and lose their words too where that keeps `NEEDED`; then the last keys are missed, help as the last of the others,
    for it tells of all of them. Those to stop, to call and to go back stay.
    """
    own, others = [one for one in keys if one.id not in LAST], [one for one in keys if one.id in LAST]
    for shown in (own, [one.short for one in own]):
        room = width - _width(shown)
        for count in range(len(others), -1, -1):
            for words in (others, [one.short for one in others]):
                rest = [*words[:count], *(one.bare for one in others[count:])]
                if _width(rest) <= room:
                    return [*shown, *rest]
    shown, rest = [one.short for one in own], [one.bare for one in others]
    needed = _width([one for one in rest if one.id in NEEDED])
    for place in range(len(shown) - 1, -1, -1):
        if _width(shown) + needed > width and shown[place].id not in FIRST:
            shown[place] = shown[place].bare
    while _width([*shown, *rest]) > width and (away := _first_missed(rest) or _first_missed(shown)):
        (rest if away in rest else shown).remove(away)
    return [*shown, *rest]


def _first_missed(keys: list[Key]) -> Key | None:
    """Which of some keys is missed before the others; None if all of them stay."""
    may = [one for one in keys if one.id not in {*FIRST, BACK}]
    return next((one for one in reversed(may) if one.id != HELP), may[0] if may else None)


def _width(keys: list[Key]) -> int:
    return sum(cell_len(one.said) for one in keys)
