"""Where a scan goes in a form: each element of a GS1 code, or a plain code, into the field that it names.

The field under the cursor comes first, then an empty one. A field that holds something else already is left alone, and
what no field names stands as text where the cursor is. Nothing that was typed is lost to a scan.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tui.prefill import called
from tui.reader import Reader
from tui.scanned import findable, person_of, records_of
from tui.scanning import gs1_of, gs1_words
from tui.widgets.field import Field


class Taken(NamedTuple):
    """A field and what a scan puts into it; `insert` where it is text for the cursor's place."""

    field: Field
    value: str
    insert: bool = False


class Meant(NamedTuple):
    """What a scan says: a value, the kind of record that it names ("" for none), and its GS1 identifier."""

    value: str
    kind: str
    ai: str = ""


def taken(reader: Reader, fields: list[Field], here: Field | None, code: str) -> list[Taken]:
    """Give the fields that a scan fills; empty where there is no place for it.

    Args:
        reader: reads this terminal's file.
        fields: the fields that are shown, in their order.
        here: the one that has the cursor.
        code: as scanned.
    """
    ordered = [here, *(one for one in fields if one is not here)] if here is not None else fields
    found: list[Taken] = []
    meant_any = [*_meant(reader, code)]
    for meant in meant_any:
        takes = sorted((one for one in ordered if _takes(one, meant)), key=lambda one: (one is not here, _wide(one)))
        free = [one for one in takes if one is here or one.editor.given in (None, meant.value)]
        if free:
            found.append(Taken(free[0], meant.value))
    if found or here is None or not _is_text(here) or (meant_any and not gs1_words(code)):
        return found
    return [Taken(here, gs1_words(code) or code, insert=True)]


def put(one: Taken) -> bool:
    """Put it there; False where the widget takes no text."""
    editor = one.field.editor
    if one.insert:
        insert = getattr(editor, "insert_words", None)
        if insert is None:
            return False
        insert(one.value)
        return True
    many = one.field.asked["type"] == "list"
    editor.put([*(editor.given or []), one.value] if many else one.value)
    one.field.touched = True
    return True


def _meant(reader: Reader, code: str) -> Iterator[Meant]:
    elements = gs1_of(code)
    if elements is not None:
        for kind in findable():
            for ai in kind.gs1:
                if ai in elements:
                    yield Meant(elements[ai], kind.name, ai)
        return
    names = reader.names()
    batch, slash, _ = code.partition("/")
    if slash and any(_kind(reader, one) == "batch" for one in records_of(reader, batch)):
        yield Meant(code, "step")
    for record in records_of(reader, code):
        yield Meant(called(names, record), _kind(reader, record))
    if person := person_of(reader, code):
        yield Meant(person, "member")


def _kind(reader: Reader, record: str) -> str:
    row = reader.lists.row(record)
    return row.kind if row is not None else ""


def _is_text(field: Field) -> bool:
    """Whether words may stand in it: not where a record, a time or a number is asked for."""
    asked = field.asked
    return asked["type"] in {"text", "list"} and not (asked.get("refs") or asked.get("time") or asked.get("gs1"))


def _wide(field: Field) -> int:
    """Of how many kinds a field may name a record: a lot is rather a batch's than something held."""
    return len(field.asked.get("refs") or ())


def _takes(field: Field, meant: Meant) -> bool:
    asked = field.asked
    return meant.kind in (asked.get("refs") or ()) or meant.ai in (asked.get("gs1") or ())
