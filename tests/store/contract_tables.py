"""What every store must do with the folded tables."""

import pytest

from shared.fold.fold import PENDING
from shared.log.canonical import b64
from shared.store.compare import compare
from shared.store.errors import Outdated
from shared.store.rebuild import rebuild
from tests.fold.histories import history
from tests.store.logs import Days, arrive, entry_of, founding, ordered
from tests.store.opened import Opener, agree, dump


class TablesContract:
    """They say what the fold in memory says."""

    def test_what_the_fold_reads_is_what_a_unit_in_memory_says(self, opener: Opener, days: Days) -> None:
        leaves = days.log(150)
        with opener() as store:
            arrive(store, leaves, 13)
            agree(store, leaves)

    @pytest.mark.parametrize("seed", range(8))
    def test_so_it_is_for_what_was_overtaken_contested_and_hostile(self, opener: Opener, seed: int) -> None:
        leaves = ordered(history(seed, 40, hostile=seed % 2 == 1))
        with opener() as store:
            arrive(store, leaves, 1 + seed % 3)
            agree(store, leaves)
            rebuild(store)
            agree(store, leaves)

    def test_a_rebuild_folds_what_comes_before_only(self, opener: Opener, days: Days) -> None:
        leaves = days.log(300)
        with opener() as store:
            arrive(store, leaves)
            tables = store.tables
            tables.bound = 50
            assert tables.find(b64(leaves[49].id)) == 49
            assert tables.find(b64(leaves[50].id)) is None
            assert (tables.entry(49), tables.entry(50)) == (entry_of(leaves[49]), None)
            assert tables.last(leaves[49].terminal, leaves[49].n) == (49, leaves[49].n)
            assert tables.last(leaves[50].terminal, leaves[50].n) == (49, leaves[49].n)
            assert (tables.received(50), tables.received(51)) == (leaves[49].received, 0)
            tables.bound = PENDING
            bounds: list[int] = []
            rebuild(store, lambda _done, _all: bounds.append(tables.bound))
            assert bounds == [0, 256]
            assert tables.bound == PENDING

    @pytest.mark.parametrize("text", ["", "x" * 43, "é" * 43, "A" * 42 + "B", "=" * 43, "a\0b"])
    def test_nothing_is_found_under_what_is_no_id(self, opener: Opener, text: str) -> None:
        with opener() as store:
            arrive(store, founding())
            assert store.tables.find(text) is None

    def test_pages_of_any_size_give_the_same_tables(self, opener: Opener, days: Days) -> None:
        leaves = days.log(120)
        with opener() as store:
            arrive(store, leaves, 7)
            assert list(compare(store)) == []

    def test_another_version_of_the_fold_rebuilds_the_tables(self, opener: Opener, days: Days) -> None:
        leaves = days.log(80)
        with opener() as store:
            arrive(store, leaves)
            with store.write() as tx:
                tx.add_pending(days.line("LYN1", "hold.stop", on="SUITE-1"))
            before = dump(store)
            with store.write() as tx:
                tx.set_meta("fold_version", "0.earlier")
            assert bool(store.outdated)
            with pytest.raises(Outdated), store.write() as tx:
                tx.arrive([days.leaf("SPO1", "hold.stop", on="SUITE-1")])
            steps: list[tuple[int, int]] = []
            rebuild(store, lambda done, all_: steps.append((done, all_)))
            assert not store.outdated
            assert steps[-1] == (80, 80)
            assert dump(store) == before

    def test_a_signature_that_does_not_fit_is_folded_as_void(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        place = next(leaf.position for leaf in leaves[38:] if entry_of(leaf).sign)
        with opener() as store:
            arrive(store, leaves)
            assert store.log.unchecked(100) == list(range(50))
            with store.write() as tx:
                for leaf in leaves:
                    tx.mark_sound(leaf.position, sound=leaf.position != place)
            assert store.log.unchecked(100) == []
            assert store.outdated
            rebuild(store)
            act = store.tables.act(place)
            assert act is not None
            assert (act.verdict, act.refused) == ("void", "SIGN-2")
            assert list(compare(store)) == []
