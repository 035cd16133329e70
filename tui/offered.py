"""What a menu tells of the action under the cursor: what it does, by whom, with which signature, and why not now."""

from textual.content import Content

from shared.actions.action import ACTIONS
from shared.actions.schema import meaning, needs_whom, who
from tui.hostile import content
from tui.possible import Possible


def told(one: Possible, person: str) -> Content:
    """Tell of it, to whoever is signed in: all of the reason where something is in its way, what it does, by whom."""
    spec = ACTIONS[one.do]
    signed = f"signature: {meaning(spec)}" if spec.signs(person) else "no signature"
    by = f"By {who(spec.by)}; {signed}. {needs_whom(spec)}".rstrip()
    lines = [content(one.words), content(by, "$text-muted")]
    reason = (one.whole or one.why_not or one.but).replace(".; ", ". ").rstrip(".")
    if one.why_not:
        lines.insert(0, content(f"Not now. {reason}.", "$warning bold"))
    elif one.but:
        lines.insert(0, content(f"Only with a reason, and it opens a deviation. {reason}.", "$warning bold"))
    return Content("\n").join(lines)
