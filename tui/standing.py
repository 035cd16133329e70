"""How things stand with log and server: what the top line says, and when the server was heard last."""

from typing import Final

from shared.terminal.synced import IN_LOG, WAITING, Synced
from tui.reader import Reader
from tui.widgets.top_line import Top, ago, in_trouble

_HEARD: Final = frozenset({IN_LOG, WAITING})


class Standing:
    """What is known of syncing since the screens were opened."""

    def __init__(self, reader: Reader) -> None:
        """Nothing is known yet but what the log says."""
        self._reader = reader
        self._synced: Synced | None = None
        self._heard = 0
        self._changes = reader.changes()
        self._state = reader.state()

    def note(self, synced: Synced) -> list[str]:
        """Take what a sync told; give what people must be told at once, in lines."""
        before, self._synced = self._synced, synced
        if synced.state in _HEARD:
            self._heard = self._reader.desk.clock.now()
        news = []
        if synced.refused:
            news.append("The server refused entries of this terminal; see Attention.")
        if synced.cloned and (before is None or before.cloned != synced.cloned):
            news.append(f"Two machines write under {', '.join(synced.cloned)}; see Attention.")
        return news

    def contact(self) -> str:
        """Give in words how old what is known here is, and whether the server answers; as the top line says it."""
        trouble, since = in_trouble(self._synced.state if self._synced else ""), self._since()
        return f"{trouble}, last {ago(since)}" if trouble and since is not None else trouble or ago(since)

    def _since(self) -> int | None:
        """How long ago the server was heard, ms; None for never."""
        contact = max(self._heard, self._state.received)
        return max(self._reader.desk.clock.now() - contact, 0) if contact else None

    def top(self, code: str, name: str) -> Top:
        """Give what the top line says; `name` is who is signed in, "" for nobody."""
        changes = self._reader.changes()
        if changes != self._changes:  # counting what is held takes a while, and this is asked each second
            self._changes, self._state = changes, self._reader.state()
        state, clock = self._state, self._reader.desk.clock
        now = clock.now()
        return Top(
            who=f"{code}  {name or 'nobody signed in'}",
            holds=state.holds,
            local=state.local,
            contact=ago(self._since()),
            trouble=in_trouble(self._synced.state if self._synced else ""),
            clock=clock.at(now)[11:16],
        )
