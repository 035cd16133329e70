"""What people are shown in the place of a record's id: a place's code, a batch's number, a contact's name.

Which kinds have such names they declare themselves (`called`), and the store notes it. Only for people: programs get
ids, which never change and belong to one record. It reads lists and loads nothing else, for a command that lists is
quick.
"""

import re

from shared.store.store import Store


class Names:
    """The names of records in one store, each looked up once."""

    def __init__(self, store: Store) -> None:
        """Read from a store."""
        self._row = store.lists.row
        self._called = store.called()
        codes = "|".join(self._called) or "(?!)"  # or nothing at all
        self._id = re.compile(rf"\b(?:{codes})-[A-Z][A-Z0-9]{{1,7}}-[0-9]{{1,16}}(?![0-9~])")
        self._known: dict[str, tuple[str, str]] = {}

    def within(self, text: str) -> str:
        """A text in which short names stand for ids; the rest of a step's id stays behind its batch's number."""
        return self._id.sub(lambda found: self._names(found[0])[0], text)

    def whole(self, text: str) -> str:
        """A value: if it is just the id of a place, its code and name; else as `within`."""
        return self._names(text)[1] if self._id.fullmatch(text) else self.within(text)

    def _names(self, record: str) -> tuple[str, str]:
        """A record's name within a text, and by itself; its id where nothing better is known."""
        if record not in self._known:
            row = self._row(record)
            code = record[:3]
            name = str(row.columns.get(self._called[code]) or "") if row else ""
            title = str(row.columns["title"] or "") if row and code == "PLC" else ""
            self._known[record] = (name or record, title or name or record)
        return self._known[record]
