"""What is shown when the screens break: where, and a number to report; never what was typed or in memory.

The log of incidents in the home holds names of files, lines and functions, and nothing else.
"""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Final

from textual.drivers._writer_thread import WriterThread

MOST: Final = 1_000_000
"""Bytes after which no more incidents are kept."""
_FRAMES: Final = 12


def incident(error: BaseException, folder: Path) -> str:
    """Keep where it happened, and give the line for the person.

    Args:
        error: what was not foreseen. Its message is not told: it may hold what somebody typed.
        folder: the terminal's home.
    """
    number = f"{datetime.now(UTC):%Y%m%d-%H%M}-{os.urandom(2).hex()}"
    frames = extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"  {'/'.join(Path(one.filename).parts[-2:])}:{one.lineno} {one.name}" for one in frames]
    _keep(folder / "incidents.log", "\n".join([f"{number} {type(error).__name__}", *places, ""]))
    return (
        f"Andon has stopped: a fault of its own, incident {number}. Nothing that was saved is lost. "
        "Start it again; give the number to who looks after it."
    )


def heed_threads(told: Callable[[BaseException], object], gone: Callable[[], object]) -> None:
    """Let what breaks a thread be told as all else is; Python would print it, with its message, over the screens.

    Args:
        told: is given what broke a thread.
        gone: is called instead when the thread that paints cannot write: that is no fault, the terminal is gone.
    """

    def broken(found: threading.ExceptHookArgs) -> None:
        if isinstance(found.thread, WriterThread) and isinstance(found.exc_value, OSError):
            gone()
        elif found.exc_value is not None:
            told(found.exc_value)

    threading.excepthook = broken


def _keep(path: Path, text: str) -> None:
    try:
        if path.exists() and path.stat().st_size > MOST:
            return
        with open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
    except OSError:
        return  # the disk may be what is broken; the person is told the number all the same
