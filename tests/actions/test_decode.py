"""Reading actions: what stands in an entry is an action, one of a newer version, or malformed; never an exception."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.actions.action import ACTIONS, Action, Spec, decode
from shared.actions.sentence import sentence_of
from shared.actions.visible import visible
from shared.log.canonical import BIGGEST, encode
from tests.actions.examples import anything

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-BIGGEST, BIGGEST), st.text())
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abcdo.", max_size=5), inner, max_size=3)
    ),
)


def total(data: bytes) -> None:
    spec, action, fault = decode(data)
    assert fault in {"", "newer", "malformed"}
    assert (action is not None) == (not fault)
    assert spec is not None or fault
    said = sentence_of(data)
    assert said
    assert said == visible(said)


@given(JSON)
def test_any_json(value: object) -> None:
    total(msgspec.json.encode(value))


@given(st.sampled_from(list(ACTIONS)), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_fields_of_any_action(name: str, fields: dict[str, object]) -> None:
    total(msgspec.json.encode({"do": name, **fields}))


@given(anything(), JSON, st.data())
def test_one_field_of_any_form(made: tuple[Spec, Action], value: object, data: st.DataObject) -> None:
    spec, action = made
    document = msgspec.json.decode(msgspec.json.encode(action))
    if spec.fields:
        document[data.draw(st.sampled_from(spec.fields)).name] = value
    total(msgspec.json.encode(document))


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    total(data)


@given(anything(), st.data())
def test_any_byte_changed(made: tuple[Spec, Action], data: st.DataObject) -> None:
    raw = bytearray(msgspec.json.encode(made[1]))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    total(bytes(raw))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"do":"hold.stop","zz":' + b"[" * 5000 + b"]" * 5000 + b"}", id="deep"),
        pytest.param(b'{"do":"hold.stop","on":"x","zz":"\xff"}', id="not UTF-8"),
        pytest.param(b'{"do":"\xff"}', id="name not UTF-8"),
        pytest.param(b'{"do":"hold.stop","zz":1e999}', id="huge number"),
        pytest.param(b'{"do":"hold.stop","on":"\\ud800"}', id="half a pair"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_bytes_that_no_json_library_likes(data: bytes) -> None:
    total(data)


def test_names_tell_newer_from_malformed() -> None:
    assert decode(b'{"do":"gate.sing"}')[2] == "newer"
    assert decode(b'{"do":"hold.stop","on":"x","volume":1}')[2] == "newer"
    assert decode(b'{"do":"hold.stop"}')[2] == "malformed"
    assert decode(b'{"do":"hold.stop","on":1}')[2] == "malformed"
    assert decode(b"{}") == (None, None, "malformed")


@given(anything())
def test_what_is_written_is_read_back(made: tuple[Spec, Action]) -> None:
    spec, action = made
    assert decode(encode(msgspec.json.decode(msgspec.json.encode(action)), text=False)) == (spec, action, "")
