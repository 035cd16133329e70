"""F2: a hold on what this terminal stands beside, at once, with nobody signed in too."""

from typing import TYPE_CHECKING, Final

from shared.terminal.asked import Asked, Done
from shared.terminal.refusal import Refused
from tui.failure import explained
from tui.reader import since_of

if TYPE_CHECKING:
    from shared.terminal.elsewhere import Elsewhere
    from tui.app import AndonApp

STOP: Final = "hold.stop"
LONG_S: Final = 120.0
"""How long it stands on the screen that a stop was not saved."""
JUST_MS: Final = 10 * 60_000
"""For how long pressing again means the hold that is there, and not another one."""


def stop(app: "AndonApp") -> None:
    """Hold it; ask "hold what?" only where this terminal stands nowhere."""
    post = app.reader.post()
    if not (post.places or post.batch):
        app.act(STOP)
        return
    if app.stopping:
        return  # whoever presses in fright presses more than once
    if _held_already(app):
        return
    app.stopping = True

    def held(done: Done) -> None:
        from tui.screens.stopped import StoppedScreen  # noqa: PLC0415 - after the first paint

        app.stopping = False
        app.session.claimed = ""  # whoever said a name before need not have pressed now
        app.push_screen(StoppedScreen(done.record))
        _elsewhere(app)

    def refused(error: Exception) -> None:
        app.stopping = False
        if isinstance(error, Refused):
            app.tell_error(error)
            app.act(STOP)
        else:  # a full disk, a broken file: nobody may go on in the belief that the line is held
            rule, text, then = explained(error)
            app.tell(f"NOT HELD, NOT SAVED: stop by hand, telephone. {rule}: {text} {then}", bad=True, seconds=LONG_S)

    app.perform(Asked(STOP, person=app.session.person), held, refused)


def _held_already(app: "AndonApp") -> bool:
    """Show the hold that this terminal has just raised here, if there is one: one stop is one hold."""
    from tui.screens.stopped import StoppedScreen  # noqa: PLC0415 - after the first paint

    reader, front = app.reader, app.screen
    row = reader.held_already(reader.desk.clock.now() - JUST_MS)
    if isinstance(front, StoppedScreen) and front.in_force():
        row = reader.lists.row(front.record)
    if row is None:
        return False
    if isinstance(front, StoppedScreen) and front.record == row.record:
        front.pressed_again()
    else:
        app.push_screen(StoppedScreen(row.record, again=True))
    app.clear_notifications()  # whoever presses in fright presses more than once
    app.tell(f"It is held already: {row.record}, since {reader.desk.clock.at(since_of(row))[11:16]}.")
    return True


def _elsewhere(app: "AndonApp") -> None:
    """Hold the same place in this terminal's other programs that use it."""
    if len(app.reader.desk.home.programs()) < 2:  # noqa: PLR2004 - the open one, and another
        return

    def told(found: "list[Elsewhere]") -> None:
        done = [one for one in found if one.error is None]
        if done:
            which = "another program" if len(done) == 1 else f"{len(done)} other programs"
            app.tell(f"The place is held in {which} of this terminal too; it is sent when that one syncs.")
        for one in found:
            if one.error is not None:
                rule, text, then = explained(one.error)
                app.tell(
                    f"NOT HELD in another program of this terminal ({one.program[:8]}): tell its people."
                    f" {rule}: {text} {then}",
                    bad=True,
                    seconds=LONG_S,
                )

    def failed(error: Exception) -> None:
        rule, text, then = explained(error)
        app.tell(f"NOT HELD in the other programs of this terminal. {rule}: {text} {then}", bad=True, seconds=LONG_S)

    from shared.terminal.elsewhere import stop_elsewhere  # noqa: PLC0415 - loads the fold, after the first paint

    app.work(stop_elsewhere, told, failed)
