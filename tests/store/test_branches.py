"""Names of branches: the same on every replica, and no two alike."""

from pathlib import Path

from shared.log import chain
from shared.log.canonical import b64
from shared.store.branches import Branches
from shared.store.store import Store


def test_ids_that_begin_alike_give_branches_names_of_their_own(tmp_path: Path) -> None:
    first = bytes(32)
    forks = [b"\1" * 6 + bytes([n]) * 26 for n in range(3)]
    with Store.open(tmp_path / "log.db", create=True) as store:
        branches = Branches(store.connection)
        assert branches.place("LYN1", 1, first, chain.link(chain.FIRST, first)) == ("LYN1", None)
        names = [branches.place("LYN1", 1, fork, chain.link(chain.FIRST, fork)) for fork in forks]
        assert [left for _, left in names] == [("LYN1", 0)] * 3
        assert [name for name, _ in names] == [f"LYN1~{b64(fork)[: 8 + n]}" for n, fork in enumerate(forks)]
        assert branches.end(names[2][0]) == (1, chain.link(chain.FIRST, forks[2]))
        assert branches.end("LYN2") == (0, chain.FIRST)


def test_a_fork_of_a_fork_leaves_the_branch_that_it_was_on(tmp_path: Path) -> None:
    def link(before: bytes, n: int) -> tuple[bytes, bytes]:
        return bytes([n]) * 32, chain.link(before, bytes([n]) * 32)

    with Store.open(tmp_path / "log.db", create=True) as store:
        branches = Branches(store.connection)
        one, after = link(chain.FIRST, 1)
        branches.place("LYN1", 1, one, after)
        two, main = link(after, 2)
        branches.place("LYN1", 2, two, main)
        fork, forked = link(after, 3)
        branch, left = branches.place("LYN1", 2, fork, forked)
        assert left == ("LYN1", 1)
        assert branches.place("LYN1", 3, *link(forked, 4)) == (branch, None)
        again, left = branches.place("LYN1", 3, *link(forked, 5))
        assert left == (branch, 2)
        assert again != branch
        assert branches.place("LYN1", 3, *link(main, 6)) == ("LYN1", None)
