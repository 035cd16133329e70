"""Whatever fails, and wherever: what was acknowledged is there, and of anything else nothing."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.store import sqlite
from shared.store.compare import compare, folded
from shared.store.errors import StoreError
from shared.store.store import Store
from shared.store.verify import verify
from tests.store.logs import Days, arrive, founding

Hook = Callable[[int], None]


class Watched(sqlite.Connection):
    """A connection that tells `hook` before each statement, by its number."""

    hook: Hook | None = None
    count = 0

    def execute(self, *args: Any) -> Any:
        self._tell()
        return super().execute(*args)

    def executemany(self, *args: Any) -> Any:
        self._tell()
        return super().executemany(*args)

    def _tell(self) -> None:
        if Watched.hook is not None:
            Watched.count += 1
            Watched.hook(Watched.count)


@pytest.fixture(autouse=True)
def _no_hook() -> None:
    Watched.hook, Watched.count = None, 0


def opened(path: Path) -> Store:
    return Store.open(path, create=True, factory=Watched)


def prepared(folder: Path) -> tuple[Path, Callable[[Store], None]]:
    """A store with a log and two pending lines, and a transaction that does all that one can do."""
    days = Days()
    leaves = days.log(60)
    mine = [
        days.line("LYN1", "hold.stop", on="SUITE-1", reason="a vial broke"),
        days.line("LYN1", "hold.stop", on="SUITE-2"),
    ]
    later = [days.line("LYN1", "hold.stop", on="SUITE-3")]
    others = [days.leaf("SPO1", "hold.stop", on="SUITE-1"), days.ordering.leaf(mine[0])]
    path = folder / "log.db"
    with opened(path) as store:
        arrive(store, leaves)
        with store.write() as tx:
            for line in mine:
                tx.add_pending(line)

    def all_at_once(store: Store) -> None:
        with store.write() as tx:
            tx.arrive(others)
            tx.add_pending(later[0])
            store.drafts.drop("anna", "form")
            store.blobs.put(b"salt", b"sheet")
            tx.set_meta("cursor", 62)

    return path, all_at_once


def state(store: Store) -> list[object]:
    """All that a transaction may change."""
    return [store.size(), store.meta("cursor"), store.pending.lines(), list(folded(store))]


def statements(path: Path, run: Callable[[Store], None]) -> int:
    """How many statements `run` takes, on a copy."""
    copy = shutil.copytree(path.parent, path.parent.with_name("counted")) / path.name
    with opened(copy) as store:
        Watched.hook = lambda _number: None
        run(store)
        Watched.hook = None
    return Watched.count


def test_an_error_at_any_statement_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    path, run = prepared(tmp_path / "first")
    total = statements(path, run)
    assert total > 100

    def fail_at(at: int) -> Hook:
        def hook(number: int) -> None:
            if number == at:
                Watched.hook = None
                raise sqlite.Error("disk I/O error")

        return hook

    with opened(path) as store:
        before = state(store)
        at = 0
        while store.meta("cursor") is None:  # what is read again is asked for less often, so `total` is too many
            at += 1
            Watched.count, Watched.hook = 0, fail_at(at)
            try:
                run(store)
            except StoreError:
                Watched.hook = None
                assert state(store) == before, at
            else:
                Watched.hook = None
                assert Watched.count < at
        assert at > total // 2
        assert list(compare(store)) == []
        assert list(verify(store, sealed=False)) == []


def test_making_a_file_may_fail_at_any_statement_and_be_tried_again(tmp_path: Path) -> None:
    Watched.hook = lambda _number: None
    opened(tmp_path / "counted.db").close()
    total = Watched.count
    assert total > 50
    for at in range(1, total, 9):
        path = tmp_path / f"{at}.db"

        def fail(number: int, at: int = at) -> None:
            if number == at:
                Watched.hook = None
                raise sqlite.Error("database or disk is full")

        Watched.count, Watched.hook = 0, fail
        with pytest.raises(StoreError, match="disk is full"):
            opened(path).close()
        Watched.hook = None
        with opened(path) as store:
            arrive(store, founding())
            assert list(verify(store, sealed=False)) == []


def test_power_that_fails_at_any_statement_leaves_before_or_after(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    path, run = prepared(tmp_path / "first")
    total = statements(path, run)
    with opened(path) as store:
        before = state(store)

        def copy(number: int) -> None:
            if number % 4 == 0 or number > total - 4:
                shutil.copytree(path.parent, tmp_path / f"at{number}")

        Watched.count, Watched.hook = 0, copy
        run(store)
        Watched.hook = None
        after = state(store)
        shutil.copytree(path.parent, tmp_path / "at-end")
    assert before != after
    for crashed in sorted(tmp_path.glob("at*")):
        with opened(crashed / path.name) as store:
            assert state(store) == (after if crashed.name == "at-end" else before), crashed.name
            assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert list(verify(store, sealed=False)) == []


_WRITER = """
import sys
from pathlib import Path
from shared.store.store import Store
from tests.store.logs import Days

days = Days()
leaves = days.log(1000)
with Store.open(Path(sys.argv[1]), create=True) as store:
    for leaf in leaves[store.size():]:
        with store.write() as tx:
            tx.arrive([leaf])
            tx.set_meta("cursor", leaf.position + 1)
            store.drafts.save("anna", "form", str(leaf.position))
        print(leaf.position + 1, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    rng = random.Random(5)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        ) as child:
            assert child.stdout is not None
            acknowledged = 0
            for _ in range(rng.randint(5, 60)):
                acknowledged = int(child.stdout.readline())
            os.kill(child.pid, signal.SIGKILL)
            acknowledged = max([acknowledged, *map(int, child.stdout.read().split())])
        with Store.open(path) as store:
            size = store.size()
            assert size in {acknowledged, acknowledged + 1}
            assert store.meta("cursor") == size
            assert store.drafts.get("anna", "form") == str(size - 1)
            assert list(verify(store, sealed=False)) == []
            assert list(compare(store)) == []
