"""A server restored from an older backup: nothing is ordered until every leaf that it had published is back."""

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.errors import Contradiction
from server.log import Push
from server.tail import Tail
from shared.log.chain import Seal
from shared.log.wire import Placed, Recovering, parse_page
from shared.terminal import enrol
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.own_chain import outgoing
from shared.terminal.perform import perform
from shared.trust.keys import public_of
from tests.terminal.firm import LOG_SEED, Direct, Firm


class Backup:
    """A copy of the server's file, as it was when it was made."""

    def __init__(self, firm: Firm, folder: Path) -> None:
        self._firm, self._kept = firm, folder / "backup.andon"
        firm.server.close()
        shutil.copyfile(firm.server.path, self._kept)
        firm.server.begun(firm.program)

    def restore(self, *, tail: bool = True) -> None:
        """Put it in the place of what the server has; the tail stays, unless it is lost too."""
        server = self._firm.server
        server.close()
        for one in server.path.parent.glob(f"{server.path.name}*"):
            one.unlink()
        shutil.copyfile(self._kept, server.path)
        if not tail:
            server.path.with_suffix(".tail").unlink()
        server.begun(self._firm.program)


@pytest.fixture
def backup(firm: Firm, tmp_path: Path) -> Backup:
    firm.sync()
    return Backup(firm, tmp_path)


def leaves(firm: Firm) -> list[bytes]:
    return [one.leaf for one in firm.server.log._store.log.leaves()]


@pytest.mark.parametrize("tail", [True, False])
def test_terminals_give_back_what_the_backup_lacks(firm: Firm, backup: Backup, *, tail: bool) -> None:
    made = [firm.do(code, "hold.stop", on=str(n)).record for n in range(4) for code in firm.desks]
    firm.sync()
    before = leaves(firm)
    with capture_logs() as told:
        backup.restore(tail=tail)
        assert firm.server.log.recovering == tail
        late = firm.do("SPO1", "hold.stop", on="late").record
        assert firm.server.sync(firm.desks["SPO1"]).state == "in log"
    assert told[0]["event"] == "recovering"
    assert (told[-1]["event"], told[-1]["size"]) == ("taken back", told[-1]["head"])
    assert leaves(firm)[: len(before)] == before, "byte for byte"
    firm.sync()
    assert {row.record for row in firm.desks["LYN2"].store.lists.rows("hold")} == {*made, late}


def test_push_whose_answer_was_lost_keeps_its_place_though_nobody_else_knows_it(firm: Firm, backup: Backup) -> None:
    firm.do("LYN1", "hold.stop", on="a")
    out = outgoing(firm.desks["LYN1"])
    assert out is not None
    (first,) = firm.server.log.order([Push(out.lines, out.seal)])
    before = leaves(firm)
    backup.restore()
    assert not firm.server.log.recovering, "the tail had it"
    assert leaves(firm) == before
    (again,) = firm.server.log.order([Push(out.lines, out.seal)])
    assert isinstance(first, Placed)
    assert again == first
    firm.sync()


def test_tail_comes_behind_what_terminals_give_back(firm: Firm, backup: Backup) -> None:
    for n in range(3):
        firm.do("LYN2", "hold.stop", on=str(n))
    firm.sync()  # all of them hold these, and the tail does not
    firm.do("LYN1", "hold.stop", on="a")
    out = outgoing(firm.desks["LYN1"])
    assert out is not None
    firm.server.log.order([Push(out.lines, out.seal)])
    before = leaves(firm)
    backup.restore()
    assert firm.server.log.recovering
    assert firm.server.log.order([Push(out.lines, out.seal)]) == [Recovering(firm.server.log.size, len(before))]
    assert firm.server.sync(firm.desks["SPO1"]).state == "in log"
    assert leaves(firm) == before


def test_terminal_without_the_rest_is_told_that_the_server_waits(firm: Firm, backup: Backup) -> None:
    for n in range(3):
        firm.do("LYN2", "hold.stop", on=str(n))
        firm.server.sync(firm.desks["LYN2"])
        firm.server.pull(firm.desks["LYN1"])  # and so the tail holds the last of them only
    backup.restore()
    record = firm.do("SPO1", "hold.stop", on="b").record
    found = firm.server.sync(firm.desks["SPO1"])
    assert (found.state, firm.desks["SPO1"].store.pending.count()) == ("recovering", 1)
    assert firm.server.sync(firm.desks["LYN1"]).state == "in log"
    assert firm.server.sync(firm.desks["SPO1"]).state == "in log"
    firm.sync()
    assert record in {row.record for row in firm.desks["LYN2"].store.lists.rows("hold")}


def test_places_that_were_told_are_given_back_by_the_one_who_knows_them(firm: Firm, backup: Backup) -> None:
    """LYN1's push is answered; before it has pulled what lies before, the server is restored, without its tail."""
    firm.do("LYN2", "hold.stop", on="before")
    firm.server.sync(firm.desks["LYN2"])
    firm.do("LYN1", "hold.stop", on="behind")
    real = firm.server.log.page
    asked: list[int] = []

    def cut(start: int) -> bytes:
        asked.append(start)
        if len(asked) == 1:
            raise ConnectionError
        return real(start)

    firm.server.log.page = cut  # type: ignore[method-assign]  # the cable is cut after the push
    with pytest.raises(ConnectionError):
        firm.server.sync(firm.desks["LYN1"])
    before = leaves(firm)
    backup.restore(tail=False)
    assert firm.server.sync(firm.desks["LYN2"]).state == "in log"
    assert leaves(firm) == before[:-1]
    assert firm.server.sync(firm.desks["LYN1"]).state == "in log"
    assert leaves(firm) == before


def test_leaves_that_the_log_never_signed_are_not_taken_back(firm: Firm, backup: Backup) -> None:
    start = firm.server.log.size
    firm.do("LYN1", "hold.stop", on="a")
    firm.sync()
    page = parse_page(firm.server.log.page(start))
    firm.do("LYN1", "hold.stop", on="b")
    firm.sync()
    backup.restore()
    forged = page._replace(leaves=[page.leaves[0].replace(b'"on":"a"', b'"on":"b"')])
    with pytest.raises(Contradiction):
        firm.server.log.refill(forged)
    seal = page.seals[0]
    with pytest.raises(Contradiction):
        firm.server.log.refill(page._replace(seals=[]))
    other = page._replace(head=page.head, seals=[(seal[0], outgoing_seal(firm))])
    with pytest.raises(Contradiction):
        firm.server.log.refill(other)
    assert firm.server.log.recovering
    assert firm.server.log.refill(page).size == start + 2, "and the tail behind it"
    assert not firm.server.log.recovering


def outgoing_seal(firm: Firm) -> Seal:
    firm.do("LYN2", "hold.stop", on="x")
    out = outgoing(firm.desks["LYN2"])
    assert out is not None
    return out.seal


def test_torn_tail_is_read_up_to_where_it_is_sound(firm: Firm, tmp_path: Path) -> None:
    firm.do("LYN1", "hold.stop", on="a")
    firm.sync()
    page = parse_page(firm.server.log.page(0))
    place = tmp_path / "one.tail"
    tail = Tail(place)
    tail.add([page, page])
    tail.close()
    assert Tail(place).read() == [page, page]
    whole = place.read_bytes()
    for cut in range(0, len(whole), 97):
        place.write_bytes(whole[:cut])
        read = Tail(place).read()  # a page without its last seal is read too, and not believed
        assert [one.leaves for one in read] == [page.leaves] * len(read)
        assert cut // (len(whole) // 2) <= len(read) <= cut // (len(whole) // 2) + 1
    place.write_bytes(b"\xff\x00 no tail")
    assert Tail(place).read() == []
    assert Tail(tmp_path / "none").read() == []


def test_tail_stays_short_while_terminals_pull(firm: Firm) -> None:
    for n in range(12):
        firm.do("LYN1", "hold.stop", on=str(n))
        firm.sync()
    assert len(Tail(firm.server.path.with_suffix(".tail")).read()) <= 2


def test_tail_of_a_log_with_a_fork_holds_what_was_placed(firm: Firm, backup: Backup, tmp_path: Path) -> None:
    """Where a chain forks, leaves alone do not say which branch they continue: the tail's pages say it."""
    shutil.copytree(firm.homes["LYN2"].path, tmp_path / "clone")
    home = Home.open(tmp_path / "clone")
    clone = Desk(home, home.open_log(), clock=firm.hand.clock, random=firm.rng.randbytes, costs=firm.costs)
    with clone:
        for desk, place in ((firm.desks["LYN2"], "a"), (clone, "b"), (firm.desks["LYN2"], "c"), (clone, "d")):
            perform(desk, Asked("hold.stop", fields={"on": place}))
            out = outgoing(desk)
            assert out is not None
            (answer,) = firm.server.log.order([Push(out.lines, out.seal)])
            assert isinstance(answer, Placed)
        before = leaves(firm)
        backup.restore()
        assert leaves(firm) == before
        for desk in (*firm.desks.values(), clone):
            assert firm.server.sync(desk).state == "in log"


def test_a_terminal_that_joined_after_the_backup_gives_back_what_made_it_known(firm: Firm, backup: Backup) -> None:
    """The restored server answers it as a stranger; it is the only one that holds the leaves by which it joined."""
    firm.server.pull(firm.desks["LYN1"])
    invitation = enrol.new_invitation(firm.rng.randbytes)
    fields = {"company": "cdmo", "site": "Site", "public": invitation.public}
    proposed = firm.do("LYN2", "terminal.invite", "NEW1", "olga", **fields)
    firm.do("LYN2", "entry.confirm", "NEW1", "otto", of=proposed.id)
    firm.server.sync(firm.desks["LYN2"])
    home = firm._home("NEW1")
    enrol.enter_program(home, firm.program, public_of(LOG_SEED), Direct(firm.server, "NEW1").page)
    desk = firm._desk("NEW1")
    enrol.accept_terminal(desk, invitation.seed)
    assert firm.server.sync(desk).state == "in log"
    size = firm.server.log.size
    backup.restore()
    assert not firm.server.log.enrolled("NEW1")
    assert firm.server.sync(desk).state == "in log"
    assert firm.server.log.size == size


def test_a_terminal_that_was_expelled_stays_a_stranger(firm: Firm, backup: Backup) -> None:
    del backup
    proposed = firm.do("LYN1", "terminal.revoke", "LYN2", "olga", reason="lost")
    firm.do("LYN1", "entry.confirm", "LYN2", "otto", of=proposed.id)
    firm.sync("LYN1")
    assert firm.server.sync(firm.desks["LYN2"]).state == "not enrolled"


def test_a_server_that_dies_before_it_keeps_the_tail_makes_up_for_it(firm: Firm, backup: Backup) -> None:
    firm.do("SPO1", "hold.stop", on="a")
    out = outgoing(firm.desks["SPO1"])
    assert out is not None
    tail = firm.server.path.with_suffix(".tail")
    before = tail.read_bytes()
    (first,) = firm.server.log.order([Push(out.lines, out.seal)])
    firm.server.close()
    tail.write_bytes(before)  # and nobody was answered
    firm.server.begun(firm.program)
    firm.do("LYN1", "hold.stop", on="b")
    other = outgoing(firm.desks["LYN1"])
    assert other is not None
    firm.server.log.order([Push(other.lines, other.seal)])
    backup.restore()
    assert not firm.server.log.recovering
    (again,) = firm.server.log.order([Push(out.lines, out.seal)])
    assert isinstance(first, Placed)
    assert isinstance(again, Placed)
    assert again.places == first.places
