"""Judging an action in a view: may this author do it (roster), and do its rules let it pass.

The roster's part reads only these facts, which `member.py`, `terminal.py` and `program.py` of `shared/kinds` declare:
of a member `state`, `company`, `roles`, `key` and `training`; of a terminal `state` and `company`; of the program
`state` and `terms`. A server that orders pushes folds just those records.
"""

from typing import NamedTuple

from shared.actions.action import Action, Newcomer, Rule, Slot, Spec, declare_rule
from shared.actions.terms import HOUR
from shared.actions.world import Person
from shared.fold.view import PROGRAM, View
from shared.log.canonical import NotCanonical, unb64
from shared.log.entry import Entry
from shared.trust.keys import fingerprint


class Refusal(NamedTuple):
    """Why an action does not pass: the rule's id and its text with the particulars."""

    rule: str
    text: str


def _rule(id_: str, source: str, text: str) -> Rule:
    return declare_rule(id_, source, text, lambda _action, _world: True)


PRG_1 = _rule("PRG-1", "design.md 6", "The program is not founded yet; all officers named in it must confirm first.")
WHO_1 = _rule("WHO-1", "21 CFR 11.10(g)", "This action needs a person who signs; use --as and the password.")
WHO_2 = _rule("WHO-2", "21 CFR 11.10(d)", "Only active members of this program may do this; ask an identity officer.")
WHO_3 = _rule("WHO-3", "21 CFR 11.10(g)", "This action is for another role; ask somebody who holds it.")
WHO_4 = _rule("WHO-4", "21 CFR 11.10(i)", "Training for this role has lapsed; renew it and have it recorded first.")
WHO_5 = _rule("WHO-5", "21 CFR 11.10(h)", "This terminal is not enrolled, or was revoked; ask two identity officers.")
WHO_6 = _rule("WHO-6", "21 CFR 11.10(g)", "Only the terminal itself does this; no person can.")
SIGN_1 = _rule(
    "SIGN-1", "21 CFR 11.70", "The signature's key is not the signer's own at this time; sign with your own password."
)
SIGN_2 = _rule("SIGN-2", "21 CFR 11.70", "The signature does not fit the entry; nothing of it counts.")
SIGN_3 = _rule("SIGN-3", "21 CFR 11.50(a)", "The signature has another meaning than this action needs; sign it anew.")
SIGN_4 = _rule(
    "SIGN-4",
    "design.md 6",
    "Too long without contact to sign this; connect the terminal, or use one that is connected.",
)
FORM_1 = _rule("FORM-1", "design.md 3", "The record's id does not fit the action; nothing of it counts.")
FORM_2 = _rule("FORM-2", "21 CFR 11.10(f)", "There is no such record here; choose one from the list, or sync first.")
FORM_3 = _rule("FORM-3", "design.md 3", "The action is not of its declared form; nothing of it counts.")
NEED_1 = _rule("NEED-1", "design.md 1, idea 7", "It needs other people to confirm than those who did; propose it anew.")
ROSTER = frozenset({"WHO-2", "WHO-3", "WHO-5", "SIGN-1"})
"""The rules whose later breach, unknown to the author, leaves an act uncounted rather than overtaken."""


def refuse(rule: Rule, particulars: str = "") -> Refusal:
    """The refusal under a rule, with particulars before its text where there are any."""
    return Refusal(rule.id, f"{particulars}: {rule.text}" if particulars else rule.text)


def judge(view: View, spec: Spec, action: Action, entry: Entry) -> Refusal | None:
    """Judge an action for its author in a view; None lets it pass."""
    return authority(view, spec, entry) or rules(view, spec, action)


def rules(view: View, spec: Spec, action: Action) -> Refusal | None:
    """The first of the action's own rules that refuses it."""
    for rule in spec.rules:
        outcome = rule.check(action, view)
        if outcome is not True:
            return refuse(rule, outcome if isinstance(outcome, str) else "")
    return None


def authority(view: View, spec: Spec, entry: Entry) -> Refusal | None:
    """Whether the roster lets this author do this kind of action, with this signature, at this time."""
    refusal = _terminal(view, spec, entry) if entry.by.startswith("@") else _person(view, spec, entry)
    if refusal is None and not spec.fact and view.record != PROGRAM and view.get(PROGRAM).state != "founded":
        return refuse(PRG_1)
    return refusal


def _terminal(view: View, spec: Spec, entry: Entry) -> Refusal | None:
    if not spec.by.terminal:
        return refuse(WHO_1, spec.by.words())
    if entry.by in view.introduced:
        return None
    state = view.get(entry.terminal).state
    return None if state == ("invited" if spec.by.invited else "active") else refuse(WHO_5, entry.terminal)


def _person(view: View, spec: Spec, entry: Entry) -> Refusal | None:  # noqa: PLR0911  one return a rule, in the order of importance
    sign = entry.sign
    if sign is None:
        return refuse(SIGN_1, entry.by)
    if not spec.by.people:
        return refuse(WHO_6)
    person, keys = _keys(view, entry.by, invited=spec.by.invited)
    if person is None:
        return refuse(WHO_2, entry.by)
    if sign.key not in keys:
        return refuse(SIGN_1, entry.by)
    if sign.meaning != (spec.signed or "recorded"):
        return refuse(SIGN_3, f"{sign.meaning} instead of {spec.signed or 'recorded'}")
    if spec.by.roles:
        held = person.roles & spec.by.roles
        if not held:
            return refuse(WHO_3, f"{entry.by} is not {' or '.join(sorted(spec.by.roles))}")
        lapsed = _lapsed(view, entry.by, held) if entry.by not in view.introduced else ""
        if lapsed:
            return refuse(WHO_4, lapsed)
    return _offline(view, sign.meaning)


def _keys(view: View, person: str, *, invited: bool) -> tuple[Person | None, set[str]]:
    if person in view.introduced:
        try:
            return view.person(person), {fingerprint(unb64(view.introduced[person].public))}
        except NotCanonical:
            return view.person(person), set()  # a proposal may name anything as a key; what is none signs nothing
    record = view.get(person)
    if record.kind != "member" or record.state != ("invited" if invited else "active"):
        return None, set()
    return view.person(person), {key for _, _, key in record.entries("key")}


def _lapsed(view: View, person: str, held: frozenset[str]) -> str:
    training = view.get(person).training
    lapsed = {role: training[role] for role in held if role in training and training[role] < view.at}
    return f"{person} as {', '.join(sorted(lapsed))}" if len(lapsed) == len(held) else ""


def _offline(view: View, meaning: str) -> Refusal | None:
    if view.cut is None or not view.cut.size:
        return None
    terms = view.terms
    hours = terms.offline_hours.get(meaning, terms.offline_other)
    age = view.at - view.unit.received(view.cut.size)
    return (
        refuse(SIGN_4, f"{meaning}, last contact {age // HOUR} h ago, at most {hours}") if age > hours * HOUR else None
    )


def introduced(action: Action) -> dict[str, Newcomer]:
    """Those whom an action brings with it."""
    brings = getattr(action, "introduces", None)
    return brings() if brings else {}


def needs(view: View, action: Action) -> tuple[Slot, ...]:
    """The people a joint act needs, as its author's view says; the author may be one of them."""
    return tuple(action.needs(view)) if hasattr(action, "needs") else ()


def missing(slots: tuple[Slot, ...], signers: list[Person]) -> tuple[Slot, ...]:
    """The slots that the signers, each in at most one, leave open: the fewest possible (bipartite matching)."""
    taken: dict[int, int] = {}

    def seat(slot: int, tried: set[int]) -> bool:
        for index, signer in enumerate(signers):
            if index not in tried and fits(slots[slot], signer):
                tried.add(index)
                if index not in taken or seat(taken[index], tried):
                    taken[index] = slot
                    return True
        return False

    return tuple(slot for index, slot in enumerate(slots) if not seat(index, set()))


def fits(slot: Slot, person: Person) -> bool:
    """Whether one person can fill a slot."""
    return (
        (not slot.names or person.id in slot.names)
        and (not slot.company or person.company == slot.company)
        and (not slot.roles or bool(slot.roles & person.roles))
    )
