"""How each screen is opened, whatever stands in its records: for tests that go over all of them.

`tests/tui/test_every_screen.py` fails if there is a screen that is not here.
"""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from textual.pilot import Pilot
from textual.screen import Screen

from shared.terminal.asked import Asked
from tests.terminal.firm import Firm
from tests.tui import records as made
from tests.tui.driving import keys, settle
from tests.tui.records import signed_in
from tui import screens
from tui.app import AndonApp
from tui.pages import PAGES
from tui.screens.actions import ActionsScreen
from tui.screens.entry import EntryScreen
from tui.screens.outcome import OutcomeScreen
from tui.screens.pick import PickScreen
from tui.screens.sheet import SheetScreen
from tui.screens.stopped import StoppedScreen
from tui.screens.trail import TrailScreen
from tui.screens.why import WhyScreen

BASES: Final = {"Page", "Acting", "AskingPage", "SplitPage", "RecordKeys", "DeskScreen"}
"""What screens are made of, and none themselves; and that of another app, see `test_desk.py`."""
SHOWS: Final = "[bold red]x[/]"
Open = Callable[[AndonApp, Pilot[None], Sequence[str]], Awaitable[None]]


def classes() -> dict[str, type[Screen[Any]]]:
    """Every screen that there is, by the name of its class."""
    modules = [importlib.import_module(f"tui.screens.{one.name}") for one in pkgutil.iter_modules(screens.__path__)]
    return {
        name: one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Screen) and one.__module__ == module.__name__ and name not in BASES
    }


def of(records: Sequence[str], kind: str) -> str:
    """The last of the records of a kind, by how its ids begin."""
    return next(one for one in reversed(records) if one.startswith(f"{kind}-"))


async def idle(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    del records
    app.go_home()
    await settle(pilot)


async def stopped(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(StoppedScreen(of(records, "HLD")))
    await settle(pilot)


async def outcome(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    deviation = of(records, "DEV")
    app.push_screen(OutcomeScreen(deviation, app.reader.calls(deviation).turns[0], "", lambda _said: None))
    await settle(pilot)


async def trail(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(TrailScreen(of(records, "DEV")))
    await settle(pilot)


async def why(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(WhyScreen(of(records, "DEV")))
    await settle(pilot)


async def actions(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(ActionsScreen(of(records, "DEV")))
    await settle(pilot)


async def entry(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(EntryScreen(app.reader.trail(of(records, "DEV"))[-1]))
    await settle(pilot)


async def form(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    title = "[bold red]x[/] \x1b[31m\u202e\u200bz"
    app.act("deviation.raise", "", {"title": title, "hold": of(records, "HLD"), "batch": of(records, "BAT")})
    await settle(pilot)


async def group(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    steps = [{"key": "010", "words": "[bold red]x[/] thaw", "place": of(records, "PLC")}]
    app.act("batch.plan", "", {"number": "C-77", "product": "A", "phase": "clinical", "steps": steps})
    await settle(pilot)
    (field,) = (one for one in app.screen.query("Groups") if one.display)
    field.focus()
    await keys(pilot, "enter")


async def sheet(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.push_screen(SheetScreen(of(records, "DEV")))
    await settle(pilot)
    await keys(pilot, "ctrl+p")


async def sign(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    app.session = signed_in("quin")
    asked = Asked("deviation.rate", of(records, "DEV"), {"criticality": "minor", "reason": "x"}, "quin")
    app.sign(asked, lambda _: None)
    await settle(pilot)


async def pick(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    del records
    app.push_screen(
        PickScreen("what is held", ("place", "batch", "step", "hold", "deviation", "member"), lambda _: None)
    )
    await settle(pilot)


async def find(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
    del records
    app.action_page("find")
    await keys(pilot, "b", "o", "l", "d")


def page(name: str) -> Open:
    async def opens(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
        del records
        app.action_page(name)
        await settle(pilot)

    return opens


def record(kind: str) -> Open:
    async def opens(app: AndonApp, pilot: Pilot[None], records: Sequence[str]) -> None:
        app.open_record(of(records, kind))
        await settle(pilot)

    return opens


OPEN: Final[dict[str, Open]] = {
    **{path.rpartition(":")[2]: page(name) for name, path in PAGES.items()},
    "FindScreen": find,
    "IdleScreen": idle,
    "StoppedScreen": stopped,
    "OutcomeScreen": outcome,
    "HoldScreen": record("HLD"),
    "RecordScreen": record("PLC"),
    "DeviationScreen": record("DEV"),
    "BatchScreen": record("BAT"),
    "GateScreen": record("GAT"),
    "TrailScreen": trail,
    "WhyScreen": why,
    "ActionsScreen": actions,
    "EntryScreen": entry,
    "FormScreen": form,
    "GroupScreen": group,
    "SheetScreen": sheet,
    "SignScreen": sign,
    "PickScreen": pick,
}
"""By the name of the screen's class."""


def plant(firm: Firm) -> list[str]:
    """Records of each kind that has a screen of its own."""
    fields = {"code": "FILL-2", "sort": "equipment", "name": f"Line {SHOWS}", "site": "Lyon"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do(
        "LYN1",
        "place.card",
        place,
        "anna",
        steps=["Stop the infeed", "Lift the needles", "Keep samples"],
        reason="first card",
    )
    firm.do("LYN1", "terminal.post", places=[place])
    hold = firm.do("LYN1", "hold.stop", reason="Needle 4 drips, bold").record
    deviation = firm.do("LYN1", "deviation.raise", title="Needle 4 drips, bold", hold=hold).record
    firm.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="no contact")
    return [place, hold, deviation, made.batch(firm), made.gate(firm)]
