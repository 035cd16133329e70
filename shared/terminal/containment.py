"""Making safe after a stop: the containment card of a hold, how far it is done and by whom, which samples were kept."""

from typing import NamedTuple

from shared.actions.world import World
from shared.kinds.whereabouts import card_of


class Measure(NamedTuple):
    """One step of a card: whether it is done, who said so last and when (ms), and why it is not done after all."""

    step: str
    done: bool
    by: str
    at: int
    undone: str


class Containment(NamedTuple):
    """How far a hold is made safe.

    Attributes:
        measures: the steps of the card, in order; behind them what was done that the card does not name (any more).
        samples: which samples were kept and where, each with who said so.
        pressed: who says to have pressed the stop; empty where nobody has said so.
    """

    measures: tuple[Measure, ...]
    samples: tuple[tuple[str, str], ...]
    pressed: tuple[str, ...]

    @property
    def next(self) -> str:
        """The first step that is not done; "" for none."""
        return next((one.step for one in self.measures if not one.done), "")


def containment(w: World, hold: str) -> Containment:
    """Read how far a hold is made safe, from its record."""
    record = w.get(hold)
    if record.kind != "hold" or not record.exists:
        return Containment((), (), ())
    safe, made = record.safe, record.made
    steps = dict.fromkeys([*card_of(w, record), *safe])
    return Containment(
        tuple(_measure(step, safe.get(step) == "done", made.get(step) or []) for step in steps),
        tuple((one["text"], one["by"]) for one in record.samples),
        tuple(dict.fromkeys(one["by"] for one in record.pressed)),
    )


def _measure(step: str, done: bool, made: list[dict[str, object]]) -> Measure:  # noqa: FBT001 - a record's field
    """One step, with the last entry that says what is shown: of two at once the cautious one."""
    said = [one for one in made if bool(one["undone"]) is not done]
    last = max(said, key=lambda one: (one["at"], one["by"]), default=None) if said else None
    if last is None:
        return Measure(step, done, "", 0, "")
    return Measure(step, done, str(last["by"]), int(str(last["at"])), str(last["undone"]))
