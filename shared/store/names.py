"""Numbers for names that rows repeat: records, facts, actions, people, and the indexes that rules read.

A number is this file's own and has no meaning; the views `..._named` show the names again. Numbers are never taken
back but by a rebuild, so that undoing what is pending need not care.
"""

from shared.store.sqlite import Connection

_MOST = 65_536


class Names:
    """The names of one store, with a cache of those used last, and of those that no row holds."""

    def __init__(self, connection: Connection) -> None:
        """Read, and within a transaction write, through a connection."""
        self._connection = connection
        self._execute = connection.execute
        self._numbers: dict[str, int | None] = {}
        self._names: dict[int, str] = {}
        self._new: list[tuple[int, str]] = []
        self._last: int | None = None

    def forget(self) -> None:
        """Empty the cache, for a transaction failed, or another connection has rebuilt the tables."""
        self._numbers.clear()
        self._names.clear()
        self._new.clear()
        self._last = None

    def number(self, name: str) -> int | None:
        """Give a name's number, None for one that no row holds."""
        try:
            return self._numbers[name]
        except KeyError:
            pass
        row = self._execute("SELECT no FROM name WHERE name = ?", (name,)).fetchone()
        number = row[0] if row else None
        self._keep(number, name)
        return number

    def made(self, name: str) -> int:
        """Give a name's number, a new one if need be; within a transaction, and `flush` comes after."""
        number = self._numbers.get(name)
        if number is None:
            number = self.number(name)
        if number is None:
            if self._last is None:
                self._last = self._execute("SELECT max(no) FROM name").fetchone()[0] or 0
            self._last = number = self._last + 1
            self._new.append((number, name))
            self._keep(number, name)
        return number

    def flush(self) -> None:
        """Write the new names down."""
        if self._new:
            self._connection.executemany("INSERT INTO name (no, name) VALUES (?, ?)", self._new)
            self._new.clear()

    def name(self, number: int) -> str:
        """Give the name that a number stands for."""
        name = self._names.get(number)
        if name is None:
            name = str(self._execute("SELECT name FROM name WHERE no = ?", (number,)).fetchone()[0])
            self._keep(number, name)
        return name

    def _keep(self, number: int | None, name: str) -> None:
        if len(self._numbers) >= _MOST:
            self.flush()
            self._numbers.clear()
            self._names.clear()
        self._numbers[name] = number
        if number is not None:
            self._names[number] = name
