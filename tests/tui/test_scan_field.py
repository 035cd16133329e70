"""Scans in forms: each element into the field that it names, never over what somebody typed, never as a key."""

from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tests.tui.records import batch, signed_in
from tests.tui.test_scanned import STX, burst
from tui.scanning import GS, gs1_words
from tui.screens.form import FormScreen
from tui.widgets.form import Form

LOT = "]d2010950600013435210C-001"


def values(pilot: Pilot[None]) -> dict[str, object]:
    """What stands in the form in front."""
    return pilot.app.screen.query_one(Form).values()


async def scan(pilot: Pilot[None], code: str) -> None:
    """As a scanner with a preamble sends it."""
    await burst(pilot, STX, *(("ctrl+right_square_bracket" if one == GS else one) for one in code), "enter")


def test_a_lot_goes_to_the_batch_wherever_the_cursor_is(firm: Firm, open_app: Opened) -> None:
    batch(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "needle drips since six")
        await scan(pilot, LOT)
        assert values(pilot)["title"] == "needle drips since six"
        assert values(pilot)["batch"] == "C-001"
        assert "Scanned. " in "\n".join(one.message for one in app._notifications)

    drive(app, script)
    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.act("deviation.raise")
        await settle(pilot)
        assert values(pilot)["batch"] == "C-001", "a scan is kept as a draft too"

    drive(again, reopened)


def test_a_place_goes_to_the_field_that_names_places(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "place.add", "", "sven", code="R-101", name="Bioreactor", sort="equipment", site="LYN")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop")
        await settle(pilot)
        for field in app.screen.query_one(Form).fields:
            if field.name_ == "reason":
                field.widget.focus()
        await type_in(pilot, "it drips")
        await scan(pilot, "R-101")
        assert values(pilot)["on"] == "R-101"
        assert values(pilot)["reason"] == "it drips"

    drive(app, script)


def test_a_field_that_is_filled_is_left_alone(firm: Firm, open_app: Opened) -> None:
    batch(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop", "", {"on": "FILL-2", "batch": "C-000"})
        await settle(pilot)
        for field in app.screen.query_one(Form).fields:
            if field.name_ == "reason":
                field.widget.focus()
        await type_in(pilot, "x")
        await scan(pilot, LOT)
        assert values(pilot) | {"reason": ""} == {"on": "FILL-2", "batch": "C-000", "sort": "stop", "reason": ""}
        assert values(pilot)["reason"] == "x (01)09506000134352 (10)C-001", "as it is printed, where the cursor is"

    drive(app, script)


def test_a_new_batch_takes_its_number_from_the_label(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("batch.plan")
        await settle(pilot)
        await scan(pilot, LOT)
        assert values(pilot)["number"] == "C-001"
        await scan(pilot, "]d2010950600013435210C-002")
        assert values(pilot)["number"] == "C-002", "the field under the cursor is scanned anew"

    drive(app, script)


def test_a_choice_takes_no_text_and_no_letter(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.assess", record)
        await settle(pilot)
        before = values(pilot)
        await type_in(pilot, "hello jkl")
        await scan(pilot, "NOTHING-KNOWN")
        assert values(pilot) == before
        assert "No field here takes that code." in "\n".join(one.message for one in app._notifications)

    drive(app, script)


def test_a_scan_saves_nothing(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.note", firm.do("LYN1", "deviation.raise", title="x").record)
        await settle(pilot)
        await scan(pilot, "SEEN-AT-SIX")
        assert isinstance(app.screen, FormScreen)
        await keys(pilot, "f10")
        assert "SEEN-AT-SIX" not in text_of(app) or not isinstance(app.screen, FormScreen)

    drive(app, script)


def test_a_code_is_told_as_it_is_printed() -> None:
    assert gs1_words(LOT) == "(01)09506000134352 (10)C-001"
    assert gs1_words("C-001") == ""
