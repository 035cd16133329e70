"""Numbers for names that rows repeat: records, facts, actions, people, and the indexes that rules read.

A number is this file's own and has no meaning; the views `..._named` show the names again. Numbers are never taken
back but by a rebuild, so that undoing what is pending need not care.
"""

from shared.store.sqlite import Connection

_MOST = 65_536


class Names:
    """The names of one store, with a cache of those used last."""

    def __init__(self, connection: Connection) -> None:
        """Read, and within a transaction write, through a connection."""
        self._execute = connection.execute
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def forget(self) -> None:
        """Empty the cache, for a transaction failed, or another connection has rebuilt the tables."""
        self._numbers.clear()
        self._names.clear()

    def number(self, name: str) -> int | None:
        """Give a name's number, None for one that no row holds."""
        number = self._numbers.get(name)
        if number is None:
            row = self._execute("SELECT no FROM name WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            number = row[0]
            self._keep(number, name)
        return number

    def made(self, name: str) -> int:
        """Give a name's number, a new one if need be; within a transaction."""
        number = self._numbers.get(name) or self.number(name)
        if number is None:
            number = int(self._execute("INSERT INTO name (name) VALUES (?) RETURNING no", (name,)).fetchone()[0])
            self._keep(number, name)
        return number

    def name(self, number: int) -> str:
        """Give the name that a number stands for."""
        name = self._names.get(number)
        if name is None:
            name = str(self._execute("SELECT name FROM name WHERE no = ?", (number,)).fetchone()[0])
            self._keep(number, name)
        return name

    def _keep(self, number: int, name: str) -> None:
        if len(self._numbers) >= _MOST:
            self.forget()
        self._numbers[name] = number
        self._names[number] = name
