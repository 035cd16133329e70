"""The writer's lock is fair: who waits comes before who has just written, and is seen waiting by who writes."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from shared.store.errors import Busy, GaveWay
from shared.store.lock import WriterLock
from shared.store.store import Store

WAITS = """
import sys
from pathlib import Path
from shared.store.lock import WriterLock
print("waits", flush=True)
with WriterLock(Path(sys.argv[1]), wait=30).held():
    print("writes", flush=True)
"""


def waiting(path: Path) -> tuple[Thread, Event]:
    """Somebody who waits for the lock, in a thread; and what is set when they hold it."""
    got = Event()

    def take() -> None:
        lock = WriterLock(path, wait=30)
        with lock.held():
            got.set()
        lock.close()

    thread = Thread(target=take)
    thread.start()
    return thread, got


def until_wanted(lock: WriterLock) -> None:
    for _ in range(10_000):
        if lock.wanted():
            return
        Event().wait(0.001)
    raise AssertionError("nobody waits")


def test_who_has_just_written_comes_after_who_waits(tmp_path: Path) -> None:
    path = tmp_path / "log"
    ours = WriterLock(path)
    with ours.held():
        assert not ours.wanted()
        thread, got = waiting(path)
        until_wanted(ours)
        assert not got.is_set()
    with ours.held():  # at once, without any pause
        assert got.is_set()
        assert not ours.wanted()
    thread.join()
    ours.close()


def test_another_process_is_seen_waiting_and_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "log"
    ours = WriterLock(path)
    with ours.held():
        other = subprocess.Popen([sys.executable, "-c", WAITS, path], stdout=subprocess.PIPE)
        assert other.stdout is not None
        assert other.stdout.readline() == b"waits\n"
        until_wanted(ours)
    with ours.held():
        assert other.stdout.readline() == b"writes\n"
    assert other.wait() == 0
    other.stdout.close()
    ours.close()


def test_who_waits_too_long_is_told_and_does_not_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "log"
    ours, other, third = WriterLock(path), WriterLock(path, wait=0.01), WriterLock(path, wait=0.01)
    with ours.held():
        for one in (other, third):
            with pytest.raises(Busy), one.held():
                raise AssertionError
        assert not ours.wanted()
    for one in (other, third, ours):
        with one.held():
            pass
        one.close()


def test_a_transaction_gives_way_only_if_it_says_so_and_somebody_waits(tmp_path: Path) -> None:
    path = tmp_path / "log.db"

    def write(store: Store, value: str, *, gives_way: bool) -> None:
        with store.write(gives_way=gives_way) as tx:
            tx.set_meta("one", value)
            store.give_way()  # nobody waits yet
            thread, _ = waiting(path)
            threads.append(thread)
            until_wanted(store._lock)
            store.give_way()

    threads: list[Thread] = []
    with Store.open(path, create=True) as store:
        write(store, "kept", gives_way=False)
        with pytest.raises(GaveWay):
            write(store, "changed", gives_way=True)
        assert store.meta("one") == "kept"
        for one in threads:
            one.join()
