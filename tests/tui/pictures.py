"""Draws the pictures of the README and the manual from a prepared demo: the real screens, as they are.

scripts/demo --prepare DIR --port 8450 > answer.json
python -m tests.tui.pictures DIR/floor
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from shared.terminal.home import Home
from tests.tui.driving import settle
from tui.app import AndonApp

FOLDER: Final = Path(__file__).parents[2] / "docs" / "manual" / "pictures"
SIZE: Final = (80, 24)
_FONT: Final = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Fonts from the network: a picture shows the reader's own monospaced one."""


async def _idle(pilot: Pilot[None]) -> None:
    del pilot


async def _stopped(pilot: Pilot[None]) -> None:
    await pilot.press("f2")


async def _call(pilot: Pilot[None]) -> None:
    await pilot.press("f3")


async def _board(pilot: Pilot[None]) -> None:
    await pilot.press("f4", "right")


async def _deviation(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, AndonApp)
    app.open_record(app.reader.lists.rows("deviation", {"flags": "contested"})[0].record)


SCENES: Final[dict[str, Callable[[Pilot[None]], Awaitable[None]]]] = {
    "idle": _idle, "stopped": _stopped, "call": _call, "board": _board, "deviation": _deviation,
}  # fmt: skip


async def picture(home: Path, name: str) -> str:
    """One screen as an SVG that needs nothing from the network."""
    app = AndonApp(Home.open(home), syncs=False)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await SCENES[name](pilot)
        await settle(pilot)
        return _FONT.sub("", app.export_screenshot(title="andon"))


def main() -> None:
    """Draw all of them from a copy of a home."""
    FOLDER.mkdir(exist_ok=True)
    for name in SCENES:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(shutil.copytree(sys.argv[1], Path(folder) / "home"))
            (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(home, name)), encoding="utf-8")


if __name__ == "__main__":
    main()
