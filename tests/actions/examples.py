"""Values for actions, made from their JSON schema, and a judge of such values that knows just what our schemas use."""

from typing import Any

from hypothesis import strategies as st

import shared.kinds  # noqa: F401  # importing them is what fills the registry
from shared.actions.action import ACTIONS, Action, Spec, decode
from shared.actions.schema import Document, schema
from shared.log.canonical import encode

KNOWN = {
    *(
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "default",
        "x-refs",
        "x-unit",
        "x-suggest",
        "x-long",
        "x-blob",
        "x-when",
        "x-not_after",
        "x-answered",
    ),
    *("type", "const", "enum", "anyOf", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
    *("properties", "required", "additionalProperties", "items", "prefixItems"),
}
TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}
EVERY = tuple(ACTIONS.values())


def wrong(value: Any, node: Any, definitions: dict[str, Document]) -> str:  # noqa: C901, PLR0911  one line a word
    """Why a value does not fit a schema, "" if it does."""
    if isinstance(node, bool):
        return "" if node else f"{value!r} is not allowed"
    assert set(node) <= KNOWN, f"a word that this judge does not know: {set(node) - KNOWN}"
    if "$ref" in node:
        return wrong(value, definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in node and all(wrong(value, one, definitions) for one in node["anyOf"]):
        return f"{value!r} fits none of {node['anyOf']}"
    if "const" in node and value != node["const"]:
        return f"{value!r} is not {node['const']!r}"
    if "enum" in node and value not in node["enum"]:
        return f"{value!r} is none of {node['enum']}"
    if "type" in node and type(value) is not TYPES[node["type"]]:
        return f"{value!r} is no {node['type']}"
    if isinstance(value, str) and not node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value)):
        return f"{len(value)} characters"
    if type(value) is int and not node.get("minimum", value) <= value <= node.get("maximum", value):
        return f"{value} is out of bounds"
    if isinstance(value, list):
        if not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
            return f"{len(value)} items"
        first = node.get("prefixItems", [])
        parts = [*first, *[node.get("items", True)] * (len(value) - len(first))]
        return next(filter(None, (wrong(one, part, definitions) for one, part in zip(value, parts, strict=False))), "")
    if isinstance(value, dict):
        missing = set(node.get("required", [])) - set(value)
        if missing:
            return f"{missing} are missing"
        inner = [
            (one, node.get("properties", {}).get(key, node.get("additionalProperties", True)))
            for key, one in value.items()
        ]
        return next(filter(None, (wrong(one, part, definitions) for one, part in inner)), "")
    return ""


def misfit(value: Any, spec: Spec) -> str:
    """Why a value is not of an action's schema, "" if it is."""
    document = schema(spec)
    return wrong(value, document, document.get("$defs", {}))


def bounded(*, least: int = 0, most: int = 40) -> st.SearchStrategy[str]:
    """Texts that entries may hold, and some that they may not."""
    hostile = "\n\t\x1b\x00\x7f\x85\u202e\u2066\u200b\u2028| .:;,()-[]{}"
    letters = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(hostile))
    return st.text(letters, min_size=least, max_size=max(least, min(most, 40)))


def values(node: Document, definitions: dict[str, Document]) -> st.SearchStrategy[Any]:
    """Values of a schema."""
    if "$ref" in node:
        return values(definitions[node["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in node:
        return st.one_of([values(one, definitions) for one in node["anyOf"]])
    if "const" in node or "enum" in node:
        return st.sampled_from(node.get("enum") or [node["const"]])
    if node["type"] in {"array", "object"}:
        return _several(node, definitions)
    simple = {
        "string": bounded(least=node.get("minLength", 0), most=node.get("maxLength", 40)),
        "integer": st.integers(node.get("minimum", -(2**53) + 1), node.get("maximum", 2**53 - 1)),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return simple[node["type"]]


def _several(node: Document, definitions: dict[str, Document]) -> st.SearchStrategy[Any]:
    if "prefixItems" in node:
        return st.tuples(*[values(one, definitions) for one in node["prefixItems"]]).map(list)
    if "items" in node:
        least = node.get("minItems", 0)
        return st.lists(values(node["items"], definitions), min_size=least, max_size=max(3, least))
    if "properties" in node:
        parts = {key: values(one, definitions) for key, one in node["properties"].items()}
        required = {key: parts.pop(key) for key in node.get("required", [])}
        return st.fixed_dictionaries(required, optional=parts)
    keys = st.text("abcdef _", min_size=1, max_size=8)
    return st.dictionaries(keys, values(node["additionalProperties"], definitions), max_size=3)


def documents(spec: Spec) -> st.SearchStrategy[Document]:
    """Actions as they stand in entries, of the schema."""
    document = schema(spec)
    return values(document, document.get("$defs", {}))


def made(spec: Spec, document: Document) -> Action:
    """The action of a document that its schema allows."""
    found, action, fault = decode(encode(document, text=False))
    assert found is spec, (spec.name, fault)
    assert action is not None, (document, fault)
    return action


def actions(spec: Spec) -> st.SearchStrategy[Action]:
    """Actions of one sort, with any values that its schema allows."""
    return documents(spec).map(lambda document: made(spec, document))


def anything() -> st.SearchStrategy[tuple[Spec, Action]]:
    """Any action there is."""
    return st.sampled_from(EVERY).flatmap(lambda spec: actions(spec).map(lambda action: (spec, action)))
