"""What every store must do, whatever it is made of. A subclass says how one is opened.

`opener` gives a function that opens the same store each time; two that are open at once share what is in it.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec
import pytest

from shared.fold.act import Write
from shared.fold.fold import PENDING, fold
from shared.fold.unit import Unit
from shared.log import chain
from shared.log.canonical import b64
from shared.log.entry import line_id, skip_bytes
from shared.log.leaf import leaf_hash
from shared.log.leaf import line_of as line_of_leaf
from shared.log.merkle import consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion
from shared.log.note import Signature
from shared.log.push import ChainState, OrderedLeaf
from shared.store.compare import compare, folded
from shared.store.errors import Gap, Outdated, StoreError
from shared.store.keep import Heard
from shared.store.lists import Unknown
from shared.store.rebuild import rebuild
from shared.store.store import Store
from tests.fold.floor import public
from tests.fold.histories import history, start
from tests.store.logs import FOUNDED, Days, Ordering, arrive, entry_of, founding, line_of, ordered, sealed, skip_of

Opener = Callable[[], Store]


class Planned(Exception):
    """Raised within a transaction, to undo it."""


def dump(store: Store) -> Counter[tuple[str, tuple[object, ...]]]:
    """All folded rows."""
    return Counter(folded(store))


def as_json(writes: Iterable[Write]) -> list[bytes]:
    """Values as JSON has them: an agreement's terms hold tuples until they are stored."""
    return [msgspec.json.encode(write) for write in writes]


def agree(store: Store, leaves: list[OrderedLeaf]) -> None:
    """Everything that a fold may ask of a store's tables is what a unit in memory answers."""
    unit = Unit()
    for leaf in leaves:
        fold(unit, leaf.position, b64(leaf.id), entry_of(leaf), leaf.received)
    tables = store.tables
    for record, fact in unit.facts:
        ours, theirs = tables.fact(record, fact), unit.fact(record, fact)
        assert (ours is None) == (theirs is None)
        if ours is None or theirs is None:
            continue
        assert as_json(ours.standing) == as_json(theirs.standing)
        assert ours.marked == theirs.marked
        assert as_json(tables.history(record, fact)) == as_json(unit.history(record, fact))
    for leaf in leaves:
        assert tables.act(leaf.position) == unit.act(leaf.position)
        assert tables.entry(leaf.position) == unit.entry(leaf.position)
        assert tables.find(b64(leaf.id)) == leaf.position
        assert tables.last(leaf.terminal, leaf.n) == (leaf.position, leaf.n)
        assert tables.received(leaf.position) == unit.received(leaf.position)
    size = len(leaves)
    for record in unit.touched:
        for since in (0, size // 3, size - 10, size - 1, size, unit.latest_read(), unit.latest_read() - 1):
            assert tables.touches(record, since) == unit.touches(record, since)
            assert tables.readers(record, since) == list(dict.fromkeys(unit.readers(record, since)))
    for kind, fact, value in unit.indexed:
        found = dict.fromkeys(tables.members(kind, fact, value))
        assert list(found) == list(dict.fromkeys(unit.members(kind, fact, value)))
    assert tables.latest_read() == unit.latest_read()


class StoreContract:
    """The tests. Each opens what it needs."""

    @pytest.fixture
    def opener(self) -> Opener:
        raise NotImplementedError

    @pytest.fixture
    def days(self) -> Days:
        return Days()

    # The server

    def test_when_the_server_was_heard_is_kept(self, opener: Opener) -> None:
        with opener() as store:
            assert store.heard() is None
            with store.write() as tx:
                tx.set_heard(1_795_000_000_000, -120)
        with opener() as store:
            assert store.heard() == Heard(1_795_000_000_000, -120)
            with store.write() as tx:
                tx.set_heard(1_794_000_000_000, 5)  # the clock was put back
            assert store.heard() == Heard(1_794_000_000_000, 5)

    # The log

    def test_an_empty_store_holds_nothing(self, opener: Opener) -> None:
        with opener() as store:
            log: ChainState = store
            assert (log.size(), log.epoch(), log.last_received()) == (0, 0, 0)
            assert log.links("LYN1", 0) == [chain.FIRST]
            assert (log.links("LYN1", 1), log.find(bytes(32)), log.has("LYN1", 1)) == ([], None, False)
            assert store.lists.rows("hold") == []
            assert store.tables.top() == -1
            assert list(compare(store)) == []

    def test_what_arrived_is_there_after_opening_again(self, opener: Opener, days: Days) -> None:
        leaves = days.log(200)
        with opener() as store:
            arrive(store, leaves, 70)
        with opener() as store:
            assert [leaf.leaf for leaf in leaves] == [one.leaf for one in store.log.leaves()]
            assert [one.leaf for one in store.log.leaves(150, 3)] == [leaf.leaf for leaf in leaves[150:153]]
            assert store.log.leaf(7) == leaves[7].leaf
            assert store.log.leaf(200) is None
            assert store.size() == 200
            assert store.last_received() == leaves[-1].received
            assert all(store.find(leaf.id) == (leaf.position, leaf.received) for leaf in leaves)
            assert all(store.has(leaf.terminal, leaf.n) for leaf in leaves)
            assert not store.has("LYN9", 1)

    def test_every_link_is_known_also_those_that_are_not_kept(self, opener: Opener, days: Days) -> None:
        leaves = days.log(400)
        with opener() as store:
            arrive(store, leaves)
            for leaf in leaves:
                assert store.links(leaf.terminal, leaf.n) == [leaf.link]
            assert max(leaf.n for leaf in leaves if leaf.terminal == "LYN1") > 128

    def test_a_leaf_must_be_the_next_and_continue_a_chain(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        with opener() as store:
            arrive(store, leaves[:50])
            before = dump(store)
            for wrong in ([leaves[51]], [leaves[49]], [leaves[50], leaves[52]]):
                with pytest.raises(Gap), store.write() as tx:
                    tx.arrive(wrong)
            stranger = Ordering()
            stranger.size = 50
            with pytest.raises(Gap), store.write() as tx:
                tx.arrive([stranger.leaf(line_of(entry_of(leaves[50])))])
            assert dump(store) == before
            arrive(store, leaves[50:])
            assert store.size() == 60

    def test_tree_and_proofs_are_those_of_the_leaves(self, opener: Opener, days: Days) -> None:
        leaves = days.log(300)
        hashes = [leaf_hash(leaf.leaf) for leaf in leaves]
        with opener() as store:
            arrive(store, leaves, 37)
            tree = store.log.tree
            assert tree.edge().root() == root_of(hashes)
            for index in (0, 1, 15, 16, 255, 256, 299):
                proof = inclusion_proof(tree.node, 300, index)
                assert verify_inclusion(hashes[index], index, 300, proof, root_of(hashes))
            for first in (1, 16, 17, 255, 256, 299):
                proof = consistency_proof(tree.node, 300, first)
                assert verify_consistency(first, 300, root_of(hashes[:first]), root_of(hashes), proof)

    def test_a_clones_chain_is_a_branch_with_a_name_of_its_own(self, opener: Opener, days: Days) -> None:
        leaves = days.log(100)
        last = next(leaf for leaf in reversed(leaves) if leaf.terminal == "LYN1")
        before = chain.FIRST
        for leaf in leaves:
            if leaf.terminal == "LYN1" and leaf.n == last.n - 1:
                before = leaf.link
        days._n["LYN1"] = last.n - 1
        fork = days.ordering.leaf(days.line("LYN1", "hold.stop", on="SUITE-1"), parent=before)
        more = days.ordering.leaf(days.line("LYN1", "hold.stop", on="SUITE-2"), parent=fork.link)
        again = days.leaf("SPO1", "hold.stop", on="SUITE-3")
        with opener() as store:
            arrive(store, leaves)
            arrive(store, [fork, more, again], 2)
            branch = f"LYN1~{b64(fork.id)[:8]}"
            assert [one.branch for one in store.log.leaves(100)] == [branch, branch, "SPO1"]
            assert store.tables.fork(branch) == ("LYN1", last.n - 1)
            assert store.links("LYN1", last.n) == [last.link, fork.link]
            assert store.links("LYN1", last.n + 1) == [more.link]
            assert store.tables.last(branch, last.n) == (100, last.n)
            assert store.tables.last(branch, last.n - 1) is None
            assert store.tables.last("LYN1", last.n) == (last.position, last.n)
            cloned = store.lists.row("LYN1")
            assert cloned is not None
            assert cloned.flags == ["cloned"]
            assert [row.record for row in store.lists.rows("terminal", {"flags": "cloned"})] == ["LYN1"]
            assert [(one.key, one.value) for one in store.tables.history("LYN1", "@forked")] == [(branch, last.n - 1)]
            rebuilt = dump(store)
            rebuild(store)
            assert dump(store) == rebuilt
            assert list(compare(store)) == []

    def test_a_clone_is_seen_though_all_that_it_wrote_was_refused(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        last = next(leaf for leaf in reversed(leaves) if leaf.terminal == "LYN1")
        before = next(leaf.link for leaf in reversed(leaves) if leaf.terminal == "LYN1" and leaf.n == last.n - 1)
        skip = days.ordering.leaf(skip_bytes(skip_of(last, "LOG-12 no")), parent=before)
        with opener() as store:
            arrive(store, leaves)
            arrive(store, [skip])
            assert store.tables.fork(f"LYN1~{b64(skip.id)[:8]}") == ("LYN1", last.n - 1)
            cloned = store.lists.row("LYN1")
            assert cloned is not None
            assert cloned.flags == ["cloned"]
            assert list(compare(store)) == []
            before_rebuild = dump(store)
            rebuild(store)
            assert dump(store) == before_rebuild

    def test_what_the_server_refused_stands_on_the_terminals_trail(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        refused = days.leaf("LYN1", "hold.stop", on="SUITE-1")
        days.ordering.size -= 1
        days.ordering.links["LYN1"] = next(leaf.link for leaf in reversed(leaves) if leaf.terminal == "LYN1")
        skip = days.ordering.leaf(skip_bytes(skip_of(refused, "LOG-12 A text holds \u2713 characters.")))
        post = days.leaf("LYN1", "terminal.post", "LYN1", places=["SUITE-1"])
        with opener() as store:
            arrive(store, [*leaves, skip, post])
            last = store.lists.trail("LYN1")[-2:]
            assert [(one.position, one.n, one.verdict, one.changed) for one in last] == [
                (60, refused.n, "skipped", False), (61, refused.n + 1, "stands", True)
            ]  # fmt: skip
            assert (last[0].by, last[0].received, last[0].text) == (
                "@LYN1", skip.received, "LOG-12 A text holds \u2713 characters."
            )  # fmt: skip
            assert (last[0].id, last[0].data) == (b64(skip.id), skip.leaf)
            for other in ("LYN2", "SPO1", "PROGRAM", "anna"):
                assert "skipped" not in [one.verdict for one in store.lists.trail(other)]

    def test_skips_take_their_place_and_are_not_folded(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        refused = days.leaf("LYN1", "hold.stop", on="SUITE-1")
        days.ordering.size -= 1
        days.ordering.links["LYN1"] = next(leaf.link for leaf in reversed(leaves) if leaf.terminal == "LYN1")
        skip = days.ordering.leaf(skip_bytes(skip_of(refused)), days.ordering.received + 10**9)
        # Its clock is slow, and it has seen the skip: its time is then that of the skip's receipt.
        late = days.leaf("SPO1", "hold.stop", on="SUITE-1")
        after = days.leaf("LYN1", "hold.stop", on="SUITE-2")
        with opener() as store:
            arrive(store, leaves)
            arrive(store, [skip, late, after])
            assert store.find(refused.id) is None
            assert store.find(skip.id) == (60, skip.received)
            assert store.tables.act(60) is None
            assert store.tables.received(61) == skip.received
            act = store.tables.act(62)
            assert act is not None
            assert act.verdict == "stands"
            row = store.lists.row(entry_of(late).record)
            assert row is not None
            assert row.columns["since"] == skip.received
            assert list(compare(store)) == []

    def test_seals_and_checkpoints_are_kept(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        seal = sealed(leaves[-1], FOUNDED.program)
        with opener() as store:
            with store.write() as tx:
                tx.arrive(leaves, [(49, seal)])
                tx.add_checkpoint(0, 50, bytes(32), b"note", [Signature("LYN1", b"abcd", b"blob")])
                tx.add_checkpoint(0, 40, bytes(32), b"older")
            assert [position for position, _ in store.log.seals()] == [49]
            latest = store.log.checkpoints(last=1)[0]
            assert (latest.size, latest.note) == (50, b"note")
            assert latest.cosignatures == [Signature("LYN1", b"abcd", b"blob")]
            assert [one.size for one in store.log.checkpoints()] == [50, 40]

    # Folded tables

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

    # Pending lines

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

    # Transactions

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

    # Lists

    def test_lists_filter_sort_and_count(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(200))
            rows = store.lists.rows("deviation")
            assert len(rows) == store.lists.count("deviation") > 10
            assert [row.last for row in rows] == sorted((row.last for row in rows), reverse=True)
            place = rows[0].columns["on"]
            some = store.lists.rows("deviation", {"on": place, "criticality": "major"}, order="title")
            assert {(row.columns["on"], row.columns["criticality"]) for row in some} == {(place, "major")}
            titles = [str(row.columns["title"]) for row in some]
            assert titles == sorted(titles)
            assert store.lists.count("deviation", {"on": place, "criticality": "major"}) == len(some)
            assert store.lists.rows("deviation", limit=2, offset=1) == rows[1:3]
            assert store.lists.rows("member", {"roles": "qa"}, order="record", limit=1)[0].record == "anna"
            assert store.lists.count("member", {"roles": "qa"}) == 4
            assert store.lists.count("hold", {"sync": "in log"}) == store.lists.count("hold")
            assert store.lists.count("hold", {"sync": "local"}) == 0
            assert store.lists.count("hold", {"flags": "contested"}) == 0
            assert store.lists.count("hold", {"batch": None}) == 0
            assert store.lists.row("anna") == store.lists.rows("member", {"record": "anna"})[0]
            assert store.lists.row("nobody") is None
            assert "hold" in store.lists.kinds()

    @pytest.mark.parametrize("order", ["-last", "last", "record", "-record", "criticality", "-criticality", "raters"])
    @pytest.mark.parametrize("where", [{}, {"state": "triaged"}, {"state": ["open", "triaged"]}, {"state": []}])
    def test_a_records_place_is_where_it_stands_among_the_rows(
        self, opener: Opener, days: Days, order: str, where: dict[str, str | int | list[str] | None]
    ) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            lists = store.lists
            rows = lists.rows("deviation", where, order=order)
            assert len(rows) == lists.count("deviation", where)
            assert len({row.columns["criticality"] for row in lists.rows("deviation")}) > 1  # one is not rated yet
            places = [lists.place("deviation", row.record, where, order=order) for row in rows]
            assert places == list(range(len(rows)))
            for at in range(0, len(rows), 7):
                assert lists.rows("deviation", where, order=order, limit=3, offset=at) == rows[at : at + 3]
            shown = {row.record for row in rows}
            for row in lists.rows("deviation"):
                assert (row.record in shown) or lists.place("deviation", row.record, where, order=order) is None
            assert lists.place("deviation", "DEV-LYN1-999999", where, order=order) is None

    def test_states_are_named_and_several_can_be_asked_for(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            states = store.lists.states("deviation")
            assert states == sorted({str(row.columns["state"]) for row in store.lists.rows("deviation")})
            assert len(states) > 1
            assert store.lists.rows("deviation", {"state": states}) == store.lists.rows("deviation")
            some = [row.record for row in store.lists.rows("deviation", limit=3)]
            found = store.lists.rows("deviation", {"state": states, "record": some}, order="record")
            assert [row.record for row in found] == sorted(some)
            assert store.lists.states("gate") == []

    def test_who_made_an_entry_is_known_by_its_position(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        with opener() as store:
            arrive(store, leaves)
            assert [store.lists.terminal(leaf.position) for leaf in leaves] == [leaf.terminal for leaf in leaves]
            assert store.lists.terminal(60) == ""

    def test_a_search_can_be_for_one_kind(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(205))
            whole = store.lists.search("SUITE", limit=999)
            holds = store.lists.search("SUITE", kind="hold", limit=999)
            assert holds == [one for one in whole if one.kind == "hold"]
            assert 0 < len(holds) < len(whole)

    def test_what_is_flagged_is_found_by_any_of_the_flags(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        stops = [days.leaf("LYN1", "hold.stop", on=f"SUITE-{number}") for number in range(3)]
        holds = [entry_of(stop).record for stop in stops]
        lifts = [days.leaf("LYN1", "hold.lift", hold, "anna", reason="a mistake") for hold in holds[:2]]
        with opener() as store:
            arrive(store, [*leaves, *stops, *lifts])
            found = store.lists.flagged("hold", ["waiting", "contested"])
            assert [row.record for row in found] == [holds[1], holds[0]]
            assert found[0] == store.lists.row(holds[1])
            assert store.lists.flagged("hold", ["waiting"], limit=1) == found[:1]
            assert store.lists.flagged("hold", ["wait"]) == store.lists.flagged("hold", []) == []
            with pytest.raises(Unknown):
                store.lists.flagged("nothing", ["waiting"])

    def test_what_is_only_proposed_yet_is_known(self, opener: Opener, days: Days) -> None:
        fields = {"company": "cdmo", "site": "Lyon", "public": public("NEW1")}
        with opener() as store:
            arrive(store, days.log(60))
            assert store.lists.unborn() == []
            arrive(store, [days.leaf("LYN1", "terminal.invite", "NEW1", "olga", **fields)])
            assert store.lists.unborn() == ["NEW1"]
            assert store.lists.row("NEW1") is None
            line = days.line("LYN1", "terminal.invite", "NEW2", "olga", **{**fields, "public": public("NEW2")})
            with store.write() as tx:
                tx.add_pending(line)
            assert store.lists.unborn() == ["NEW1", "NEW2"]

    def test_a_long_text_of_digits_is_no_number(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            arrive(store, days.log(60))
            for digits in ("9" * 18, "9" * 19, "00340123451234567895", "9" * 400):
                assert store.lists.rows("batch", {"number": digits}) == []

    @pytest.mark.parametrize("wrong", ["nothing", "entry", 'hold"; DROP TABLE entry; --', "sqlite_schema", ""])
    def test_an_unknown_list_is_refused(self, opener: Opener, wrong: str) -> None:
        with opener() as store:
            with pytest.raises(Unknown):
                store.lists.rows(wrong)
            with pytest.raises(Unknown):
                store.lists.rows("hold", {wrong: "x"})
            with pytest.raises(Unknown):
                store.lists.rows("hold", order=wrong)
            with pytest.raises(Unknown):
                store.lists.rows("hold", {"sync": wrong})

    def test_search_finds_words_numbers_and_beginnings(self, opener: Opener, days: Days) -> None:
        leaves = days.log(60)
        stop = days.leaf("LYN1", "hold.stop", on="SUITE-1", reason='Überdruck am "Filter" (4,5 bar)')
        record = entry_of(stop).record
        with opener() as store:
            arrive(store, [*leaves, stop])
            for asked in ("überdruck", "uberdr", '"Filter"', record, "4,5", "filter bar", "SUITE-1 filter"):
                assert record in [one.record for one in store.lists.search(asked)], asked
            for asked in ("", "  ", "-", "Überdrehzahl?", 'x" OR "y', "NOT", "a\0b", "texts:filter"):
                assert record not in [one.record for one in store.lists.search(asked)], asked

    def test_a_trail_shows_every_entry_about_a_record(self, opener: Opener, days: Days) -> None:
        leaves = days.log(50)
        stop = days.leaf("LYN1", "hold.stop", on="SUITE-1")
        record = entry_of(stop).record
        void = days.leaf("SPO1", "hold.lift", record, "sam", reason="may not")
        with opener() as store:
            arrive(store, [*leaves, stop, void])
            trail = store.lists.trail(record)
            assert [(one.position, one.do, one.verdict, one.changed) for one in trail] == [
                (50, "hold.stop", "stands", True), (51, "hold.lift", "void", False)
            ]  # fmt: skip
            assert trail[1].refused == "WHO-3"
            assert [one.data for one in trail] == [stop.leaf, void.leaf]
            assert trail[0].id == b64(stop.id)

    # What is kept beside

    def test_blobs_are_found_by_digest_and_can_be_erased(self, opener: Opener) -> None:
        with opener() as store:
            with store.write():
                sheet = store.blobs.put(b"s" * 16, b"what was on the screen")
                number = store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True)
                assert store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True) == number
            found = store.blobs.get(sheet)
            assert found is not None
            assert (found.content, found.erasable, found.intact()) == (b"what was on the screen", False, True)
            with store.write():
                assert store.blobs.erase(number)
                assert not store.blobs.erase(sheet)
                assert not store.blobs.erase("nothing")
                store.blobs.put(b"t" * 16, b"+33 1 23", erasable=True)
            gone = store.blobs.get(number)
            assert gone is not None
            assert (gone.content, gone.salt, gone.intact()) == (None, None, True)
            assert store.blobs.lacking([sheet, "nothing", number]) == ["nothing"]

    def test_drafts_and_keys_are_kept_until_dropped(self, opener: Opener) -> None:
        with opener() as store:
            with store.write():
                store.drafts.save("anna", "deviation.rate", '{"reason":"b"}')
                store.drafts.save("anna", "deviation.rate", '{"reason":"be"}')
                store.drafts.save("quin", "deviation.rate", "{}")
                store.keys.put("anna", b"one")
                store.keys.put("anna", b"two")
            assert store.drafts.of("anna") == {"deviation.rate": '{"reason":"be"}'}
            assert store.keys.get("anna") == b"two"
            assert store.keys.people() == ["anna"]
            with store.write():
                store.drafts.drop("anna", "deviation.rate")
                store.keys.drop("anna")
            assert store.drafts.get("anna", "deviation.rate") is None
            assert store.drafts.get("quin", "deviation.rate") == "{}"
            assert store.keys.get("anna") is None

    def test_what_is_noted_can_be_forgotten(self, opener: Opener) -> None:
        with opener() as store:
            for value in (5, "text", b"bytes"):
                with store.write() as tx:
                    tx.set_meta("noted", value)
                assert store.meta("noted") == value
            with store.write() as tx:
                tx.set_meta("noted", None)
            assert store.meta("noted") is None

    def test_errors_are_sentences(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            with pytest.raises(StoreError) as refusal, store.write() as tx:
                tx.arrive(days.log(40)[1:])
            assert str(refusal.value).endswith(".")


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


__all__ = ["Opener", "Planned", "StoreContract", "dump"]
