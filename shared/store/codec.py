"""How acts stand in rows, kept small, for there is one for each entry.

What an act shares with its entry (id, branch, number, record) is read from the entry's row; an effect that is what one
expects of an act by one person is one number; names that repeat are numbers.
"""

from typing import Any

import msgspec

from shared.fold.act import Act, Instance
from shared.fold.cut import Cut
from shared.log.canonical import b64
from shared.log.entry import Entry
from shared.store.names import Names

Row = tuple[Any, ...]

_encode = msgspec.json.Encoder(order="sorted").encode
_above = msgspec.json.Decoder(dict[str, int]).decode

NONE, PLAIN, OTHER = 0, 1, 2
"""An act's `effect`: none yet; one instance of the entry alone, unmarked; or as `rest` says."""
ACT = ("position", "size", "above", "by", "company", "do", "verdict", "fact", "effect", "refused", "text", "rest")
"""The columns of table `act`."""


class _Rest(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    instances: list[Instance] = []
    names: list[str] = []
    wrote: list[tuple[str, str]] = []
    reach: Cut | None = None


_EMPTY = _Rest()
_rest = msgspec.json.Decoder(_Rest).decode
_wrote = msgspec.json.Decoder(list[tuple[str, str]]).decode


class _Leaf(msgspec.Struct):
    entry: Entry | None = None


_leaf = msgspec.json.Decoder(_Leaf).decode


def entry_of(data: bytes) -> Entry | None:
    """Read the entry in a leaf or line that was checked before it was stored; None for a skip."""
    return _leaf(data).entry


def text(value: object) -> str:
    """Write a JSON value as it stands in a row: one spelling for one value."""
    return _encode(value).decode()


def act_row(act: Act, names: Names) -> Row:
    """Give the row of table `act`."""
    effect = OTHER
    instances = act.instances
    if not instances:
        effect = NONE
    elif len(instances) == 1:
        one = instances[0]
        alone = len(one.parts) == 1 and one.parts[0][0] == act.position
        if alone and not one.marks and (one.cut is act.cut or one.cut == act.cut):
            effect = PLAIN
    rest = None
    # The empty record is the act's own, as almost always.
    wrote = [("" if record == act.record else record, fact) for record, fact in act.wrote] if act.wrote else []
    if effect == OTHER or act.names or act.reach:
        rest = text(_Rest(instances if effect == OTHER else [], act.names, wrote, act.reach))
    elif wrote:
        rest = text(wrote)
    made = names.made
    return (
        act.position, act.cut.size, text(act.cut.above) if act.cut.above else None, made(act.by), made(act.company),
        made(act.do), made(act.verdict), act.fact, effect, act.refused or None, act.text or None, rest,
    )  # fmt: skip


def act_of(row: Row, names: Names) -> Act:
    """Read an act from its entry's id, branch, n and record, followed by the columns of `ACT`."""
    id_, branch, n, record, position, size, above, by, company, do, verdict, fact, effect, refused, words, more = row
    cut = Cut(size, _above(above) if above else {})
    rest = _EMPTY if not more else _Rest(wrote=_wrote(more)) if more[0] == "[" else _rest(more)
    instances = [Instance([(position, branch, n)], cut, [])] if effect == PLAIN else rest.instances
    wrote = [(about or record, name) for about, name in rest.wrote]
    name = names.name
    return Act(
        position, b64(id_), branch, n, cut, name(by), name(company), name(do), record, bool(fact), name(verdict),
        refused or "", words or "", instances, list(rest.names), wrote, rest.reach,
    )  # fmt: skip
