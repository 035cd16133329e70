"""Times on the screen: a short one shows the day that is meant as soon as its field is left, and means that one."""

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from shared.log.clock import parse_at
from shared.store.lists import Listed
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tui.app import AndonApp
from tui.screens.form import FormScreen
from tui.screens.sheet import SheetScreen
from tui.screens.stopped import StoppedScreen
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


def detected(app: AndonApp) -> str:
    return line(app, "detected").value


async def empty(app: AndonApp, pilot: Pilot[None], name: str) -> None:
    """Empty a field by hand, and leave it."""
    line(app, name).focus()
    await pilot.pause()
    await keys(pilot, "end", "ctrl+u", "tab")


def since(firm: Firm, hold: str) -> int:
    row = firm.desks["LYN1"].store.lists.row(hold)
    assert row is not None
    return int(str(row.columns["since"]))


def raised(firm: Firm) -> Listed:
    (row,) = firm.desks["LYN1"].store.lists.rows("deviation")
    return row


def test_a_deviation_opened_from_a_hold_was_detected_when_that_was_raised(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert isinstance(app.screen, StoppedScreen)
        hold = app.screen.record
        firm.hand.wait(3 * HOUR)
        app.act("deviation.raise", "", {"hold": hold})
        await settle(pilot)
        assert detected(app) == app.reader.desk.clock.at(since(firm, hold))[:16].replace("T", " ")
        await type_in(pilot, "vial broken")
        await keys(pilot, "f10")

    drive(app, script)
    row = raised(firm)
    assert row.columns["detected"] == since(firm, str(row.columns["hold"]))


def test_detected_goes_with_the_hold_until_somebody_types_it(firm: Firm, open_app: Opened) -> None:
    first = firm.do("LYN1", "hold.stop", on="FILL-1").record
    firm.hand.wait(HOUR)
    second = firm.do("LYN1", "hold.stop", on="FILL-2").record
    firm.hand.wait(HOUR)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise", "", {"title": "vial broken"})
        await settle(pilot)
        assert detected(app) == ""
        for hold in (first, second):
            await empty(app, pilot, "hold")
            assert detected(app) == "", "of no hold it is now"
            await typed(app, pilot, "hold", hold)
            await keys(pilot, "tab")
            assert detected(app) == app.reader.desk.clock.at(since(firm, hold))[:16].replace("T", " ")
        await empty(app, pilot, "detected")
        assert detected(app) == "", "what somebody has emptied stays so"
        assert line(app, "detected").placeholder == "now"
        await keys(pilot, "f10")

    drive(app, script)
    row = raised(firm)
    assert row.columns["hold"] == second
    assert abs(int(str(row.columns["detected"])) - firm.hand.now) < 1000, "and now is what it says"


def test_a_hold_that_somebody_has_taken_away_is_not_suggested_once_more(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    firm.do("LYN1", "hold.stop")
    firm.hand.wait(HOUR)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise", "", {"title": "vial broken"})
        await settle(pilot)
        assert line(app, "hold").value
        await empty(app, pilot, "hold")
        await keys(pilot, "f10")

    drive(app, script)
    row = raised(firm)
    assert not row.columns["hold"]
    assert abs(int(str(row.columns["detected"])) - firm.hand.now) < 1000


def test_a_draft_keeps_the_time_that_somebody_typed(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", on="FILL-2").record
    firm.hand.wait(9 * HOUR)
    text, meant = short(firm, -2)

    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.act("deviation.raise", "", {"hold": hold})
        await settle(pilot)
        await empty(first, pilot, "detected")
        await typed(first, pilot, "detected", text)
        await keys(pilot, "tab")

    drive(first, script)
    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.act("deviation.raise", "", {"hold": hold})
        await settle(pilot)
        await keys(pilot, "tab", "tab")
        assert parse_at(line(again, "detected").given) == meant

    drive(again, reopened)
