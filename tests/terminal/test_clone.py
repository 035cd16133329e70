"""A terminal that was copied: each copy goes on, and none of them is blocked."""

from pathlib import Path
from shutil import copytree

from shared.log.entry import line_bytes
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.own_chain import keep_end, own_end
from shared.terminal.perform import perform
from shared.terminal.plan import plan
from shared.terminal.synced import IN_LOG
from tests.terminal.firm import CHEAP, Firm


def test_both_copies_go_on_after_the_fork(whole: Firm, tmp_path: Path) -> None:
    """Where the chain forks, lines that are placed at once must say which of the copies they continue."""
    firm = whole.copy(tmp_path / "firm")
    home = Home.open(Path(copytree(whole.folder / "LYN2", tmp_path / "clone")))
    first = firm.desks["LYN2"]
    with Desk(home, home.open_log(), clock=firm.hand.clock, random=firm.rng.randbytes, costs=CHEAP) as second:
        for number in range(3):
            for desk in (first, second):
                for _ in range(2):
                    perform(desk, Asked("hold.stop", fields={"on": f"suite {number}"}))
                found = firm.server.sync(desk)
                assert (found.state, found.text) == (IN_LOG, "")
                assert desk.store.pending.count() == 0
        firm.sync()
        firm.server.sync(second)
        assert {row.flags[-1] for row in first.store.lists.rows("hold", limit=-1)} == {"cloned"}, (
            "both made the same ids"
        )
        assert first.store.lists.rows("hold", limit=-1) == second.store.lists.rows("hold", limit=-1)
    firm.close()


def test_what_the_server_refuses_of_a_copy_becomes_a_skip(whole: Firm, tmp_path: Path) -> None:
    """Where the chain forks, a skip continues the line that the refused one had continued."""
    firm = whole.copy(tmp_path / "firm")
    home = Home.open(Path(copytree(whole.folder / "LYN2", tmp_path / "clone")))
    first = firm.desks["LYN2"]
    with Desk(home, home.open_log(), clock=firm.hand.clock, random=firm.rng.randbytes, costs=CHEAP) as second:
        for desk in (first, second):
            perform(desk, Asked("hold.stop", fields={"on": "a"}))
            firm.server.sync(desk)
        for desk in (first, second):
            end = own_end(desk.store, "LYN2")
            with desk.store.write() as tx:
                line = line_bytes(plan(desk, Asked("hold.stop", fields={"on": "TEXT"})).entry, None)
                tx.add_pending(line.replace(b"TEXT", "turned \u202e".encode()), parent=end.link)
                keep_end(tx, "LYN2")
            found = firm.server.sync(desk)
            assert (found.state, found.refused) == (IN_LOG, (end.n + 1,))
    firm.close()


def test_a_skip_that_a_copy_has_pushed_is_made_once(whole: Firm, tmp_path: Path) -> None:
    """Both copies hold a line that the server refuses; the second one pulls the first one's skip, and then makes it."""
    firm = whole.copy(tmp_path / "firm")
    first = firm.desks["LYN2"]
    end = own_end(first.store, "LYN2")
    with first.store.write() as tx:
        line = line_bytes(plan(first, Asked("hold.stop", fields={"on": "TEXT"})).entry, None)
        tx.add_pending(line.replace(b"TEXT", "turned \u202e".encode()), parent=end.link)
        keep_end(tx, "LYN2")
    first.close()
    home = Home.open(Path(copytree(firm.folder / "LYN2", tmp_path / "clone")))
    first = firm._desk("LYN2")
    with Desk(home, home.open_log(), clock=firm.hand.clock, random=firm.rng.randbytes, costs=CHEAP) as second:
        assert firm.server.sync(first).refused == (end.n + 1,)
        firm.server.pull(second)
        assert firm.server.sync(second).refused == (end.n + 1,)
        for desk in (first, second):
            perform(desk, Asked("hold.stop", fields={"on": "next"}))
            found = firm.server.sync(desk)
            assert (found.state, desk.store.pending.count()) == (IN_LOG, 0)
    firm.close()
