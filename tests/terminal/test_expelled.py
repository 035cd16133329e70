"""A terminal that was expelled may push what it had written, and gets nothing."""

from shared.log.wire import Page
from shared.terminal.remote import Unreachable
from shared.terminal.sync import STRANGER, UNREACHABLE, sync
from tests.terminal.firm import Direct, Firm


class OnlyPush(Direct):
    """The server, whose pages do not arrive."""

    def page(self, start: int) -> Page:
        raise Unreachable(f"the page from {start} on is lost")


def test_it_pushes_on_after_a_push_whose_place_it_could_not_pull(firm: Firm) -> None:
    firm.do("LYN2", "hold.stop", on="a")
    firm.sync("LYN2")
    firm.do("SPO1", "hold.stop", on="b")
    desk = firm.desks["SPO1"]
    assert sync(desk, OnlyPush(firm.server, "SPO1")).state == UNREACHABLE
    proposed = firm.do("LYN1", "terminal.revoke", "SPO1", "ruth", reason="lost")
    firm.do("LYN1", "entry.confirm", "SPO1", "rolf", of=proposed.id)
    firm.sync("LYN1")
    size = desk.store.size()
    for on in ("c", "d"):
        firm.do("SPO1", "hold.stop", on=on)
        assert firm.server.sync(desk).state == STRANGER
    firm.sync("LYN1")
    assert {row.columns["on"] for row in firm.desks["LYN1"].store.lists.rows("hold")} == {"a", "b", "c", "d"}
    assert desk.store.size() == size
