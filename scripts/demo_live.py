"""The demo as it is used: the server and a live sponsor beside it, and the floor's screens in this terminal."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scripts.demo_run import Started, command, wait_for_enter
from scripts.demo_tour import people

READ_S: Final = 8.0
"""How long the page is shown before the screens open; Enter opens them at once."""


def live(answer: Mapping[str, Any]) -> int:
    """Open the floor's screens; end with them, and with all that was started.

    Returns:
        What the screens ended with.
    """
    homes = answer["homes"]
    folder = Path(homes["floor"]).parent
    andon = shlex.quote(command("andon"))
    with Started(answer) as started:
        started.server()
        started.watch("sponsor")
        print(
            f"""
This terminal becomes the kiosk at the filling line in Lyon. The server runs, and so does the sponsor's in Boston.

  F2  stops what the kiosk stands beside        F3  shows whom to call now
  F9  lists everything that can be done         F12 signs somebody in
  F1  explains the screen                       Ctrl+Q twice leaves, and ends all of the demo

See the sponsor's side in a second window, as it changes:

  {andon} --home {shlex.quote(homes["sponsor"])}

People and passwords, the same on all terminals:

{people(answer)}

The kiosk opens in {READ_S:.0f} s; Enter opens it now, Ctrl+C ends the demo.""",
            flush=True,
        )
        wait_for_enter(READ_S)
        code = started.screens("floor")
    print(
        f"The demo has ended: server and sponsor too. All of it is in {folder}; delete that folder when you are done."
    )
    return code
