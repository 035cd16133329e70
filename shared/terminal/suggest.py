"""What a form finds by itself: the post that the terminal stands at, the time, the hold that was just raised there."""

from typing import Any, NamedTuple

from shared.actions.action import Spec
from shared.actions.field import FieldSpec
from shared.actions.world import Record, World
from shared.kinds.hold import in_force_on
from shared.terminal.clock import Clock
from shared.terminal.fields import Fields


class Here(NamedTuple):
    """Where and when a form is filled in: all that is known here, the terminal's code, its clock and the time (ms)."""

    world: World
    code: str
    clock: Clock
    now: int


def fill(spec: Spec, fields: Fields, here: Here) -> Fields:
    """Give the fields with what was left out and can be suggested; what is given stays.

    The time now is suggested last: where the action knows a better one, it is that one.
    """
    filled = suggested(spec, fields, here)
    now = here.clock.at(here.now)
    return filled | {one.name: now for one in spec.fields if one.suggest == "now" and one.name not in filled}


def suggested(spec: Spec, fields: Fields, here: Here) -> Fields:
    """The same without the time now, which is another one when the form is saved.

    What the terminal cannot know by itself the action may: its `suggests` reads it off the records that it is about,
    times in ms since 1970 UTC.
    """
    left_out = [field for field in spec.fields if field.suggest and field.name not in fields]
    filled = dict(fields)
    for field in left_out:
        value = suggestion(field, here)
        if value:
            filled[field.name] = value
    suggests = getattr(spec.cls, "suggests", None)
    left_out = [field for field in left_out if field.name not in filled]
    if suggests is not None and left_out:
        known = suggests(here.world, filled)
        for field in left_out:
            if field.name in known:
                value = known[field.name]
                filled[field.name] = here.clock.at(value) if field.time else value
    return filled


def suggestion(field: FieldSpec, here: Here) -> str:
    """Suggest what the terminal itself knows for one field; "" where that is nothing, or the time now."""
    match field.suggest:
        case "post":
            return nearest(post_of(here.world, here.code), field.refs)
        case "hold":
            return latest_hold(here.world, post_of(here.world, here.code))
        case _:
            return ""


def post_of(world: World, code: str) -> dict[str, Any]:
    """What a terminal stands beside: `places` (nearest last), `batch`, `step`; empty where it has no post."""
    record = world.get(code)
    post = record.post if record.kind == "terminal" else None
    return dict(post) if isinstance(post, dict) else {}


def nearest(post: dict[str, Any], refs: tuple[str, ...]) -> str:
    """The nearest thing of a post that a field can name: its step, else its batch, else its last place."""
    step, batch, places = post.get("step") or "", post.get("batch") or "", post.get("places") or []
    if step and "step" in refs:
        return step if "/" in step or not batch else f"{batch}/{step}"
    if batch and "batch" in refs:
        return str(batch)
    return str(places[-1]) if places and "place" in refs else ""


def latest_hold(world: World, post: dict[str, Any]) -> str:
    """The latest hold in force on a post that no deviation names yet."""
    held = [one for one in _held(world, post) if not world.all("deviation", "hold", one.id)]
    return max(held, key=_raised).id if held else ""


def latest_deviation(world: World, post: dict[str, Any]) -> str:
    """The latest deviation that is open for a hold in force on a post."""
    found = [one for hold in _held(world, post) for one in world.all("deviation", "hold", hold.id)]
    still = [one for one in found if one.state != "closed"]
    return max(still, key=_raised).id if still else ""


def _held(world: World, post: dict[str, Any]) -> list[Record]:
    """The holds in force on what a post is made of, or on its batch."""
    batch = post.get("batch") or ""
    return in_force_on(world, [nearest(post, ("step",)), batch, *(post.get("places") or [])], batch)


def _raised(record: Record) -> tuple[int, str]:
    return (record.raised or {}).get("at", 0), record.id
