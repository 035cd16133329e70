"""How each screen looks, as plain text: kept in snapshots/, a file a screen and size, to be read in reviews.

`ANDON_SNAPSHOTS=write scripts/test tests/tui/test_snapshots.py` writes them anew; look at what changed first.
"""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.terminal.firm import Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import batch, gate, go, lead, signed_in
from tui.app import AndonApp
from tui.screens.sheet import SheetScreen
from tui.widgets.groups import Groups

MOMENT: Final = re.compile(r":\d\d\.\d{3}")
"""The firm's clock goes on at each reading, of which there may be one more or less."""
BAR: Final = re.compile(r" *[▁-█]$", re.MULTILINE)
"""Where a scrollbar stands: it tells how long a text is, also one that folds with the home's folder."""
FOLDER: Final = Path(__file__).parent / "snapshots"
Shot = Callable[[App[None], str], None]
Show = Callable[[AndonApp, Pilot[None], "Told"], Awaitable[None]]


class Told:
    """What the firm has on its floor: a hold, its deviation with two ratings, a gate."""

    def __init__(self, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
        self.firm = firm
        lead(firm, monkeypatch)
        fields = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}
        place = firm.do("LYN1", "place.add", "", "anna", **fields).record
        card = ["Stop the infeed", "Lift the needles", "Keep samples"]
        firm.do("LYN1", "place.card", place, "anna", steps=card, reason="first card")
        firm.do("LYN1", "terminal.post", places=[place])
        self.hold = firm.do("LYN1", "hold.stop", reason="Needle 4 drips").record
        self.deviation = firm.do("LYN1", "deviation.raise", title="Needle 4 drips on vials").record
        firm.do("LYN1", "deviation.problem", self.deviation, problem="3 vials wet", procedure="SOP-FIL-7")
        self.contested = firm.do("LYN1", "deviation.raise", title="Pressure over the limit").record
        firm.sync()
        firm.do("LYN1", "deviation.rate", self.contested, "anna", criticality="minor", reason="no contact")
        firm.do("SPO1", "deviation.rate", self.contested, "sam", criticality="major", reason="a critical parameter")
        firm.sync()
        self.gate = gate(firm)


@pytest.fixture
def told(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(firm, monkeypatch)


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Shot:
    """Compares a screen with what is kept of it, or writes that."""

    def compare(app: App[None], name: str) -> None:
        app.clear_notifications()
        path = FOLDER / f"{name}-{app.size.width}x{app.size.height}.txt"
        shown = BAR.sub("", MOMENT.sub(":ss.mmm", text_of(app))) + "\n"
        if isinstance(app, AndonApp):
            shown = shown.replace(str(app.home.path), "HOME")
        if os.environ.get("ANDON_SNAPSHOTS") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8")
        assert path.is_file(), f"nothing is kept of it; see {request.node.path.name}"
        assert shown == path.read_text(encoding="utf-8"), f"it looks otherwise than {path.name} says"

    return compare


async def idle(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    del app, pilot, told


async def stopped(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    del told
    await keys(pilot, "f2")
    app.monotonic = lambda: 1.0
    await keys(pilot, "enter")


async def outcome(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    start = told.firm.desks["LYN1"].clock.at(told.firm.hand.now)
    fields = {"name": "Night desk", "numbers": "+33 6 12 34 56 78, +33 1 22 33 44 55", "company": "cdmo"}
    told.firm.do("LYN1", "contact.set", "", "sven", start=start, **fields)
    app.action_page("call")
    await keys(pilot, "enter")


async def said(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    await outcome(app, pilot, told)
    await keys(pilot, "1", "enter")
    await type_in(pilot, "Ida Roux")
    await keys(pilot, "enter", "1", "enter")
    await type_in(pilot, "lift needle 2")


async def deviation(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.contested)
    await settle(pilot)


async def record(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.hold)
    await settle(pilot)


async def trail(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.contested)
    await keys(pilot, "f11")


async def why(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.contested)
    await keys(pilot, "f7")


async def actions(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.session = signed_in("anna")
    app.open_record(told.contested)
    await keys(pilot, "f8")


async def a_gate(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.gate)
    await settle(pilot)


async def a_batch(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    record = batch(told.firm)
    go(told.firm, told.gate)
    told.firm.do("LYN1", "batch.start", record, "omar")
    told.firm.do("LYN1", "step.done", record, "omar", step="010")
    app.open_record(record)
    await settle(pilot)


async def entry(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.open_record(told.contested)
    await keys(pilot, "f11", "enter")


async def pick(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    batch(told.firm)
    app.act("hold.stop")
    await keys(pilot, "f7")


async def group(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    del told
    steps = [{"key": "010", "words": "Thaw the cells", "place": "S1"}, {"key": "020", "words": "Harvest"}]
    app.act("batch.plan", "", {"number": "C-002", "product": "Antibody A", "phase": "clinical", "steps": steps})
    await settle(pilot)
    app.screen.query_one(Groups).focus()
    await keys(pilot, "enter")


async def form(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    del told
    app.act("deviation.raise")
    await settle(pilot)
    await type_in(pilot, "Vial broken")
    await settle(pilot)


async def sheet(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.push_screen(SheetScreen(told.deviation))
    await settle(pilot)


async def sign(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
    app.session = signed_in("anna")
    app.act("deviation.rate", told.deviation, {"criticality": "minor", "reason": "no contact with product"})
    await keys(pilot, "f10")
    await type_in(pilot, password("anna").reveal()[:4])


def page(name: str) -> Show:
    async def show(app: AndonApp, pilot: Pilot[None], told: Told) -> None:
        del told
        app.session = signed_in("anna") if name == "attention" else app.session
        app.action_page(name)
        await settle(pilot)

    return show


SCREENS: Final[dict[str, Show]] = {
    "idle": idle, "stopped": stopped, "outcome": outcome, "said": said, "deviation": deviation, "record": record,
    "trail": trail, "why": why, "actions": actions, "gate": a_gate,
    "batch": a_batch, "entry": entry, "pick": pick, "group": group, "form": form, "sheet": sheet, "sign": sign,
    **{name: page(name) for name in ("call", "board", "attention", "find", "palette", "help", "lock", "settings")},
}  # fmt: skip


@sizes
@pytest.mark.parametrize("name", SCREENS)
def test_it_looks_as_it_did(open_app: Opened, told: Told, shot: Shot, name: str, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await SCREENS[name](app, pilot, told)
        await settle(pilot)
        shot(app, name)

    drive(app, script, size)
