"""Gates and batches in any causally possible order get the same verdicts, contests and deviations (invariant I3)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kinds.readiness import state_of
from shared.log.clock import format_at
from tests.fold.floor import Floor
from tests.fold.histories import outcome, pasts, relinearise, start
from tests.kinds.ppq import WARM, answered, opened, planned, suggested

ITEMS = [
    {"id": f"SOP-0{n}", "area": "SOPs", "text": f"SOP {n}", "workstream": "quality", "ppq": "required"} for n in (1, 2)
]
LEADS = [
    {"workstream": "quality", "company": company, "lead": who}
    for company, who in (("cdmo", "lena"), ("sponsor", "luis"))
]
DEEDS = (
    "answer",
    "answer",
    "answer",
    "verdict",
    "verdict",
    "verdict",
    "round",
    "start",
    "done",
    "done",
    "check",
    "stop",
    "lift",
    "dispose",
)


def history(seed: int, length: int, *, stale: bool) -> tuple[Floor, str]:
    """A gate of two items and a batch, then deeds on three terminals that sync now and then."""
    rng = random.Random(seed)
    floor = start()
    when = format_at(floor.now, 60)
    asked = floor.do("LYN1", "template.publish", by="anna", name="n", version="1", items=ITEMS, effective=when)
    template = floor.record(asked)
    floor.do("LYN1", "entry.confirm", template, "quin", of=asked)
    gate = opened(floor, template, leads=LEADS)
    batch = planned(floor)
    floor.pull()
    if rng.random() < 0.7:  # else few histories come as far as a go
        answered(floor, gate)
    holds: list[str] = []
    for _ in range(length):
        at = rng.choice(("LYN1", "LYN2", "SPO1"))
        if rng.random() < 0.3:
            floor.sync(at)
        _deed(rng, floor, at, gate, batch, holds, stale=stale)
    for code in rng.sample(sorted(floor.terminals), 3):
        floor.sync(code)
    return floor, gate


def _deed(  # noqa: PLR0913, PLR0917  what a deed is drawn from
    rng: random.Random, floor: Floor, at: str, gate: str, batch: str, holds: list[str], *, stale: bool
) -> None:
    terminal = floor.terminal(at)
    seen = (rng.randrange(terminal.size - 5, terminal.size), terminal.n) if stale and rng.random() < 0.2 else None
    person = rng.choice(("anna", "lena", "sven", "omar", "luis", "quin"))
    match rng.choice(DEEDS):
        case "answer":
            answer = rng.choice(("go",) * 8 + ("no-go", "not applicable"))
            item = rng.choice(("SOP-01", "SOP-02"))
            floor.write(at, "gate.answer", gate, person, seen=seen, item=item, answer=answer, reason="r")
        case "verdict":
            verdict = rng.choice(("go",) * 6 + ("no-go",))
            fields = suggested(floor, "gate.verdict", gate, verdict=verdict, reason="r")
            floor.write(at, "gate.verdict", gate, rng.choice(("lena", "luis")), seen=seen, **fields)
        case "round":
            floor.write(at, "gate.round", gate, person, seen=seen, **suggested(floor, "gate.round", gate, reason="r"))
        case "start":
            floor.write(at, "batch.start", batch, "sven", seen=seen)
        case "done":
            step = rng.choice(("010", "020", "030"))
            floor.write(at, "step.done", batch, rng.choice(("sven", "omar")), seen=seen, step=step, values=WARM)
        case "check":
            floor.write(at, "step.check", batch, person, seen=seen, step=rng.choice(("010", "020")))
        case "stop":
            holds.append(f"HLD-{at}-{terminal.n + 1}")
            floor.write(at, "hold.stop", seen=seen, on=rng.choice((batch, "R-101")), batch=batch)
        case "lift" if holds:
            floor.write(at, "hold.lift", rng.choice(holds), "anna", seen=seen, reason="r")
        case _:
            floor.write(at, "batch.dispose", batch, "axel", seen=seen, verdict="release")


@pytest.mark.requirement("P11-05")
@settings(max_examples=40)
@given(seed=st.integers(0, 10**9), stale=st.booleans())
def test_any_causal_order_gives_the_same_verdicts(seed: int, stale: bool) -> None:
    floor, gate = history(seed, 25, stale=stale)
    written = pasts(floor)
    expected, state = outcome(floor.unit, written), state_of(floor.see(gate))
    for again in range(3):
        _, unit = relinearise(written, random.Random(seed + again))
        assert outcome(unit, written) == expected
        other = Floor()
        other.unit, other.now = unit, floor.now
        assert state_of(other.see(gate)) == state
