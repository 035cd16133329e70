"""Written values as they stand in rows, without saying again what their entry says.

A narrative is in the leaf already. So a long text that is a field of the entry's action is kept as that field's name,
in a blob, and the entry's own id as an empty name. Short values, which the fold reads all the time, stay as they are.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from shared.fold.unit import Unit
from shared.log.entry import Entry

LONG = 24
"""Characters from which on a text is named rather than kept."""
_FIELD = b"="
"""Begins a blob that is one field's name; another blob is JSON in which marked texts are names."""
_MARK = "\0"
_MARKED = b"\\u0000"

_encode = msgspec.json.Encoder().encode  # keys stay in their order, as the fold sees them before they are stored
_decode = msgspec.json.Decoder().decode


class Naming:
    """Writes values beside the acts and entries of a unit; those of one entry one after the other."""

    def __init__(self, unit: Unit) -> None:
        """Read acts and entries through a unit."""
        self._unit = unit
        self._position = -1
        self._names: dict[str, str] = {}

    def stored(self, value: object, position: int) -> str | bytes:
        """Give the value that the act at `position` wrote, as a row holds it."""
        data = _encode(value)
        if len(data) <= LONG or _MARKED in data:
            return data.decode()
        if position != self._position:
            self._position = position
            act = self._unit.act(position)
            self._names = names_in(self._unit.entry(position), act.id if act else "")
        return with_names(value, data, self._names)


def names_in(entry: Entry | None, id_: str) -> dict[str, str]:
    """Give the texts that an entry makes unnecessary to keep, with their names; its id's is empty."""
    texts = {name: text for name, text in _fields(entry).items() if isinstance(text, str) and len(text) >= LONG}
    names = {text: name for name, text in texts.items() if name}  # the empty name is taken
    names[id_] = ""
    return names


def with_names(value: object, data: bytes, names: Mapping[str, str]) -> str | bytes:
    """Give a value as a row holds it, names in the place of texts; `data` is the value as JSON."""
    if isinstance(value, str):
        return data.decode() if value not in names else _FIELD + names[value].encode()
    short = _named(value, names)
    return data.decode() if short == value else _encode(short)


def plain(data: str) -> Any:  # noqa: ANN401  a JSON value
    """Read a value that was kept as it is."""
    return _decode(data)


def named(data: bytes, id_: str, entry: Entry | None) -> Any:  # noqa: ANN401  as above
    """Read a value that names parts of its entry."""
    fields = {**_fields(entry), "": id_}
    if data.startswith(_FIELD):
        return fields[data[1:].decode()]
    return _said(_decode(data), fields)


def _fields(entry: Entry | None) -> Mapping[str, Any]:
    fields = _decode(bytes(entry.action)) if entry else {}
    return fields if isinstance(fields, dict) else {}


def _named(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  as above
    if isinstance(value, str):
        return _MARK + names[value] if value in names else value
    if isinstance(value, dict):
        return {key: _named(one, names) for key, one in value.items()}
    return [_named(one, names) for one in value] if isinstance(value, list) else value


def _said(value: Any, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401  as above
    if isinstance(value, str):
        return fields[value[1:]] if value[:1] == _MARK else value
    if isinstance(value, dict):
        return {key: _said(one, fields) for key, one in value.items()}
    return [_said(one, fields) for one in value] if isinstance(value, list) else value
