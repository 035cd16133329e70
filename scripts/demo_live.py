"""The demo as it is used: the server and a live sponsor beside it, and the floor's screens in this terminal."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.demo_cast import COMPANIES
from scripts.demo_run import Started, command

_ABOUT: Final = "about.txt"
"""What a terminal's screens say of it (see `tui.about`)."""


def live(answer: Mapping[str, Any]) -> int:
    """Open the floor's screens; end with them, and with all that was started.

    Returns:
        What the screens ended with.
    """
    folder = Path(answer["homes"]["floor"]).parent
    sponsor = folder / "sponsor.sh"
    words = (command("andon"), "--home", answer["homes"]["sponsor"])
    sponsor.write_text(f"exec {shlex.join(words)}\n", encoding="utf-8")  # the command itself is longer than a line
    text = page(answer, str(sponsor))
    with Started(answer) as started:
        started.server()
        started.watch("sponsor")
        for home in ("floor", "sponsor"):
            (Path(answer["homes"][home]) / _ABOUT).write_text(text, encoding="utf-8")
        print(text, flush=True)
        code = started.screens("floor")
    print(
        f"The demo has ended: server and sponsor too. All of it is in {folder}; delete that folder when you are done."
    )
    return code


def page(answer: Mapping[str, Any], sponsor: str) -> str:
    """Write what a new user needs: who there is, with which password, and what to try; it fits a small terminal.

    Args:
        answer: what was prepared.
        sponsor: the script that opens the sponsor's screens.
    """
    return f"""\
This is the demo: F1 shows people, passwords and what to try.
F2 stops the filling line in Lyon, F3 shows whom to call, F4 the board,
F9 all that can be done. F12 signs in: a user id, then the password.
Ctrl+Q twice leaves; the demo ends with the kiosk. Sponsor, second window:
sh {shlex.quote(sponsor)}

{chr(10).join(_people(answer))}
"""


def _people(answer: Mapping[str, Any]) -> Iterator[str]:
    """A line for each person: user id, roles, password; the same at all terminals."""
    for company in COMPANIES:
        yield f"{company['name']} ({company['code']})"
        for one in answer["people"]:
            if one["company"] == company["code"]:
                yield f"  {one['id']:<13}{', '.join(one['roles']):<21}{one['password']}"
