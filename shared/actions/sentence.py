"""The sentence that the audit trail shows for an action, made from its `says`.

An action says "stopped {on}: {reason}"; the sentence is "stopped BAT-LYN1-4/020: pressure", and without a reason
"stopped BAT-LYN1-4/020". What people typed stands in it as it is: never read as markup, never able to break the line.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from shared.actions.action import Action, Spec, decode
from shared.actions.visible import visible

_LEADING = ("as", "at", "beside", "by", "for", "from", "into", "in", "of", "on", "to", "until", "with")
"""Words that lead to a field, and say nothing when the field is empty."""


def in_words(value: Any) -> str:  # noqa: ANN401, PLR0911  a field may hold any JSON value; one line each
    """A field's value on one line: yes and no, lists joined in words, groups as `name value`; "" for what is empty."""
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return visible(value) if visible(value).strip() else ""
        case msgspec.Struct():
            return in_words({field: getattr(value, field) for field in value.__struct_fields__})
        case Mapping():
            parts = [(visible(str(key)), in_words(inner)) for key, inner in value.items()]
            return ", ".join(f"{key} {inner}" for key, inner in parts if inner)
        case list() | tuple():
            items = [one for one in map(in_words, value) if one]
            return " and ".join([*([", ".join(items[:-1])] if items[1:] else []), *items[-1:]])
        case _:
            return str(value)


def sentence(spec: Spec | None, action: Action | None, *, record: str = "", by: str = "", do: str = "") -> str:
    """What somebody did, in one plain line that goes on from "who, when".

    Args:
        spec: the action's declaration, None for one that this version does not know.
        action: its value; None where it could not be read.
        record: the record's id, for a `says` that names it.
        by: the author's id, for the same.
        do: the name of an action that this version does not know.
    """
    if spec is None or action is None:
        return f"did something that needs a newer Andon ({visible(do or (spec.name if spec else '')) or 'unnamed'})"
    values = {"record": visible(record), "by": visible(by)}
    values |= {
        field.name: in_words(getattr(action, attribute))
        for field, attribute in zip(spec.fields, action.__struct_fields__, strict=True)
    }
    return _fill(spec.says, values) or spec.name


def sentence_of(data: bytes, *, record: str = "", by: str = "") -> str:
    """The sentence for an action as its bytes stand in an entry, whatever they are."""
    spec, action, fault = decode(data)
    if fault == "malformed":
        name = visible(spec.name) if spec else "unnamed"
        return f"did something that is not of its declared form ({name})"
    return sentence(spec, action, record=record, by=by, do=_name(data) if spec is None else "")


class _Named(msgspec.Struct):
    do: str


def _name(data: bytes) -> str:
    return msgspec.json.decode(data, type=_Named).do


# What separates in the declaration is put into control characters while the sentence is made. Values hold none
# (`visible`), so a colon in somebody's reason separates nothing.
_EMPTY, _FULL = "\x00", "\x06"
_AWAY = str.maketrans(":;,() ", "\x01\x02\x03\x04\x05\x07")
_BACK = {
    **{code: mark for mark, code in ((":", 1), (";", 2), (",", 3), ("(", 4), (")", 5), (" ", 7), (".", 8))},
    0: None,
    6: None,
}
_BRACKET = re.compile("\x07*\x04([^\x04\x05]*)\x05")
_SEPARATOR = re.compile("([\x01\x02\x03\x08])")
_NOTHING = re.compile(f"(?:(?<![^\x07])(?:{'|'.join(_LEADING)})\x07+)?{_EMPTY}")


def _fill(says: str, values: Mapping[str, str]) -> str:
    """Put the values into the sentence; a clause whose fields are all empty goes, with the mark before it."""
    parts = re.split(r"\{([^}]*)\}", says)
    text = "".join(
        _FULL + values[part]
        if index % 2 and values[part]
        else _EMPTY
        if index % 2
        else part.replace(". ", "\x08 ").translate(_AWAY)
        for index, part in enumerate(parts)
    )
    text = _joined(_BRACKET.sub(_bracket, text), inside=False)
    return re.sub("\x07+", "\x07", text).strip("\x07").translate(_BACK)


def _bracket(found: "re.Match[str]") -> str:
    """A bracket with what is left in it, with a blank before; nothing where nothing is left."""
    inner = re.sub("\x07+", "\x07", _joined(found[1], inside=True)).strip("\x07")
    return f"\x07({inner.translate(_BACK)}){_FULL}" if inner else ""


def _joined(text: str, *, inside: bool) -> str:
    """The clauses that have something to say; outside brackets the first one stays, if only for its words."""
    pieces = ["", *_SEPARATOR.split(text)]
    marks, clauses = pieces[0::2], pieces[1::2]
    hollow = [_EMPTY in clause and _FULL not in clause for clause in clauses]
    done, owed = "", ""
    for index, (mark, clause) in enumerate(zip(marks, clauses, strict=True)):
        first = index == 0 and not inside
        labels = index + 1 < len(clauses) and marks[index + 1] == "\x01" and hollow[index + 1] and _FULL not in clause
        if (hollow[index] or labels) and not first:
            owed = owed or ("\x01" if mark == "\x01" else "")
            continue
        words = _NOTHING.sub("", clause).rstrip("\x07")
        between = owed if owed and mark == "\x03" else mark
        done += (between if done else "") + words
        owed = ""
    return done
