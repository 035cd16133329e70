"""The schema says neither more nor less than the decoder; the form holds all that a screen needs."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.actions.action import ACTIONS, RULES, Spec, decode
from shared.actions.field import FieldSpec, ask
from shared.actions.schema import DIALECT, Document, _shape, explain, form, needs_whom, schema
from shared.log.canonical import encode
from tests.actions.examples import EVERY, documents, made, misfit, wrong

ALL = pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.name)
SOME = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def parts(node: object) -> Iterator[tuple[str, Any]]:
    """All keys and values inside a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from parts(value)
    elif isinstance(node, list):
        for one in node:
            yield from parts(one)


@ALL
def test_schema_stands_alone(spec: Spec) -> None:
    document = schema(spec)
    assert document["$schema"] == DIALECT
    assert document["title"] == spec.name
    assert document["description"] == spec.doc
    assert document["additionalProperties"] is False
    refs = {value.removeprefix("#/$defs/") for key, value in parts(document) if key == "$ref"}
    assert refs == set(document.get("$defs", {}))
    assert list(document["properties"]) == ["do", *(field.name for field in spec.fields)]
    assert all(one["description"] for one in document["properties"].values())
    assert msgspec.json.decode(msgspec.json.encode(document)) == document


@ALL
@SOME
@given(data=st.data())
def test_what_the_schema_allows_is_an_action_and_the_other_way_round(spec: Spec, data: st.DataObject) -> None:
    document = data.draw(documents(spec))
    assert not misfit(document, spec)
    action = made(spec, document)
    again = msgspec.json.decode(msgspec.json.encode(action))
    assert not misfit(again, spec)
    assert made(spec, again) == action


@ALL
def test_defaults_are_of_the_schema_and_left_out(spec: Spec) -> None:
    document = schema(spec)
    for field in spec.fields:
        if not field.required:
            part = document["properties"][field.name]
            assert not misfit_of(field.default, part, document), (field.name, field.default)
            assert field.name not in document["required"]
    assert {field.name for field in spec.fields if field.required} == set(document["required"]) - {"do"}


def misfit_of(value: object, part: Document, document: Document) -> str:
    return wrong(value, part, document.get("$defs", {}))


@ALL
@SOME
@given(data=st.data())
def test_what_the_schema_refuses_is_no_action(spec: Spec, data: st.DataObject) -> None:
    document = data.draw(documents(spec))
    field: FieldSpec | None = data.draw(st.sampled_from(spec.fields)) if spec.fields else None
    spoiled = dict(document)
    if field is None or data.draw(st.booleans()):
        spoiled["unheard"] = 1
        reason = "newer"
    else:
        spoiled[field.name] = data.draw(st.sampled_from([12.5, None, [[]], {"x": 1}, "no such choice" * 400]))
        # A group may have a field that this version does not know: another reason than a wrong value.
        reason = "newer" if field.type == "group" and spoiled[field.name] == {"x": 1} else "malformed"
    if misfit(spoiled, spec):
        assert decode(msgspec.json.encode(spoiled)) == (spec, None, reason)


@ALL
def test_form_has_every_field_once_with_words(spec: Spec) -> None:
    fields = form(spec)["fields"]
    assert sorted(one["name"] for one in fields) == sorted(field.name for field in spec.fields)
    common = [one["common"] for one in fields]
    assert common == sorted(common), "what every fact can say comes last"
    for one in fields:
        assert one["label"]
        assert one["type"] in {"text", "whole number", "yes or no", "choice", "list", "table", "group"}
        assert bool(one["choices"]) == (one["type"] == "choice")
        assert ("items" in one) == (one["type"] == "list")


def test_form_of_known_actions() -> None:
    stop = {one["name"]: one for one in form(ACTIONS["hold.stop"])["fields"]}
    assert next(iter(stop)) == "on"
    assert (stop["on"]["refs"], stop["on"]["suggest"]) == (["place", "batch", "step"], "post")
    assert (stop["sort"]["choices"], stop["sort"]["default"]) == (["stop", "keep safe"], "stop")
    roles = next(one for one in form(ACTIONS["member.invite"])["fields"] if one["name"] == "roles")
    assert "qa" in roles["items"]["choices"]
    company = next(one for one in form(ACTIONS["company.join"])["fields"] if one["name"] == "company")
    assert [one["name"] for one in company["fields"]] == ["code", "name", "part", "recovery"]
    terms = next(one for one in form(ACTIONS["agreement.set"])["fields"] if one["name"] == "terms")
    clocks = next(one for one in terms["fields"] if one["name"] == "acknowledge")
    assert clocks["values"]["fields"][0]["label"] == "minutes to acknowledge, then the next on the tree"


def test_hints_stand_in_the_schema() -> None:
    properties = schema(ACTIONS["hold.stop"])["properties"]
    assert properties["on"]["x-refs"] == ["place", "batch", "step"]
    assert properties["on"]["x-suggest"] == "post"
    assert properties["sort"]["enum"] == ["stop", "keep safe"]
    assert schema(ACTIONS["deviation.problem"])["properties"]["problem"]["x-long"] is True


@ALL
def test_everything_declared_is_explained(spec: Spec) -> None:
    told = explain(spec)
    encode(told, text=False)
    assert told["sort"] == ("fact" if spec.fact else "decision")
    assert told["by"]
    assert told["needs"] == bool(told["needs_whom"])
    assert {one["fact"] for one in told["writes"]} == spec.writes
    assert all(one["merge"] and one["kinds"] for one in told["writes"])
    assert [RULES[one["id"]].text for one in told["rules"]] == [one["text"] for one in told["rules"]]
    assert told["signed"] or not spec.by.people


def test_a_rating_is_explained() -> None:
    told = explain(ACTIONS["deviation.rate"])
    assert (told["sort"], told["by"], told["signed"], told["needs"]) == (
        "decision",
        "qa or sme or supervisor",
        "rated",
        True,
    )
    assert told["writes"] == [
        {"fact": "raters", "kinds": ["deviation"], "merge": "union"},
        {
            "fact": "rating",
            "kinds": ["deviation"],
            "merge": "cautious (minor < major < critical), per person, contested across",
        },
    ]
    assert explain(ACTIONS["member.join"])["by"] == "the person who was invited"


def test_a_text_that_may_be_absent_is_still_a_text() -> None:
    class Loose(msgspec.Struct, tag="loose.end", tag_field="do", frozen=True, kw_only=True):
        """A form that no action of ours uses yet."""

        due: Annotated[str | None, ask("due")] = None

    whole = msgspec.json.schema(Loose)
    assert _shape(whole["$defs"]["Loose"]["properties"]["due"], {}, ())["type"] == "text"


def test_what_people_read_cites_no_document_that_they_do_not_have() -> None:
    for spec in ACTIONS.values():
        said = [spec.doc, needs_whom(spec), *(rule.text for rule in spec.rules), *(one.words for one in spec.fields)]
        assert not [one for one in said if ".md" in one], spec.name
