"""Values come back as they were written, whatever they and their entry hold."""

from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from shared.fold.act import Act
from shared.fold.cut import Cut
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.entry import Entry
from shared.store.values import Naming, named, plain
from tests.store.logs import entry_of, founding

ENTRY = entry_of(founding()[0])
ID = b64(bytes(range(32)))
_NARRATIVES = ["a narrative that is long enough to be named", "another one, as long as that one", ID]
_TEXTS = st.one_of(st.text(max_size=60), st.sampled_from([*_NARRATIVES, "\0long", "\0", "="]))
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), _TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=8,
)


def stored(value: object, entry: Entry | None) -> str | bytes:
    unit = Unit()
    unit.acts[5] = Act(5, ID, "LYN1", 1, Cut(0, {}), "@LYN1", "cdmo", "hold.stop", "HLD-LYN1-1", True, "stands")  # noqa: FBT003 - as the fold makes it, by place
    if entry is not None:
        unit.entries[5] = entry
    return Naming(unit).stored(value, 5)


@example(value=["\0text", _NARRATIVES[0]], fields={"text": _NARRATIVES[0]})
@example(value=[_NARRATIVES[0]], fields={"": _NARRATIVES[0]})
@given(value=_JSON, fields=st.dictionaries(st.text(max_size=8), _JSON, max_size=4))
def test_a_value_comes_back_as_it_was(value: Any, fields: dict[str, Any]) -> None:
    entry = msgspec.structs.replace(ENTRY, action=msgspec.Raw(msgspec.json.encode({**fields, "do": "hold.stop"})))
    data = stored(value, entry)
    back = plain(data) if isinstance(data, str) else named(data, ID, entry)
    assert msgspec.json.encode(back) == msgspec.json.encode(value)


def test_a_long_text_is_named_and_not_kept() -> None:
    text = "a narrative that is long enough to be named"
    entry = msgspec.structs.replace(
        ENTRY, action=msgspec.Raw(msgspec.json.encode({"do": "deviation.note", "text": text}))
    )
    assert stored(text, entry) == b"=text"
    assert stored(ID, entry) == b"="
    assert stored("held", entry) == '"held"'
    assert stored({"by": "anna", "text": text}, entry) == b'{"by":"anna","text":"\\u0000text"}'
    assert (
        stored("another narrative, which its entry does not hold", entry)
        == '"another narrative, which its entry does not hold"'
    )
    assert stored(text, None) == f'"{text}"'
