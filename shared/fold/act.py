"""What the fold keeps of an entry: where it stands in the causal order, whether it counts, and what it wrote.

An *instance* is one way in which an act came into effect: the entry itself, or a proposal with one sufficient set of
confirmations. A *mark* is later news about an instance; it matters to those readers who had seen the news. None of
these can hold itself, so the garbage collector need not look at them (`gc=False`): there are many.
"""

from typing import Any, Literal

import msgspec

from shared.fold.cut import Cut

Part = tuple[int, str, int]
"""An entry as (position, branch, n)."""


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """News about an instance: from the entry `by`, under `rule`.

    "overtaken": the rule would have refused it; "uncounted": its author's right was taken back, neither knowing of the
    other; "blocked": declined or withdrawn, unseen by it; "accepted": a second QA person let an uncounted one count.
    """

    kind: Literal["overtaken", "uncounted", "blocked", "accepted"]
    by: Part
    rule: str


class Instance(msgspec.Struct, array_like=True, gc=False):
    """One way into effect: `parts` are the entries it needs, `cut` is what its signers together had seen."""

    parts: list[Part]
    cut: Cut
    marks: list[Mark] = []


class Act(msgspec.Struct, array_like=True, gc=False):
    """One entry as the fold sees it.

    `verdict` is "stands", "waiting", "void" or "newer"; `instances` is empty while it has no effect; `refused` is the
    rule that made a decision void or that a fact broke, and `text` that rule's words; `names` are the entries that it
    speaks to or settles; `wrote` are the (record, fact) of a decision; `reach` is what the whole chain up to here had
    seen, where that is more than `cut`.
    """

    position: int
    id: str
    branch: str
    n: int
    cut: Cut
    by: str
    company: str
    do: str
    record: str
    fact: bool
    verdict: str
    refused: str = ""
    text: str = ""
    instances: list[Instance] = []
    names: list[str] = []
    wrote: list[tuple[str, str]] = []
    reach: Cut | None = None

    @property
    def part(self) -> Part:
        """The entry's place in the causal order."""
        return (self.position, self.branch, self.n)


class Write(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One value that an act wrote; if `plain`, whoever has the entry has its effect, for nobody had to confirm it."""

    position: int
    record: str
    fact: str
    key: str
    value: Any
    plain: bool


def present(act: Act, cut: Cut | None) -> bool:
    """Whether the act is in effect for a reader who has seen `cut` (None: everything)."""
    for one in act.instances:
        if (cut is None or holds(one, cut)) and (not one.marks or act.fact or counts(one, cut)):
            return True
    return False


def holds(instance: Instance, cut: Cut | None) -> bool:
    """Whether the cut holds all that the instance needs."""
    if cut is None:
        return True
    size, above = cut.size, cut.above
    for part in instance.parts:  # a loop, for this is asked more often than anything else
        if part[0] >= size and part[2] > above.get(part[1], 0) and part[1:] != cut.also:
            return False
    return True


def counts(instance: Instance, cut: Cut | None) -> bool:
    """Whether no news in the cut takes the instance's effect away."""
    if not instance.marks:
        return True
    kinds = {mark.kind for mark in instance.marks if cut is None or cut.has(*mark.by)}
    return "blocked" not in kinds and ("uncounted" not in kinds or "accepted" in kinds)


def overtaken(act: Act, cut: Cut | None) -> bool:
    """Whether news in the cut would have refused every instance through which the act is in effect there."""
    live = [one for one in act.instances if holds(one, cut) and counts(one, cut)]
    return bool(live) and all(
        any(mark.kind == "overtaken" and (cut is None or cut.has(*mark.by)) for mark in one.marks) for one in live
    )
