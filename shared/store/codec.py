"""How folded values stand in rows: acts and written values, kept small, for there is one or more for each entry.

What an act shares with its entry (id, branch, number, record) is read from the entry's row; an effect that is what one
expects of an act by one person is one number.
"""

from typing import Any

import msgspec

from shared.fold.act import Act, Instance, Write
from shared.fold.cut import Cut
from shared.log.canonical import b64
from shared.log.entry import Entry

Row = tuple[Any, ...]

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode
_above = msgspec.json.Decoder(dict[str, int]).decode

NONE, PLAIN, OTHER = 0, 1, 2
"""An act's `effect`: none yet; one instance of the entry alone, unmarked; or as `rest` says."""


class _Rest(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    instances: list[Instance] = []
    settles: list[str] = []
    wrote: list[tuple[str, str]] = []
    reach: Cut | None = None


_EMPTY = _Rest()
_rest = msgspec.json.Decoder(_Rest).decode


class _Leaf(msgspec.Struct):
    entry: Entry | None = None


_leaf = msgspec.json.Decoder(_Leaf).decode


def entry_of(data: bytes) -> Entry | None:
    """Read the entry in a leaf or line that was checked before it was stored; None for a skip."""
    return _leaf(data).entry


def text(value: object) -> str:
    """Write a JSON value as it stands in a row: one spelling for one value."""
    return _encode(value).decode()


def act_row(act: Act) -> Row:
    """Give the row of table `act`."""
    effect = OTHER
    instances = act.instances
    if not instances:
        effect = NONE
    elif len(instances) == 1:
        one = instances[0]
        if one.parts == [act.part] and one.cut == act.cut and not one.marks:
            effect = PLAIN
    rest = _Rest(
        instances if effect == OTHER else [], act.settles,
        [("" if record == act.record else record, fact) for record, fact in act.wrote], act.reach,
    )  # fmt: skip
    return (
        act.position, act.cut.size, text(act.cut.above) if act.cut.above else None, act.by, act.company, act.do,
        act.fact, act.verdict, act.refused or None, act.text or None, effect, None if rest == _EMPTY else text(rest),
    )  # fmt: skip


ACT = "a.position, a.size, a.above, a.by, a.company, a.do, a.fact, a.verdict, a.refused, a.text, a.effect, a.rest"
"""The columns that `act_of` takes, after those of the entry."""


def act_of(row: Row) -> Act:
    """Read an act from its entry's id, branch, n and record, followed by the columns of `ACT`."""
    id_, branch, n, record, position, size, above, by, company, do, fact, verdict, refused, words, effect, more = row
    cut = Cut(size, _above(above) if above else {})
    rest = _rest(more) if more else _EMPTY
    instances = rest.instances
    if effect == PLAIN:
        instances = [Instance([(position, branch, n)], cut, [])]
    wrote = [(about or record, name) for about, name in rest.wrote]
    return Act(
        position, b64(id_), branch, n, cut, by, company, do, record, bool(fact), verdict, refused or "", words or "",
        instances, list(rest.settles), wrote, rest.reach,
    )  # fmt: skip


def write_of(record: str, fact: str, row: Row) -> Write:
    """Read a written value from the columns position, key, value and plain."""
    position, key, value, plain = row
    return Write(position, record, fact, key, _decode(value), bool(plain))
