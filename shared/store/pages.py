"""Where a page of a log ends: after a push, so that the seals in it cover every leaf in it (design 5)."""

from shared.log.canonical import b64
from shared.log.chain import Seal, parse_seal
from shared.log.wire import MOST_PAGE, PAGE
from shared.store.branches import link_after
from shared.store.errors import Damaged
from shared.store.log_tables import Stored
from shared.store.store import Store


def cut(store: Store, start: int, least: int = PAGE) -> tuple[list[bytes], list[tuple[int, Seal]], dict[int, str]]:
    """Read leaves from a position on, in one snapshot of the store.

    Args:
        store: the log.
        start: the first leaf's position.
        least: bytes of leaves after which the page ends as soon as it can.

    Returns:
        The leaves, each branch's last seal among them, and by position the links before leaves whose chain forks.

    Raises:
        Damaged: the log has no place where a page could end.
    """
    seals = dict(store.log.seals(start))
    rows: list[Stored] = []
    uncovered: set[str] = set()
    size = whole = 0
    for row in store.log.leaves(start):
        rows.append(row)
        size += len(row.leaf)
        if row.position in seals:
            uncovered.discard(row.branch)
        else:
            uncovered.add(row.branch)
        if not uncovered:
            whole = len(rows)
            if size >= least:
                break
        if size > MOST_PAGE:
            raise Damaged(
                f"No page from entry {start} on can end, for seals are missing. Verify the log, or restore it."
            )
    del rows[whole:]
    last = {row.branch: row.position for row in rows if row.position in seals}
    kept = [(position, parse_seal(seals[position])) for position in sorted(last.values())]
    return [row.leaf for row in rows], kept, _links(store, rows)


def _links(store: Store, rows: list[Stored]) -> dict[int, str]:
    """The links before the leaves of terminals whose chain forks: others can be followed without."""
    query = "SELECT terminal FROM branch WHERE parent IS NOT NULL"
    forked = {terminal for (terminal,) in store.connection.execute(query)}
    if not forked:
        return {}
    return {
        row.position: b64(link_after(store.connection, row.terminal, row.branch, row.n - 1))
        for row in rows
        if row.terminal in forked
    }
