"""What a recorded log folds to, as JSON: the verdict of every entry and the row of every record."""

from typing import Any

import msgspec

import shared.kinds  # noqa: F401  declares every kind
from shared.fold.fold import fold
from shared.fold.shown import row, standing_of
from shared.fold.unit import Unit
from shared.log.canonical import b64
from shared.log.entry import Line, line_id
from shared.log.leaf import line_of, parse_leaf


def outcome_of(leaves: list[bytes]) -> dict[str, Any]:
    """Fold the leaves of one log."""
    unit = Unit()
    for position, leaf in enumerate(leaves):
        parsed = parse_leaf(leaf)
        assert isinstance(parsed.line, Line)
        fold(unit, position, b64(line_id(line_of(leaf))), parsed.line.entry, parsed.received)
    entries = [
        [act.branch, act.n, act.do, act.record, standing_of(unit, act), act.refused, _marks(act.instances)]
        for act in (unit.act(position) for position in range(len(leaves)))
        if act is not None
    ]
    rows = (row(unit, record) for record in sorted(unit.records))
    shown = {one.record: {"columns": one.columns, "flags": one.flags} for one in rows if one is not None}
    found: dict[str, Any] = msgspec.to_builtins({"entries": entries, "records": shown})
    return found


def _marks(instances: list[Any]) -> list[list[Any]]:
    return [[mark.kind, mark.by[1], mark.by[2], mark.rule] for one in instances for mark in one.marks]
