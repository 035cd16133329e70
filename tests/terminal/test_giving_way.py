"""A page that is taken in gives way to whoever wants to write, above all to a stop, and is taken in all the same."""

from threading import Thread

import pytest

from shared.terminal import receive as receiving
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.perform import perform
from tests.store.test_lock import until_wanted
from tests.terminal.bulk import fill
from tests.terminal.firm import Firm


@pytest.fixture
def behind(firm: Firm) -> Desk:
    """A desk that lacks a few hundred entries which the server has."""
    firm.sync()
    desk = firm.desks.pop("SPO1")
    fill(firm, "LYN1", 900)
    firm.desks["SPO1"] = desk
    return desk


def test_a_stop_comes_before_the_page_that_is_being_taken_in(
    firm: Firm, behind: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = behind.store.size()
    sizes: list[int] = []
    threads: list[Thread] = []
    real = behind.store.give_way

    def stop() -> None:
        with Desk.open(behind.home, clock=behind.clock, costs=behind.costs) as other:
            perform(other, Asked("hold.stop", "", {"on": "Line 1", "reason": "leak"}))
            sizes.append(other.store.size())

    def give_way() -> None:
        if not threads:
            threads.append(Thread(target=stop))
            threads[0].start()
            until_wanted(behind.store._lock)
        real()

    monkeypatch.setattr(behind.store, "give_way", give_way)
    firm.server.pull(behind)
    threads[0].join()
    assert sizes == [before]
    assert behind.store.size() == before + 900
    assert behind.store.pending.count() == 1
    assert (
        behind.store.lists.count("hold", {"state": "held"})
        == firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) + 1
    )


def test_whoever_writes_all_the_time_keeps_no_page_out(
    firm: Firm, behind: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[bool] = []
    real = receiving._take

    def take(*arguments: object) -> int:
        tries.append(behind.store._yields)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving, "_take", take)
    monkeypatch.setattr(behind.store._lock, "wanted", lambda: True)
    firm.server.pull(behind)
    assert behind.store.size() == firm.server.log.size
    assert tries.count(True) > 3
    assert not tries[-1]
