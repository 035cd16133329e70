"""What a gate says: its round, the answers that stand, who has signed, and what is between it and go. Reading only.

A *seat* is one workstream's accountable person of one company, who signs the verdict or whose deputy does.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from shared.actions.kind import Blocker
from shared.actions.merge import cautious
from shared.actions.world import Record, World

GO, NO = "go", "no-go"
ANSWERS = cautious(GO, "not applicable", "go with condition", NO, "recheck", per="item")
"""Least to most cautious (domain.md 5). "not applicable" is a judgement that others must look at: more than "go"."""
VERDICTS = cautious(GO, NO, per="round and person")
PRINT = 32
"""Hexadecimal digits of an entry's id that a verdict names: 128 bits, so that nobody makes two answers of one name."""


def present_round(gate: Record) -> int:
    """The number of the round that is on, from 1."""
    return max((int(one["round"]) for one in gate.rounds), default=1)


def verdicts(gate: Record, number: int) -> dict[str, str]:
    """Who signed what in a round."""
    start = f"{number}/"
    return {key.removeprefix(start): value for key, value in gate.verdicts.items() if key.startswith(start)}


def exceptions(gate: Record) -> dict[str, list[str]]:
    """By item, the entries of all answers ever given that were no plain go; a verdict names those that it covers."""
    found: dict[str, list[str]] = {}
    for entry, item, _ in gate.entries("exceptions"):
        found.setdefault(item, []).append(entry[:PRINT])
    return found


def uncovered(gate: Record, covers: Iterable[str]) -> list[str]:
    """The items with an answer that was no plain go and that a list of entries does not cover."""
    covered = set(covers)
    return sorted(item for item, entries in exceptions(gate).items() if not covered.issuperset(entries))


def worsened(gate: Record, number: int = 0) -> list[str]:
    """The items to recheck: somebody signed go in the round without having seen that an answer became worse.

    It stays so for the round, even when the item is answered with go again: nobody has signed that list.
    """
    number = number or present_round(gate)
    lists = [
        set(value["covers"])
        for _, _, value in gate.entries("signatures")
        if value["round"] == number and value["verdict"] == GO
    ]
    return uncovered(gate, set.intersection(*lists)) if lists else []


def missing_seats(gate: Record, number: int = 0) -> list[dict[str, str]]:
    """The seats for which neither the lead nor the deputy has signed in the round."""
    signed = verdicts(gate, number or present_round(gate))
    return [seat for seat in gate.leads or [] if seat["lead"] not in signed and seat.get("deputy", "") not in signed]


def state_of(gate: Record, number: int = 0) -> str:
    """open, go, no-go, or unsigned (an answer became worse after somebody had signed); of the present round."""
    number = number or present_round(gate)
    if NO in verdicts(gate, number).values():
        return NO
    if worsened(gate, number):
        return "unsigned"
    return GO if gate.leads and not missing_seats(gate, number) else "open"


def answer_of(gate: Record, item: str) -> str:
    """The answer shown for an item: the most cautious that stands, "recheck" where it became worse, "" for none yet."""
    return "recheck" if item in worsened(gate) else str(gate.answers.get(item) or "")


def conditions(gate: Record) -> list[dict[str, Any]]:
    """The conditions of all answers "go with condition" that are shown: item, text, owner, `expires` (ms)."""
    shown = gate.answers
    return [
        {"item": item, **value["condition"]}
        for _, item, value in gate.entries("details")
        if shown.get(item) == "go with condition" and value.get("condition")
    ]


def open_items(gate: Record) -> list[tuple[dict[str, Any], str]]:
    """The items that need another answer before a go, each with the present one ("" for none), in the list's order."""
    answers = gate.answers
    shown = [(one, str(answers.get(one["id"], ""))) for one in gate.items or []]
    return [(one, answer) for one, answer in shown if answer in {"", NO, "recheck"}]


def who_leads(gate: Record, workstream: str) -> str:
    """The leads of a workstream, of both companies, in words."""
    return ", ".join(seat["lead"] for seat in gate.leads or [] if seat["workstream"] == workstream)


def sign_for(seat: dict[str, str]) -> str:
    """Who can sign for a seat, in words."""
    return " or ".join(one for one in (seat["lead"], seat.get("deputy", "")) if one)


def forecast(gate: Record) -> str:
    """What is between the gate and go, in one line: "2 people and 1 item (SOPs) stand between you and go"."""
    state = state_of(gate)
    if state == GO:
        return "go"
    people = len({sign_for(seat) for seat in missing_seats(gate)})
    areas = Counter(one["area"] for one, _ in open_items(gate))
    parts = [f"{people} {'person' if people == 1 else 'people'}"] if people else []
    count = sum(areas.values())
    if count:
        parts.append(f"{count} {'item' if count == 1 else 'items'} ({', '.join(areas)})")
    if state in {NO, "unsigned"}:
        parts.append("a new round")
    one = len(parts) == 1 and people <= 1 and count <= 1
    return f"{' and '.join(parts)} {'stands' if one else 'stand'} between you and go"


def in_the_way(_: World, gate: Record) -> list[Blocker]:
    """What keeps a gate from go, and who can clear it."""
    state, number = state_of(gate), present_round(gate)
    found = [
        Blocker(
            gate.id,
            f"{one['id']} {one['text']}: {answer or 'not answered'}",
            "GATE-10",
            f"{one.get('owner') or who_leads(gate, one['workstream'])} (gate.answer)",
            "gate.answer",
            str(one["id"]),
        )
        for one, answer in open_items(gate)
    ]
    if state in {NO, "unsigned"}:
        said = sorted(person for person, verdict in verdicts(gate, number).items() if verdict == NO)
        why = f"no-go of {', '.join(said)}" if said else f"{', '.join(worsened(gate))} became worse after signing"
        found.append(
            Blocker(
                gate.id,
                f"round {number}: {why}",
                "GATE-11",
                "a lead, coordinator or QA opens a new one (gate.round)",
                "gate.round",
            )
        )
    found += [
        Blocker(
            gate.id,
            f"{seat['workstream']} of {seat['company']} has not signed",
            "GATE-1",
            f"{sign_for(seat)} (gate.verdict)",
            "gate.verdict",
        )
        for seat in missing_seats(gate)
    ]
    return found


def not_ready(w: World, phase: str) -> str:
    """Why no batch may start in a phase, in words; "" where every gate of it is go and no condition has run out."""
    gates = sorted(w.all("gate", "phase", phase), key=lambda gate: gate.id)
    if not gates:
        return f"no gate is open for phase {phase}"
    late = [
        f"the condition of {one['item']} in {gate.id} has run out"
        for gate in gates
        for one in conditions(gate)
        if one["expires"] <= w.at
    ]
    return "; ".join([f"{gate.id} is {state_of(gate)}" for gate in gates if state_of(gate) != GO] + late)
