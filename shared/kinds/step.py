"""Steps of a batch: who performed each with which values, and who checked it."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from shared.actions.action import Decision, World, Writer, action, roles, rule
from shared.actions.field import Text, ask
from shared.kinds.batch import BATCH, OnFloor
from shared.kinds.batch_record import Value, held, limits_of, misread, out_of_limits, performers, plan


def key_of(step: str) -> str:
    """The key of a step that is named by it (020) or in full (BAT-LYN1-4/020), as a terminal's post names it."""
    return step.rpartition("/")[2]


def of_batch(w: World, step: str) -> bool:
    """Whether a step's name is of the batch that the action is about."""
    return step in {key_of(step), f"{w.here.id}/{key_of(step)}"}


@action(
    BATCH,
    by=roles("operator", "supervisor", terminal=True),
    signed="performed",
    says="did step {step}. {reason} {happened}",
    writes=("done", "checked"),
)
class Done(OnFloor, frozen=True, kw_only=True, tag="step.done"):
    """Records that a step was performed, with the values measured. Recorded again, it must be checked again."""

    step: Annotated[Text, ask("step, like 020", most=80, refs=("step",), suggest="post")]
    values: Annotated[list[Value], ask("measured values", most=50, each="value")] = msgspec.field(default_factory=list)
    checker: Annotated[Text, ask("who will check it", most=40, refs=("member",))] = ""
    reason: Annotated[Text, ask("why it is recorded again", most=500)] = ""

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """A step of a batch that has started is recorded when it is done; again only by who asks for that."""
        return w.here.state == "started" and bool(given.get("step")) and given["step"] not in w.here.done

    @staticmethod
    def starts_with(w: World, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a form starts with: the step's planned parameters, whose values are to be measured."""
        step = key_of(str(given.get("step", "")))
        planned = next((one.parameters for one in plan(w.here) if one.key == step), [])
        return {"values": [{"parameter": one.name, "value": "", "unit": one.unit} for one in planned]}

    @staticmethod
    def reminds(w: World, given: Mapping[str, Any]) -> list[str]:
        """What is to be done, and the limits."""
        found = [one for one in plan(w.here) if one.key == key_of(str(given.get("step", "")))]
        limits = [limits_of(one) for step in found for one in step.parameters]
        return [f"{one.key}  {one.words}" for one in found] + limits

    @rule("STEP-1", source="21 CFR 11.10(f)")
    def started(self, w: World) -> bool:
        """The batch has not started; start it first."""
        return w.here.exists and w.here.state == "started"

    @rule("STEP-2", source="21 CFR 211.100(b)")
    def planned(self, w: World) -> bool:
        """The batch has no such step in its plan; choose one from it."""
        return of_batch(w, self.step) and any(step.key == key_of(self.step) for step in plan(w.here))

    @rule("STEP-3", source="21 CFR 211.192; seed: production should not continue until the issue has been evaluated")
    def not_held(self, w: World) -> bool | str:
        """A hold is in force; have it lifted by those whom it names."""
        why = held(w, w.here, key_of(self.step))
        return why == "" or why

    @rule("STEP-4", source="21 CFR 211.100(b); domain.md 4")
    def within_limits(self, w: World) -> bool | str:
        """A value is outside its limits; measure again, or record that it happened, which opens a deviation."""
        why = next((out_of_limits(step, self.values) for step in plan(w.here) if step.key == key_of(self.step)), "")
        return why == "" or why

    @rule("STEP-5", source="EU GMP Annex 11 draft 10.1; requirement A11D-01")
    def readable(self, w: World) -> bool | str:
        """Each planned parameter needs one value, a plain number in its unit; correct the values."""
        why = next((misread(step, self.values) for step in plan(w.here) if step.key == key_of(self.step)), "")
        return why == "" or why

    @rule("STEP-6", source="21 CFR 211.188(b)(11), 211.68(b); requirement GMP-07")
    def two_people(self, w: World) -> bool:
        """Nobody checks what they performed, and a checker is a member; name somebody else."""
        return not self.checker or (self.checker != self.who(w.by) and bool(w.person(self.checker).roles))

    @rule("STEP-7", source="EU GMP Annex 11, 9; requirement A11-07")
    def reasoned(self, w: World) -> bool:
        """The step is recorded already; to correct that record, say why."""
        return bool(self.reason.strip()) or key_of(self.step) not in w.here.done

    def apply(self, r: Writer) -> None:
        """Record it, not checked yet."""
        values = msgspec.to_builtins(self.values)
        extra = {"values": values, "checker": self.checker, "reason": self.reason}
        r.put("done", {**self.performed(r), **extra}, key=key_of(self.step))
        r.put("checked", "unchecked", key=key_of(self.step))


@action(
    BATCH,
    by=roles("operator", "supervisor", "sme", "qa"),
    signed="witnessed",
    says="checked step {step}. {note}",
    writes=("checked", "checks"),
)
class Check(Decision, frozen=True, kw_only=True, tag="step.check"):
    """Signs that a step was performed as recorded; by another person than who performed it."""

    step: Annotated[Text, ask("step, like 020", most=80, refs=("step",), suggest="post")]
    note: Annotated[Text, ask("note", most=500)] = ""

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """A step that is recorded is checked."""
        return given.get("step") in w.here.done and w.here.checked.get(given["step"]) != "checked"

    @staticmethod
    def reminds(w: World, given: Mapping[str, Any]) -> list[str]:
        """What was recorded, beside the limits: whoever checks signs that it was so."""
        key = key_of(str(given.get("step", "")))
        planned = [one for one in plan(w.here) if one.key == key]
        done = w.here.done.get(key)
        if not planned or not isinstance(done, dict):
            return []
        limits = {one.name: limits_of(one) for one in planned[0].parameters}
        said = [f"{key}  {planned[0].words}: recorded by {done['by']}"]
        said += [
            f"{one['value']} {one.get('unit', '')} - {limits.get(one['parameter'], one['parameter'])}"
            for one in done.get("values") or []
        ]
        return said + ([f"against a rule, because: {done['why']}"] if done.get("why") else [])

    @rule("STEP-8", source="21 CFR 11.10(f)")
    def done(self, w: World) -> bool:
        """The step is not recorded as done; check it when it is."""
        return of_batch(w, self.step) and key_of(self.step) in w.here.done

    @rule("STEP-9", source="21 CFR 211.188(b)(11), 211.68(b); requirement GMP-07")
    def another(self, w: World) -> bool:
        """Nobody checks what they performed; ask somebody else who was there."""
        return w.by not in performers(w.here, key_of(self.step))

    def apply(self, r: Writer) -> None:
        """Sign for it."""
        r.put("checked", "checked", key=key_of(self.step))
        r.put("checks", {"by": r.by, "at": r.at, "note": self.note}, key=key_of(self.step))
