"""What a form knows before anybody types: what the terminal suggests, by the names that people use."""

from collections.abc import Mapping
from typing import Any

from shared.actions.action import Spec
from shared.actions.kind import kind_of
from shared.fold.view import View
from shared.terminal.blobs import inside
from shared.terminal.fields import build
from shared.terminal.naming import Names
from shared.terminal.plan import own_record
from shared.terminal.references import is_record, named, resolve
from shared.terminal.refusal import Refused
from shared.terminal.suggest import Here, fill, suggested
from shared.terminal.times import moment, timed
from tui.reader import Reader
from tui.untyped import verdict
from tui.wording import spoken


def prefilled(
    reader: Reader, spec: Spec, record: str, given: Mapping[str, Any], person: str
) -> dict[str, Any]:  # fmt: skip
    """Give what the fields hold at first: given, present where it is changed as a whole, or suggested.

    The time now is left out: it is taken when the form is saved, not when it was opened.
    """
    desk = reader.desk
    with reader.store.snapshot():
        by = person or f"@{desk.code}"
        here = Here(_view(reader, spec, record, by), desk.code, desk.clock, desk.clock.now())
        starts_with = getattr(spec.cls, "starts_with", None)
        found = suggested(spec, dict(given), here)
        found = {**(starts_with(here.world, found) if starts_with else {}), **found}
        for field in spec.fields:
            if field.blob and isinstance(found.get(field.name), str):
                found[field.name] = inside(reader.store.blobs, found[field.name]) or ""
    names = reader.names()
    records = {field.name for field in spec.fields if field.refs}
    return {name: _called(names, value) if name in records else value for name, value in found.items()}


def unknown(reader: Reader, text: str, kinds: tuple[str, ...]) -> bool:
    """Whether nothing here is called so: it is kept as it was typed, and linked to nothing."""
    with reader.store.snapshot():
        view = reader.view("")
        try:
            found = named(view, text, kinds)
        except Refused:
            return False  # several are called so, which is refused when it is saved
        batch = found.partition("/")[0] if "step" in kinds else found
        return not (is_record(view, found) or is_record(view, batch))


def ruled_out(reader: Reader, spec: Spec, record: str, given: Mapping[str, Any], person: str) -> str:
    """The rule that refuses a decision for what one field holds, whatever the others hold; "" for none.

    Args:
        reader: reads this terminal's file.
        spec: the action.
        record: what it is about.
        given: what stands in that field, by the name that it has in forms: one of a few choices, which the action holds
            as they were chosen.
        person: who is signed in; with nobody, nothing is ruled out yet.
    """
    if spec.fact or not person or not record:
        return ""
    names = [one.name for one in spec.fields]
    held = {spec.cls.__struct_fields__[names.index(name)]: value for name, value in given.items()}
    with reader.store.snapshot():
        view = reader.view(record, person)
        for rule in spec.rules:
            said = verdict(rule, spec, view, held)
            if said not in {None, True} and verdict(rule, spec, view) is None:
                return f"{spoken(said if isinstance(said, str) else rule.text)} ({rule.id})"
    return ""


def reminders(reader: Reader, spec: Spec, record: str, given: Mapping[str, Any]) -> list[str]:
    """What somebody must have read before they do it, line by line, as the action says of the record."""
    with reader.store.snapshot():
        return [*spec.reminders(_view(reader, spec, record), given)]


def _view(reader: Reader, spec: Spec, record: str, by: str = "") -> View:
    """What is known here, seen from the record, or from that which the action is about where none is named."""
    return reader.view(record or own_record(spec, reader.view(""), reader.desk.code), by)


def _called(names: Names, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_called(names, one) for one in value]
    return called(names, value) if isinstance(value, str) else value


def called(names: Names, record: str) -> str:
    """What a record is called where it is typed: only names that are understood again there, else its id."""
    kind = kind_of(record.partition("/")[0])  # a step is called by its batch
    return names.within(record) if kind is not None and kind.found_by else record


def read_time(reader: Reader, when: str, text: str) -> str:
    """Give a time that somebody typed as entries hold it, in the terminal's zone; the text itself if it is none.

    Args:
        reader: for the terminal's clock.
        when: on which side of now it lies, as its field declares.
        text: what was typed.
    """
    clock = reader.desk.clock
    at = moment(text, clock, clock.now(), when)
    return text if at is None else clock.at(at)


def check(reader: Reader, spec: Spec, record: str, fields: Mapping[str, Any], person: str) -> None:
    """Judge whether what was typed is of its form, before anybody is asked for a password.

    Raises:
        Refused: a field is missing or not of its form.
    """
    desk = reader.desk
    with reader.store.snapshot():
        view = reader.view(record, person or f"@{desk.code}")
        here = Here(view, desk.code, desk.clock, desk.clock.now())
        build(spec, timed(spec, fill(spec, resolve(spec, fields, view), here), desk.clock, here.now))
