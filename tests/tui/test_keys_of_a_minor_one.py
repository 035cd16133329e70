"""A minor deviation from scan to saved takes at most 40 keys beside free text (domain.md 3, step 4).

Counted as a person presses them on a terminal at which nobody has signed in: signing in, all six screens of the call
sheet, the rating and its signature. Not counted are texts that say something (and passwords); a scan is one.
"""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tests.terminal import firm as firms
from tests.terminal.firm import Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, text_of, type_in
from tests.tui.test_scanned import STX, burst
from tui.app import AndonApp
from tui.screens.deviation import DeviationScreen
from tui.screens.form import FormScreen
from tui.screens.idle import IdleScreen
from tui.screens.page import Page
from tui.screens.record import RecordScreen
from tui.screens.sheet import SheetScreen, steps_of
from tui.screens.stopped import StoppedScreen
from tui.widgets.form import Form
from tui.widgets.menu import Menu

MOST = 40
CARD = ["Stop the infeed", "Lift the needles", "Keep samples"]


class Hands:
    """Presses keys and counts them."""

    def __init__(self, app: AndonApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.pressed: list[str] = []

    async def press(self, *which: str) -> None:
        self.pressed += which
        await self.pilot.press(*which)
        await settle(self.pilot)

    async def scan(self, code: str) -> None:
        self.pressed.append(f"scan {code}")
        await burst(self.pilot, STX, *code, "enter")

    async def free(self, text: str) -> None:
        """Type what cannot be shorter; it is not counted."""
        await type_in(self.pilot, text)
        await settle(self.pilot)

    async def choose(self, words: str) -> None:
        """Choose a line of a menu by its number."""
        menu = self.app.screen.query_one(Menu)
        (at,) = (number for number, one in enumerate(menu._entries, 1) if words in one.words)
        assert at <= 9
        await self.press(str(at), "enter")


async def by_stop(hands: Hands) -> None:
    """F2 at the post."""
    await hands.press("f2")
    assert isinstance(hands.app.screen, StoppedScreen)


async def by_scan(hands: Hands) -> None:
    """The label of the equipment."""
    await hands.scan("FILL-2")
    assert isinstance(hands.app.screen, RecordScreen)


async def raise_at_stop(hands: Hands) -> None:
    """Behind the containment card."""
    assert isinstance(hands.app.screen, StoppedScreen), "whoever signs in is shown the hold again"
    await hands.choose("Open a deviation")


async def raise_at_place(hands: Hands) -> None:
    """From what can be done with the place, which is still there."""
    assert isinstance(hands.app.screen, RecordScreen), "whoever looks and signs in goes on looking"
    await hands.press("f8")
    await hands.choose("deviation raise")


def shows(app: AndonApp, screen: type[Page]) -> bool:
    return isinstance(app.screen, screen)


Way = Callable[[Hands], Awaitable[None]]


@pytest.mark.parametrize("person", ["emil.roux"])  # a long id
@pytest.mark.parametrize("way", [(by_stop, raise_at_stop), (by_scan, raise_at_place)], ids=["stop", "scan"])
def test_from_scan_to_saved_in_forty_keys(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, way: tuple[Way, Way], person: str
) -> None:
    begins, raises = way
    if person not in firms.PEOPLE:
        monkeypatch.setitem(firms.PEOPLE, person, ("cdmo", ["supervisor"]))
        firm._member(person)
    fields = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do("LYN1", "place.card", place, "anna", steps=CARD, reason="first card")
    firm.do("LYN1", "terminal.post", places=[place])
    app = open_app()
    pressed: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        hands = Hands(app, pilot)
        await settle(pilot)
        assert shows(app, IdleScreen)
        assert app.session.person == ""
        await begins(hands)
        await hands.press("f12", *("full_stop" if one == "." else one for one in person), "enter")
        await hands.free(password(person).reveal())
        await hands.press("enter")
        assert app.session.person == person
        await raises(hands)
        assert shows(app, FormScreen)
        await hands.free("vial tilted")
        await hands.press("f10")
        assert shows(app, SheetScreen), text_of(app)
        await sheet(hands)
        assert shows(app, FormScreen), text_of(app)
        assert getattr(app.screen, "do", "") == "deviation.rate"
        await hands.press("1", "enter")
        await hands.free("no contact with product")
        await hands.press("f10")
        await hands.free(password(person).reveal())
        await hands.press("enter")
        assert shows(app, DeviationScreen), text_of(app)
        pressed.extend(hands.pressed)

    drive(app, script)
    store = firm.desks["LYN1"].store
    (row,) = store.lists.rows("deviation")
    assert (row.columns["criticality"], row.columns["proposed"]) == ("minor", "minor")
    done = {one.do for one in store.lists.trail(row.record)}
    assert done >= {*steps_of("DEV-LYN1-1"), "deviation.raise", "deviation.rate"}, done
    assert len(pressed) <= MOST, f"{len(pressed)}: {' '.join(pressed)}"


async def sheet(hands: Hands) -> None:
    """All six screens, each with what it needs at the least."""
    app = hands.app
    for said in ("tilted, taken out", "go on without the vial", "nothing", "supervisor, then QA", "QA on call"):
        await hands.free(said)
        await hands.press("f10")
    assert shows(app, SheetScreen), text_of(app)
    answers = [field for field in app.screen.query_one(Form).fields if field.asked["type"] in {"choice", "yes or no"}]
    for _ in answers:
        await hands.press("1", "enter")
    if isinstance(app.screen, SheetScreen):
        await hands.press("f10")
