"""Going from screen to screen in any order breaks nothing."""

import random

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle

KEYS = ("f1", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f11", "f12", "escape", "enter", "down", "right", "tab", "f10")


@pytest.mark.parametrize(
    "pressed",
    [
        ("f11", "f12"), ("f7", "f12"), ("f7", "f4"), ("f8", "f4"), ("f11", "f5", "f4"), ("f8", "f3", "f4"),
        ("f11", "enter", "f12"), ("f4", "enter", "f11", "f4"), ("f7", "f5", "f6", "f4", "escape"),
    ],
    ids="-".join,
)  # fmt: skip
def test_from_a_record_anywhere(firm: Firm, open_app: Opened, pressed: tuple[str, ...]) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken", on="FILL-2").record
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in pressed:  # at once: what a screen was about to do must not break the next one
            await pilot.press(key)
        await settle(pilot)

    drive(app, script)
    assert not app.crashed


@pytest.mark.parametrize("seed", range(6))
def test_at_random(firm: Firm, open_app: Opened, seed: int) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    record = firm.do("LYN1", "deviation.raise", title="vial broken", on="FILL-2").record
    app = open_app(record=record)
    rng = random.Random(seed)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for _ in range(40):
            await pilot.press(rng.choice(KEYS))
        await settle(pilot)

    drive(app, script)
    assert not app.crashed
