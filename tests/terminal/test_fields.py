"""Reading what somebody typed or piped: hostile JSON ends in one line, never in a traceback."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.action import ACTIONS, decode
from shared.terminal.fields import MOST, build, read_fields, spec_of
from shared.terminal.refusal import Refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value"),
        ("[]", "not a JSON object"),
        ('"x"', "not a JSON object"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": {"b": 1, "b": 2}}', "twice"),
        ('{"a": 1.5}', "no whole number"),
        ('{"a": 1e3}', "no whole number"),
        ('{"a": NaN}', "no whole number"),
        ('{"a": -Infinity}', "no whole number"),
        ('{"a": ' + "9" * 5000 + "}", "too large"),
        ('{"a": ' + "[" * 20_000 + "]" * 20_000 + "}", "too deep"),
        ('{"a": "' + "x" * 1_000_000 + '"}', "at most"),
        ('{"do": "hold.lift"}', "named before its fields"),
        ('{"a": "\x01"}', "Invalid control character"),
    ],
)
def test_hostile_json_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        read_fields(text)
    assert caught.value.rule == "FORM-6"
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    rule = "FORM-6"
    try:
        read_fields(text)
    except Refused as refused:
        rule = refused.rule
    assert rule == "FORM-6"


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(data=st.data(), name=st.sampled_from(sorted(ACTIONS)))
def test_what_is_built_is_read_back_and_the_rest_is_refused(data: st.DataObject, name: str) -> None:
    spec = spec_of(name)
    fields = {field.name: data.draw(_json) for field in spec.fields if data.draw(st.booleans())}
    built, said = None, None
    try:
        built = build(spec, fields)
    except Refused as refused:
        said = refused
    if built is not None:
        assert decode(built[1]) == (spec, built[0], "")
    else:
        assert said is not None
        assert said.rule in {"FORM-3", "FORM-6"}
        assert "\n" not in str(said)


def test_unknown_action_names_those_that_are_near() -> None:
    with pytest.raises(Refused) as caught:
        spec_of("hold.stopp\x1b[31m")
    assert caught.value.rule == "FORM-4"
    assert "hold.stop" in caught.value.next
    assert str(caught.value).isprintable()


def test_action_larger_than_an_entry_is_refused() -> None:
    text = json.dumps({"audience": ["x" * 1000] * 47})
    assert len(text) < MOST
    build(spec_of("deviation.audience"), read_fields(text))
    with pytest.raises(Refused, match="FORM-6"):
        build(spec_of("deviation.audience"), {"audience": ["x" * 1000] * 60})
