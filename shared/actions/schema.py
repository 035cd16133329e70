"""What is derived from an action for programs: its JSON schema, its form, and all that is declared of it.

Screens, command line, API document and manual read these; none of them knows an action by name.
"""

from typing import Any, TypeAlias

import msgspec

from shared.actions.action import By, Decision, Happened, Spec
from shared.actions.field import FieldSpec
from shared.actions.kind import KINDS
from shared.actions.merge import Merge

Document: TypeAlias = dict[str, Any]
"""A JSON object made of plain Python values."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMMON = frozenset(Happened.__struct_fields__ + Decision.__struct_fields__)
_TYPES = {"string": "text", "integer": "whole number", "boolean": "yes or no", "array": "list"}


def schema(spec: Spec) -> Document:
    """The JSON schema (draft 2020-12) of an action, as it stands in an entry.

    Fields that are left out when default are not required. What JSON schema has no word for stands in `x-` keys:
    `x-refs` (the kinds of record that a text names by id), `x-unit`, `x-suggest`, `x-long`, `x-blob`, `x-when`,
    `x-not_after`, `x-answered` (whoever performs it must say it all the same).
    """
    whole: Document = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(spec.cls)))  # lists instead of tuples
    definitions: Document = whole.pop("$defs")
    own: Document = definitions.pop(whole["$ref"].rpartition("/")[2])
    own["title"], own["description"] = spec.name, spec.doc
    properties: Document = own["properties"]
    properties["do"] = {"const": spec.name, "description": "the action's name"}
    for field in spec.fields:
        found = properties[field.name]
        if field.choices:
            found["enum"] = list(field.choices)  # in the order of the form, not of the alphabet
        extra = {
            "refs": list(field.refs),
            "unit": field.unit,
            "suggest": field.suggest,
            "long": field.long,
            "blob": field.blob,
            "when": field.when,
            "not_after": field.not_after,
            "answered": field.answered,
        }
        found.update({f"x-{key}": value for key, value in extra.items() if value})
    return {"$schema": DIALECT, **own, **({"$defs": definitions} if definitions else {})}


def form(spec: Spec) -> Document:
    """The form that asks for an action: its heading, what its signature means, and its fields in the order of asking.

    What every fact can say (`claimed`, `happened`) comes last and is marked `common`: a form shows it only where it is
    needed. A field of type "group" has its own `fields`; a "list" says in `items`, a "table" in `values`, what each is.
    """
    document = schema(spec)
    ordered = sorted(spec.fields, key=lambda field: field.name in _COMMON)
    fields = [_asked(field, document) for field in ordered]
    return {"do": spec.name, "about": spec.doc, "signed": meaning(spec), "fields": fields}


def _asked(field: FieldSpec, document: Document) -> Document:
    return _asked_as(field, document["properties"][field.name], document.get("$defs", {}))


def _asked_as(field: FieldSpec, node: Document, definitions: Document) -> Document:
    """One field, of an action or of a group in it: what is declared of it, and the shape of its value."""
    shape = _shape(node, definitions, field.inner)
    return {
        "name": field.name,
        "label": field.words,
        "required": field.required or field.answered,
        "default": None if field.answered else field.default,
        **shape,
        "choices": list(field.choices) or shape["choices"],
        "refs": list(field.refs),
        "suggest": field.suggest,
        "unit": field.unit,
        "limit": field.most,
        "multiline": field.long,
        "blob": field.blob,
        "time": field.time,
        "each": field.each,
        "gs1": list(field.gs1),
        "entry": field.entry,
        "when": field.when,
        "not_after": field.not_after,
        "common": field.name in _COMMON,
    }


def _shape(node: Document, definitions: Document, inner: tuple[FieldSpec, ...]) -> Document:
    """What a value is: its type, its choices, and what it is made of; a group inside itself is not opened again."""
    node = next((one for one in node.get("anyOf", []) if one.get("type") != "null"), node)  # what may be left open
    name = node.get("$ref", "").rpartition("/")[2]
    if name:
        node = definitions[name]
    shape: Document = {"type": _TYPES.get(node.get("type", ""), "choice"), "choices": list(node.get("enum", []))}
    if node.get("type") == "object" and "properties" in node:
        shape["type"] = "group"
        if inner:
            shape["fields"] = [_asked_as(one, node["properties"][one.name], definitions) for one in inner]
    elif node.get("type") == "object":
        shape["type"] = "table"
        shape["values"] = _inner(node.get("additionalProperties"), definitions, inner)
    elif node.get("type") == "array":
        parts = node.get("prefixItems")
        shape["items"] = _inner(parts[0] if parts else node.get("items"), definitions, inner)
    return shape


def _inner(node: object, definitions: Document, inner: tuple[FieldSpec, ...]) -> Document:
    """What each value of a list or table is; any text where the declaration leaves it open."""
    return _shape(node, definitions, inner) if isinstance(node, dict) and node else {"type": "text", "choices": []}


def meaning(spec: Spec) -> str:
    """The meaning that a person's signature under this action has; "" where no person can do it."""
    return spec.signed or ("recorded" if spec.by.people else "")


def explain(spec: Spec) -> Document:
    """All that is declared of an action, as `andon actions ACTION --json` prints it."""
    return {
        "do": spec.name,
        "kind": spec.kind.name if spec.kind else None,
        "about": spec.doc,
        "sort": "fact" if spec.fact else "decision",
        "by": who(spec.by),
        "roles": sorted(spec.by.roles),
        "terminal": spec.by.terminal,
        "invited": spec.by.invited,
        "signed": meaning(spec),
        "creates": spec.creates,
        "quiet": spec.quiet,
        "closes": spec.closes,
        "says": spec.says,
        "writes": facts_written(spec),
        "needs": spec.joint,
        "needs_whom": needs_whom(spec),
        "rules": [{"id": one.id, "source": one.source, "text": one.text} for one in spec.rules],
        "fields": form(spec)["fields"],
        "schema": schema(spec),
    }


def who(by: By) -> str:
    """Who may perform an action, in plain words."""
    if by.invited:
        return "the person who was invited" if by.people else "the machine that was invited"
    return by.words()


def needs_whom(spec: Spec) -> str:
    """Whose signatures a joint action needs besides, as its declaration says; "" for an action of one person."""
    if not spec.joint:
        return ""
    return " ".join((getattr(spec.cls, "needs").__doc__ or "as the agreement says").split())  # noqa: B009  not every action has it


def facts_written(spec: Spec) -> list[Document]:
    """The facts that an action may write: of which kinds, and how each merges; one of its own kind is that kind's."""
    found = []
    for fact in sorted(spec.writes):
        owners = (
            [spec.kind]
            if spec.kind and fact in spec.kind.facts
            else [one for one in KINDS.values() if fact in one.facts]
        )
        merges: dict[Merge, list[str]] = {}
        for owner in owners:
            merges.setdefault(owner.facts[fact], []).append(owner.name)
        found += [{"fact": fact, "kinds": kinds, "merge": merge_words(merge)} for merge, kinds in merges.items()]
    return found


def merge_words(merge: Merge) -> str:
    """A merge in plain words: "cautious (minor < major < critical), per person, contested across"."""
    words = f"{merge.name} ({' < '.join(merge.order)})" if merge.order else merge.name
    words += f", per {merge.per}" if merge.per else ""
    return words + (", contested across" if merge.across else "")
