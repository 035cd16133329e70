"""Bringing an act into effect: its values take their place among those that stand, and news about it is kept."""

from collections.abc import Mapping

from shared.actions.action import Action, Spec, Writer
from shared.actions.kind import kind_of
from shared.actions.merge import Merge, part_of
from shared.fold.act import Act, Instance, Mark, Write, present
from shared.fold.unit import Unit
from shared.fold.view import MADE, undominated

_EMPTY: tuple[object, ...] = ("", [])
"""What a new record need not be told: a field left out."""


def written(spec: Spec, action: Action, act: Act, at: int) -> list[tuple[str, str, str, object]]:
    """What an action writes, as (record, fact, key, value).

    One that creates its record leaves out what is empty, and writes the pseudo-fact `@made` besides.
    """
    writer = Writer(act.record, act.id, act.by, act.company, at, spec.writes)
    action.apply(writer)
    if not spec.creates:
        return writer.writes
    given = [one for one in writer.writes if one[3] not in _EMPTY]
    given.append((act.record, "@made", "", act.id))
    return given


def merge_of(record: str, fact: str) -> Merge | None:
    """The merge of a fact of a record; pseudo-facts (`@...`) are unions; None for one its kind does not declare."""
    if fact[:1] == "@":
        return MADE
    kind = kind_of(record)
    return kind.facts.get(fact) if kind else None


def take_effect(
    unit: Unit, act: Act, instance: Instance, values: list[tuple[str, str, str, object]], touch: int
) -> set[str]:
    """Let an instance of an act count: its first one writes the values, a further one may dominate more.

    `touch` is the position at which others can learn of it: the act's own, or the completing confirmation's. The
    answer is what it changed: records, and the indexes that rules read.
    """
    first = not act.instances
    act.instances.append(instance)
    plain, position = len(instance.parts) == 1, act.position
    names = set()
    facts: Mapping[str, Merge] = {}
    last = ""
    for record, fact, key, value in values:
        if record != last:
            last = record
            names.add(record)
            kind = kind_of(record)
            facts = kind.facts if kind else {}
        if first:
            merge = MADE if fact[:1] == "@" else facts.get(fact)
            if merge is not None:
                _place(unit, act, instance, Write(position, record, fact, key, value, plain), merge)
                if merge.indexed:
                    names |= _index(unit, record, fact, value)
    if not act.fact:
        if first:
            act.wrote = list(dict.fromkeys((record, fact) for record, fact, _, _ in values))
        else:
            resettle(unit, act)
    for name in sorted(names) if len(names) > 1 else names:
        touched(unit, name, touch)
    return names


def _place(unit: Unit, act: Act, instance: Instance, write: Write, merge: Merge) -> None:
    state = unit.put(write)
    if not state.standing and not state.marked:
        state.standing = (write,)
    elif merge.name == "union":
        if type(state.standing) is list:  # a set that grows is worth a list; one value is not
            state.standing.append(write)
        else:
            state.standing = [*state.standing, write]
    elif state.marked:
        state.standing = tuple(undominated(unit, merge, unit.history(write.record, write.fact), None))
    else:
        keep = tuple(other for other in state.standing if not _replaced(unit, act, instance, write, other, merge))
        if state.whole and state.history is None and len(keep) < len(state.standing):
            state.history = [*state.standing, write]
        state.standing = (*keep, write)


def _replaced(  # noqa: PLR0913, PLR0917  what one value is to another depends on all of these
    unit: Unit, act: Act, instance: Instance, write: Write, other: Write, merge: Merge
) -> bool:
    """Whether a new value takes the place of one that stands: of the same part and seen, or settled by name."""
    same = part_of(merge, other.key, other.value) == part_of(merge, write.key, write.value)
    if same and other.plain and other.position < instance.cut.size:
        return True
    if not same and not act.names:
        return False
    before = unit.act(other.position)
    return before is not None and (same or before.id in act.names) and present(before, instance.cut)


def _index(unit: Unit, record: str, fact: str, value: object) -> set[str]:
    kind = kind_of(record)
    names = set()
    for one in value if isinstance(value, list) else [value]:
        if kind and isinstance(one, str) and one:
            unit.indexed.setdefault((kind.name, fact, one), []).append(record)
            names.add(f"{kind.name}.{fact}={one}")
    return names


def note(unit: Unit, write: Write) -> None:
    """Keep something about a record that is no value of it: a waiting proposal, a mark, a newcomer's key."""
    state = unit.put(write)
    state.standing = (*state.standing, write)


def touched(unit: Unit, record: str, position: int) -> None:
    """Note that the entry at a position changed something of a record (or of an index that rules read)."""
    positions = unit.touched.get(record)
    if positions is None:
        unit.touched[record] = [position]
    elif positions[-1] != position:
        positions.append(position)
    unit.records[record] = None


def resettle(unit: Unit, act: Act) -> None:
    """Work out anew what stands of the facts that an act wrote, after news about it.

    They stay `marked`: from now on what stands is worked out from their whole history.
    """
    for record, fact in act.wrote:
        state = unit.fact(record, fact)
        merge = merge_of(record, fact)
        if state is not None and merge is not None:
            history = unit.history(record, fact)
            if state.history is None:
                state.history = list(history)
            state.marked = True
            state.standing = tuple(undominated(unit, merge, history, None))
            unit.forget(record)
            unit.changed.add((record, fact))
            unit.records[record] = None


def mark(unit: Unit, position: int, index: int, news: Mark) -> None:
    """Put a mark on one instance of an act and let what stands follow; the same mark twice is one."""
    act = unit.own(position)
    marks = act.instances[index].marks
    if news not in marks:
        act.instances[index].marks = [*marks, news]
        note(unit, Write(position, act.record, "@marks", news.kind, news.rule, plain=True))
        unit.records[act.record] = None
        resettle(unit, act)
