"""What a record is beside: the step and the places whose containment card and expertise apply to it.

Read off the log alone, so that every terminal of both companies comes to the same: where the record itself does not say
it, the post of the terminal that made it does, never that of the terminal which asks.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.actions.kind import KINDS, kind_of
from shared.actions.world import Record, World
from shared.kinds.batch_record import plan
from shared.kinds.place import upwards


class Beside(NamedTuple):
    """A step or place with what is kept for it: its containment card, and the expertise that it needs."""

    card: list[str]
    expertise: str


def card_of(w: World, about: Record) -> list[str]:
    """The containment card to follow: the step's own, else that of the nearest place; empty for none."""
    return next((one.card for one in beside(w, about) if one.card), [])


def expertise_of(w: World, about: Record) -> str:
    """The expertise that is needed: the step's own, else that of the nearest place; "" for none."""
    return next((one.expertise for one in beside(w, about) if one.expertise), "")


def beside(w: World, about: Record) -> Iterator[Beside]:
    """The steps and places of a record, nearest first.

    First what it is on (of a deviation also what its hold is on), then the post of the terminal that made it: running
    step, then places. A step is followed by its place, a place by what it stands in.
    """
    for thing in dict.fromkeys(_things(w, about)):
        yield from beside_thing(w, thing)


def beside_thing(w: World, thing: str) -> Iterator[Beside]:
    """The same for one thing: a step as BATCH/STEP, or a place by id or code; none for what is not entered."""
    batch, slash, key = thing.partition("/")
    yield from _step(w, batch, key) if slash else _place(w, thing)


def _things(w: World, about: Record) -> Iterator[str]:
    facts = KINDS[about.kind].facts if about.kind in KINDS else {}
    if "on" in facts and about.on:
        yield str(about.on)
    if "hold" in facts and about.hold:
        hold = w.get(about.hold)
        if hold.kind == "hold" and hold.on:
            yield str(hold.on)
    post = _post(w, about.id)
    step, batch = str(post.get("step") or ""), str(post.get("batch") or "")
    if step:
        yield step if "/" in step or not batch else f"{batch}/{step}"
    yield from map(str, reversed(post.get("places") or []))


def _post(w: World, record: str) -> dict[str, Any]:
    """The post of the terminal that made a record, or that is the record."""
    kind = kind_of(record)
    terminal = w.get(record.split("-")[1] if kind is not None and kind.code and record.count("-") > 1 else record)
    return dict(terminal.post or {}) if terminal.kind == "terminal" else {}


def _step(w: World, batch: str, key: str) -> Iterator[Beside]:
    found = w.get(batch)
    if found.kind != "batch" or not found.exists:
        return
    for step in plan(found):
        if step.key == key:
            yield Beside(list(step.containment), step.expertise)
            yield from _place(w, step.place)


def _place(w: World, place: str) -> Iterator[Beside]:
    for one in upwards(w, place):
        yield Beside(list(one.card or []), str(one.expertise or ""))
