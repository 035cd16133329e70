"""What a batch's record says: its planned steps, what is done and held, what bars its disposition. Reading only."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from shared.actions.field import Text, ask
from shared.actions.kind import Blocker
from shared.actions.world import Record, World
from shared.kinds.hold import lifting
from shared.kinds.rating import criticality
from shared.kinds.readiness import conditions, state_of

FLOOR = frozenset({"operator", "supervisor"})
"""Roles that perform steps."""
LONGEST_NUMBER = 32


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One measured parameter of a step, with its limits as decimal numbers; "" for no limit on that side."""

    name: Annotated[Text, ask("parameter", most=60)]
    unit: Annotated[Text, ask("unit", most=20)] = ""
    low: Annotated[Text, ask("lowest allowed", most=LONGEST_NUMBER)] = ""
    high: Annotated[Text, ask("highest allowed", most=LONGEST_NUMBER)] = ""
    critical: Annotated[bool, ask("critical parameter")] = False


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One planned step. A key step is a significant one (21 CFR 211.188(b)(11)): checked, with the owner present."""

    key: Annotated[Text, ask("step, like 020", most=12)]
    words: Annotated[Text, ask("what is done", most=200)]
    place: Annotated[Text, ask("suite or equipment", most=60, refs=("place",))] = ""
    expertise: Annotated[Text, ask("expertise that helps when it goes wrong", most=60)] = ""
    key_step: Annotated[bool, ask("key step")] = False
    parameters: Annotated[list[Parameter], ask("parameters and limits", most=50)] = []
    safe_hold: Annotated[int, ask("safe hold time", unit="minutes")] = 0
    fault_guide: Annotated[Text, ask("fault guide", most=120)] = ""
    containment: Annotated[list[Text], ask("containment card: safe-state steps", most=10)] = []


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One measured value, as a decimal number with its unit."""

    parameter: Annotated[Text, ask("parameter", most=60)]
    value: Annotated[Text, ask("value", most=LONGEST_NUMBER)]
    unit: Annotated[Text, ask("unit", most=20)] = ""


def plan(batch: Record) -> list[Step]:
    """The planned steps in their order; none for a batch that is not there."""
    return msgspec.convert(batch.steps or [], list[Step])


def limits_of(one: Parameter) -> str:
    """A parameter's limits in words."""
    return f"{one.name}: {one.low or 'any'} to {one.high or 'any'} {one.unit}{' (critical)' * one.critical}".strip()


def number_of(text: str) -> Decimal | None:
    """A number as records write it (-12.50), None for anything else: no exponent, no infinity, ASCII only."""
    whole, point, part = text.removeprefix("-").partition(".")
    digits = whole + part if point else whole
    good = whole and (part or not point) and digits.isascii() and digits.isdigit() and len(text) <= LONGEST_NUMBER
    return Decimal(text) if good else None


def misread(step: Step, values: Iterable[Value]) -> str:
    """What is wrong with the form of a step's values, in words; "" where each parameter has one number in its unit."""
    given = list(values)
    planned = {one.name: one for one in step.parameters}
    names = [one.parameter for one in given]
    for one in given:
        if one.parameter not in planned or names.count(one.parameter) > 1:
            return f"{one.parameter} is not planned, or stands twice"
        if number_of(one.value) is None or one.unit != planned[one.parameter].unit:
            return f"{one.parameter} needs a number in {planned[one.parameter].unit or 'no unit'}"
    missing = [name for name in planned if name not in names]
    return f"no value for {', '.join(missing)}" if missing else ""


def out_of_limits(step: Step, values: Iterable[Value]) -> str:
    """The values outside their limits, in words; "" for none. What is no number is `misread`'s."""
    planned = {one.name: one for one in step.parameters}
    found = []
    for one in values:
        limits, measured = planned.get(one.parameter), number_of(one.value)
        if limits is None or measured is None:
            continue
        low, high = number_of(limits.low), number_of(limits.high)
        if (low is not None and measured < low) or (high is not None and measured > high):
            span = f"{limits.low or 'any'} to {limits.high or 'any'}"
            found.append(f"{one.parameter} {one.value} {one.unit}, limits {span}")
    return "; ".join(found)


def performers(batch: Record, step: str) -> set[str]:
    """Everybody recorded as having performed a step: several where they recorded it not knowing of each other."""
    return {value["by"] for _, key, value in batch.entries("done") if key == step}


def left(batch: Record) -> list[Step]:
    """The planned steps that are not done."""
    return [step for step in plan(batch) if step.key not in batch.done]


def stage(batch: Record) -> str:
    """planned, started, completed (all steps done), rejected, or disposed (a company has released it)."""
    given = set(batch.dispositions.values())
    if given:
        return "rejected" if "reject" in given else "disposed"
    return "completed" if batch.state == "started" and not left(batch) else batch.state or "planned"


def holds_on(w: World, batch: Record) -> list[Record]:
    """The holds in force on a batch, its steps, and the places of its steps, or that name it as the batch concerned."""
    steps = plan(batch)
    names = [batch.id, *(f"{batch.id}/{step.key}" for step in steps), *(step.place for step in steps if step.place)]
    found = {hold.id: hold for name in dict.fromkeys(names) for hold in w.all("hold", "on", name)}
    found |= {hold.id: hold for hold in w.all("hold", "batch", batch.id)}
    return [hold for id_, hold in sorted(found.items()) if hold.state == "held"]


def barred(batch: Record, hold: Record) -> set[str]:
    """The steps of a batch that a hold bars.

    A *stop* bars the step, the steps at the place, or all of the batch; one on something that the plan does not know,
    but that names this batch, all of it. *Keep safe* lets finish what was running there when it was raised, and bars
    every step after that.
    """
    keys = [step.key for step in plan(batch)]
    held = [step.key for step in plan(batch) if hold.on in {f"{batch.id}/{step.key}", step.place}] or keys
    if hold.sort != "keep safe":
        return set(held)
    since = (hold.raised or {}).get("at", 0)
    done = batch.done
    running = next((key for key in held if key not in done or done[key]["at"] > since), held[-1] if held else "")
    return set(keys[keys.index(running) + 1 :]) if running else set()


def held(w: World, batch: Record, step: str) -> str:
    """The holds that bar a step of a batch, in words; "" for none."""
    found = [hold for hold in holds_on(w, batch) if step in barred(batch, hold)]
    return ", ".join(f"{hold.id} on {hold.on} ({hold.sort})" for hold in found)


def open_deviations(w: World, batch: Record) -> list[Record]:
    """The deviations of a batch and of its steps that are not closed."""
    names = [batch.id, *(f"{batch.id}/{step.key}" for step in plan(batch))]
    found = {one.id: one for one in w.all("deviation", "batch", batch.id)}
    found |= {one.id: one for name in names for one in w.all("deviation", "on", name)}
    return [one for id_, one in sorted(found.items()) if one.state != "closed"]


def before_disposition(w: World, batch: Record) -> list[Blocker]:
    """All that bars a batch's disposition, and who can clear each (domain.md 3, step 10)."""
    found = [*_gates(w, batch)]
    for hold in holds_on(w, batch):
        who = ", ".join(slot.words() for slot in lifting(w, hold))
        found.append(
            Blocker(hold.id, f"the hold on {hold.on} is in force", "HOLD-1", f"{who} (hold.lift)", "hold.lift")
        )
    for one in open_deviations(w, batch):
        who = "qa" if criticality(one) == "minor" else "qa of both companies"
        found.append(Blocker(one.id, "the deviation is open", "CLOSE-7", f"{who} (deviation.close)", "deviation.close"))
    found += [Blocker(batch.id, what, "BATCH-5", f"{who} ({do})", do) for what, who, do in _steps(batch)]
    review = "the review of the batch record and its trail is not recorded"
    found.append(Blocker(batch.id, review, "BATCH-5", "qa of both companies, one after the other"))
    return found


def _gates(w: World, batch: Record) -> list[Blocker]:
    gates = sorted(w.all("gate", "phase", batch.phase or ""), key=lambda gate: gate.id)
    if not gates:
        what = f"no gate is open for phase {batch.phase}"
        who = "leads or coordinators of both companies, and qa (gate.open)"
        return [Blocker(batch.id, what, "GATE-1", who, "gate.open")]
    found = [
        Blocker(gate.id, f"the gate is {state_of(gate)}", "GATE-1", "see its own list (andon why)")
        for gate in gates
        if state_of(gate) != "go"
    ]
    return found + [
        Blocker(
            gate.id,
            f"open condition of {one['item']}: {one['text']}",
            "GATE-6",
            f"{one['owner']} (gate.answer)",
            "gate.answer",
        )
        for gate in gates
        for one in conditions(gate)
    ]


def _steps(batch: Record) -> list[tuple[str, str, str]]:
    """What is missing of the steps: what, who clears it, and by which action."""
    done: dict[str, Any] = batch.done
    checked: dict[str, str] = batch.checked
    found = []
    for step in plan(batch):
        value = done.get(step.key)
        if value is None:
            found.append((f"step {step.key} is not done", "operator or supervisor", "step.done"))
            continue
        if not value["signed"]:
            found.append(
                (f"step {step.key}: {value['by']} is named, but has not signed", str(value["by"]), "step.done")
            )
        if step.key_step and checked.get(step.key) != "checked":
            found.append((f"key step {step.key} is not checked", f"anybody but {value['by']}", "step.check"))
    return found
