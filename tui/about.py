"""What whoever looks after this terminal has to say of it: `about.txt` in its home, a few plain lines.

Whose telephone number, where the paper cards are, what is being tried out here. Its first line stands on the first
screen, all of it in F1's help. It is shown to anybody who passes.
"""

from pathlib import Path
from typing import Final

NAME: Final = "about.txt"
_MOST: Final = 8192
"""Bytes that are read of it."""


def about(home: Path) -> list[str]:
    """Read its lines; none if there is no such file, or it cannot be read: a help must not fail for that."""
    try:
        with (home / NAME).open("rb") as file:
            return file.read(_MOST).decode("utf-8", "replace").strip("\n").splitlines()
    except OSError:
        return []
