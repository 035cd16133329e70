"""The first screen: everything that somebody who passes must see, and F2 from it."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tui.reader import Reader


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


def contact(firm: Firm, name: str, tier: int = 0, numbers: str = "+33 6 12 34 56 78", **turn: object) -> str:
    """Somebody in the call tree; on duty for filling from now on if there is a tier."""
    start = firm.desks["LYN1"].clock.at(firm.hand.now)
    fields = {"name": name, "numbers": numbers, "company": "cdmo", "start": start}
    record = firm.do("LYN1", "contact.set", "", "sven", **fields, expertise=["filling"]).record
    if tier:
        cover = {"contact": record, "company": "cdmo", "tier": tier, "expertise": "filling", "start": start, **turn}
        firm.do("LYN1", "cover.set", "", "sven", **cover)
    return record


@pytest.fixture
def suite(firm: Firm) -> str:
    """A suite that needs somebody who knows filling; this terminal stands there."""
    fields = {"code": "F-9", "sort": "suite", "name": "Fill suite", "site": "Lyon", "expertise": "filling"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do("LYN1", "terminal.post", places=[place])
    return place


@pytest.fixture
def for_children(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says at length whom the product is for."""
    program = firm.desks["LYN1"].store.lists.row("PROGRAM")
    assert program is not None
    patients = "For children with a rare disease of the liver, who have nothing else; " * 4
    told = program._replace(columns={**program.columns, "patients": patients})
    monkeypatch.setattr(Reader, "program", lambda _: told)


@sizes
@pytest.mark.parametrize("holds", [1, 4, 7])
@pytest.mark.usefixtures("for_children")
def test_whom_to_call_and_for_whom_stand_there_whatever_is_held(
    firm: Firm, open_app: Opened, suite: str, size: tuple[int, int], holds: int
) -> None:
    contact(firm, "Emil Roux", 1)
    contact(firm, "Night engineering desk of the whole site", 2, "+33 6 98 76 54 32, +33 1 22 33 44 55 ext. 4411")
    reason = "the needle drips on the vials and the pressure falls whenever the pump begins to work, " * 2
    for number in range(holds):
        firm.do("LYN1", "hold.stop", on=suite, reason=f"{number} {reason}"[:140])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for told in (False, True):
            shown = text_of(app)
            lines = shown.splitlines()
            assert "F-9 Fill suite" in lines[2] if not told else shown
            assert f"\n   {holds} IN FORCE" in shown
            assert "On call now (F3 for all)" in shown
            assert "Emil Roux  +33 6 12 34 56 78" in shown
            assert "+33 6 98 76 54 32, +33 1 22 33 44 55 ext. 4411" in shown
            assert "Antibody A. For children" in shown
            assert shown.index("F-9") < shown.index("IN FORCE\n") < shown.index("On call") < shown.index("Antibody")
            held = [one for one in lines if "HLD-LYN1-" in one]
            assert len(held) == min(holds, 5) or f"and {holds - len(held)} more (F4)" in shown
            assert size[0] > 150 or all("~" in one for one in held), "a reason that is cut says so"
            assert sum("needle" in one or "vials" in one for one in lines) <= len(held), "and has one line"
            app.tell("Saved: it is so.")
            await pilot.pause(0.05)

    drive(app, script, size)


@sizes
@pytest.mark.usefixtures("suite")
def test_who_has_answered_before_is_on_call_still(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    emil, desk = contact(firm, "Emil Roux", 1), contact(firm, "Night desk", 2)
    contact(firm, "Grace Okafor")
    hold = firm.do("LYN1", "hold.stop", reason="drips").record
    firm.do("LYN1", "call.log", hold, contact=emil, outcome="answered", name="Emil Roux")
    firm.do("LYN1", "call.log", hold, contact=desk, outcome="no answer")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert shown.index("On call now") < shown.index("Emil Roux") < shown.index("Night desk")
        assert "Grace Okafor" not in shown, "she knows filling, and is not on duty"

    drive(app, script, size)


@pytest.mark.usefixtures("suite")
def test_with_nobody_on_duty_it_says_so(firm: Firm, open_app: Opened) -> None:
    contact(firm, "Grace Okafor")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "On call now (F3 for all): nobody; first to call" in shown
        assert "Grace Okafor  +33 6 12 34 56 78  cdmo  nobody covers" in shown

    drive(app, script)


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
