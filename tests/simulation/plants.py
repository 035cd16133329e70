"""Faults that are put into the product on purpose, each of which the checks must find.

Each takes pytest's monkeypatch.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

import pytest

from server import log as serving
from server.log import Push, ServedLog
from shared.fold import effect
from shared.fold import view as views
from shared.kinds import hold
from shared.log.wire import Answer, Page
from shared.store.log_tables import LogTables
from shared.store.pending import Pending
from shared.store.transaction import Tx
from shared.terminal import sync as syncing


def server_drops(patch: pytest.MonkeyPatch) -> None:
    """The server answers that entries are in the log, and now and then they are not: its disk never wrote them."""
    order = ServedLog.order

    def dropping(log: ServedLog, pushes: Sequence[Push]) -> list[Answer]:
        if log.size % 3 or log.recovering:
            return order(log, pushes)
        with pytest.MonkeyPatch.context() as now:
            now.setattr(log._store, "write", _never(log._store.write))
            return order(log, pushes)

    patch.setattr(ServedLog, "order", dropping)


class _NeverWritten(Exception):
    """What the disk says to nobody."""


def _never(write: Callable[[], AbstractContextManager[Tx]]) -> Callable[[], AbstractContextManager[Tx]]:
    @contextmanager
    def writes() -> Iterator[Tx]:
        with suppress(_NeverWritten), write() as tx:
            yield tx
            raise _NeverWritten

    return writes


def outbox_drops(patch: pytest.MonkeyPatch) -> None:
    """A terminal forgets a line that waits when another one has come into the log."""
    drop = Pending.drop

    def dropping(pending: Pending, ids: Iterable[bytes]) -> None:
        known = list(ids)
        if pending.count():
            drop(pending, known)
            pending._execute("DELETE FROM outbox WHERE no = (SELECT max(no) FROM outbox)")

    patch.setattr(Pending, "drop", dropping)


def anybody_lifts(patch: pytest.MonkeyPatch) -> None:
    """A lift needs nobody else."""
    patch.setattr(hold.Lift, "needs", lambda _lift, _world: ())


def lift_stays(patch: pytest.MonkeyPatch) -> None:
    """A lift that was overtaken counts as if its author had seen everything."""
    patch.setattr(views, "overtaken", lambda _act, _cut: False)


def positions_twice(patch: pytest.MonkeyPatch) -> None:
    """A restored server goes on at once, and gives positions again that it had given before."""
    patch.setattr(ServedLog, "recovering", property(lambda _log: False))


def overwrites(patch: pytest.MonkeyPatch) -> None:
    """Of two texts that did not know of each other, the later one alone is shown."""
    real = effect._replaced

    def replaced(*args: Any) -> bool:
        return args[-1].name == "text" or real(*args)

    patch.setattr(effect, "_replaced", replaced)


def cursor_ahead(patch: pytest.MonkeyPatch) -> None:
    """A terminal takes a page for read that it could not keep."""

    def pull(run: Any) -> None:
        page: Page = run._remote.page(run._store.size())
        if len(page.leaves) % 3:
            run.pulled += run._take(page)

    patch.setattr(syncing._Run, "_pull", pull)


def flip_stored(patch: pytest.MonkeyPatch) -> None:
    """A byte of a leaf is another one on the disk than was taken in."""
    append = LogTables.append

    def flipping(tables: LogTables, leaves: Any, placed: Any, sound: Any) -> Any:
        edge = append(tables, leaves, placed, sound)
        if leaves and leaves[-1].n % 5 == 0:
            query = "SELECT leaf FROM entry WHERE position = ?"
            (data,) = tables._execute(query, (leaves[-1].position,)).fetchone()
            at = len(data) // 2
            changed = bytes(data[:at]) + bytes([data[at] ^ 1]) + bytes(data[at + 1 :])
            tables._execute("UPDATE entry SET leaf = ? WHERE position = ?", (changed, leaves[-1].position))
        return edge

    patch.setattr(LogTables, "append", flipping)


def pulls_for_all(patch: pytest.MonkeyPatch) -> None:
    """The server gives pages to terminals that were expelled."""
    patch.setattr(serving, "_MAY_PULL", {"active", "invited", "revoked"})


def skips_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A terminal does not keep the text of what the server refused."""
    patch.setattr(Pending, "refused", lambda _pending: [])


def answers_twice(patch: pytest.MonkeyPatch) -> None:
    """The server orders a line again that it holds already."""
    patch.setattr(LogTables, "find", lambda _tables, _id: None)


PLANTS: Final[dict[str, Callable[[pytest.MonkeyPatch], None]]] = {
    one.__name__: one
    for one in (
        server_drops, outbox_drops, anybody_lifts, lift_stays, positions_twice, overwrites, cursor_ahead, flip_stored,
        pulls_for_all, skips_forgotten, answers_twice,
    )
}  # fmt: skip
"""Each fault by its name."""
