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
        stored = self._connection.execute(
            "SELECT coalesce(branch, terminal), link FROM entry WHERE terminal = ? AND n = ?", (terminal, n - 1)
        ).fetchall()
        for branch, before in [*stored, *self._placed.get((terminal, n - 1), ())]:
            if chain.link(before, id_) == link:
                return str(branch)
        raise Gap(
            f"{terminal} {n}: it continues no line of that terminal that is known here. Pull the lines before it first."
        )
