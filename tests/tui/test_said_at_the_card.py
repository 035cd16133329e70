"""What is asked in one line beside the card: why, samples, who; kept as a draft, at the same number all the time."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import signed_in
from tests.tui.test_stopped import entered, holds, place, tick
from tui.screens.stopped import StoppedScreen
from tui.widgets.menu import Menu

__all__ = ["place"]  # a fixture


@sizes
@pytest.mark.usefixtures("place")
def test_a_stop_by_one_key_is_asked_why(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "4", "enter")
        assert "What is wrong, in a few words?" in text_of(app)
        await type_in(pilot, "needle drips")
        await keys(pilot, "enter")
        assert "Filling line: needle drips" in text_of(app), "whoever writes another sees this one"
        app.go_home()
        await settle(pilot)
        assert "needle drips" in text_of(app)

    drive(app, script, size)
    (hold,) = holds(firm)
    assert entered(firm, hold)[1:] == [("@LYN1", "", "what is wrong: needle drips")]


def test_letters_choose_nothing_and_say_so_once(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        app.clear_notifications()
        await keys(pilot, *"haddad")
        assert [one.message for one in app._notifications] == [
            "Letters choose nothing here: arrows or a digit, then Enter."
        ]

    drive(app, script)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("asks", "do"),
    [
        (("2",), "samples kept"),
        (("4",), "what is wrong"),
        (("8",), "says to be who stopped it"),
        (("6", "enter", "2"), "not done after all"),
    ],
)
def test_what_is_typed_there_is_kept(firm: Firm, open_app: Opened, asks: tuple[str, ...], do: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        await tick(pilot)
        await keys(pilot, *asks, "enter")
        await type_in(pilot, "Ida Roux")
        await keys(pilot, "escape", *asks, "enter")
        assert app.screen.query_one(Input).value == "Ida Roux"
        app.go_home()
        await keys(pilot, "f5")
        assert "Ida Roux" in text_of(app), "Attention lists it"
        app.go_home()
        await keys(pilot, "f2", *asks, "enter", "enter", "f5")
        assert "DRAFT" not in text_of(app)

    drive(app, script)
    (hold,) = holds(firm)
    assert do in entered(firm, hold)[-1][2]


@pytest.mark.usefixtures("place")
def test_what_is_typed_there_goes_on_with_whoever_signs_in(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "2", "enter")
        await type_in(pilot, "3 vials")
        app.sign_in(signed_in("omar"))
        await settle(pilot)
        assert app.screen.query_one(Input).value == "3 vials"
        await keys(pilot, "enter")

    drive(app, script)
    (hold,) = holds(firm)
    assert entered(firm, hold)[-1] == ("@LYN1", "omar", "samples kept: 3 vials")


@pytest.mark.usefixtures("place")
def test_each_entry_keeps_its_number_while_the_card_is_filled(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    def numbered() -> dict[str, str]:
        menu = app.screen.query_one(Menu)
        return {one.key: str(number) for number, one in enumerate(menu._entries, 1)}

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        before, menu = numbered(), app.screen.query_one(Menu)
        assert menu.key == "done"
        for _ in range(3):
            await tick(pilot)
        assert menu.key == "hold.samples", "what is next is under the cursor"
        await keys(pilot, "enter")
        await type_in(pilot, "3 vials")
        await keys(pilot, "enter")
        assert menu.key == "call"
        app.sign_in(signed_in("omar"))
        app.push_screen(StoppedScreen(holds(firm)[0]))
        await settle(pilot)
        now = numbered()
        assert now == {key: before[key] for key in now}, "also for whoever is signed in"

    drive(app, script)
