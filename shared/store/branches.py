"""Which branch of its terminal's chain a line stands on.

A terminal's first chain has the terminal's code as its name. A clone's lines are sealed children of an entry that has a
child already: their branch is named for the code and the first such line's id. Names follow the log's order, so they
are the same on every replica.
"""

from shared.fold.unit import CLONE
from shared.log import chain
from shared.log.canonical import b64
from shared.store.errors import Gap
from shared.store.sqlite import Connection

Fork = tuple[str, int]
"""The branch that was left, and the number of the last line on it that both have."""
KEPT = 64
"""The links of lines whose number this divides are stored; those between are computed from the ids."""
_SHORT = 8


class Branches:
    """The ends of all branches, read from the log as they are needed, and carried on by `place` in memory."""

    def __init__(self, connection: Connection) -> None:
        """Start at the log's present end; for one transaction only."""
        self._connection = connection
        self._ends: dict[str, dict[str, tuple[int, bytes]]] = {}
        self._placed: dict[tuple[str, int], list[tuple[str, bytes]]] = {}

    def place(self, terminal: str, n: int, id_: bytes, link: bytes) -> tuple[str, Fork | None]:
        """Find the branch of a new line.

        Args:
            terminal: the terminal's code.
            n: the line's number.
            id_: its id.
            link: the chain's link after it.

        Returns:
            The branch, and where it left another if this is the first line of a clone's.

        Raises:
            Gap: no known line is the parent that the link names.
        """
        ends = self._known(terminal)
        for branch, (last, before) in ends.items():
            if last == n - 1 and chain.link(before, id_) == link:
                return self._extend(ends, terminal, branch, n, link), None
        if not ends and n == 1 and chain.link(chain.FIRST, id_) == link:
            return self._extend(ends, terminal, terminal, n, link), None
        parent = self._parent(terminal, n, id_, link)
        length = _SHORT
        while (name := f"{terminal}{CLONE}{b64(id_)[:length]}") in ends:
            length += 1  # somebody tried many ids for one that begins alike
        return self._extend(ends, terminal, name, n, link), (parent, n - 1)

    def before(self, terminal: str, n: int) -> list[bytes]:
        """Give the links that a line `n` may follow: none if the line before is not known, several if it forks."""
        ends = self._known(terminal)
        if len(ends) <= 1:  # not a fork: nearly always, and then nothing is read
            last, link = next(iter(ends.values()), (0, chain.FIRST))
            if last == n - 1:
                return [link]
        known = [link for _, link in links(self._connection, terminal, n - 1)]
        return list(dict.fromkeys([*known, *(link for _, link in self._placed.get((terminal, n - 1), ()))]))

    def end(self, branch: str) -> tuple[int, bytes]:
        """Give number and link of a branch's last line; 0 and the first link for a branch without any."""
        terminal = branch.partition(CLONE)[0]
        return self._known(terminal).get(branch, (0, chain.FIRST))

    def _known(self, terminal: str) -> dict[str, tuple[int, bytes]]:
        ends = self._ends.get(terminal)
        if ends is None:
            rows = self._connection.execute("SELECT branch, n, link FROM branch WHERE terminal = ?", (terminal,))
            ends = self._ends[terminal] = {branch: (n, link) for branch, n, link in rows}
        return ends

    def _extend(self, ends: dict[str, tuple[int, bytes]], terminal: str, branch: str, n: int, link: bytes) -> str:
        ends[branch] = (n, link)
        self._placed.setdefault((terminal, n), []).append((branch, link))
        return branch

    def _parent(self, terminal: str, n: int, id_: bytes, link: bytes) -> str:
        if n == 1 and chain.link(chain.FIRST, id_) == link:
            return terminal
        known = [*links(self._connection, terminal, n - 1), *self._placed.get((terminal, n - 1), ())]
        for branch, before in known:
            if chain.link(before, id_) == link:
                return str(branch)
        raise Gap(
            f"{terminal} {n}: it continues no line of that terminal that is known here. Pull the lines before it first."
        )


def links(connection: Connection, terminal: str, n: int) -> list[tuple[str, bytes]]:
    """Give the links after a terminal's line `n`, each with its branch, in the log's order."""
    if n == 0:
        return [(terminal, chain.FIRST)]
    query = "SELECT coalesce(branch, terminal) FROM entry WHERE terminal = ? AND n = ? ORDER BY position"
    rows = connection.execute(query, (terminal, n)).fetchall()
    return [(branch, link_after(connection, terminal, branch, n)) for (branch,) in rows]


def link_after(connection: Connection, terminal: str, branch: str, n: int) -> bytes:
    """Give the link after a line `n` of a branch, or of those that it left."""
    if n == 0:
        return chain.FIRST
    end = connection.execute(
        "SELECT n, link FROM branch WHERE terminal = ? AND branch = ?", (terminal, branch)
    ).fetchone()
    if end and end[0] == n:
        return bytes(end[1])
    ids: list[bytes] = []
    query = (
        "SELECT id, link FROM entry WHERE terminal = ? AND n <= ? AND coalesce(branch, terminal) = ? ORDER BY n DESC"
    )
    while True:  # a loop, not a recursion: a hostile terminal may fork its forks
        for id_, kept in connection.execute(query, (terminal, n, branch)):
            if kept is not None:
                return _chained(kept, ids)
            ids.append(id_)
        left = connection.execute(
            "SELECT parent, since FROM branch WHERE terminal = ? AND branch = ?", (terminal, branch)
        ).fetchone()
        if left is None or left[0] is None or left[1] == 0:
            return _chained(chain.FIRST, ids)
        branch, n = left


def _chained(link: bytes, ids: list[bytes]) -> bytes:
    for id_ in reversed(ids):
        link = chain.link(link, id_)
    return link
