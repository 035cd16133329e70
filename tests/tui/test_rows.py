"""What rows tell in every width, and what came in while somebody looks at a list of one record's."""

import pytest
from textual.pilot import Pilot

from shared.terminal.times import moment
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of
from tests.tui.records import deviation, gate, lead, signed_in
from tui.app import AndonApp
from tui.screens.gate import GateScreen
from tui.screens.trail import TrailScreen
from tui.widgets.record_table import RecordTable


def line(app: AndonApp, part: str) -> str:
    return next(one for one in text_of(app).splitlines() if part in one)


def spoiling(firm: Firm) -> str:
    """A deviation that is critical, of what spoils in two hours."""
    record, _ = deviation(firm)
    clock = firm.desks["LYN1"].clock
    by = clock.at(clock.now() + 2 * 3_600_000)
    firm.do("LYN1", "deviation.urgency", record, spoils="thawed cells", by_time=by)
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="critical", reason="glass")
    return record


@pytest.mark.parametrize(
    ("width", "wanted"),
    [(60, "[critical, SPOILS 14:"), (80, "[SPOILS 14:"), (200, "Pressure over the limit")],
)
def test_what_must_not_be_missed_stands_before_the_title(
    firm: Firm, open_app: Opened, width: int, wanted: str
) -> None:  # fmt: skip
    record = spoiling(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        told = line(app, record)
        assert wanted in told
        assert "critical" in told
        assert ("[" in told) == (width < 200)
        await keys(pilot, "f6")
        assert "SPOILS 14:" in line(app, record)
        assert "local" in line(app, record)
        if width >= 80:
            firm.do("LYN1", "deviation.rate", record, "quin", criticality="major", reason="one vial")
            await keys(pilot, "f5")
            assert "[SPOILS 14:" in line(app, "CONTESTED DEV")
            assert line(app, "CONTESTED DEV").endswith("local")

    drive(app, script, (width, 24))


def test_what_spoils_another_day_says_the_day(firm: Firm) -> None:
    from tui.listing import until_of  # noqa: PLC0415 - what is tested alone

    record = spoiling(firm)
    desk = firm.desks["LYN1"]
    row = desk.store.lists.row(record)
    assert row is not None
    at = moment("2026-11-20 07:30", desk.clock, desk.clock.now())
    now = desk.clock.at(desk.clock.now())
    assert until_of(row._replace(columns={**row.columns, "spoils": at}), desk.clock, now) == "SPOILS 20 Nov"
    assert until_of(row._replace(columns={**row.columns, "state": "closed"}), desk.clock, now) == ""


def test_an_answer_of_somebody_else_is_marked_on_a_gate_that_is_open(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    record = gate(firm)
    firm.sync()
    app = open_app(record=record)
    app.session = signed_in("sven")

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, GateScreen)
        table = app.screen.query_one(RecordTable)
        table.go_to("FAC-01")
        await settle(pilot)
        assert "*" not in text_of(app)
        firm.do("SPO1", "gate.answer", record, "sam", item="SOP-01", answer="no-go", reason="not effective")
        firm.sync("SPO1")
        firm.sync("LYN1")
        app._tick()
        await settle(pilot)
        assert table.record == "FAC-01"
        assert line(app, "SOP-01").startswith("* SOP-01  no-go")
        assert line(app, "FAC-02").startswith("  FAC-02")
        assert line(app, "== SOPS").startswith(" ")  # its items tell that
        table.go_to("SOP-01")
        table.go_to("FAC-01")
        await settle(pilot)
        assert line(app, "SOP-01").startswith("  SOP-01")  # somebody has been on it

    drive(app, script)


def test_an_entry_that_came_in_is_marked_on_its_trail_and_one_that_was_sent_is_not(
    firm: Firm, open_app: Opened
) -> None:  # fmt: skip
    record, _ = deviation(firm)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11")
        assert isinstance(app.screen, TrailScreen)
        firm.sync()
        app._tick()
        await settle(pilot)
        assert not any(one.startswith("*") for one in text_of(app).splitlines())
        firm.do("SPO1", "deviation.note", record, text="seen from here")
        firm.sync("SPO1")
        firm.sync("LYN1")
        app._tick()
        await settle(pilot)
        assert line(app, "seen from here").startswith("* ")

    drive(app, script)


@pytest.mark.parametrize("width", [80, 200])
def test_a_product_clock_that_ran_out_says_so_in_every_width(firm: Firm, open_app: Opened, width: int) -> None:
    record = spoiling(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        firm.hand.now += 3 * 3_600_000
        await keys(pilot, "f4", "right")
        assert "RAN OUT 14:" in line(app, record)

    drive(app, script, (width, 24))
