"""Draw the README's pictures from a prepared demo: `python -m tests.screenshots [OUT]`.

The screens are real: the demo's floor terminal is opened without a terminal, keys are pressed, each picture is drawn.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from textual.pilot import Pilot

from scripts.prepare import prepare
from shared.terminal.home import Home
from tests.tui.driving import settle
from tui.app import AndonApp
from tui.screens.sheet import SheetScreen

ROOT: Final = Path(__file__).resolve().parent.parent
SIZE: Final = (80, 24)
PORT: Final = 8450
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Textual names fonts on a server of others; a picture should fetch nothing."""


class Camera:
    """Takes pictures of one app."""

    def __init__(self, app: AndonApp, pilot: Pilot[None], out: Path) -> None:
        """Put pictures into a folder."""
        self._app, self._pilot, self._out = app, pilot, out

    async def press(self, *keys: str) -> None:
        """Press keys, and let everything settle."""
        await self._pilot.press(*keys)
        await settle(self._pilot)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*("space" if one == " " else "comma" if one == "," else one for one in text))

    async def take(self, name: str) -> None:
        """Take a picture."""
        self._app.clear_notifications()
        await settle(self._pilot)
        drawn = _FONTS.sub("", self._app.export_screenshot(title=f"andon: {name.partition('-')[2]}"))
        (self._out / f"{name}.svg").write_text("\n".join(line.rstrip() for line in drawn.split("\n")), encoding="utf-8")


async def tour(app: AndonApp, answer: Mapping[str, Any], out: Path) -> None:
    """Press the keys of the tour, and take a picture at each stop."""
    who = next(one for one in answer["people"] if "qa" in one["roles"] and one["company"] == "cdmo")
    async with app.run_test(size=SIZE, notifications=False) as pilot:
        camera = Camera(app, pilot, out)
        await settle(pilot)
        await camera.take("1-idle")
        await camera.press("f2")
        await camera.take("2-stopped")
        await camera.press("f3")
        await camera.take("3-call")
        await camera.press("escape", "f4")
        await camera.take("4-board")
        rows = app.reader.lists.rows("deviation", {"flags": "contested"}, limit=1)
        app.open_record(rows[0].record)
        await settle(pilot)
        await camera.take("5-deviation")
        app.push_screen(SheetScreen(app.reader.lists.rows("deviation", {"state": "open"}, limit=1)[0].record))
        await settle(pilot)
        await camera.take("6-sheet")
        await camera.press("escape")
        app.session.person, app.session.name = who["id"], who["name"]
        unrated = next(one for one in app.reader.lists.rows("deviation") if not one.columns["criticality"])
        app.act("deviation.rate", unrated.record)
        await settle(pilot)
        await camera.press("1", "enter")
        await camera.write("no contact with product")
        await camera.press("f10")
        await camera.take("7-sign")


def main() -> None:
    """Prepare, draw, throw the demo away."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "manual" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    try:
        answer, _ = prepare(folder / "demo", PORT)
        told = msgspec.to_builtins(answer)
        app = AndonApp(Home.open(folder / "demo" / "floor"), syncs=False)
        asyncio.run(tour(app, told, out))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
