"""Where a command works: the home that was named, and the program in it."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from shared.store.store import Store
from shared.terminal.home import Home


def home_of(found: Namespace) -> Home:
    """Open the home: the one named, else that of ANDON_HOME, else this user's own.

    Raises:
        Refused: HOME-1, there is none.
    """
    home = Home.open(home_folder(found))
    home.anew = _rebuilt
    return home


def _rebuilt(store: Store) -> None:
    """Say why the command takes a while, then rebuild."""
    from shared.store.rebuild import rebuild  # noqa: PLC0415 - after an update only

    print("andon: reading the log anew after an update; this may take a while", file=sys.stderr)  # noqa: T201 - this is a command's output
    rebuild(store)


def home_folder(found: Namespace) -> Path:
    """Give the home's folder, whether there is a home in it or not."""
    named = found.home or os.environ.get("ANDON_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415 - slow to import, and mostly a home is named

    return user_data_path("andon", appauthor=False)


def log_of(found: Namespace) -> Store:
    """Open the log of the program that was named, or of the only one."""
    return home_of(found).open_log(found.program)
