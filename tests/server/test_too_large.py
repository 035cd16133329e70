"""What is too large for a server: refused once and told to people, never tried again as if there was room later."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.log.wire import MOST_PUSH, blob_body
from shared.store.keep import digest_of
from shared.terminal.remote import TooLarge
from shared.terminal.synced import REFUSED
from tests.server.running import Running
from tests.server.served import Served
from tests.terminal.firm import Firm
from tui.commands.sync import code_of

SMALL = "import server.app as a, server.blobs as b; a.MOST_PUSH, b._MOST_BODY = 2_000, 100"


@pytest.fixture
def small(founded: Firm, data: Path) -> Iterator[Served]:
    """A server that takes less at once than its terminals send."""
    with Running(data, prelude=SMALL) as running, Served(founded.copy(data.parent / "firm"), running) as one:
        yield one


@pytest.mark.parametrize("body", [b"x" * (MOST_PUSH + 1), os.urandom(MOST_PUSH + 1)], ids=["packed", "as it is"])
def test_a_terminal_takes_it_for_refused(served: Served, body: bytes) -> None:
    with closing(served.http("LYN1")) as server, pytest.raises(TooLarge, match="Send less at once"):
        server.push(body)


def test_a_push_that_is_too_large_is_told_and_pulling_goes_on(small: Served) -> None:
    small.push("SPO1")
    assert small.sync("SPO1").pushed == 1
    for number in range(10):
        small.push("LYN1", f"{number} {'x' * 60}")
    done = small.sync("LYN1")
    assert (done.state, done.pushed, done.pulled) == (REFUSED, 0, 1)
    assert "Send less at once" in done.text
    assert code_of(done) == 2
    assert small.firm.desks["LYN1"].store.pending.count() == 10, "nothing is lost"


def test_a_blob_that_is_too_large_keeps_no_other_back(small: Served) -> None:
    store = small.firm.desks["LYN1"].store
    contents = [b"a", b"b" * 1_000, b"c"]
    with store.write():
        for content in contents:
            store.blobs.put(bytes(16), content, erasable=False)
            store.carried.send(digest_of(bytes(16), content))
    done = small.sync("LYN1")
    assert (done.state, "Send less" in done.text) == (REFUSED, True)
    with closing(small.http("LYN1")) as server:
        kept = [server.get_blob(digest_of(bytes(16), content)) for content in contents]
    assert kept == [
        blob_body(erasable=False, salt=bytes(16), content=b"a"),
        None,
        blob_body(erasable=False, salt=bytes(16), content=b"c"),
    ]
    assert small.sync("LYN1").state == REFUSED, "it is told until somebody has looked after it"
