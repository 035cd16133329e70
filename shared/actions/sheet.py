"""The sheet: the exact text that was on the screen when somebody signed, and that the signature names by its digest.

It is written once and kept as a blob (design.md 3); nobody renders it again to check a signature. Each line is made
here: a label, a bar and a piece of the value. Whatever a value holds stands to the right of the bar, so that no value
can make a line of its own. A point in the place of the bar goes on with a line that was too long.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from shared.actions.action import Action, Spec
from shared.actions.schema import meaning
from shared.actions.sentence import sentence
from shared.actions.visible import visible

VERSION = "Andon sheet 4"
"""The first line: what made the text. Any change of this module that changes a sheet changes the number."""
WIDTH = 78
_LABEL = 22
_BAR = "| "
_FOLD = ". "
_RULES = "rules, and what each would have said had it refused"
_EMPTY = "(empty)"  # stands without a bar, which no text can
_NONE: tuple[object, ...] = (None, "", [], (), {})
MARGIN = _LABEL + len(_BAR)
"""Columns left of the values: the labels, and the bar or point."""
_ROOM = WIDTH - MARGIN
_BACK_MS = 60_000
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"))
_WIDE = (
    0x1100  # from here on a character may be two columns wide; all are counted so, whatever the table of Unicode says
)


class SheetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a sheet says beside the action itself; the terminal fills it in, and it stands in the sheet whole.

    Attributes:
        program: the product's name, and the program's id in brackets.
        record: the record's id, also of one that this action makes: who is enrolled, which batch it is.
        title: the record's title as it was shown, "" for a new one.
        changes: how many entries about the record the signer had been shown.
        last: ids of the last of them (several, where they do not know of each other).
        seen: size of the log and count of this terminal's own entries that were shown; an epoch, if any.
        template: id and version of the template that the form came from, "" for none.
        needs: who else has to confirm, in words, "" for nobody.
        beside: lines that had to be read beside the form: what the action `reminds` of, such as the rating proposed.
        about: of an act that speaks of another entry, such as a confirmation, what was done in that one; "" for others.
        name: printed name of the signer.
        user: the signer's id.
        roles: the roles that the signer holds.
        company: the signer's company.
        key: fingerprint of the signing key.
        terminal: code of the terminal.
        at: the time with milliseconds and offset, as it stands in the entry.
        zone: the time's zone by name.
        clock_offset: ms by which the terminal's clock was ahead of the server's when that was last heard, None where it
            is not known.
        contact_age: ms since the server was last heard, None where it never was.
        roster_age: ms since the server received the last entry that had been shown, None where there was none: what
            SIGN-4 goes by.
    """

    program: str
    record: str
    title: str = ""
    changes: int = 0
    last: tuple[str, ...] = ()
    seen: tuple[int, ...]
    template: str = ""
    needs: str = ""
    beside: tuple[str, ...] = ()
    about: str = ""
    name: str
    user: str
    roles: tuple[str, ...]
    company: str
    key: str = ""
    terminal: str
    at: str
    zone: str
    clock_offset: int | None
    contact_age: int | None
    roster_age: int | None


def sheet(spec: Spec, action: Action, facts: SheetFacts) -> str:
    """The text that a person signs.

    Args:
        spec: the action's declaration.
        action: the action with all its values.
        facts: who signs, where and when, and what had been shown.

    Returns:
        Lines of at most 78 columns, the first one `VERSION`, each ended. The same arguments give the same text.
    """
    lines = [VERSION]
    for heading, items in _parts(spec, action, facts):
        lines += ["", heading, *(line for label, value in items for line in _item(label, value))]
    return "\n".join([*lines, ""])


def _parts(spec: Spec, action: Action, facts: SheetFacts) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    said = sentence(spec, action, record=facts.record, by=facts.user)
    what: list[tuple[str, Any]] = [("meaning", meaning(spec)), ("action", f"{spec.name}: {spec.doc}")]
    what += [("the entry spoken of", facts.about)] if facts.about else [("in words", said)]
    what += [("shown beside it", facts.beside)] if facts.beside else []
    yield "WHAT IS SIGNED", what
    yield (
        "ABOUT",
        [
            ("program", facts.program),
            ("record", facts.record),
            ("title", facts.title),
            ("version shown", f"{facts.changes} entries about it"),
            ("last of them", facts.last),
            ("log shown", _seen(facts.seen)),
            ("template", facts.template),
        ],
    )
    attributes = zip(spec.fields, action.__struct_fields__, strict=True)
    yield (
        "FIELDS",
        [
            (f"{field.words} [{field.name}]", _with_unit(getattr(action, name), field.unit))
            for field, name in attributes
        ],
    )
    yield (
        "CHECKED AND PASSED",
        [(_RULES, [f"{one.id}: {one.text}" for one in spec.rules]), ("to be confirmed by", facts.needs)],
    )
    yield (
        "WHO, WHERE, WHEN",
        [
            ("printed name", facts.name),
            ("user", facts.user),
            ("roles", ", ".join(facts.roles)),
            ("company", facts.company),
            ("key", facts.key),
            ("terminal", facts.terminal),
            ("time", facts.at),
            ("zone", facts.zone),
            ("clock", _ahead(facts.clock_offset)),
            ("last contact", _ago(facts.contact_age)),
            ("last entry received", _ago(facts.roster_age)),
        ],
    )


def _seen(seen: tuple[int, ...]) -> str:
    size, own, *epoch = seen
    return f"{size} entries, {own} of this terminal" + (f", epoch {epoch[0]}" if epoch else "")


def _with_unit(value: Any, unit: str) -> Any:  # noqa: ANN401  a field may hold any JSON value
    return f"{value} {unit}" if unit and value is not None else value


def _item(label: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """A label and its value: beside each other, or below where the label is long."""
    margin = label if len(label) < _LABEL else ""
    if not margin:
        yield from _wrapped(label)
    for line in _lines(value) or [_EMPTY]:
        for index, piece in enumerate(_wrapped(line)):
            yield (
                f"{margin:<{_LABEL}}{_FOLD if index else _BAR}{piece}"
                if value not in _NONE
                else f"{margin:<{_LABEL}}{piece}"
            )
            margin = ""


def _lines(value: Any) -> list[str]:  # noqa: ANN401, PLR0911  one line each
    """A value in lines without control characters.

    What belongs to an item of a list or group is indented below it, so that a newline in an item cannot pass for
    another item.
    """
    match value:
        case None | "":
            return []
        case bool():
            return ["yes" if value else "no"]
        case str():
            return [visible(line) for line in value.split("\n")]
        case msgspec.Struct():
            return _lines({field: getattr(value, field) for field in value.__struct_fields__})
        case Mapping():
            return [line for key, inner in value.items() for line in _named(visible(str(key)), inner)]
        case list() | tuple():
            return [line for inner in value for line in _indented("- ", _lines(inner))]
        case _:
            return [str(value)]


def _named(key: str, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    lines = _lines(value)
    if len(lines) > 1 or isinstance(value, list | tuple | Mapping | msgspec.Struct):
        return [f"{key}:", *(f"  {line}" for line in lines or [_EMPTY])]
    return [f"{key}: {line}" for line in lines or [_EMPTY]]


def _indented(head: str, lines: list[str]) -> list[str]:
    first, *others = lines or [_EMPTY]
    return [head + first, *(f"  {line}" for line in others)]


def _wrapped(line: str) -> list[str]:
    """The line in pieces of the room there is, at a blank where one is near; put together they are the line again."""
    pieces, start, blank, used = [], 0, 0, 0
    for index, character in enumerate(line):
        wide = 2 if ord(character) >= _WIDE else 1
        if used + wide > _ROOM:
            end = blank if blank - start > _ROOM // 2 else index
            pieces.append(line[start:end])
            start = end
            used = sum(2 if ord(one) >= _WIDE else 1 for one in line[start:index])
        used += wide
        if character == " ":
            blank = index + 1
    return [*pieces, line[start:]]


def _ahead(ms: int | None) -> str:
    """How far a clock was from the server's: "0.120 s ahead of the server at the last contact"."""
    if ms is None:
        return "not compared with the server yet"
    if ms == 0:
        return "as the server's at the last contact"
    side = "ahead of" if ms > 0 else "behind"
    return f"{abs(ms) // 1000}.{abs(ms) % 1000:03d} s {side} the server at the last contact"


def _ago(ms: int | None) -> str:
    """How long ago, to the minute: the two largest units, "2 h 5 min ago"; "never".

    Seconds to come are two clocks that differ; more than that cannot be told.
    """
    if ms is None:
        return "never"
    if ms <= -_BACK_MS:
        return "not known: this clock is behind what it has shown, or what the server says"
    ms = max(ms, 0)
    parts: list[str] = []
    for size, unit in _UNITS:
        if ms >= size or parts:
            parts.append(f"{ms // size} {unit}")
        ms %= size
    shown = [part for part in parts[:2] if not part.startswith("0 ")]
    return f"{' '.join(shown)} ago" if shown else "less than a minute ago"
