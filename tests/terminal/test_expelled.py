"""A terminal that was expelled may push what it had written, and gets nothing."""

from shared.log.entry import line_bytes
from shared.log.wire import Page
from shared.terminal import enrol
from shared.terminal.asked import Asked
from shared.terminal.own_chain import keep_end
from shared.terminal.plan import plan
from shared.terminal.remote import Unreachable
from shared.terminal.sync import sync
from shared.terminal.synced import STRANGER, UNREACHABLE
from shared.trust.keys import public_of
from tests.terminal.firm import LOG_SEED, Direct, Firm


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


def test_what_is_refused_of_it_becomes_a_skip_behind_what_it_could_not_pull(firm: Firm) -> None:
    """Its join is a push of its own, placed and never pulled; the next one is refused."""
    invitation = enrol.new_invitation(firm.rng.randbytes)
    fields = {"company": "sponsor", "site": "Site", "public": invitation.public}
    proposed = firm.do("SPO1", "terminal.invite", "NEW1", "ruth", **fields)
    firm.do("SPO1", "entry.confirm", "NEW1", "rolf", of=proposed.id)
    firm.sync()
    home = firm._home("NEW1")
    enrol.enter_program(home, firm.program, public_of(LOG_SEED), Direct(firm.server, "NEW1").page)
    desk = firm._desk("NEW1")
    enrol.accept_terminal(desk, invitation.seed)
    with desk.store.write() as tx:
        line = line_bytes(plan(desk, Asked("hold.stop", fields={"on": "TEXT"})).entry, None)
        tx.add_pending(line.replace(b"TEXT", "turned \u202e".encode()))
        keep_end(tx, "NEW1")
    revoked = firm.do("SPO1", "terminal.revoke", "NEW1", "ruth", reason="lost")
    firm.do("SPO1", "entry.confirm", "NEW1", "rolf", of=revoked.id)
    firm.sync("SPO1")
    size = firm.server.log.size
    found = firm.server.sync(desk)
    assert (found.state, found.refused) == (STRANGER, (2,))
    assert firm.server.log.size == size + 2, "its join, and the skip"
