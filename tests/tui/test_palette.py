"""F9: everything from the registry, found by typing; grey with its reason; Enter begins it."""

from textual.pilot import Pilot

from shared.actions.action import ACTIONS
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.pages import PAGES
from tui.screens.board import BoardScreen
from tui.screens.call import CallScreen
from tui.screens.find import FindScreen
from tui.screens.form import FormScreen
from tui.screens.palette import PaletteScreen
from tui.screens.settings import SettingsScreen
from tui.session import Session
from tui.widgets.menu import Entry
from tui.widgets.narrow import Narrow, narrowed

OPERATOR = Session("omar", "Omar Example", "cdmo", frozenset({"operator"}))


@sizes
def test_typing_finds_and_enter_begins(open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        assert "hold stop" in text_of(app)
        await type_in(pilot, "suite equipment")
        assert "> place add" in " ".join(text_of(app).split()).replace(">  ", "> ")
        assert "By coordinator or qa or supervisor; signature:" in text_of(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, FormScreen)
        assert app.screen.do == "place.add"
        await keys(pilot, "escape")
        assert not isinstance(app.screen, PaletteScreen)

    drive(app, script, size)


def test_it_opens_though_the_list_below_it_is_not_there_yet(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        board = BoardScreen()
        assert board.record == ""
        app.push_screen(board)
        app.push_screen(PaletteScreen())
        await settle(pilot)
        assert "What can be done" in text_of(app)

    drive(app, script)


def test_all_of_the_registry_and_all_screens_are_in_it(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        found = {one.key.partition(" ")[0] for one in app.screen.query_one(Narrow)._all}
        assert found >= set(ACTIONS)
        screens = {one.key.partition(" ")[2] for one in app.screen.query_one(Narrow)._all if one.key[:8] == "command "}
        assert screens >= {*PAGES, "stop"} - {"palette"}

    drive(app, script)


def test_grey_says_why_and_begins_nothing(firm: Firm, open_app: Opened) -> None:
    app = open_app()
    firm.do("LYN1", "hold.stop", on="a")

    async def script(pilot: Pilot[None]) -> None:
        app.sign_in(OPERATOR)
        await keys(pilot, "f9")
        await type_in(pilot, "hold.lift")
        assert "Not now. WHO-3: for qa or supervisor." in text_of(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, PaletteScreen)
        assert [one.message for one in app._notifications] == ["WHO-3: for qa or supervisor"]

    drive(app, script)


def test_over_a_record_what_can_be_done_with_it_comes_first(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", on="[bold red]x[/] a").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(CallScreen(hold))
        await settle(pilot)
        await keys(pilot, "f9")
        shown = text_of(app).splitlines()
        assert "About" in shown[1]
        assert hold in shown[1]
        assert "hold lift" in shown[3]
        assert "call log" in shown[8]
        await keys(pilot, *["down"] * 7)
        await keys(pilot, "enter")
        assert isinstance(app.screen, FormScreen)
        assert app.screen.do == "deviation.raise"
        assert hold in text_of(app), "the hold is filled in"

    drive(app, script)


def test_what_needs_a_record_asks_for_it_first(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "deviation.raise", title="pressure", on="a")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        await type_in(pilot, "hold.lift")
        await keys(pilot, "enter")
        assert isinstance(app.screen, FindScreen)
        assert "Hold lift: which record?" in text_of(app)
        assert "pressure" not in text_of(app), "only holds are offered"
        await keys(pilot, "enter")
        assert isinstance(app.screen, FormScreen)
        assert (app.screen.do, app.screen.record) == ("hold.lift", hold)

    drive(app, script)


def test_commands_and_screens_are_begun_too(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        await type_in(pilot, "colours")
        await keys(pilot, "enter")
        assert isinstance(app.screen, SettingsScreen)
        await keys(pilot, "escape", "f9")
        await type_in(pilot, "stop f2")
        await keys(pilot, "enter")
        assert "HELD" in text_of(app)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


def test_what_is_typed_narrows_by_words_then_by_letters() -> None:
    entries = [
        Entry("hold.lift", "hold.lift lets go", "WHO-3"),
        Entry("hold.stop", "hold.stop stops it"),
        Entry("place.add", "place.add enters a threshold"),
    ]
    assert [one.key for one in narrowed(entries, "HOLD")] == ["hold.stop", "place.add", "hold.lift"]
    assert [one.key for one in narrowed(entries, "hold stops")] == ["hold.stop"]
    assert [one.key for one in narrowed(entries, "hstp")] == ["hold.stop"]
    assert narrowed(entries, "zzz") == []
    assert narrowed(entries, "  ") == entries


def test_with_which_it_can_be_done_come_first_and_the_others_say_why_not(firm: Firm, open_app: Opened) -> None:
    held = firm.do("LYN1", "hold.stop", on="a").record
    over = firm.do("LYN1", "hold.stop", on="b").record
    lift = firm.do("LYN1", "hold.lift", over, "anna", reason="a mistake")
    firm.do("LYN1", "entry.confirm", over, "sven", of=lift.id)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(FindScreen("hold.lift"))
        await settle(pilot)
        entries = app.screen.query_one(Narrow)._all
        assert [(one.key, one.why_not) for one in entries] == [
            (held, ""), (over, "HOLD-1: Only a hold in force is lifted"),
        ]  # fmt: skip
        await keys(pilot, "down", "enter")
        assert isinstance(app.screen, FindScreen)
        assert [one.message for one in app._notifications] == ["HOLD-1: Only a hold in force is lifted"]

    drive(app, script)


def test_the_heading_is_whole(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    app = open_app(record=hold)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        assert "a signature asks who signs." in " ".join(text_of(app).split())

    drive(app, script, (60, 20))
