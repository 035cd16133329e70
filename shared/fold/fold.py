"""Folding one entry: the only way in which records change, on every replica (design.md 4).

Total: every leaf that a server ordered folds, whatever a hostile terminal wrote into it.
"""

from shared.actions.action import Action, Spec, Writer, decode
from shared.actions.derive import derivation
from shared.actions.kind import kind_of
from shared.fold.act import Act, Instance, Mark, Write
from shared.fold.effect import mark, note, take_effect, written
from shared.fold.joint import JOINT, VERBS, instances, own_view, proposed, said
from shared.fold.judge import (
    FORM_1,
    FORM_2,
    FORM_3,
    SIGN_2,
    Refusal,
    introduced,
    judge,
    missing,
    needs,
    refuse,
)
from shared.fold.pairs import meet_news, tell_readers
from shared.fold.past import chain_reach, past_of
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.log.entry import Entry

PENDING = 1 << 40
"""Positions from here on are local: written on this replica (or held for another), not yet in the log."""


def fold(  # noqa: PLR0913, PLR0917  the parts of one leaf; called for each
    unit: Unit,
    position: int,
    id_: str,
    entry: Entry,
    received: int | None = None,
    branch: str = "",
    *,
    sound: bool = True,
) -> Act:
    """Fold the entry at `position`.

    Args:
        unit: the unit of work that it changes.
        position: in the log, or from `PENDING` on for one that is not in it yet.
        id_: the entry's id, SHA-256 of its line, base64url.
        entry: the entry itself.
        received: the leaf's time in ms, None for one that is pending.
        branch: the terminal's chain that it stands on; the terminal's code where empty, as for all but clones.
        sound: whether its signature fits; what does not is void (facts too: nobody said it).

    Returns:
        The act, whose `verdict` is "stands", "waiting", "void" or "newer"; later news stands in its marks.
    """
    branch = branch or entry.terminal
    past = past_of(unit, position, entry, branch)
    spec, action, fault = decode(bytes(entry.action))
    act = Act(
        position, id_, branch, entry.n, past, entry.by, "", spec.name if spec else "", entry.record,
        spec.fact if spec else False, "stands", names=named(action),
    )  # fmt: skip
    unit.acts[position] = act
    unit.enter(position, id_, entry, branch, received)
    if entry.seen[1] < entry.n - 1:  # an old draft: its chain has seen more
        chain_reach(unit, act)
    if not sound:
        return _void(unit, act, refuse(SIGN_2))
    if fault == "newer":
        act.verdict = "newer"
        act.fact = True
        take_effect(unit, act, Instance([act.part], past), [(act.record, "@newer", "", act.id)], position)
        return act
    if spec is None or action is None:
        return _void(unit, act, refuse(FORM_3))
    return _judge(unit, act, entry, spec, action)


def named(action: Action | None) -> list[str]:
    """The entries that an action names: those it settles, or the one it speaks to."""
    of = getattr(action, "of", "")
    return [of] if of else list(getattr(action, "settles", ()))


def _judge(unit: Unit, act: Act, entry: Entry, spec: Spec, action: Action) -> Act:
    view = own_view(unit, act, entry, action)
    misfit = _misfit(view, spec, entry)
    if misfit:
        return _void(unit, act, misfit)
    refusal = judge(view, spec, action, entry)
    act.company = view.me.company
    if refusal and not spec.fact:
        return _void(unit, act, refusal)
    values = written(spec, action, act, view.at)
    if spec.creates and spec.kind and spec.kind.code:
        unit.bear(act.record)
    for newcomer, known in introduced(action).items():
        note(unit, Write(act.position, newcomer.removeprefix("@"), "@introduced", "", known.public, plain=True))
    if spec.name in VERBS:
        return _speak(unit, act, action, view)
    if spec.joint and missing(needs(view, action), [] if act.by.startswith("@") else [view.me]):
        act.verdict = "waiting"
        note(unit, Write(act.position, act.record, "@waiting", "", act.id, plain=True))
        unit.records[act.record] = None  # it changes nothing yet: nobody is told, only the record's row shows it
        return act
    if refusal:
        act.refused, act.text = refusal
        values += _derived(act, entry, view.at, refusal)
    _into_effect(unit, act, Instance([act.part], act.cut), values, act.position, view.reads)
    return act


def _into_effect(  # noqa: PLR0913, PLR0917  all of it is one step
    unit: Unit,
    act: Act,
    instance: Instance,
    values: list[tuple[str, str, str, object]],
    touch: int,
    reads: dict[str, None],
) -> None:
    names = take_effect(unit, act, instance, values, touch)
    if not act.fact:
        meet_news(unit, act, len(act.instances) - 1, reads)
    tell_readers(unit, unit.acts[touch], names)


def _speak(unit: Unit, act: Act, action: Action, view: View) -> Act:
    """A confirmation, decline, withdrawal or acceptance: kept on the record, then the act it speaks to follows."""
    verb, of = VERBS[act.do], str(getattr(action, "of", ""))
    said_value: list[tuple[str, str, str, object]] = [(act.record, JOINT, of, [verb, act.by])]
    position = unit.find(of)
    take_effect(unit, act, Instance([act.part], act.cut), said_value, act.position)
    meet_news(unit, act, 0, view.reads)
    target = unit.act(position) if position is not None else None
    if target is None or not act.cut.has(*target.part):
        return act
    if verb == "accept":
        for index in range(len(target.instances)):
            mark(unit, target.position, index, Mark("accepted", act.part, "WHO-7"))
    elif verb == "confirm":
        _confirmed(unit, act, target)
    else:
        for index, instance in enumerate(target.instances):
            if not instance.cut.has(*act.part):
                mark(unit, target.position, index, Mark("blocked", act.part, "CONF-4"))
    tell_readers(unit, act, {act.record, *(record for record, _ in target.wrote)})
    return act


def _confirmed(unit: Unit, confirm: Act, target: Act) -> None:
    proposal = proposed(unit, target.position)
    if proposal is None:
        return
    for instance, view in list(instances(unit, proposal, confirm)):
        own = unit.own(target.position)
        # News about what it read, or about a signer, may overtake the act.
        view.reads.update({one.by: None for one in map(unit.act, (part[0] for part in instance.parts)) if one})
        own.verdict = "stands"
        values = written(proposal.spec, proposal.action, own, view.at)
        _into_effect(unit, own, instance, values, confirm.position, view.reads)
        for no in said(unit, own, ("decline", "withdraw")):
            if not instance.cut.has(*no.part):
                mark(unit, own.position, len(own.instances) - 1, Mark("blocked", no.part, "CONF-4"))


def _misfit(view: View, spec: Spec, entry: Entry) -> Refusal | None:
    kind = kind_of(entry.record)
    if kind is None or (spec.kind is not None and spec.kind is not kind):
        return refuse(FORM_1, f"{spec.name} on {entry.record}")
    if spec.creates and kind.code and entry.record != f"{kind.code}-{entry.terminal}-{entry.n}":
        return refuse(FORM_1, entry.record)
    if not spec.creates and not spec.fact and spec.kind is not None and not view.get(entry.record).exists:
        return refuse(FORM_2, entry.record)
    return None


def _derived(act: Act, entry: Entry, at: int, refusal: Refusal) -> list[tuple[str, str, str, object]]:
    declared = derivation()
    if declared is None:
        return []
    code, writes, derive = declared
    record = f"{code}-{entry.terminal}-{entry.n}"
    if record == act.record:
        return []
    writer = Writer(record, act.id, act.by, act.company, at, writes)
    derive(writer, refusal.rule, f"{act.do} on {act.record}: {refusal.text}", act.record)
    return [*writer.writes, (record, "@made", "", act.id)]


def _void(unit: Unit, act: Act, refusal: Refusal) -> Act:
    act.verdict, act.refused, act.text = "void", refusal.rule, refusal.text
    unit.records[act.record] = None
    return act
