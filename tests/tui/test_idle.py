"""The first screen: everything that somebody who passes must see, and F2 from it."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of


@sizes
def test_it_shows_where_it_stands_and_what_is_held(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    record = firm.do("LYN1", "hold.stop", reason="needle drips").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "FILL-2" in shown
        assert "needle drips" in shown
        assert record in shown
        assert "nobody signed in" in shown
        assert "F2 STOP" in shown.splitlines()[-1]

    drive(app, script, size)


@pytest.mark.requirement("A11-12")
def test_f2_holds_what_it_stands_beside(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert "HELD" in text_of(app)
        assert "FILL-2" in text_of(app)

    drive(app, script)
    held = firm.desks["LYN1"].store.lists.rows("hold", {"state": "held"})
    assert [row.columns["on"] for row in held] == ["FILL-2"]
