"""Joint acts: a proposal and the confirmations with which it comes into effect (design.md 4, "Joint acts").

A proposal's instance is a smallest set of confirmations that, with its author, fills all it needs. It has seen what all
its signers saw, its rules are judged once more on that, and a decline or withdrawal that it has not seen blocks it.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from shared.actions.action import Action, Slot, Spec, decode
from shared.actions.terms import HOUR
from shared.actions.world import Person, Proposal
from shared.fold.act import Act, Instance, counts, holds, present
from shared.fold.cut import Cut, join
from shared.fold.judge import introduced, judge, missing, needs
from shared.fold.unit import Unit
from shared.fold.view import View
from shared.log.clock import parse_at
from shared.log.entry import Entry

JOINT = "@joint"
"""The pseudo-fact of a record that holds what was said to its proposals: [verb, person], keyed by the proposal's id."""

VERBS = {"entry.confirm": "confirm", "entry.decline": "decline", "entry.withdraw": "withdraw", "entry.accept": "accept"}
"""The actions that speak to another entry, by the verb under which they are kept."""


class Proposed(NamedTuple):
    """A proposal with all that is needed to judge it again."""

    act: Act
    entry: Entry
    spec: Spec
    action: Action
    slots: tuple[Slot, ...]


def proposed(unit: Unit, position: int | None) -> Proposed | None:
    """The act at a position as a proposal, with its needs as its author's view says; None for none that counts."""
    act = unit.act(position) if position is not None else None
    entry = unit.entry(act.position) if act else None
    if act is None or entry is None or act.verdict == "void":
        return None
    spec, action, _ = decode(bytes(entry.action))
    if spec is None or action is None:
        return None
    view = own_view(unit, act, entry, action)
    return Proposed(act, entry, spec, action, needs(view, action))


def own_view(unit: Unit, act: Act, entry: Entry, action: Action, cut: Cut | None = None) -> View:
    """The view of an act's author, or of an instance of it that had seen `cut`.

    Those whom the action brings with it are known in it, and to a confirmation those whom its proposal brings.
    """
    seen = act.cut if cut is None else cut
    view = View(unit, seen, max(parse_at(entry.at), unit.received(seen.size)), act.record, act.by)
    if hasattr(action, "introduces"):
        view.introduced = introduced(action)
    if hasattr(action, "of"):
        position = unit.find(action.of)
        proposal = unit.entry(position) if position is not None else None
        _, about, _ = decode(bytes(proposal.action)) if proposal else (None, None, "")
        if about is not None:
            view.introduced = introduced(about)
    return view


def said(unit: Unit, act: Act, verbs: tuple[str, ...], cut: Cut | None = None) -> list[Act]:
    """The entries that confirmed, declined or withdrew a proposal, in the log's order.

    Also those whose author's right was taken back meanwhile: a decline blocks all the same, and whether confirmations
    still suffice is judged on the act itself.
    """
    writes = unit.history(act.record, JOINT)
    found = [(unit.act(one.position), one) for one in writes if one.key == act.id and one.value[0] in verbs]
    return [act for act, _ in found if act is not None and any(holds(one, cut) for one in act.instances)]


def instances(unit: Unit, proposal: Proposed, confirm: Act) -> Iterator[tuple[Instance, View]]:
    """The instances that a new confirmation completes; each is judged on the union of its signers' views.

    Each comes with the view in which it was judged, whose reads are those of its rules and of what it needs.
    """
    act, entry, spec, action, slots = proposal
    asked = own_view(unit, act, entry, action)
    still = len(missing(slots, _people(asked, [act.by]))) - 1  # so many beside this one: no smaller set fills all slots
    others = [one for one in said(unit, act, ("confirm",)) if one.by not in {confirm.by, act.by}]
    for extra in combinations(others, max(still, 0)):
        chosen = [*extra, confirm]
        if len({one.by for one in chosen}) < len(chosen):
            continue
        cut = act.cut
        for one in chosen:
            cut = join(cut, one.cut)
        people = _people(own_view(unit, act, entry, action, cut), [act.by, *(one.by for one in chosen)])
        if missing(slots, people):
            continue
        view = own_view(unit, act, entry, action, cut)
        if judge(view, spec, action, entry) or missing(needs(view, action), people):
            continue
        yield Instance([act.part, *(one.part for one in chosen)], cut), view


def _people(view: View, ids: list[str]) -> list[Person]:
    return [view.person(one) for one in ids if not one.startswith("@")]


def proposal(view: View, entry: str) -> Proposal:
    """What a view shows of the joint act on its own record that `entry` proposed; see `world.Proposal`."""
    found = proposed(view.unit, view.unit.find(entry))
    if found is None or found.act.record != view.record or found.act.fact:
        return Proposal("unknown")
    if view.cut is not None and not view.cut.has(*found.act.part):
        return Proposal("unknown")
    act, asked, spec, action, slots = found
    view.reads[act.record] = None
    view.introduced = {**view.introduced, **introduced(action)}
    said_here = {verb: said(view.unit, act, (verb,), view.cut) for verb in ("confirm", "decline", "withdraw")}
    signers = [act.by, *(one.by for one in said_here["confirm"])]
    people = _people(view, signers)
    open_slots = missing(slots, people)
    me = view.me
    fits = not me.id.startswith("@") and me.id not in signers and len(missing(slots, [*people, me])) < len(open_slots)
    inner = View(view.unit, view.cut, view.at, act.record, act.by)
    inner.introduced = introduced(action)
    refusal = judge(inner, spec, action, asked)
    view.reads.update(inner.reads)
    return Proposal(
        _state(view, act, asked, said_here), act.do, act.record, act.by, act.company, tuple(signers),
        tuple(slot.words() for slot in open_slots), fits, f"{refusal.rule}: {refusal.text}" if refusal else "",
    )  # fmt: skip


def _state(view: View, act: Act, entry: Entry, said_here: dict[str, list[Act]]) -> str:
    if any(holds(one, view.cut) and not counts(one, view.cut) for one in act.instances) and not present(act, view.cut):
        marks = {mark.kind for one in act.instances for mark in one.marks}
        return "declined" if "blocked" in marks else "uncounted"
    if present(act, view.cut):
        return "done"
    if said_here["withdraw"] or said_here["decline"]:
        return "withdrawn" if said_here["withdraw"] else "declined"
    late = view.at > parse_at(entry.at) + view.terms.proposal_hours * HOUR
    return "expired" if late else "waiting"
