"""The last contact: remembered by whoever syncs, kept to the minute, and the same on the sheet as on the top line."""

from contextlib import closing

import pytest

from shared.log.wire import Page
from shared.store.keep import Heard
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.heard import KEPT_MS, MOVED_MS, last_heard
from shared.terminal.home import Home
from shared.terminal.perform import prepare
from shared.terminal.remote import Unreachable
from shared.terminal.sync import sync
from shared.terminal.synced import IN_LOG, UNREACHABLE
from tests.terminal.firm import CHEAP, Direct, Firm, password
from tui.reader import Reader
from tui.standing import Standing

MINUTE = 60_000


class Cut(Direct):
    """A server that does not answer."""

    def page(self, start: int) -> Page:
        raise Unreachable(f"nothing from {start} on")


def synced(firm: Firm, offset: int = 0) -> Heard | None:
    """Sync LYN1 with a server whose clock is so far ahead; give what the file keeps then."""
    server = Direct(firm.server, "LYN1")
    server.offset = offset
    assert sync(firm.desks["LYN1"], server).state == IN_LOG
    return firm.desks["LYN1"].store.heard()


def other_process(firm: Firm) -> Desk:
    """The same terminal, as a command sees it: it remembers nothing, and has only the file."""
    return Desk.open(Home.open(firm.desks["LYN1"].home.path), clock=firm.hand.clock, costs=CHEAP)


def sheet(desk: Desk, record: str) -> str:
    fields = {"criticality": "minor", "reason": "no contact"}
    return prepare(desk, Asked("deviation.rate", record, fields, "anna", password("anna"))).sheet


def test_a_quiet_terminal_writes_once_a_minute(firm: Firm) -> None:
    first = synced(firm)
    assert first is not None
    with closing(other_process(firm)) as beside:
        before = beside.store.changes()
        for _ in range(9):
            firm.hand.wait(5_000)
            assert synced(firm) == first
        assert beside.store.changes() == before, "a poll that brings nothing writes nothing"
        firm.hand.wait(KEPT_MS - 9 * 5_000)
        kept = synced(firm)
        assert kept is not None
        assert kept.at > first.at
        assert beside.store.changes() != before


def test_a_clock_that_moved_is_kept_at_once(firm: Firm) -> None:
    kept = synced(firm, 5_000)
    assert synced(firm, 5_000 + MOVED_MS) == kept
    moved = synced(firm, 5_001 + MOVED_MS)
    assert moved is not None
    assert moved.offset == 5_001 + MOVED_MS
    firm.hand.now -= 60 * MINUTE
    back = synced(firm, 5_001 + MOVED_MS)
    assert back is not None
    assert back.at < moved.at, "nor is a time kept that has not come yet"


def test_when_the_server_falls_silent_the_last_contact_is_kept_as_it_was(firm: Firm) -> None:
    synced(firm)
    firm.hand.wait(40_000)
    synced(firm)
    exact = last_heard(firm.desks["LYN1"])
    for _ in range(2):
        firm.hand.wait(10 * MINUTE)
        assert sync(firm.desks["LYN1"], Cut(firm.server, "LYN1")).state == UNREACHABLE
        assert firm.desks["LYN1"].store.heard() == exact
    with closing(other_process(firm)) as beside:
        assert last_heard(beside) == exact


def test_where_nobody_noted_a_contact_the_last_entry_proves_one(firm: Firm) -> None:
    synced(firm)
    desk = firm.desks["LYN1"]
    desk.home.heard.clear()
    with desk.store.write() as tx:
        tx.set_meta("heard", None)
    assert last_heard(desk) == Heard(desk.store.last_received(), None)


@pytest.mark.requirement("P11-13")
def test_the_sheet_of_a_quiet_log_says_that_the_server_is_there(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    synced(firm)
    firm.hand.wait(125 * MINUTE)
    synced(firm, 120)
    firm.hand.wait(5_000)
    desk = firm.desks["LYN1"]
    with closing(other_process(firm)) as beside:
        for text in (sheet(desk, record), sheet(beside, record)):
            assert "clock                 | 0.120 s behind the server at the last contact\n" in text
            assert "last contact          | less than a minute ago\n" in text
            assert "last entry received   | 2 h 5 min ago\n" in text
    assert Standing(Reader(desk)).contact() == "synced now"


def test_the_sheet_and_the_top_line_agree_when_the_server_is_gone(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    synced(firm, -90_000)
    firm.hand.wait(12 * MINUTE)
    desk, standing = firm.desks["LYN1"], Standing(Reader(firm.desks["LYN1"]))
    standing.note(sync(desk, Cut(firm.server, "LYN1")))
    with closing(other_process(firm)) as beside:
        for text in (sheet(desk, record), sheet(beside, record)):
            assert "last contact          | 12 min ago\n" in text
            assert "90.000 s ahead of the server at the last contact" in text
        for one in (standing, Standing(Reader(beside))):
            top = one.top("LYN1", "")
            assert (top.contact.least, top.doubted) == ("12m", True)
    assert standing.contact() == "NO SERVER, last synced 12 min ago"
