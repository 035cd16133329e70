"""The top line: how things stand with log, server and clock, in the words for which there is room."""

import pytest
from textual.pilot import Pilot

from shared.terminal.sync import sync
from shared.terminal.synced import LATER, UNREACHABLE, Synced
from tests.terminal.firm import Direct, Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, text_of
from tui.reader import Reader
from tui.standing import OFF_MS, Standing
from tui.widgets.top_line import Top, TopLine, heard

MINUTE = 60_000
TOP = Top("LYN1  Anna Example", 3, 0, 1178, 1100, heard(3 * MINUTE), "", urgent=False, doubted=False, clock="12:06")


@pytest.mark.parametrize(
    ("width", "top", "wanted"),
    [
        (120, TOP, "3 HOLDS IN FORCE  all sent, 1178 in log, 1100 cosigned  synced 3 min ago  12:06"),
        (80, TOP, "HELD 3  all sent, 78 not cosigned  synced 3 min ago  12:06"),
        (76, TOP, "HELD 3  all sent, 78 not cosigned  synced 3m  12:06"),
        (80, TOP._replace(cosigned=1178), "HELD 3  all sent, all cosigned  synced 3 min ago  12:06"),
        (60, TOP, "HELD 3  all sent  synced 3m  12:06"),
        (50, TOP, "HELD 3  all sent  3m  12:06"),
        (80, TOP._replace(local=2, trouble="NO SERVER"), "HELD 3  2 not sent, 78 not cosigned  NO SERVER 3m  12:06"),
        (80, TOP._replace(local=2, trouble="NO SERVER", urgent=True), "2 NOT SENT, TELEPHONE  NO SERVER 3m  12:06"),
        (60, TOP._replace(local=2, trouble="NO SERVER", urgent=True), "HELD 3  NOT SENT, TELEPHONE  3m  12:06"),
        (80, TOP._replace(local=2, urgent=True), "HELD 3  2 not sent, 78 not cosigned"),
        (60, TOP._replace(doubted=True), "CLOCK?  12:06"),
    ],
)
def test_it_says_what_fits(open_app: Opened, width: int, top: Top, wanted: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.screen.query_one(TopLine).tell(top)
        await pilot.pause()
        shown = text_of(app).splitlines()[0]
        assert wanted in shown
        assert shown.startswith(" LYN1  Anna")

    drive(app, script, (width, 20))


def test_a_server_that_is_well_is_heard_all_the_time(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    standing = Standing(Reader(desk))
    firm.sync()
    firm.hand.wait(50 * MINUTE)
    firm.sync()  # and nothing is told of it, for nothing has changed
    assert standing.top("LYN1", "").contact == heard(0)
    standing.note(Synced(0, 0, 9, UNREACHABLE, "", ()))
    firm.hand.wait(5 * MINUTE)
    standing.note(Synced(0, 0, 9, LATER, "", ()))
    top = standing.top("LYN1", "")
    assert (top.contact.least, top.trouble) == ("5m", "LATER")


def test_a_clock_that_is_off_is_doubted(firm: Firm) -> None:
    firm.sync()
    desk, server = firm.desks["LYN1"], Direct(firm.server, "LYN1")
    standing = Standing(Reader(desk))
    assert not standing.top("LYN1", "").doubted
    for offset, doubted in ((OFF_MS, False), (OFF_MS + 1, True), (-OFF_MS - 1, True), (0, False)):
        server.offset = offset
        sync(desk, server)
        assert standing.top("LYN1", "").doubted == doubted
    firm.hand.now -= 2 * OFF_MS  # also with no server: it is behind what the log has received
    assert standing.top("LYN1", "").doubted


def test_only_what_stops_or_departs_is_told_by_telephone(firm: Firm) -> None:
    firm.sync()
    reader = Reader(firm.desks["LYN1"])
    firm.do("LYN1", "place.add", "", "anna", code="S1", sort="suite", name="Suite", site="Lyon")
    assert not reader.state().urgent
    firm.do("LYN1", "hold.stop", on="S1")
    assert reader.state().urgent
    firm.sync()
    assert not reader.state().urgent
    assert reader.state().size > reader.state().cosigned
