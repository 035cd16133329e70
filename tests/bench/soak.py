"""Measure what weeks at a kiosk add: `python -m tests.bench.soak`.

Focus changes, dialogs and changes from elsewhere, without a terminal; memory is the process' own, after a collection.
Of 2,000 focus changes and 300 dialogs it should be 10 MB at most (design.md 7).
"""

import asyncio
import gc
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from tests.terminal.firm import CHEAP, Firm, opened
from tests.tui.driving import settle
from tui.app import AndonApp
from tui.screens.form import FormScreen

PAGES: Final = ("f1", "f3", "f4", "f5", "f6", "f9")
MB: Final = 1 << 20
Part = Callable[[AndonApp, Pilot[None], Firm], Awaitable[None]]


def resident() -> float:
    """Give the process' resident memory, MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / MB


async def focus(app: AndonApp, pilot: Pilot[None], firm: Firm) -> None:
    """2,000 changes of the focus in a form."""
    del firm
    app.push_screen(FormScreen("deviation.raise"))
    await pilot.pause()
    for _ in range(2_000):
        app.screen.focus_next()
        await pilot.pause()
    app.pop_screen()
    await pilot.pause()


async def dialogs(app: AndonApp, pilot: Pilot[None], firm: Firm) -> None:
    """300 screens opened and closed."""
    del firm, app
    for number in range(300):
        await pilot.press(PAGES[number % len(PAGES)], "escape")
    await pilot.pause()


async def changes(app: AndonApp, pilot: Pilot[None], firm: Firm) -> None:
    """500 entries from elsewhere while the board is open."""
    await pilot.press("f4")
    for number in range(500):
        firm.do("LYN1", "hold.stop", on=f"Line {number % 7}")
        app._reread()
        await pilot.pause()
    await pilot.press("escape")


PARTS: Final[tuple[Part, ...]] = (focus, dialogs, changes)


async def soak(app: AndonApp, firm: Firm) -> None:
    """Do each part once to warm up what is kept once for all, then measure it."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await dialogs(app, pilot, firm)
        for part in PARTS:
            before = resident()
            await part(app, pilot, firm)
            after = resident()
            print(f"{part.__name__}: {after - before:+.1f} MB, {after:.0f} MB in all", flush=True)


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as name, opened(Path(name) / "firm", costs=CHEAP) as firm:
        firm.do("LYN1", "terminal.post", places=["FILL-2"])
        app = AndonApp(firm.homes["LYN1"], clock=firm.hand.clock, costs=CHEAP, syncs=False, monotonic=lambda: 0.0)
        asyncio.run(soak(app, firm))


if __name__ == "__main__":
    main()
