"""Driving the screens: a script of keys against an app without a terminal, and the screen as plain text."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tui.app import AndonApp

SIZES = [(80, 24), (60, 20), (200, 60)]
"""Every screen must do in each of them."""
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
LONGEST_S = 150
"""A script that takes longer waits for something that does not come; what waits elsewhere, pytest ends later."""
PACE_S = 0.1
"""Between two keys of a text that somebody types."""
Script = Callable[[Pilot[None]], Awaitable[None]]


def drive(app: App[None], script: Script, size: tuple[int, int] = (80, 24)) -> None:
    """Run a script against the screens; whatever breaks them is raised here."""

    async def run() -> None:
        async with asyncio.timeout(LONGEST_S), app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await script(pilot)

    asyncio.run(run())


def text_of(app: App[None]) -> str:
    """What is on the screen, line by line, without colours and trailing blanks."""
    width, height = app.size
    lines = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.crop(0, width).text.rstrip() for strip in lines[:height])


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what was asked for is written, told and painted."""
    app = pilot.app
    assert isinstance(app, AndonApp)
    both = (app.signer, app.performer)
    for _ in range(3):  # an answer may ask for more
        for one in both:
            await asyncio.to_thread(one.settle, 20.0)
        await pilot.pause()
        if all(one.settle(0) for one in both):
            return


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    """Press keys, and let everything settle."""
    await pilot.press(*pressed)
    await settle(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a text, at a person's pace by the clock of the keys: a scanner is told by its own."""
    driver = pilot.app._driver
    assert driver is not None
    for at, one in enumerate(text):
        key = Key(_character_to_key(one), one)
        key.set_sender(pilot.app)
        key.time -= (len(text) - at) * PACE_S
        driver.send_message(key)
    await pilot.pause()
