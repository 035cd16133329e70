"""Batches: planned with their steps, started when the phase's gate is go, disposed of by each company (domain.md 4)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from shared.actions.action import Decision, Happened, World, Writer, action, roles, rule
from shared.actions.field import Text, Time, ask, time_of
from shared.actions.kind import Column, kind
from shared.actions.merge import cautious, constant, single
from shared.kinds.batch_record import FLOOR, Step, before_disposition, held, left, number_of, plan, stage
from shared.kinds.member import is_time
from shared.kinds.readiness import not_ready
from shared.kinds.template import Run

BATCH = kind(
    "batch",
    "BAT",
    "One batch of the product: its planned steps, who performed and checked each, and what each company decided on it.",
    facts={
        "number": constant(index=True),
        "product": constant(),
        "phase": constant(index=True),
        "steps": constant(),
        "planned": constant(),
        "state": cautious("planned", "started"),
        "started": single(),
        "done": single(per="step"),
        "checked": cautious("checked", "unchecked", per="step"),
        "checks": single(per="step"),
        "dispositions": cautious("release", "release with condition", "reject", per="company"),
        "disposed": single(per="company"),
    },
    columns={
        "title": Column("batch", lambda r: f"{r.number} {r.product}"),
        "state": Column("state", stage),
        "number": Column("number", lambda r: r.number),
        "product": Column("product", lambda r: r.product),
        "phase": Column("phase", lambda r: r.phase),
        "done": Column("steps done", lambda r: len(plan(r)) - len(left(r)), brief="done", width=5),
        "total": Column("steps", lambda r: len(plan(r)), brief="of", width=5),
        "next": Column("next step", lambda r: next((f"{r.id}/{step.key}" for step in left(r)), None)),
        "by": Column("started by", lambda r: (r.started or {}).get("by")),
        "since": Column("started", lambda r: (r.started or {}).get("at"), time=True),
        "company": Column("company", lambda r: (r.planned or {}).get("company"), width=8),
        "dispositions": Column("disposition", lambda r: [f"{who}: {what}" for who, what in r.dispositions.items()]),
    },
    blockers=before_disposition,
    toward="its disposition",
    tones={"completed": "good", "disposed": "good", "rejected": "bad"},
    first=("phase", "done", "total", "since", "dispositions", "company"),
    called="number",
    gs1=("10",),
)
KEY = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")


class OnFloor(Happened, frozen=True, kw_only=True):
    """Facts of the floor: somebody of the floor performs them, signed in or named."""

    occurred: Annotated[Time, ask("when it was done, if entered later", when="past")] = ""

    def who(self, by: str) -> str:
        """Who performed it: the signer, or whom the terminal's entry names."""
        return self.claimed if by.startswith("@") else by

    @rule("TIME-1", source="design.md 3")
    def good_time(self, w: World) -> bool:
        """The time needs milliseconds and offset, like 2026-11-22T07:38:09.120+01:00."""
        return not self.occurred or is_time(self.occurred)

    @rule("BATCH-4", source="21 CFR 211.188(b)(11); ALCOA+, attributable")
    def somebody(self, w: World) -> bool:
        """An operator or supervisor performs this; sign in, or name who does it (claimed)."""
        return bool(w.person(self.who(w.by)).roles & FLOOR)

    def performed(self, r: Writer) -> dict[str, object]:
        """What is kept of who did it, when, and why against a rule."""
        occurred = time_of(self.occurred) if is_time(self.occurred) else None
        why = {"why": self.happened} if self.happened else {}
        return {"by": self.who(r.by), "signed": not r.by.startswith("@"), "at": r.at, "occurred": occurred, **why}


def fault_of(steps: list[Step]) -> str:
    """What is wrong with a plan, in words; "" for nothing."""
    keys = [step.key for step in steps]
    if not keys or len(set(keys)) < len(keys):
        return "it needs steps, each with a key of its own"
    for step in steps:
        names = [one.name for one in step.parameters]
        if not step.key or not set(step.key) <= KEY or step.safe_hold < 0 or len(set(names)) < len(names):
            return f"step {step.key}: key, safe hold time or parameters"
        for one in step.parameters:
            low, high = number_of(one.low), number_of(one.high)
            if (one.low and low is None) or (one.high and high is None) or not one.name:
                return f"step {step.key}: the limits of {one.name} are no numbers"
            if low is not None and high is not None and low > high:
                return f"step {step.key}: the limits of {one.name} are the wrong way round"
    return ""


@action(
    BATCH,
    by=roles("supervisor", "coordinator", "qa"),
    signed="planned",
    creates=True,
    says="planned batch {number} of {product} for {phase}",
    writes=("number", "product", "phase", "steps", "planned", "state"),
)
class Plan(Decision, frozen=True, kw_only=True, tag="batch.plan"):
    """Plans a batch: its number, product, phase and steps with their limits."""

    number: Annotated[Text, ask("batch number, scanned", most=40, gs1=("10",))]
    product: Annotated[Text, ask("product", most=100)]
    phase: Annotated[Run, ask("phase")]
    steps: Annotated[list[Step], ask("steps in their order", most=200)]

    @rule("BATCH-1", source="21 CFR 211.188; requirement A11-04")
    def new_number(self, w: World) -> bool | str:
        """A batch of this number is there already, or it has none; scan the number again."""
        there = [one.id for one in w.all("batch", "number", self.number) if one.id != w.here.id]
        return (bool(self.number.strip()) and not there) or ", ".join(sorted(there)) or "no number"

    @rule("BATCH-2", source="domain.md 4")
    def sound(self, w: World) -> bool | str:
        """The plan cannot be followed as it is; correct it in the step that is named."""
        fault = fault_of(self.steps)
        return fault == "" or fault

    def apply(self, r: Writer) -> None:
        """Enter the plan."""
        r.put("number", self.number)
        r.put("product", self.product)
        r.put("phase", self.phase)
        r.put("steps", msgspec.to_builtins(self.steps))
        r.put("planned", {"by": r.by, "company": r.company, "at": r.at})
        r.put("state", "planned")


@action(
    BATCH,
    by=roles("operator", "supervisor", terminal=True),
    signed="performed",
    says="started the batch. {happened}",
    writes=("state", "started"),
)
class Start(OnFloor, frozen=True, kw_only=True, tag="batch.start"):
    """Starts a batch. Refused while the gate of its phase is not go."""

    @staticmethod
    def comes_next(w: World, given: Mapping[str, Any]) -> bool:
        """A batch that is planned is started, whichever step of it is to be done."""
        return w.here.state == "planned" and given.get("step") not in w.here.done

    @rule("BATCH-3", source="21 CFR 11.10(f)")
    def planned(self, w: World) -> bool:
        """Only a batch that is planned and has not started is started; choose one from the list of batches."""
        return w.here.exists and w.here.state == "planned"

    @rule("GATE-1", source="domain.md 4; seed: go or no-go milestone at each major phase")
    def gate_is_go(self, w: World) -> bool | str:
        """A batch starts when the gate of its phase is go; look at what is between the gate and go (andon why)."""
        why = not_ready(w, w.here.phase or "")
        return why == "" or why

    @rule("STEP-3", source="21 CFR 211.192; seed: production should not continue until the issue has been evaluated")
    def not_held(self, w: World) -> bool | str:
        """A hold is in force; have it lifted by those whom it names."""
        first = next((step.key for step in plan(w.here)), "")
        why = held(w, w.here, first)
        return why == "" or why

    def apply(self, r: Writer) -> None:
        """Start it."""
        r.put("state", "started")
        r.put("started", self.performed(r))


@action(
    BATCH,
    by=roles("release"),
    signed="disposed",
    says="decided for their company: {verdict}. {reason}",
    writes=("dispositions", "disposed"),
)
class Dispose(Decision, frozen=True, kw_only=True, tag="batch.dispose"):
    """Decides for one's own company on a batch: release, reject, or release with condition."""

    verdict: Annotated[Literal["release", "reject", "release with condition"], ask("verdict")]
    reason: Annotated[Text, ask("why, and the condition", most=2000, long=True)] = ""

    @rule("BATCH-6", source="21 CFR 211.192; domain.md 1")
    def reasoned(self, w: World) -> bool:
        """A rejection says why, a release with condition names the condition; write it."""
        return self.verdict == "release" or bool(self.reason.strip())

    @rule("BATCH-5", source="21 CFR 211.192; EU GMP Annex 16, 3; domain.md 3, step 10")
    def nothing_open(self, w: World) -> bool | str:
        """Something still bars the disposition; have each cleared by whom it names (andon why)."""
        found = before_disposition(w, w.here)
        return not found or "; ".join(f"{one.record}: {one.what} ({one.who})" for one in found)

    def apply(self, r: Writer) -> None:
        """Decide for this company."""
        r.put("dispositions", self.verdict, key=r.company)
        r.put("disposed", {"verdict": self.verdict, "reason": self.reason, "by": r.by, "at": r.at}, key=r.company)
