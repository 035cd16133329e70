"""Own lines whose place the server has told, while what lies before that place is not here yet.

Their places are kept until the log has grown over them: should the server be restored from an older backup meanwhile,
this terminal is the only one that can give them back where they were.
"""

from typing import Final

from shared.log.leaf import leaf_bytes
from shared.log.wire import Head, Page, Placed
from shared.store.pending import Waiting
from shared.store.store import Store
from shared.terminal.desk import Desk
from shared.terminal.own_chain import Outgoing, links_before, seal_over

_NOTE: Final = "placed"
"""Under which the store notes checkpoints of places, with their size behind it."""


def keep_places(desk: Desk, out: Outgoing, answer: Placed) -> None:
    """Note the places that a push was given."""
    with desk.store.write() as tx:
        for n, (position, received) in enumerate(answer.places, out.first):
            tx.set_state(desk.code, n, f"{position} {received}")
        tx.set_meta(f"{_NOTE} {answer.places[-1][0] + 1}", answer.checkpoint)


def places_kept(store: Store) -> bool:
    """Tell whether there are places that the log has not grown over yet, as far as is known."""
    return bool(store.metas(_NOTE))


def forget_places(desk: Desk) -> None:
    """Forget the checkpoints of places that the log has grown over."""
    size = desk.store.size()
    kept = [key for key in desk.store.metas(_NOTE) if int(key.rpartition(" ")[2]) <= size]
    if kept:
        with desk.store.write() as tx:
            for key in kept:
                tx.set_meta(key, None)


def placed_page(desk: Desk) -> Page | None:
    """Give own lines that were placed just where this terminal's log ends, as the page that a pull would have given."""
    start = desk.store.size()
    lines: list[tuple[Waiting, int]] = []
    for one in desk.store.pending.lines(desk.code):
        position, _, received = one.state.partition(" ")
        if not received or int(position) != start + len(lines):
            break
        lines.append((one, int(received)))
        note = desk.store.meta(f"{_NOTE} {start + len(lines)}")
        if note is not None:
            last = lines[-1][0]
            seal = seal_over(desk, last.n, last.link, desk.home.key().seed)
            leaves = [leaf_bytes(each.line, at) for each, at in lines]
            links = links_before(desk.store, desk.code, lines[0][0].n, [each.line for each, _ in lines], start)
            size = start + len(leaves)
            head = Head(checkpoint=note, count=len(leaves), links=links, size=size, start=start)
            return Page(head, leaves, [(start + len(leaves) - 1, seal)])
    return None
