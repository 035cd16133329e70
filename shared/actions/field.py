"""The words of a field: what it asks, what it may hold and where a form finds its choices.

Fields are typed as Python types them; `ask()` adds what a person needs. Both the form on the screen and the JSON schema
are read off the same annotation, and a field without words is an error at import.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

import msgspec

from shared.log.clock import parse_at


def ask(  # noqa: PLR0913  each is one property of a field, all but the words optional
    words: str,
    *,
    most: int | None = None,
    refs: tuple[str, ...] = (),
    suggest: str = "",
    unit: str = "",
    long: bool = False,
    blob: bool = False,
    each: str = "",
    gs1: tuple[str, ...] = (),
    entry: bool = False,
    when: Literal["", "past", "coming"] = "",
    not_after: str = "",
    answered: bool = False,
) -> msgspec.Meta:
    """Say what a field means.

    Args:
        words: what the form asks, as a label in plain words.
        most: the greatest length of a text, in characters.
        refs: the kinds of record that the field names by id; "step" for `BATCH/STEP`.
        suggest: where the terminal finds a value that is left out: "post" (what it stands beside), "now" (the time).
        unit: the unit of a whole number.
        long: a narrative of several lines rather than one.
        gs1: GS1 application identifiers of the elements that it takes from a scanned label (10 is a lot's number).
        entry: names entries by their ids; the screen gives them, for nobody can be asked to type one.
        each: of a list of groups that stands already, the one field of each that a form asks for (a measured value).
        blob: kept outside the log, erasable (personal contact details); the entry holds the digest of what is typed.
        when: on which side of now a time lies, for those that are typed short: "past", "coming", or "" for the nearest.
        not_after: the time field of the same action that this one is not later than.
        answered: a question that must be answered when the action is performed, though an entry may leave it out: its
            default is what entries without it mean, and no answer that a form begins with.
    """
    if not words.strip():
        msg = "a field needs words that a form can show"
        raise TypeError(msg)
    extra: dict[str, Any] = {"refs": list(refs), "suggest": suggest, "unit": unit, "long": long, "blob": blob}
    extra |= {"each": each, "gs1": list(gs1), "entry": entry, "when": when, "not_after": not_after}
    extra |= {"answered": answered}
    return msgspec.Meta(description=words, max_length=most, extra={k: v for k, v in extra.items() if v})


class FieldSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an action, as forms, command line and manual see it."""

    name: str
    words: str
    type: str
    required: bool
    default: Any = None
    choices: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    suggest: str = ""
    unit: str = ""
    most: int | None = None
    long: bool = False
    blob: bool = False
    time: bool = False
    each: str = ""
    gs1: tuple[str, ...] = ()
    entry: bool = False
    when: str = ""
    not_after: str = ""
    answered: bool = False
    inner: tuple["FieldSpec", ...] = ()
    """The fields of the group that it is or holds, as a list or a table of groups; none for what is no group."""


Text: TypeAlias = str
"""Plain text; `ask(most=...)` bounds it."""
Time: TypeAlias = Annotated[str, msgspec.Meta(extra={"time": True})]
"""A time with milliseconds and offset, `2026-11-22T07:38:09.120+01:00`."""


def specs(struct: type[msgspec.Struct]) -> tuple[FieldSpec, ...]:
    """The fields of an action class, in order; TypeError for one without words, also inside groups."""
    return _specs(struct, ())


def _specs(struct: type[msgspec.Struct], above: tuple[type[msgspec.Struct], ...]) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(struct, include_extras=True)
    return tuple(
        _spec(struct.__name__, field, hints[field.name], (*above, struct)) for field in msgspec.structs.fields(struct)
    )


def _groups(hint: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401  an annotation may be anything
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    elif get_origin(hint) is not Literal:
        for part in get_args(hint):
            yield from _groups(part)


def _spec(  # an annotation may be anything
    owner: str,
    field: msgspec.structs.FieldInfo,
    hint: Any,  # noqa: ANN401 - a type annotation is any object
    above: tuple[type[msgspec.Struct], ...],
) -> FieldSpec:
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, msgspec.Meta)]
    words = next((meta.description for meta in metas if meta.description), None)
    if not words:
        msg = f"{owner}.{field.name} has no words; annotate it with ask(...)"
        raise TypeError(msg)
    extra: dict[str, Any] = {}
    for meta in metas:
        extra |= meta.extra or {}
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    default = None
    if field.default is not msgspec.NODEFAULT:
        default = field.default
    elif field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return FieldSpec(
        name=field.encode_name,
        words=words,
        type=_type_word(bare),
        required=field.required,
        default=msgspec.to_builtins(default),
        choices=tuple(str(choice) for choice in get_args(bare)) if _type_word(bare) == "choice" else (),
        refs=tuple(extra.get("refs", ())),
        suggest=extra.get("suggest", ""),
        unit=extra.get("unit", ""),
        most=next((meta.max_length for meta in metas if meta.max_length), None),
        long=extra.get("long", False),
        blob=extra.get("blob", False),
        time=extra.get("time", False),
        each=extra.get("each", ""),
        gs1=tuple(extra.get("gs1", ())),
        entry=extra.get("entry", False),
        when=extra.get("when", ""),
        not_after=extra.get("not_after", ""),
        answered=extra.get("answered", False),
        inner=tuple(one for group in _groups(hint) if group not in above for one in _specs(group, above)),
    )


def _type_word(bare: Any) -> str:  # noqa: ANN401 - a type annotation is any object
    origin = get_origin(bare)
    if bare in (str, int, bool):
        return {str: "text", int: "whole number", bool: "yes or no"}[bare]
    if origin in (list, tuple):
        return "list"
    if origin is dict:
        return "table"
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return "group"
    return "choice"  # a Literal: the only other form that fields take


def time_of(text: Time) -> int:
    """The instant of a time field in ms since 1970 UTC; ValueError for another form."""
    return parse_at(text)
