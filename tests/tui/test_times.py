"""Times on the screen: a short one shows the day that is meant as soon as its field is left, and means that one."""

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from shared.log.clock import parse_at
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tui.app import AndonApp
from tui.screens.form import FormScreen
from tui.screens.sheet import SheetScreen
from tui.widgets.editors import Line
from tui.widgets.form import Form

HOUR = 3_600_000


def line(app: AndonApp, name: str) -> Line:
    form = app.screen.query_one(Form)
    (found,) = (field.widget for field in form.fields if field.name_ == name)
    assert isinstance(found, Line)
    return found


async def typed(app: AndonApp, pilot: Pilot[None], name: str, text: str) -> None:
    widget: Widget = line(app, name)
    widget.focus()
    await pilot.pause()
    await type_in(pilot, text)


def short(firm: Firm, hours: int) -> tuple[str, int]:
    """A time of the day so many hours from now, and the instant of its minute."""
    at = firm.desks["LYN1"].clock.at(firm.hand.now + hours * HOUR)
    return at[11:16], parse_at(f"{at[:17]}00.000{at[23:]}")


@pytest.mark.parametrize("leaves", ["tab", "enter", "up"])
@pytest.mark.parametrize(("name", "hours"), [("occurred", -11), ("occurred", -23), ("detected", -13)])
def test_of_what_has_happened(firm: Firm, open_app: Opened, name: str, hours: int, leaves: str) -> None:
    app = open_app()
    text, meant = short(firm, hours)

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise", "", {"title": "vial broken"})
        await settle(pilot)
        await typed(app, pilot, name, text)
        if name == "occurred" and leaves == "enter":  # behind the last field it saves
            await keys(pilot, "shift+tab")
        else:
            await keys(pilot, leaves)
        shown = line(app, name)
        assert shown.value == app.reader.desk.clock.at(meant)[:16].replace("T", " ")
        assert parse_at(shown.given) == meant
        assert shown.value in text_of(app)

    drive(app, script)


def test_a_deadline_is_to_come(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    app = open_app()
    text, meant = short(firm, 16)

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.urgency", record, {"spoils": "bulk"})
        await settle(pilot)
        await typed(app, pilot, "by_time", text)
        await keys(pilot, "f10")

    drive(app, script)
    row = firm.desks["LYN1"].store.lists.row(record)
    assert row is not None
    assert row.columns["spoils"] == meant


def test_a_deadline_on_the_call_sheet_is_to_come(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    app = open_app()
    text, meant = short(firm, 16)

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(SheetScreen(record))
        await settle(pilot)
        while not any(field.name_ == "by_time" for field in app.screen.query_one(Form).fields):
            await keys(pilot, "f10")
        await typed(app, pilot, "by_time", text)
        await keys(pilot, "f10")

    drive(app, script)
    row = firm.desks["LYN1"].store.lists.row(record)
    assert row is not None
    assert row.columns["spoils"] == meant


def test_what_was_shown_is_what_is_saved_however_long_that_takes(firm: Firm, open_app: Opened) -> None:
    """Left at ten to the hour and saved behind it: the time does not move on by a day, nor in a draft of yesterday."""
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    text, meant = short(firm, 1)
    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.act("deviation.urgency", record, {"spoils": "bulk"})
        await settle(pilot)
        await typed(first, pilot, "by_time", text)
        await settle(pilot)

    drive(first, script)
    firm.hand.now += 30 * HOUR
    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.act("deviation.urgency", record, {"spoils": "bulk"})
        await settle(pilot)
        assert line(again, "by_time").value == again.reader.desk.clock.at(meant)[:16].replace("T", " ")
        await keys(pilot, "f10")

    drive(again, reopened)
    row = firm.desks["LYN1"].store.lists.row(record)
    assert row is not None
    assert row.columns["spoils"] == meant


def test_what_is_to_come_cannot_have_happened(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise", "", {"title": "vial broken"})
        await settle(pilot)
        tomorrow = app.reader.desk.clock.at(firm.hand.now + 24 * HOUR)[:16].replace("T", " ")
        await typed(app, pilot, "detected", tomorrow)
        await keys(pilot, "f10")
        assert isinstance(app.screen, FormScreen)
        assert "FORM-10" in text_of(app)
        assert line(app, "detected").value == tomorrow, "nothing typed is lost"

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.rows("deviation") == []
