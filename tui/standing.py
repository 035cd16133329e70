"""How things stand with log and server: what the top line says, and when the server was heard last."""

from typing import Final

from shared.terminal.heard import last_heard
from shared.terminal.synced import Synced
from tui.reader import Reader
from tui.widgets.top_line import Top, heard, in_trouble

OFF_MS: Final = 60_000
"""From here on a clock that goes before or behind the server's is doubted; the top line says so."""


class Standing:
    """What is known of syncing since the screens were opened."""

    def __init__(self, reader: Reader) -> None:
        """Nothing is known yet but what the log says."""
        self._reader = reader
        self._synced: Synced | None = None
        self._changes = reader.changes()
        self._state = reader.state()
        self.heard_at = 0
        """When the server was heard, as last told by this: ms since 1970 UTC, 0 for never."""

    def note(self, synced: Synced) -> list[str]:
        """Take what a sync told; give what people must be told at once, in lines."""
        before, self._synced = self._synced, synced
        news = []
        if synced.refused:
            news.append("The server refused entries of this terminal; see Attention.")
        if synced.cloned and (before is None or before.cloned != synced.cloned):
            news.append(f"Two machines write under {', '.join(synced.cloned)}; see Attention.")
        return news

    def contact(self) -> str:
        """Give in words how old what is known here is, and whether the server answers; as the top line says it."""
        trouble, (since, _) = in_trouble(self._synced.state if self._synced else ""), self._heard()
        words = heard(since).words
        return f"{trouble}, last {words}" if trouble and since is not None else trouble or words

    def top(self, code: str, name: str) -> Top:
        """Give what the top line says; `name` is who is signed in, "" for nobody."""
        changes = self._reader.changes()
        if changes != self._changes:  # counting what is held takes a while
            self._changes, self._state = changes, self._reader.state()
        state, clock = self._state, self._reader.desk.clock
        now = clock.now()
        since, offset = self._heard()
        return Top(
            who=f"{code}  {name or 'nobody signed in'}",
            holds=state.holds,
            local=state.local,
            size=state.size,
            cosigned=state.cosigned,
            contact=heard(since),
            trouble=in_trouble(self._synced.state if self._synced else ""),
            urgent=state.urgent,
            doubted=abs(offset) > OFF_MS or state.received - now > OFF_MS,
            clock=clock.at(now)[11:16],
        )

    def _heard(self) -> tuple[int | None, int]:
        """How long ago the server was heard, ms, None for never; and by how much its clock was ahead then."""
        found = last_heard(self._reader.desk)
        self.heard_at = found.at if found else 0
        return (None, 0) if found is None else (max(self._reader.desk.clock.now() - found.at, 0), found.offset or 0)
