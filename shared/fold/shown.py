"""What lists and screens show of a record: its columns, its flags, and the text that search finds."""

from typing import NamedTuple

from shared.actions.kind import Cell, Kind, kind_of
from shared.fold.act import Act, counts, overtaken, present
from shared.fold.joint import said
from shared.fold.unit import FORKED, Unit
from shared.fold.view import MADE, RecordView, View

FOR_EVER = 1 << 62
"""The time (ms) at which lists read dated values (an agreement, a contact): that of the latest day counts there."""


class Shown(NamedTuple):
    """One row of a kind's list.

    `flags` are "contested", "overtaken", "uncounted", "undone" (signed by all it needed, who did not know that
    somebody had taken it back), "waiting" (for a second person), "newer" (needs a newer Andon), "derived" (opened by a
    broken rule) and "cloned" (made twice under one id; or a terminal of which there are two);
    `texts` is what search looks in; `last` is the highest position that changed something of the record.
    """

    kind: str
    record: str
    columns: dict[str, Cell]
    flags: list[str]
    texts: str
    last: int


def row(unit: Unit, record: str) -> Shown | None:
    """The row of a record as all entries there are show it; None for one that nothing has created."""
    kind = kind_of(record)
    view = View(unit, None, FOR_EVER, record)
    here = view.here
    if kind is None or not here.exists:
        return None
    columns = {name: column.read(here) for name, column in kind.columns.items()}
    searched = (cell for name, cell in columns.items() if kind.columns[name].searched)
    texts = "\n".join(str(cell) for cell in searched if isinstance(cell, str) and cell)
    notes = here.notes if "notes" in kind.facts else []
    texts += "\n".join(["", *(str(note["text"]) for note in notes)]) if notes else ""
    return Shown(kind.name, record, columns, flags(view, record), texts, _last(unit, record))


def flags(view: View, record: str) -> list[str]:
    """What people must know of a record beside its values; see `Shown`."""
    kind, unit = kind_of(record), view.unit
    here = view.get(record)
    found = []
    if kind and _contested(unit, here, kind):
        found.append("contested")
    news = (unit.act(one.position) for one in unit.history(record, "@marks"))
    marked = [act for act in news if act is not None]
    if any(overtaken(act, None) for act in marked):
        found.append("overtaken")
    if any(
        not counts(one, None) and "uncounted" in {mark.kind for mark in one.marks}
        for act in marked
        for one in act.instances
    ):
        found.append("uncounted")
    if any(_undone(unit, act) for act in marked):
        found.append("undone")
    if waiting(unit, record):
        found.append("waiting")
    if view.standing(record, "@newer", MADE):
        found.append("newer")
    if kind and "origin" in kind.facts and here.origin:
        found.append("derived")
    natural = kind is not None and not kind.code
    if len(view.standing(record, "@made", MADE)) > 1 or (natural and unit.fact(record, FORKED) is not None):
        found.append("cloned")
    return found


def _contested(unit: Unit, here: RecordView, kind: Kind) -> bool:
    """Whether people must settle something: asked only of facts of which several values stand, which are hardly any."""
    record = here.id
    for fact, merge in kind.facts.items():
        if merge.name != "union":
            state = unit.fact(record, fact)
            if state is not None and len(state.standing) > 1 and here.contested(fact):
                return True
    return False


def _undone(unit: Unit, act: Act) -> bool:
    """Whether an act came to nothing behind its signers' back, and nobody who knew of that has proposed it anew."""
    if act.fact or not act.instances or present(act, None):
        return False
    blocks = [mark.by for one in act.instances for mark in one.marks if mark.kind == "blocked"]
    later = (unit.act(one.position) for one in unit.history(act.record, "@waiting"))
    return bool(blocks) and not any(
        one.do == act.do and any(one.cut.has(*block) for block in blocks) for one in later if one is not None
    )


def waiting(unit: Unit, record: str) -> list[Act]:
    """The proposals about a record that still wait for somebody: neither in effect, nor declined or withdrawn."""
    found = (unit.act(one.position) for one in unit.history(record, "@waiting"))
    proposals = [act for act in found if act is not None]
    return [act for act in proposals if not act.instances and not said(unit, act, ("decline", "withdraw"))]


def standing_of(unit: Unit, act: Act) -> str:
    """What has become of an act, in one word for the trail.

    It is "stands", "waiting", "void", "newer", "declined" (or withdrawn), "uncounted" or "overtaken".
    """
    if act.verdict in {"void", "newer"}:
        return act.verdict
    if not act.instances:
        return "declined" if said(unit, act, ("decline", "withdraw")) else "waiting"
    if not act.fact and not present(act, None):
        return "declined" if any(mark.kind == "blocked" for one in act.instances for mark in one.marks) else "uncounted"
    return "overtaken" if overtaken(act, None) else "stands"


def _last(unit: Unit, record: str) -> int:
    positions = unit.touched.get(record) or unit.touches(record, 0)
    return positions[-1] if positions else -1
