"""What every store must do with transactions."""

import pytest

from shared.fold.fold import PENDING
from shared.log.canonical import b64
from shared.log.push import OrderedLeaf
from shared.store.compare import compare
from shared.store.store import Store
from tests.store.logs import Days, arrive, entry_of
from tests.store.opened import Opener, Planned, dump


class WritingContract:
    """All or nothing; one at a time; a reader sees one moment."""

    def test_a_transaction_that_fails_leaves_nothing(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        mine = days.line("LYN2", "hold.stop", on="SUITE-1")
        leaves += [days.leaf("SPO1", "hold.stop", on=days.text(5)) for _ in range(600)]
        with opener() as store:
            arrive(store, leaves[:60])
            with store.write() as tx:
                tx.add_pending(mine)
            before = dump(store)
            with pytest.raises(Planned):
                _write_and_fail(store, leaves[60:])
            assert dump(store) == before
            assert store.size() == 60
            assert store.meta("color") is None
            assert store.drafts.get("anna", "form") is None
            assert store.find(leaves[100].id) is None
            assert store.tables.top() == PENDING
            assert store.tables.act(70) is None
            assert store.tables.fact(entry_of(leaves[70]).record, "on") is None
            assert list(compare(store)) == []
            arrive(store, leaves[60:])
        with opener() as store:
            assert [one.leaf for one in store.log.leaves()] == [leaf.leaf for leaf in leaves]
            assert list(compare(store)) == []

    def test_one_transaction_at_a_time(self, opener: Opener) -> None:
        with opener() as store, store.write(), pytest.raises(RuntimeError), store.write():
            pass

    def test_a_second_store_sees_what_the_first_wrote(self, opener: Opener, days: Days) -> None:
        leaves = days.log(120)
        with opener() as one, opener() as two:
            arrive(one, leaves[:60])
            assert two.tables.top() == 59
            assert two.tables.find(b64(leaves[70].id)) is None
            arrive(two, leaves[60:])
            assert one.tables.find(b64(leaves[70].id)) == 70
            assert dump(one) == dump(two)
            assert list(compare(one)) == []

    def test_a_snapshot_is_one_moment(self, opener: Opener, days: Days) -> None:
        leaves = days.log(100)
        with opener() as one, opener() as two:
            arrive(one, leaves[:50])
            with two.snapshot():
                assert two.size() == 50
                arrive(one, leaves[50:])
                assert two.size() == 50
                assert two.tables.top() == 49
            assert two.size() == 100
            assert two.tables.top() == 99


def _write_and_fail(store: Store, leaves: list[OrderedLeaf]) -> None:
    with store.write() as tx:
        tx.arrive(leaves)
        # What was read within must be forgotten, too.
        assert store.tables.act(70) is not None
        assert store.tables.fact(entry_of(leaves[10]).record, "on") is not None
        assert store.tables.top() == PENDING
        tx.set_meta("color", "red")
        store.drafts.save("anna", "form", "{}")
        store.blobs.put(b"salt", b"content")
        raise Planned
