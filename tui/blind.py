"""What is hidden from who is signed in at the screens; see `shared.terminal.blind`."""

from shared.terminal.blind import Blind
from tui.reader import Reader


def blinded(reader: Reader, person: str, roles: frozenset[str]) -> Blind:
    """Hide from a person with these roles, "" for nobody signed in."""
    desk = reader.desk
    return Blind(reader.store, desk.code, person, roles, desk.clock.now())
