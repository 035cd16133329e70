"""The file itself: made private; refused in one clear line when it is not ours, is damaged, or the disk is full."""

import os
import random
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shared.store import lock, sqlite
from shared.store.compare import compare, folded
from shared.store.errors import Busy, Damaged, Full, Missing, Newer, StoreError, Unsafe
from shared.store.store import Store
from shared.store.verify import verify
from tests.store.logs import Days, arrive

ROOT = Path(__file__).parents[2]


def filled(path: Path, size: int = 100) -> None:
    with Store.open(path, create=True) as store:
        arrive(store, Days().log(size))


def test_a_new_file_and_its_companions_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    before = os.umask(0)
    try:
        with Store.open(path, create=True) as store:
            with store.write() as tx:
                tx.set_meta("noted", 1)
            names = sorted(file.name for file in tmp_path.iterdir())
            assert names == ["log.db", "log.db-shm", "log.db-wal", "log.db.lock", "log.db.turn.lock"]
            assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    finally:
        os.umask(before)


def test_settings_are_those_that_keep_what_was_acknowledged(tmp_path: Path) -> None:
    with Store.open(tmp_path / "log.db", create=True) as store:

        def pragma(name: str) -> object:
            return store.connection.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1
        assert pragma("application_id") == sqlite.APPLICATION
        assert pragma("user_version") == sqlite.USER_VERSION
        tables = store.connection.execute(
            "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
            " AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        ).fetchall()
        assert len(tables) > 30
        assert [name for name, strict in tables if not strict] == []


@pytest.mark.skipif(sqlite.VERSION < (3, 51, 3), reason="the driver of this platform")
def test_the_sqlite_of_the_lock_is_free_of_the_wal_reset_bug() -> None:
    assert sqlite.safe_by_itself(sqlite.VERSION)


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 53, 4), True)],
)
def test_which_sqlite_is_safe(version: tuple[int, ...], *, safe: bool) -> None:
    assert sqlite.safe_by_itself(version) == safe


def test_without_locks_an_unsafe_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LOCKS", False)
    Store.open(tmp_path / "log.db", create=True).close()
    monkeypatch.setattr(lock, "VERSION", (3, 40, 1))
    with pytest.raises(Unsafe, match=r"SQLite 3\.40\.1 can damage"):
        Store.open(tmp_path / "log.db", create=True)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        Store.open(tmp_path / "log.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"not a database, but text that is long enough to be looked at" * 40, bytes(4096)]
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as refusal:
        Store.open(path)
    assert "\n" not in str(refusal.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    connection = sqlite.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    for create in (False, True):
        with pytest.raises(Damaged, match="no Andon log"):
            Store.open(path, create=create)
    connection = sqlite.connect(path)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    connection.close()


def test_a_later_versions_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    filled(path, 40)
    connection = sqlite.connect(path)
    connection.execute(f"PRAGMA user_version={sqlite.USER_VERSION + 1}")
    connection.close()
    with pytest.raises(Newer):
        Store.open(path)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_gives_one_clear_line_or_named_faults(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "log.db"
    filled(path, 120)
    data = bytearray(path.read_bytes())
    rng = random.Random(seed)
    page = rng.randrange(len(data) // 4096)
    for _ in range(50):
        data[page * 4096 + rng.randrange(4096)] = rng.randrange(256)
    path.write_bytes(data)
    said = damage(path)
    # A page may hold nothing that is used; then nothing is wrong.
    assert all(one.isprintable() and len(one) < 1_000 for one in said), said


def damage(path: Path) -> list[str]:
    try:
        with Store.open(path) as store:
            return [str(fault) for fault in verify(store, sealed=False)]
    except StoreError as refusal:
        return [str(refusal)]


def test_a_full_disk_is_refused_clearly_and_nothing_is_half_written(tmp_path: Path) -> None:
    days = Days()
    leaves = days.log(1_500)
    with Store.open(tmp_path / "log.db", create=True) as store:
        arrive(store, leaves[:200])
        before = list(folded(store))
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count={pages + 10}")
        with pytest.raises(Full, match="disk is full and nothing was written"):
            arrive(store, leaves[200:], 1_300)
        assert list(folded(store)) == before
        assert store.size() == 200
        with store.write():
            store.drafts.save("anna", "form", "a draft still fits")
        store.connection.execute("PRAGMA max_page_count=1000000")
        arrive(store, leaves[200:])
        assert list(compare(store)) == []


_PUT = """
import resource, signal, sys
from pathlib import Path
from shared.store.errors import StoreError
from shared.store.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store.open(Path(sys.argv[1])) as store:
    store.write
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        for n in range(1000):
            with store.write():
                store.blobs.put(b"salt", n.to_bytes(4, "big") * 4000)
    except StoreError as refusal:
        print(n, refusal)
"""


def test_a_file_that_may_not_grow_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    filled(path, 40)
    done = subprocess.run([sys.executable, "-c", _PUT, str(path)], capture_output=True, text=True, cwd=ROOT, check=True)
    stored, refusal = done.stdout.split(" ", 1)
    assert re.search("nothing was written", refusal), refusal
    with Store.open(path) as store:
        assert store.connection.execute("SELECT count(*) FROM blob").fetchone()[0] == int(stored)
        assert list(verify(store, sealed=False)) == []


def test_a_second_writer_waits_and_then_gets_one_line(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    filled(path, 60)
    with Store.open(path) as one, Store.open(path, wait=0.05) as two:
        with one.write() as tx:
            tx.set_meta("noted", 1)
            with pytest.raises(Busy, match=r"another Andon has been writing for 0\.05 s"), two.write():
                pass
            assert two.size() == 60
            assert two.lists.count("member") == 13
            assert two.meta("noted") is None
        with two.write() as tx:
            tx.set_meta("noted", 2)
        assert one.meta("noted") == 2


def test_a_foreign_writer_is_waited_for_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.db"
    filled(path, 40)
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    foreign = sqlite.connect(path)
    foreign.execute("BEGIN IMMEDIATE")
    with Store.open(path) as store:
        with pytest.raises(Busy, match="another program is writing"), store.write():
            pass
        foreign.execute("ROLLBACK")
        with store.write() as tx:
            tx.set_meta("noted", 1)
    foreign.close()


def test_an_erased_blob_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    secret = b"+33 1 23 45 67 89, the mobile of somebody"
    with Store.open(path, create=True) as store, store.write():
        digests = [store.blobs.put(b"salt", secret * n, erasable=True) for n in (1, 2, 300)]
    assert secret in path.read_bytes()
    with Store.open(path) as store, store.write():
        assert all(store.blobs.erase(digest) for digest in digests)
    assert b"".join(file.read_bytes() for file in tmp_path.iterdir()).count(secret) == 0


def test_closing_beside_a_long_write_does_not_fail(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    filled(path, 40)
    with Store.open(path) as one, one.write() as tx:
        tx.set_meta("noted", 1)
        Store.open(path, wait=0.01).close()


_COUNT = """
import sys
from pathlib import Path
from shared.store.store import Store
with Store.open(Path(sys.argv[1]), create=True, wait=60) as store:
    for n in range(int(sys.argv[2])):
        with store.write() as tx:
            tx.set_meta("count", (store.meta("count") or 0) + 1)
            store.drafts.save(sys.argv[3], str(n), "{}")
"""


def test_several_processes_make_and_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    children = [
        subprocess.Popen([sys.executable, "-c", _COUNT, str(path), "60", str(one)], cwd=ROOT) for one in range(3)
    ]
    assert [child.wait() for child in children] == [0, 0, 0]
    with Store.open(path) as store:
        assert store.meta("count") == 180
        assert [len(store.drafts.of(str(one))) for one in range(3)] == [60, 60, 60]
        assert list(verify(store)) == []


def test_a_command_that_lists_loads_neither_fold_nor_kinds(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    filled(path, 60)
    script = (
        "import sys; from shared.store.store import Store; store = Store.open(sys.argv[1]);"
        "store.lists.rows('member'); store.lists.count('hold'); store.lists.search('anna'); store.drafts.of('anna');"
        "print(store.outdated, *sorted(name for name in sys.modules if name.split('.')[0] in"
        " {'shared', 'msgspec', 'sqlite_utils', 'cryptography', 'zstandard', 'asyncio'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    outdated, *loaded = done.stdout.split()
    assert outdated == "False"
    assert set(loaded) == {"shared", "shared.fold", "shared.store"} | {
        f"shared.store.{name}"
        for name in ("errors", "keep", "listing", "lists", "lock", "opening", "packing", "sqlite", "store")
    }
