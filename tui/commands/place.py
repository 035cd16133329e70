"""Where a command works: the home that was named, and the program in it."""

import os
from argparse import Namespace
from pathlib import Path

from shared.store.store import Store
from shared.terminal.home import Home


def home_of(found: Namespace) -> Home:
    """Open the home: the one named, else that of ANDON_HOME, else this user's own.

    Raises:
        Refused: HOME-1, there is none.
    """
    return Home.open(home_folder(found))


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
