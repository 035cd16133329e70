"""How two values of one fact, written without knowledge of each other, are shown together (design.md 4, domain.md 5).

Every fact of every kind names its merge; a fact without one cannot be declared. A merge never throws a value away: the
fold keeps all that stand, a merge only says which value is *shown* and whether the record is *contested*.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

Value: TypeAlias = Any
"""A JSON value as it stands in an action: text, integer, boolean, null, list or object."""


class Merge(NamedTuple):
    """The rule of one fact.

    `name` is the rule; `order` lists the values of a cautious fact from least to most cautious; `per` says what splits
    the fact into parts that do not dominate each other ("person", "company" or another key, "" for none); `across`
    says that parts with different values contest each other; `indexed` keeps a look-up from value to records.
    """

    name: Literal["constant", "cautious", "text", "single", "union", "effective"]
    order: tuple[str, ...] = ()
    per: str = ""
    across: bool = False
    indexed: bool = False


def constant(*, index: bool = False) -> Merge:
    """Written once, by the action that creates the record; two different ones are a clone's and contested."""
    return Merge("constant", indexed=index)


def cautious(*order: str, per: str = "", across: bool = False) -> Merge:
    """The most cautious of the standing values is shown; `order` runs from least to most cautious."""
    if len(set(order)) < 2:  # noqa: PLR2004  an order needs two values to mean anything
        msg = "cautious() needs at least two different values, least cautious first"
        raise TypeError(msg)
    return Merge("cautious", order, per, across)


def text() -> Merge:
    """Narrative: two edits of one version are both kept, and contested until somebody who saw both sets it again."""
    return Merge("text")


def single(*, per: str = "", index: bool = False) -> Merge:
    """One value (an owner, a due date); contested until set again by somebody who saw all of them."""
    return Merge("single", per=per, indexed=index)


def union(*, per: str = "", index: bool = False) -> Merge:
    """A set that only grows; never contested."""
    return Merge("union", per=per, indexed=index)


def effective(*, per: str = "") -> Merge:
    """Values with a `from` time (ms since 1970, UTC); the latest that has come is in force, two of one time contest.

    A later value replaces an earlier one of the same time only; what is in force stays so until the new one's day.
    """
    return Merge("effective", per=per)


def shown(merge: Merge, values: Sequence[Value], at: int) -> Value:
    """The one value that is shown for `values`, all that stand for one key, oldest first; None where there is none.

    `at` (ms) matters to `effective` only. A union gives the list of all.
    """
    if merge.name == "union":
        return list(values)
    if not values:
        return None
    match merge.name:
        case "cautious":
            return max(values, key=lambda value: rank(merge, value))
        case "effective":
            come = [value for value in values if value["from"] <= at]
            return max(come, key=lambda value: (value["from"], _spelled(value))) if come else None
        case _:
            return values[0] if len(values) == 1 else max(values, key=_spelled)  # the same one, whatever the order


def _spelled(value: Value) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def part_of(merge: Merge, key: str, value: Value) -> object:
    """What splits a fact into parts: values of different parts do not replace each other."""
    return (key, value["from"]) if merge.name == "effective" else key


def rank(merge: Merge, value: Value) -> int:
    """How cautious a value is; one that the order does not know (a later version's) counts as the most cautious."""
    return merge.order.index(value) if value in merge.order else len(merge.order)


def contested(merge: Merge, values: Sequence[Value]) -> bool:
    """Whether standing values of one key (of all where they count `across`) differ so that people must settle it."""
    if len(values) < 2 or merge.name == "union":  # noqa: PLR2004 - one value contests nothing
        return False
    if merge.name == "effective":
        times: dict[int, Value] = {}
        return any(times.setdefault(value["from"], value) != value for value in values)
    return any(value != values[0] for value in values[1:])
