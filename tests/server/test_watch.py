"""Staying in sync: what is noticed at once, and what is tried again for as long as it takes."""

import threading
from contextlib import closing

import pytest

from shared.store.errors import Busy
from shared.terminal import watch as watching
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.perform import perform
from shared.terminal.remote import Remote
from shared.terminal.sync import sync
from shared.terminal.synced import IN_LOG, LATER, Synced
from shared.terminal.watch import LONGEST_S, Watch
from tests.server.running import until
from tests.server.served import Served


class Watching:
    """A watch of one home in a thread of its own, and what it told."""

    def __init__(self, served: Served, code: str) -> None:
        self.told: list[Synced] = []
        self._served = served
        self._code = code
        self.watch: Watch
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until(lambda: self.told)

    def _run(self) -> None:
        home = self._served.firm.homes[self._code]
        with Desk.open(home) as desk, closing(self._served.http(self._code)) as server:
            self.watch = Watch(desk, server, self.told.append)
            self.watch.run()

    def end(self) -> None:
        self.watch.stop()
        self.ended()

    def ended(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.fixture
def slow_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_S", 10_000.0)


@pytest.mark.usefixtures("slow_poll")
def test_what_is_written_while_it_syncs_goes_out_at_once(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process writes just after the sync has looked at the outbox, and before it ends."""
    written: list[str] = []

    def written_behind_it(own: Desk, remote: Remote) -> Synced:
        done = sync(own, remote)
        if not written:
            with Desk.open(own.home) as other:
                written.append(perform(other, Asked("hold.stop", fields={"on": "behind it"})).record)
        return done

    monkeypatch.setattr(watching, "sync_and_beat", written_behind_it)
    one = Watching(served, "LYN2")
    until(lambda: any(done.pushed for done in one.told))
    one.end()
    assert served.firm.desks["LYN2"].store.pending.count() == 0


@pytest.mark.usefixtures("slow_poll")
def test_a_busy_file_is_tried_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def busy_at_first(own: Desk, remote: Remote) -> Synced:
        tries.append(1)
        if len(tries) < 3:
            raise Busy("another program is writing to it.")
        return sync(own, remote)

    monkeypatch.setattr(watching, "sync_and_beat", busy_at_first)
    one = Watching(served, "SPO1")
    until(lambda: len(one.told) >= 2)
    one.end()
    assert [done.state for done in one.told] == [LATER, IN_LOG]


@pytest.mark.usefixtures("slow_poll")
def test_an_end_is_heard_though_it_comes_just_before_the_bell_is_made_ready(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Watching(served, "SPO1")
    watch = one.watch
    clear = watch._bell.clear

    def ended_then_clear() -> None:
        watch.stop()
        clear()

    monkeypatch.setattr(watch._bell, "clear", ended_then_clear)
    watch.ring()
    one.ended()


@pytest.mark.parametrize("failures", [1, 5, 1_000, 100_000])
def test_a_pause_stays_short_however_often_it_failed(failures: int) -> None:
    assert 0 < watching._pause(failures) <= LONGEST_S


@pytest.mark.usefixtures("slow_poll")
def test_pokes_pull_at_once(served: Served) -> None:
    one = Watching(served, "SPO1")
    before = len(one.told)
    served.push("LYN1")
    until(lambda: served.sync("LYN1").state == IN_LOG)
    until(lambda: any(done.pulled for done in one.told[before:]))
    one.end()
