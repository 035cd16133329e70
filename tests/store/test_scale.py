"""What one more record costs does not depend on how many there are: counted in steps of SQLite, not in time."""

from collections.abc import Callable

import pytest

from shared.log.push import OrderedLeaf
from shared.store.store import Store
from tests.store.logs import Days, arrive

FEW, MANY = 400, 8_000
MORE = 22
"""Entries that are added: two deviations from the stop to the lift."""


def steps(store: Store, run: Callable[[], object]) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    store.connection.set_progress_handler(step, 10)
    run()
    store.connection.set_progress_handler(None, 0)
    return count


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """Each work's steps, with few records and with many."""
    found: dict[str, list[int]] = {}
    for size in (FEW, MANY):
        days = Days()
        leaves = days.log(size + MORE)
        with Store.open(tmp_path_factory.mktemp("scale") / "log.db", create=True) as store:
            arrive(store, leaves[:size])
            for name, work in works(store, leaves[size:]).items():
                found.setdefault(name, []).append(steps(store, work))
    return found


def works(store: Store, more: list[OrderedLeaf]) -> dict[str, Callable[[], object]]:
    return {
        "arrive": lambda: arrive(store, more, 1),
        "page": lambda: store.lists.rows("deviation", limit=20),
        "page of a state": lambda: store.lists.rows("deviation", {"state": "triaged"}, limit=20),
        "page of two states": lambda: store.lists.rows("deviation", {"state": ["open", "triaged"]}, limit=20),
        "states": lambda: store.lists.states("deviation"),
        "flagged": lambda: store.lists.flagged("hold", ("contested", "overtaken"), limit=20),
        "the log in numbers": store.lists.log,
        "row": lambda: store.lists.row("anna"),
        "search": lambda: store.lists.search("pressure", limit=20),
    }


WORKS = (
    "arrive", "page", "page of a state", "page of two states", "states", "flagged", "the log in numbers", "row",
    "search",
)  # fmt: skip


@pytest.mark.parametrize("work", WORKS)
def test_with_twenty_times_as_many_records_a_work_takes_as_many_steps(costs: dict[str, list[int]], work: str) -> None:
    few, many = costs[work]
    assert few > 0
    assert many <= 1.2 * few + 5
