"""A store that folds just the roster: the log is whole, and the roster is that of a store which folds everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.fold.fold import PENDING
from shared.fold.roster import concerns_roster, roster_kinds
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.leaf import leaf_hash
from shared.log.merkle import root_of
from shared.log.push import OrderedLeaf
from shared.store.compare import compare
from shared.store.rebuild import rebuild
from shared.store.store import Store
from tests.fold.tangles import Tangled, tangled
from tests.fold.test_roster_only import answers, facts, known, roster_acts, said
from tests.store.logs import Days, Ordering, arrive, entry_of


def opened(path: Path) -> Store:
    return Store.open(path, create=True, kinds=roster_kinds(), folds=concerns_roster)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "whole.db", create=True) as store:
        yield store


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "alone.db") as store:
        yield store


def leaves_of(lines: list[Tangled]) -> list[OrderedLeaf]:
    ordering = Ordering()
    return [ordering.leaf(one.line, one.place.received or 0, one.parent) for one in lines]


def take(store: Store, lines: list[Tangled], leaves: list[OrderedLeaf], part: int) -> None:
    """Let leaves arrive, so many in a transaction."""
    for at in range(0, len(leaves), part):
        with store.write() as tx:
            tx.arrive(leaves[at : at + part], sound=[one.sound for one in lines[at : at + part]])


def same(one: Store, other: Store, lines: list[Tangled]) -> None:
    """Whatever there is to know of the roster, both say."""
    ours, theirs = Unit(one.tables), Unit(other.tables)
    found, expected = roster_acts(ours, lines), roster_acts(theirs, lines)
    assert list(map(said, found)) == list(map(said, expected))
    assert [known(ours, act, found) for act in found] == [known(theirs, act, expected) for act in expected]
    assert facts(ours, lines) == facts(theirs, lines)
    assert answers(ours, lines) == answers(theirs, lines)


@pytest.mark.parametrize("seed", range(6))
def test_the_roster_of_both_stores_is_the_same(whole: Store, alone: Store, seed: int) -> None:
    lines = tangled(seed, 60, hostile=seed % 2 == 1)
    leaves = leaves_of(lines)
    take(whole, lines, leaves, 100)
    take(alone, lines, leaves, (1, 7, 100)[seed % 3])
    assert [one.branch for one in alone.log.leaves()] == [one.place.branch for one in lines]
    same(alone, whole, lines)
    assert list(compare(alone)) == list(compare(whole)) == []
    rebuild(alone)
    same(alone, whole, lines)


def test_all_leaves_are_in_the_log_and_only_the_roster_in_tables(alone: Store) -> None:
    leaves = Days().log(200)
    arrive(alone, leaves, 70)
    assert [one.leaf for one in alone.log.leaves()] == [leaf.leaf for leaf in leaves]
    assert alone.log.tree.edge().root() == root_of([leaf_hash(leaf.leaf) for leaf in leaves])
    assert alone.lists.kinds() == ["member", "program", "terminal"]
    folded = [leaf.position for leaf in leaves if alone.tables.act(leaf.position)]
    assert folded == [leaf.position for leaf in leaves if concerns_roster(entry_of(leaf))]
    assert len(folded) < 50
    assert alone.tables.find(b64(leaves[199].id)) == 199


def test_it_is_no_store_of_everything_and_the_other_way_round(tmp_path: Path) -> None:
    opened(tmp_path / "alone.db").close()
    with Store.open(tmp_path / "alone.db") as store:
        assert store.outdated
    with opened(tmp_path / "alone.db") as store:
        assert not store.outdated
    with Store.open(tmp_path / "alone.db", kinds=roster_kinds()) as store:
        assert store.outdated


def test_pending_lines_are_folded_or_not_as_those_in_the_log(alone: Store) -> None:
    days = Days()
    arrive(alone, days.log(60))
    stop = days.line("LYN1", "hold.stop", on="SUITE-1")
    key = days.line("LYN1", "terminal.key", "LYN1", public="x", proof="y")
    with alone.write() as tx:
        assert [tx.add_pending(stop), tx.add_pending(key)] == [PENDING, PENDING + 1]
    act = alone.tables.act(PENDING + 1)
    assert act is not None
    assert (alone.tables.act(PENDING), act.cut.above) == (None, {"LYN1": days._n["LYN1"] - 1})
    assert list(compare(alone)) == []
    arrive(alone, [days.leaf("SPO1", "hold.stop", on="SUITE-2"), days.ordering.leaf(stop)])
    assert [one.line for one in alone.pending.lines()] == [key]
    assert list(compare(alone)) == []
