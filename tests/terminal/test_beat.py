"""A quiet log can be signed by whoever is in contact, and by nobody who is not."""

import pytest

from shared.terminal.beat import beat_due, sync_and_beat
from shared.terminal.refusal import Refused
from tests.terminal.firm import Direct, Firm

HOUR = 3_600_000


def contact(firm: Firm, code: str) -> Direct:
    return Direct(firm.server, code)


def test_log_that_was_left_alone_for_a_week_can_be_signed_on_a_connected_terminal(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    for _ in range(28):
        firm.hand.wait(6 * HOUR)
        sync_and_beat(firm.desks["LYN2"], contact(firm, "LYN2"))
        firm.server.sync(firm.desks["LYN1"])
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="as seen")
    beats = [one for one in firm.desks["LYN1"].store.lists.trail("LYN2") if one.do == "terminal.beat"]
    assert len(beats) == 28


def test_a_day_after_the_cable_was_cut_nothing_is_signed(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    firm.hand.wait(25 * HOUR)
    sync_and_beat(firm.desks["LYN2"], contact(firm, "LYN2"))
    with pytest.raises(Refused, match="SIGN-4"):
        firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="as seen")
    sync_and_beat(firm.desks["LYN1"], contact(firm, "LYN1"))
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="as seen")


def test_of_several_terminals_the_first_writes_the_beat(firm: Firm) -> None:
    firm.sync()
    firm.hand.wait(7 * HOUR)
    size = firm.server.log.size
    for code in firm.desks:
        sync_and_beat(firm.desks[code], contact(firm, code))
    assert firm.server.log.size == size + 1
    assert not any(beat_due(desk, firm.hand.now) for desk in firm.desks.values())


def test_terminal_whose_clock_is_days_ahead_goes_by_the_servers(firm: Firm) -> None:
    firm.sync()
    size = firm.server.log.size
    ahead = contact(firm, "LYN2")
    ahead.offset = -72 * HOUR
    firm.hand.wait(72 * HOUR)
    sync_and_beat(firm.desks["LYN2"], ahead)
    assert firm.server.log.size == size


def test_beat_changes_no_list(firm: Firm) -> None:
    firm.sync()
    before = {kind: firm.desks["SPO1"].store.lists.rows(kind) for kind in firm.desks["SPO1"].store.lists.kinds()}
    firm.hand.wait(7 * HOUR)
    sync_and_beat(firm.desks["LYN2"], contact(firm, "LYN2"))
    firm.sync()
    store = firm.desks["SPO1"].store
    assert {kind: store.lists.rows(kind) for kind in store.lists.kinds()} == before


def test_revoked_terminal_writes_none(firm: Firm) -> None:
    proposed = firm.do("LYN1", "terminal.revoke", "LYN2", "olga", reason="lost")
    firm.do("LYN1", "entry.confirm", "LYN2", "otto", of=proposed.id)
    firm.server.sync(firm.desks["LYN1"])
    firm.hand.wait(7 * HOUR)
    assert sync_and_beat(firm.desks["LYN2"], contact(firm, "LYN2")).state == "not enrolled"
    assert beat_due(firm.desks["LYN1"], firm.hand.now)
