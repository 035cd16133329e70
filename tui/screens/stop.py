"""F2: a hold on what this terminal stands beside, at once, with nobody signed in too."""

from typing import TYPE_CHECKING

from shared.terminal.asked import Asked, Done
from shared.terminal.refusal import Refused
from tui.failure import explained

if TYPE_CHECKING:
    from tui.app import AndonApp

STOP = "hold.stop"
LONG_S = 120.0
"""How long it stands on the screen that a stop was not saved."""


def stop(app: "AndonApp") -> None:
    """Hold it; ask "hold what?" only where this terminal stands nowhere."""
    post = app.reader.post()
    if not (post.places or post.batch):
        app.act(STOP)
        return

    from tui.screens.stopped import StoppedScreen  # noqa: PLC0415 - after the first paint

    if app.stopping or (isinstance(app.screen, StoppedScreen) and app.screen.in_force()):
        app.tell("It is held already.")  # whoever presses in fright presses more than once
        return
    app.stopping = True

    def held(done: Done) -> None:
        app.stopping = False
        app.push_screen(StoppedScreen(done.record))

    def refused(error: Exception) -> None:
        app.stopping = False
        if isinstance(error, Refused):
            app.tell_error(error)
            app.act(STOP)
        else:  # a full disk, a broken file: nobody may go on in the belief that the line is held
            rule, text, then = explained(error)
            app.tell(f"NOT HELD, NOT SAVED: stop by hand, telephone. {rule}: {text} {then}", bad=True, seconds=LONG_S)

    app.perform(Asked(STOP, person=app.session.person), held, refused)
