"""Bringing an act into effect: its values take their place among those that stand, and news is told to whom it concerns."""

from shared.actions.action import Action, Spec, Writer
from shared.actions.kind import kind_of
from shared.actions.merge import Merge
from shared.fold.act import Act, Instance, Mark, Write, present
from shared.fold.unit import Unit
from shared.fold.view import MADE, undominated


def written(spec: Spec, action: Action, act: Act, at: int) -> list[tuple[str, str, str, object]]:
    """What an action writes, as (record, fact, key, value); `@made` is added for one that creates its record."""
    writer = Writer(act.record, act.id, act.by, act.company, at, spec.writes)
    action.apply(writer)
    if spec.creates:
        writer.writes.append((act.record, "@made", "", act.id))
    return writer.writes


def merge_of(record: str, fact: str) -> Merge | None:
    """The merge of a fact of a record; pseudo-facts (`@...`) are unions; None for one its kind does not declare."""
    if fact.startswith("@"):
        return MADE
    kind = kind_of(record)
    return kind.facts.get(fact) if kind else None


def take_effect(
    unit: Unit, act: Act, instance: Instance, values: list[tuple[str, str, str, object]], touch: int
) -> None:
    """Let an instance of an act count: its first one writes the values, a further one may dominate more.

    `touch` is the position at which others can learn of it: the act's own, or the completing confirmation's.
    """
    first = not act.instances
    act.instances.append(instance)
    plain = len(instance.parts) == 1
    if first:
        for record, fact, key, value in values:
            merge = merge_of(record, fact)
            if merge is not None:
                _place(unit, act, instance, Write(act.position, record, fact, key, value, plain), merge)
                touched(unit, record, touch)
        if not act.fact:
            act.wrote = list(dict.fromkeys((record, fact) for record, fact, _, _ in values))
    else:
        resettle(unit, act)
        for record in {record for record, _, _, _ in values}:
            touched(unit, record, touch)


def _place(unit: Unit, act: Act, instance: Instance, write: Write, merge: Merge) -> None:
    if merge.indexed:
        _index(unit, write)
    state = unit.put(write)
    if merge.name == "union":
        state.standing.append(write)
        return
    if state.marked:
        state.standing = undominated(unit, merge, unit.history(write.record, write.fact), None)
        return
    cut, settles = instance.cut, act.settles
    size = cut.size
    keep = []
    for other in state.standing:
        if other.key == write.key or settles:
            seen = other.position < size and other.plain
            if not seen or other.key != write.key:
                before = unit.act(other.position)
                seen = before is not None and present(before, cut) and (other.key == write.key or before.id in settles)
            if seen:
                continue
        keep.append(other)
    keep.append(write)
    state.standing = keep


def _index(unit: Unit, write: Write) -> None:
    kind = kind_of(write.record)
    values = write.value if isinstance(write.value, list) else [write.value]
    for value in values:
        if kind and isinstance(value, str) and value:
            unit.indexed.setdefault((kind.name, write.fact, value), []).append(write.record)
            touched(unit, f"{kind.name}.{write.fact}={value}", write.position)


def touched(unit: Unit, record: str, position: int) -> None:
    """Note that the entry at a position changed something of a record (or of an index that rules read)."""
    positions = unit.touched.setdefault(record, [])
    if not positions or positions[-1] != position:
        positions.append(position)
    unit.records[record] = None


def resettle(unit: Unit, act: Act) -> None:
    """Work out anew what stands of the facts that an act wrote, after news about it; they stay on the exact path from now on."""
    for record, fact in act.wrote:
        state = unit.fact(record, fact)
        merge = merge_of(record, fact)
        if state is not None and merge is not None:
            state.marked = True
            state.standing = undominated(unit, merge, unit.history(record, fact), None)
            unit.changed.add((record, fact))
            unit.records[record] = None


def mark(unit: Unit, position: int, index: int, news: Mark) -> None:
    """Put a mark on one instance of an act and let what stands follow; the same mark twice is one."""
    act = unit.own(position)
    marks = act.instances[index].marks
    if news not in marks:
        act.instances[index].marks = [*marks, news]
        unit.put(Write(position, act.record, "@marks", news.kind, news.rule, plain=True))
        unit.records[act.record] = None
        resettle(unit, act)
