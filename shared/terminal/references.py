"""Records by what people call them, as their kinds declare it: a batch's number, a place's code; a step as BATCH/STEP.

Their ids serve as well.
"""

from collections.abc import Mapping
from typing import Any

from shared.actions.action import Spec
from shared.actions.field import FieldSpec
from shared.actions.kind import KINDS, kind_of
from shared.actions.world import World
from shared.terminal.fields import Fields, deeply
from shared.terminal.refusal import FORM_7, Refused


def resolve(spec: Spec, fields: Mapping[str, Any], world: World) -> Fields:
    """Give the fields with the ids of the records that they name by number or code.

    What is no record's name stays as it was typed: a stop must not fail because a place was never entered.

    Raises:
        Refused: FORM-7, several records answer to it.
    """
    known = {field.name: field for field in spec.fields}

    def called(field: FieldSpec, value: Any) -> Any:  # noqa: ANN401 - JSON
        if not field.refs or not value:
            return value
        if isinstance(value, list):
            return [named(world, one, field.refs) if isinstance(one, str) else one for one in value]
        return named(world, value, field.refs) if isinstance(value, str) else value

    return {name: deeply(known[name], value, called) if name in known else value for name, value in fields.items()}


def named(world: World, text: str, kinds: tuple[str, ...]) -> str:
    """The id of the record of one of these kinds that people call `text`; `text` itself where there is none.

    Raises:
        Refused: FORM-7.
    """
    if is_record(world, text):
        return text
    head, slash, step = text.partition("/")
    if slash and "step" in kinds:
        return f"{named(world, head, ('batch',))}/{step}"
    found = dict.fromkeys(
        record.id
        for kind in kinds
        if kind in KINDS and KINDS[kind].found_by
        for record in world.all(kind, KINDS[kind].found_by, text)
    )
    if len(found) > 1:
        raise Refused(FORM_7.id, f"{text[:60]!r} is {' and '.join(found)}.", FORM_7.next)
    return next(iter(found), text)


def is_record(world: World, text: str) -> bool:
    """Whether a text is the id of a record that is known here."""
    return bool(text) and kind_of(text) is not None and world.get(text).exists


def any_record(world: World, text: str) -> str:
    """The record that people mean by a text, of whatever kind.

    Raises:
        Refused: FORM-7.
    """
    return named(world, text, tuple(KINDS))
