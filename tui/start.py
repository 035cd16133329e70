"""Running the screens on this process' terminal."""

import sys

from shared.terminal.home import Home
from tui.app import AndonApp
from tui.crash import heed_threads
from tui.leaving import heed_bytes


def run(home: Home, program: str, record: str) -> int:
    """Run the screens until somebody ends them.

    Args:
        home: the terminal's folder.
        program: the program's id, or its beginning.
        record: a record to open at once, "" for none.

    Returns:
        The exit code: 0, or 1 if they broke.
    """
    app = AndonApp(home, program, record)
    heed_threads(lambda error: app.call_from_thread(app._handle_exception, error), app.terminal_gone)  # noqa: SLF001 - the app's own
    heed_bytes()
    app.run()
    if app.crashed:
        print(f"andon: {app.crashed}", file=sys.stderr)  # noqa: T201 - the screens are gone
        return 1
    return 0
