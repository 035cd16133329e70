"""A screen that is closed as soon as it is opened breaks nothing: a scan, a lock or an answer may come at any turn."""
# ruff: noqa: ARG005 - what makes a screen takes a record and a hold, whichever of them it is about

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from shared.terminal.asked import Asked
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle
from tests.tui.records import batch, gate, go, lead
from tests.tui.test_keys import pages
from tui.app import AndonApp
from tui.screens.actions import ActionsScreen
from tui.screens.asking import AskingPage
from tui.screens.call import CallScreen
from tui.screens.entry import EntryScreen
from tui.screens.form import FormScreen
from tui.screens.group import GroupScreen
from tui.screens.idle import IdleScreen
from tui.screens.outcome import OutcomeScreen
from tui.screens.page import Page
from tui.screens.pick import PickScreen
from tui.screens.record import RecordKeys, record_screen
from tui.screens.sheet import SheetScreen
from tui.screens.sign import SignScreen
from tui.screens.split import SplitPage
from tui.screens.stopped import StoppedScreen
from tui.screens.trail import TrailScreen
from tui.screens.why import WhyScreen


def _nothing(said: str) -> None:
    """Nobody is told of a call."""


TURNS = 8
"""Turns of the event loop after which everything of a screen is there."""
NEVER: frozenset[type[Page]] = frozenset({Page, AskingPage, RecordKeys, SplitPage, IdleScreen, GroupScreen})
"""Screens of which only others are made; the first one, which stays; and one that lives in a form."""
MADE: dict[str, Callable[[AndonApp, str, str], Page]] = {
    "ActionsScreen": lambda app, record, hold: ActionsScreen(record),
    "CallScreen": lambda app, record, hold: CallScreen(record),
    "EntryScreen": lambda app, record, hold: EntryScreen(app.reader.trail(record)[0]),
    "FormScreen": lambda app, record, hold: FormScreen("deviation.note", record),
    "OutcomeScreen": lambda app, record, hold: OutcomeScreen(record, app.reader.calls(record).turns[0], "", _nothing),
    "PickScreen": lambda app, record, hold: PickScreen("what is held", ("place",), lambda _: None),
    "HoldScreen": lambda app, record, hold: record_screen(hold),
    "RecordScreen": lambda app, record, hold: record_screen(app.reader.desk.code),
    "DeviationScreen": lambda app, record, hold: record_screen(record),
    "SheetScreen": lambda app, record, hold: SheetScreen(record),
    "SignScreen": lambda app, record, hold: SignScreen(Asked("hold.lift", hold), lambda _: None, app.tell_error),
    "StoppedScreen": lambda app, record, hold: StoppedScreen(hold),
    "TrailScreen": lambda app, record, hold: TrailScreen(record),
    "WhyScreen": lambda app, record, hold: WhyScreen(record),
}
NAMES = sorted({one.__name__ for one in pages() if one not in NEVER})


def maker(firm: Firm, monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[AndonApp], Page]:
    """What makes a screen of this class, on records that are there."""
    hold = firm.do("LYN1", "hold.stop", on="FILL-2").record
    record = firm.do("LYN1", "deviation.raise", title="vial broken", on="FILL-2").record
    if name in {"BatchScreen", "GateScreen"}:
        lead(firm, monkeypatch)
        opened = gate(firm)
        if name == "BatchScreen":
            go(firm, opened)
            opened = batch(firm)
        return lambda _: record_screen(opened)
    made = MADE.get(name)
    cls: Any = next(one for one in pages() if one.__name__ == name)
    return lambda app: made(app, record, hold) if made else cls()


@pytest.mark.parametrize("name", NAMES)
def test_opened_and_closed_within_a_turn(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    app, made = open_app(), maker(firm, monkeypatch, name)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for turns in range(TURNS):
            app.push_screen(made(app))
            for _ in range(turns):
                await asyncio.sleep(0)
            app.pop_screen()
            await settle(pilot)

    drive(app, script)
    assert not app.crashed


@pytest.mark.parametrize("name", NAMES)
def test_locked_within_a_turn(firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    app, made = open_app(), maker(firm, monkeypatch, name)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for turns in range(TURNS):
            app.push_screen(made(app))
            for _ in range(turns):
                await asyncio.sleep(0)
            app.lock()
            await settle(pilot)
            app.go_home()

    drive(app, script)
    assert not app.crashed
