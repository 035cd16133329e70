"""A terminal with two programs: two firms, each with a log and a server of its own, that share one sponsor terminal.

The second firm has other people. One of them, `quin.b`, holds the key that `quin` has at the first one: the same person
under another id.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.terminal.desk import Desk
from shared.terminal.home import Home
from tests.terminal import firm as firms
from tests.terminal.firm import CHEAP, Firm
from tui.desk_app import DeskApp
from tui.fleet import Fleet
from tui.session import Session

CODE = "SPO1"
COMPANIES = [
    {"code": "cdmo", "name": "Basel Cells", "part": "cdmo"},
    {"code": "sponsor", "name": "Aster", "part": "sponsor"},
]


class Second(Firm):
    """A firm one of whose terminals takes part in another program already."""

    def __init__(self, folder: Path, shared: Home) -> None:
        self._shared = shared
        super().__init__(folder, product="Vector B")

    def _home(self, code: str) -> Home:
        if code != self._shared.code:
            return super()._home(code)
        self.homes[code] = self._shared
        return self._shared


class Two:
    """Both firms."""

    def __init__(self, first: Firm, second: Firm) -> None:
        self.first, self.second = first, second
        self.home = first.homes[CODE]

    def app(self, at: str = "", session: Session | None = None) -> DeskApp:
        """The desk of the shared terminal, without syncing."""
        fleet = Fleet(self.home, clock=self.first.hand.clock, costs=CHEAP, syncs=False)
        return DeskApp(fleet, at, session, at, monotonic=lambda: 0.0)

    def hold(self, firm: Firm, reason: str) -> str:
        """A hold at the line, that the shared terminal knows of."""
        held = firm.do("LYN1", "hold.stop", on=line(firm), reason=reason).record
        firm.sync()
        return held


def line(firm: Firm) -> str:
    """A filling line, made when it is first asked for."""
    with Desk.open(firm.homes["LYN1"]) as desk:
        known = desk.store.lists.rows("place", {"code": "FILL-2"})
    if known:
        return known[0].record
    fields = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}
    return firm.do("LYN1", "place.add", "", "anna", **fields).record


@pytest.fixture
def two(firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    people = {"quin.b" if one == "quin" else one: what for one, what in firms.PEOPLE.items()}
    with monkeypatch.context() as patched:
        patched.setattr(firms, "COMPANIES", COMPANIES)
        patched.setattr(firms, "PEOPLE", people)
        second = Second(tmp_path / "second", firm.homes[CODE])
    yield Two(firm, second)
    second.close()
