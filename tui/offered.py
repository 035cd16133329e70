"""What a menu tells of the action under the cursor: what it does, by whom, with which signature, and why not now."""

from textual.content import Content

from shared.actions.action import ACTIONS
from shared.actions.schema import meaning, needs_whom, who
from tui.hostile import content
from tui.possible import Possible


def told(one: Possible, person: str) -> Content:
    """Tell of it, to whoever is signed in, in two lines, or three where something is in its way."""
    spec = ACTIONS[one.do]
    signed = f"signature: {meaning(spec)}" if spec.signs(person) else "no signature"
    by = f"By {who(spec.by)}; {signed}. {needs_whom(spec)}".rstrip()
    lines = [content(one.words), content(by, "$text-muted")]
    if one.why_not:
        lines.insert(0, content(f"Not now. {one.why_not}.", "$warning bold"))
    elif one.but:
        lines.insert(0, content(f"Only with a reason, and it opens a deviation. {one.but}.", "$warning bold"))
    return Content("\n").join(lines)
