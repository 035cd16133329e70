"""Reading what somebody typed or piped as an action: JSON that is judged field by field, in the words of the form.

Nothing here is written yet. A value that gets through is of its declared form and holds no text that the log refuses.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn
from unicodedata import normalize

import msgspec

from shared.actions.action import ACTIONS, Action, Spec
from shared.actions.field import FieldSpec
from shared.log.canonical import BIGGEST, bad_text
from shared.terminal.refusal import FORM_4, FORM_6, Refused, refused

MOST: Final = 48 * 1024
"""Bytes of an action; a line of 60 KiB has room for it and for what stands around it."""
_DEEPEST: Final = 12
COMMON: Final = frozenset({"claimed", "happened"})
"""What every fact can say besides its own fields."""

_TYPES: Final = {
    "str": "text", "int": "whole number", "bool": "true or false", "array": "list", "object": "group",
    "null": "nothing",
}  # fmt: skip

Fields = dict[str, Any]
"""An action's fields by name, plain JSON values."""


def spec_of(name: str) -> Spec:
    """Find a declared action.

    Raises:
        Refused: FORM-4, with names that are near.
    """
    spec = ACTIONS.get(name)
    if spec is None:
        near = [one for one in ACTIONS if one.partition(".")[0] == name.partition(".")[0]]
        raise Refused(
            FORM_4.id, f"There is no action {name[:60]!r}.", f"There is {', '.join(near)}." if near else FORM_4.next
        )
    return spec


def read_fields(text: str) -> Fields:
    """Read the JSON object of an action's fields.

    Raises:
        Refused: FORM-6: no JSON, no object, a key twice, a number with a fraction, too large, or too deep.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST:
        raise refused(FORM_6, f"{size} bytes, and an action has at most {MOST}")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except Refused:
        raise
    except json.JSONDecodeError as error:
        raise refused(FORM_6, f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise refused(FORM_6, "it is too deep") from None
    except ValueError:  # an integer of more digits than Python reads
        raise refused(FORM_6, "a number is too large") from None
    if not isinstance(value, dict):
        raise refused(FORM_6)
    if "do" in value:
        raise refused(FORM_6, 'the action is named before its fields, so "do" is none of them')
    return value


def _once(pairs: list[tuple[str, Any]]) -> Fields:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refused(FORM_6, f"{twice[:60]!r} stands in it twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise refused(FORM_6, f"{text[:40]} is no whole number; measured values are written as text with their unit")


def deeply(field: FieldSpec, value: Any, change: Callable[[FieldSpec, Any], Any]) -> Any:  # noqa: ANN401 - JSON
    """Give a field's value with everything in it changed that is no group: `change` gets each inner field and value.

    What is not of the declared form stays as it is; that is refused later, in the words of the form.
    """
    if not field.inner:
        return change(field, value)

    def group(one: Any) -> Any:  # noqa: ANN401 - JSON
        known = {inner.name: inner for inner in field.inner}
        if not isinstance(one, dict):
            return one
        return {name: deeply(known[name], part, change) if name in known else part for name, part in one.items()}

    match field.type, value:
        case "list", list():
            return [group(one) for one in value]
        case "table", dict():
            return {key: group(one) for key, one in value.items()}
        case _:
            return group(value)


def known_fields(spec: Spec, fields: Mapping[str, Any]) -> None:
    """Refuse a field that the action does not have.

    Raises:
        Refused: FORM-3, naming the fields that it has.
    """
    names = {field.name for field in spec.fields}
    for name in fields:
        if name not in names:
            own = [field.name for field in spec.fields if field.name not in COMMON] or ["none"]
            raise Refused("FORM-3", f"{spec.name} has no field {name[:60]!r}.", f"Its fields: {', '.join(own)}.")


def clean(spec: Spec, fields: Mapping[str, Any]) -> Fields:
    """Give the fields with their texts in Unicode's normal form C, as the log keeps them.

    Raises:
        Refused: FORM-3: a text holds characters that nobody sees, or a value is too deep.
    """
    return {name: _clean(value, field_of(spec, name), 1) for name, value in fields.items()}


def _clean(value: Any, field: FieldSpec, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        text = normalize("NFC", value)
        wrong = bad_text(text)
        if wrong:
            raise _wrong(field, wrong, "Type it anew")
        return text if text.strip() else ""  # blanks alone say nothing
    if depth > _DEEPEST:
        raise _wrong(field, "It is too deep.", "")
    if isinstance(value, dict):
        for key in value:
            if not key.isascii() or bad_text(key):
                raise _wrong(field, "A name in it holds characters other than plain letters.", "")
        return {key: _clean(inner, field, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, field, depth + 1) for inner in value]
    if isinstance(value, int) and abs(value) > BIGGEST:
        raise _wrong(field, "The number is too large.", "")
    return value


def build(spec: Spec, fields: Mapping[str, Any]) -> tuple[Action, bytes]:
    """Make the action of its fields, with the bytes that the entry holds: canonical, defaults left out.

    Raises:
        Refused: FORM-3: a field is missing or empty, or of another type; it is named with its words.
    """
    known_fields(spec, fields)
    cleaned = clean(spec, fields)
    for field in spec.fields:
        if (field.required or field.answered) and (field.name not in cleaned or cleaned[field.name] == ""):
            what = "It is not answered yet." if field.type in {"yes or no", "choice"} else "It is missing."
            post = ", or say what this terminal stands beside (terminal.post)" if field.suggest == "post" else ""
            raise _wrong(field, what, f"{_wanted(field)}{post}")
    try:
        action = spec.decoder.decode(msgspec.json.encode({"do": spec.name, **cleaned}))
    except msgspec.ValidationError as error:
        raise _misfit(spec, str(error)) from None
    data = msgspec.json.encode(action, order="sorted")
    if len(data) > MOST:
        raise refused(FORM_6, f"{len(data)} bytes, and an action has at most {MOST}")
    return action, data


def field_of(spec: Spec, name: str) -> FieldSpec:
    """Give a field's declaration; it must have one."""
    return next(field for field in spec.fields if field.name == name)


def _misfit(spec: Spec, said: str) -> Refused:
    """Turn what msgspec says of a value into words: `Expected X, got Y - at `$.field[0].part``."""
    what, _, path = said.partition(" - at `$")
    name = path.strip("`").lstrip(".").partition(".")[0].partition("[")[0]
    inner = path.strip("`").removeprefix(f".{name}")
    for theirs, ours in _TYPES.items():
        what = what.replace(f"`{theirs}`", ours)
    what = what.replace("`", "")
    if any(field.name == name for field in spec.fields):
        field = field_of(spec, name)
        return _wrong(field, f"{what}{f' (in it: {inner})' if inner else ''}.", _wanted(field))
    return Refused("FORM-3", f"{spec.name}: {what}.", f"See `andon actions {spec.name}`.")


def _wrong(field: FieldSpec, what: str, wanted: str) -> Refused:
    return Refused("FORM-3", f"{field.name} ({field.words}): {what}", f"{wanted}." if wanted else "", field.name)


def _wanted(field: FieldSpec) -> str:
    if field.choices:
        return f"Give one of: {', '.join(field.choices)}"
    most = f" of at most {field.most} {'items' if field.type == 'list' else 'characters'}" if field.most else ""
    unit = f" in {field.unit}" if field.unit else ""
    article = "" if field.type == "yes or no" else "a "
    what = "yes or no (true or false)" if field.type == "yes or no" else field.type
    return f"Give {article}{what}{most}{unit}"
