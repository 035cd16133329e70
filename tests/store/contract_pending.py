"""What every store must do with lines that are not in the log yet."""

import pytest

from shared.fold.fold import PENDING
from shared.log import chain
from shared.log.canonical import b64
from shared.log.entry import line_id, skip_bytes
from shared.log.leaf import line_of as line_of_leaf
from shared.store.compare import compare
from shared.store.errors import Gap
from tests.fold.histories import start
from tests.store.logs import Days, arrive, ordered, skip_of
from tests.store.opened import Opener, dump


class PendingContract:
    """They are shown above the log, and go when they arrive or are refused."""

    def test_a_pending_line_is_local_until_it_arrives(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        line = days.line("LYN1", "hold.stop", on="SUITE-1", reason="a vial broke on the belt")
        with opener() as store:
            arrive(store, leaves)
            plain = dump(store)
            with store.write() as tx:
                assert tx.add_pending(line) == PENDING
            record = f"HLD-LYN1-{days._n['LYN1']}"
            row = store.lists.row(record)
            assert row is not None
            assert (row.sync, row.last, row.columns["state"]) == ("local", PENDING, "held")
            assert store.lists.search("vial broke")[0].record == record
            assert [one.position for one in store.lists.trail(record)] == [PENDING]
            assert store.tables.find(b64(line_id(line))) == PENDING
            with store.write() as tx:
                tx.undo_pending()
                assert store.tables.find(b64(line_id(line))) is None
                n = days._n["LYN1"]
                assert store.tables.last("LYN1", n) == store.tables.last("LYN1", n - 1)
                assert [row for row in dump(store) if row[0] != "search"] == [
                    row for row in plain if row[0] != "search"
                ]
                tx.redo_pending()
            arrive(store, [days.ordering.leaf(line)])
            assert store.pending.count() == 0
            row = store.lists.row(record)
            assert row is not None
            assert (row.sync, row.last) == ("in log", 60)
            with store.write() as tx:
                tx.set_cosigned(60)
            assert store.lists.row(record) == row
            assert record not in [one.record for one in store.lists.rows("hold", {"sync": "cosigned"})]
            with store.write() as tx:
                tx.set_cosigned(61)
                tx.set_cosigned(10)
            assert store.meta("cosigned") == 61
            assert record in [one.record for one in store.lists.rows("hold", {"sync": "cosigned"})]
            row = store.lists.row(record)
            assert row is not None
            assert row.sync == "cosigned"
            assert list(compare(store)) == []

    def test_a_record_that_pending_lines_take_away_comes_back(self, opener: Opener) -> None:
        floor = start()
        unlock = floor.write("LYN1", "signing.unlock", by="anna", person="sven", reason="he forgot")
        floor.push("LYN1")
        revoke = floor.write("LYN2", "member.revoke", "anna", "olga", reason="left")
        floor.write("LYN2", "entry.confirm", "anna", "otto", of=revoke)
        floor.push("LYN2")
        record = floor.record(unlock)
        *leaves, first, second = ordered(floor)
        with opener() as store:
            arrive(store, leaves)
            listed = store.lists.row(record)
            assert listed is not None
            assert record in [one.record for one in store.lists.search("forgot")]
            for _ in range(2):
                with store.write() as tx:
                    tx.add_pending(line_of_leaf(first.leaf))
                    tx.add_pending(line_of_leaf(second.leaf))
                assert store.lists.row(record) is None
                assert store.lists.search("forgot") == []
                assert list(compare(store)) == []
                with store.write() as tx:
                    tx.undo_pending()
                    assert store.lists.row(record) == listed
                    tx.connection.execute("DELETE FROM outbox")
                assert store.lists.row(record) == listed
                assert record in [one.record for one in store.lists.search("forgot")]
                assert list(compare(store)) == []
            arrive(store, [first, second])
            assert store.lists.row(record) is None
            assert list(compare(store)) == []

    def test_arrivals_go_below_what_is_pending(self, opener: Opener, days: Days) -> None:
        leaves = days.log(80)
        mine = [days.line("LYN1", "hold.stop", on="SUITE-1"), days.line("LYN1", "hold.stop", on="SUITE-2")]
        relayed = days.line("SPO1", "hold.stop", on="SUITE-1")
        others = [days.leaf("LYN2", "hold.stop", on="SUITE-1") for _ in range(3)]
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                assert [tx.add_pending(line) for line in (mine[0], relayed, mine[1])] == [
                    PENDING,
                    PENDING + 1,
                    PENDING + 2,
                ]
            arrive(store, others)
            assert [one.line for one in store.pending.lines()] == [mine[0], relayed, mine[1]]
            assert [one.line for one in store.pending.lines("SPO1")] == [relayed]
            assert list(compare(store)) == []
            arrive(store, [days.ordering.leaf(mine[0]), days.ordering.leaf(relayed)])
            assert [(one.line, one.position) for one in store.pending.lines()] == [(mine[1], PENDING)]
            assert list(compare(store)) == []

    def test_a_pending_line_must_continue_its_chain(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        with opener() as store:
            arrive(store, leaves)
            days._n["LYN1"] += 1
            with pytest.raises(Gap), store.write() as tx:
                tx.add_pending(days.line("LYN1", "hold.stop", on="SUITE-1"))
            assert store.pending.count() == 0

    def test_a_line_is_pending_once_and_not_when_it_is_in_the_log(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        line = days.line("LYN1", "hold.stop", on="SUITE-1")
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                assert tx.add_pending(line) == tx.add_pending(line) == PENDING
            assert store.pending.count() == 1
            arrive(store, [days.ordering.leaf(line)])
            with pytest.raises(Gap, match="in the log already"), store.write() as tx:
                tx.add_pending(line)

    def test_a_refused_line_becomes_a_skip_and_is_kept(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        lines = [days.line("LYN1", "hold.stop", on=f"SUITE-{n}") for n in range(3)]
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                for line in lines:
                    tx.add_pending(line)
            first = store.pending.lines()[0]
            refused = days.ordering.leaf(lines[0])
            days.ordering.size -= 1
            skip = skip_bytes(skip_of(refused))
            with store.write() as tx:
                tx.skip_pending("LYN1", first.n, skip, "LOG-12: a text holds characters that are not allowed")
            waiting = store.pending.lines()
            assert [one.line for one in waiting] == [skip, *lines[1:]]
            assert [one.position for one in waiting] == [None, PENDING, PENDING + 1]
            link = store.links("LYN1", first.n - 1)[0]
            for one in waiting:
                link = chain.link(link, one.id)
                assert one.link == link
            assert store.pending.refused() == [
                ("LYN1", first.n, "LOG-12: a text holds characters that are not allowed", lines[0])
            ]
            with store.write() as tx:
                tx.put_refused_away("LYN1", first.n + 1)
            assert len(store.pending.refused()) == 1
            with store.write() as tx:
                tx.put_refused_away("LYN1", first.n)
            assert store.pending.refused() == []
            assert store.lists.row(f"HLD-LYN1-{first.n}") is None
            assert list(compare(store)) == []
            days.ordering.links["LYN1"] = store.links("LYN1", first.n - 1)[0]
            arrive(store, [days.ordering.leaf(skip), days.ordering.leaf(lines[1])])
            assert [one.line for one in store.pending.lines()] == [lines[2]]
            assert list(compare(store)) == []

    def test_a_clone_that_arrives_first_leaves_what_is_pending_on_a_branch(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        mine = days.line("LYN1", "hold.stop", on="SUITE-1")
        days._n["LYN1"] -= 1
        theirs = days.leaf("LYN1", "hold.stop", on="SUITE-2")
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                tx.add_pending(mine)
            arrive(store, [theirs])
            pending = store.pending.lines()[0]
            assert pending.branch == f"LYN1~{b64(pending.id)[:8]}"
            assert store.tables.fork(pending.branch) == ("LYN1", pending.n - 1)
            assert list(compare(store)) == []
            n = days._n["LYN1"] + 1
            days._n["LYN1"] = n - 1
            with store.write() as tx:
                tx.add_pending(days.line("LYN1", "hold.stop", on="SUITE-3"))
            assert [one.branch for one in store.pending.lines()] == [pending.branch] * 2

    def test_how_far_a_line_has_come_is_noted(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                tx.add_pending(days.line("LYN1", "hold.stop", on="SUITE-1"))
                tx.set_state("LYN1", days._n["LYN1"], "pushed")
            assert [one.state for one in store.pending.lines()] == ["pushed"]
