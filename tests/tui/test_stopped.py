"""After F2: the containment card, a step at a time, and what comes next."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tui.screens.form import FormScreen
from tui.screens.stopped import StoppedScreen

CARD = ["Close the valve", "Cover the vials", "Keep samples"]


@pytest.fixture
def place(firm: Firm) -> str:
    fields = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do("LYN1", "place.card", place, "anna", steps=CARD, reason="first card")
    firm.do("LYN1", "terminal.post", places=[place])
    return place


@sizes
@pytest.mark.usefixtures("place")
def test_it_leads_through_the_card(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert isinstance(app.screen, StoppedScreen)
        shown = text_of(app)
        assert "HELD" in shown
        assert "FILL-2 Filling line" in shown
        for step in CARD:
            assert step in shown
        await keys(pilot, "enter", "enter", "enter")
        assert "[x] Keep samples" in text_of(app)

    drive(app, script, size)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


@pytest.mark.usefixtures("place")
def test_it_opens_a_deviation_that_names_the_hold(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "3", "enter")
        assert isinstance(app.screen, FormScreen)
        held = firm.desks["LYN1"].store.lists.rows("hold")[0].record
        assert held in text_of(app)

    drive(app, script)


def test_a_terminal_without_a_post_asks_what_to_hold(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f2")
        assert isinstance(app.screen, FormScreen)
        assert "what is held" in text_of(app)

    drive(app, script)


@pytest.mark.usefixtures("place")
def test_pressing_in_fright_holds_once(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "f2", "f2")
        assert "HELD" in text_of(app)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1
