"""What every store must do with the log: leaves, proofs, branches, seals."""

import pytest

from shared.log import chain
from shared.log.canonical import b64
from shared.log.entry import skip_bytes
from shared.log.leaf import leaf_hash
from shared.log.merkle import consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion
from shared.log.note import Signature
from shared.log.push import ChainState
from shared.store.compare import compare
from shared.store.errors import Gap, StoreError
from shared.store.rebuild import rebuild
from tests.store.logs import FOUNDED, Days, Ordering, arrive, entry_of, line_of, sealed, skip_of
from tests.store.opened import Opener, dump


class LogContract:
    """What arrives is kept, and continues what is there."""

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

    def test_errors_are_sentences(self, opener: Opener, days: Days) -> None:
        with opener() as store:
            with pytest.raises(StoreError) as refusal, store.write() as tx:
                tx.arrive(days.log(40)[1:])
            assert str(refusal.value).endswith(".")
