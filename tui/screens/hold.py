"""A hold: what it says, and how it was made safe, a line for each step of the containment card."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from tui.hostile import content
from tui.record_seen import RecordSeen
from tui.screens.record import RecordScreen, columns, facts
from tui.wording import Wording

if TYPE_CHECKING:
    from shared.terminal.containment import Measure


class HoldScreen(RecordScreen):
    """A hold."""

    def sections(self, found: RecordSeen, said: Wording) -> Iterator[Content]:
        """What every record says, with the steps that somebody has said something of in one list."""
        yield from columns(found, said)
        told = [one for one in self.andon.reader.containment(self.record).measures if one.at]
        if told:
            yield content("made safe:", "$accent")
        yield from (_measure(one, said) for one in told)
        yield from facts(found, said, frozenset({"safe", "made"}))


def _measure(one: "Measure", said: Wording) -> Content:
    """A step: its name, done or not and why not, by whom and when."""
    how = content("done", "$success") if one.done else content(f"NOT DONE: {one.undone}", "$warning bold")
    return Content.assemble(content(f"  - {one.step}: "), how, content(f", by {one.by}, {said.time(one.at)}"))
