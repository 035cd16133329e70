"""Running the screens on this process' terminal."""

import sys

from shared.store.errors import Outdated
from shared.store.store import Store
from shared.terminal.home import Home, rebuilt
from tui.app import AndonApp
from tui.crash import heed_threads
from tui.leaving import heed_bytes
from tui.settings import configured


def run(home: Home, program: str, record: str) -> int:
    """Run the screens until somebody ends them.

    Args:
        home: the terminal's folder.
        program: the program's id, or its beginning.
        record: a record to open at once, "" for none.

    Returns:
        The exit code: 0, or 1 if they broke.
    """
    heed_bytes()
    home.anew = _put_off
    try:
        app = AndonApp(home, program, record)
    except Outdated:
        from tui.rebuilding import RebuildingApp  # noqa: PLC0415 - after an update only

        first = RebuildingApp(home, program, configured(home.path).settings)
        first.run()
        if first.failed is not None:
            raise first.failed from None
        if not first.whole:
            return 0  # the terminal has gone, or a signal has ended it
        app = AndonApp(home, program, record)
    home.anew = rebuilt  # by a thread of the screens, if an update comes while they are open
    heed_threads(lambda error: app.call_from_thread(app._handle_exception, error), app.terminal_gone)  # noqa: SLF001 - the app's own
    app.run()
    if app.crashed:
        print(f"andon: {app.crashed}", file=sys.stderr)  # noqa: T201 - the screens are gone
        return 1
    return 0


def _put_off(store: Store) -> None:
    """Stand for `Home.anew` where nothing is on the screen yet: nobody may look at nothing while a log is read anew."""
    raise Outdated(f"{store.path.name}: its tables are of another version of Andon.")
