"""Running the screens on this process' terminal: those of one program, or the desk, and from it those of each."""

import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from textual.events import Key

from shared.store.errors import Outdated, StoreError
from shared.store.store import Store
from shared.terminal.home import Home, rebuilt
from shared.terminal.refusal import Refused
from tui.app import AndonApp
from tui.crash import heed_threads
from tui.shell import Shell

if TYPE_CHECKING:
    from tui.fleet import Fleet

_INPUT_MODES, _LOCAL_MODES = 0, 3


def run(home: Home, program: str, record: str) -> int:
    """Run the screens until somebody ends them.

    Args:
        home: the terminal's folder.
        program: the program's id, or its beginning; "" for the only one, or for the desk over several.
        record: a record to open at once, "" for none.

    Returns:
        The exit code: 0, or 1 if they broke.

    Raises:
        Refused: a record was named, and there are several programs that it may be in.
    """
    if len(home.programs()) < 2:  # noqa: PLR2004 - several
        app = _opened(home, program, record)
        return _said(_shown(app)) if app is not None else 0
    first = home.choose(program) if program or record else ""
    with _keys_kept():
        last = _in_turns(home, first, record)
    return _said(last) if last is not None else 0


def _in_turns(home: Home, program: str, record: str) -> Shell | None:
    """Run the desk and what is chosen there, in turns; give what ended it, None if the terminal has gone before.

    Args:
        home: the terminal's folder.
        program: the program to begin with; "" for the desk.
        record: a record of it to open at once, "" for none.
    """
    from tui.desk_app import Choice, DeskApp  # noqa: PLC0415 - where there are several programs
    from tui.fleet import Fleet  # noqa: PLC0415 - as above

    fleet = Fleet(home)
    desk, typed, chosen = DeskApp(fleet), list[Key](), Choice(program) if program else None
    try:
        while True:
            if chosen is None:
                _shown(desk, typed)
                if desk.crashed or desk.chosen is None:
                    return desk
                chosen = desk.chosen
            fleet.leave_to_itself(chosen.program)
            try:
                app = _opened(home, chosen.program, record, fleet=fleet, begin=chosen.begin)
            except (Refused, StoreError) as error:
                typed, desk, chosen = [], DeskApp(fleet, chosen.program, desk.session, desk.signed_in_at, error), None
                continue
            if app is None:
                return None
            _shown(app, desk.typed)
            if app.crashed or not app.to_desk:
                return app
            session, signed_in_at = (
                (app.session, chosen.program) if app.was_signed_in else (desk.session, desk.signed_in_at)
            )
            session.touch(app.session.touched)
            desk, typed, chosen, record = DeskApp(fleet, chosen.program, session, signed_in_at), app.typed, None, ""
    finally:
        fleet.end()


def _opened(
    home: Home, program: str, record: str = "", *, fleet: "Fleet | None" = None, begin: str = ""
) -> AndonApp | None:
    """Make the screens of a program, after an update with words while its log is read anew; None if nobody is there."""
    own = Home(home.path, home.code, home.zone)
    own.anew = _put_off
    try:
        app = AndonApp(own, program, record, fleet=fleet, begin=begin)
    except Outdated:
        from tui.rebuilding import RebuildingApp  # noqa: PLC0415 - after an update only

        first = RebuildingApp(home, program)
        first.run()
        if first.failed is not None:
            raise first.failed from None
        if not first.whole:
            return None  # the terminal has gone, or a signal has ended it
        app = AndonApp(own, program, record, fleet=fleet, begin=begin)
    own.anew = rebuilt  # by a thread of the screens, if an update comes while they are open
    return app


def _put_off(store: Store) -> None:
    """Stand for `Home.anew` where nothing is on the screen yet: nobody may look at nothing while a log is read anew."""
    raise Outdated(f"{store.path.name}: its tables are of another version of Andon.")


def _shown(app: Shell, typed: Sequence[Key] = ()) -> Shell:
    """Run an app; what was typed before it was there is its to begin with."""
    app.typed = [*typed]
    broken = app._handle_exception  # noqa: SLF001 - the app's own
    heed_threads(lambda error: app.call_from_thread(broken, error), app.terminal_gone)
    app.run()
    return app


def _said(app: Shell) -> int:
    if not app.crashed:
        return 0
    print(f"andon: {app.crashed}", file=sys.stderr)  # noqa: T201 - the screens are gone
    return 1


@contextmanager
def _keys_kept() -> Iterator[None]:
    """Between one app and the next let no key be echoed, be another, or be a signal; the next app gets it."""
    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    quiet = termios.tcgetattr(fd)
    quiet[_INPUT_MODES] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    quiet[_LOCAL_MODES] &= ~(termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
    termios.tcsetattr(fd, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(fd, termios.TCSANOW, before)
