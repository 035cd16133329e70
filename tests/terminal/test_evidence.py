"""A server that shows two histories is found out by whoever had seen the first, and the proof is kept."""

from shared.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from shared.log.wire import Page
from shared.terminal.evidence import evidence
from shared.terminal.sync import sync
from shared.terminal.verifying import verify_log
from shared.trust.keys import private_key, public_of
from tests.terminal.firm import LOG_SEED, Direct, Firm


class Liar(Direct):
    """A server that signs another tree than it had shown."""

    def page(self, start: int) -> Page:
        page = super().page(start)
        point = Checkpoint(origin_of(self._server.log.program), start + len(page.leaves), bytes(32))
        note = sign_checkpoint(point, public_of(LOG_SEED), private_key(LOG_SEED).sign).decode()
        head = type(page.head)(
            checkpoint=note, count=page.head.count, size=page.head.size, start=page.head.start, links=page.head.links
        )
        return page._replace(head=head)


def test_two_histories_are_noticed_and_the_proof_is_kept(firm: Firm) -> None:
    firm.do("LYN1", "hold.stop", on="a")
    firm.server.sync(firm.desks["LYN1"])
    desk = firm.desks["SPO1"]
    before = desk.store.size()
    for _ in range(3):
        found = sync(desk, Liar(firm.server, "SPO1"))
        assert (found.state, found.position) == ("contradiction", before)
    assert len(evidence(desk.store)) == 1
    assert firm.server.sync(desk).state == "in log", "and if it shows the first history again, work goes on"
    faults = verify_log(desk.home, firm.program).faults
    assert [(one.where, "another history" in one.what) for one in faults] == [("the server", True)]
    assert verify_log(firm.homes["LYN1"], firm.program).faults == []


def test_note_that_the_log_did_not_sign_is_no_evidence(firm: Firm) -> None:
    firm.sync()

    class Forger(Direct):
        def page(self, start: int) -> Page:
            page = super().page(start)
            return page._replace(head=type(page.head)(checkpoint="x", count=0, size=start, start=start))

    found = sync(firm.desks["SPO1"], Forger(firm.server, "SPO1"))
    assert found.state == "contradiction"
    assert evidence(firm.desks["SPO1"].store) == []
