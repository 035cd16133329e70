"""What became of a call: chosen, typed, kept as a draft until it is logged, gone on with by whoever comes."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import signed_in
from tests.tui.test_call import HOSTILE, calls, tree
from tui.screens.call import CallScreen
from tui.screens.outcome import OutcomeScreen

__all__ = ["tree"]  # a fixture


def test_what_was_said_is_never_cut(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    del tree
    hold = firm.do("LYN1", "hold.stop").record
    said = "turn the pump down and wait " * 20
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "1", "enter", "1", "enter")
        field = app.screen.query_one(Input)
        assert "name, or user id" not in text_of(app)
        field.insert("x" * 1001, 0)
        await pilot.pause()
        assert "(1001 of 1000)" in text_of(app)
        await keys(pilot, "enter")
        assert "FORM-3" in text_of(app)
        assert field.value == "x" * 1001
        await keys(pilot, "escape")
        assert "NOT LOGGED YET: Anna Example" in text_of(app), "nothing typed is lost by one key"
        await keys(pilot, "enter", "f3")
        field = app.screen.query_one(Input)
        assert field.value == "x" * 1001
        field.value = said
        await keys(pilot, "enter")

    drive(app, script)
    assert [one["text"] for one in calls(firm, hold)] == [said.strip()]


ENDS = {
    "lock": ("f12", "f12"),
    "stop": ("f2",),
    "back": ("escape", "escape"),
}
"""Ways to leave what is typed."""


@sizes
@pytest.mark.parametrize("end", ["idle", *ENDS])
def test_what_was_chosen_and_typed_of_a_call_is_kept(
    firm: Firm, open_app: Opened, tree: dict[str, str], size: tuple[int, int], end: str
) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    firm.hand.wait(11 * 60_000)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.sign_in(signed_in("omar"))
        app.push_screen(CallScreen(hold))
        await keys(pilot, "2", "enter", "1", "enter")
        await type_in(pilot, "Jean Martin")
        await keys(pilot, "enter", "1", "enter")
        await type_in(pilot, "lift needle 2")
        if end == "idle":
            app.monotonic = lambda: 1000.0
            app._tick()
            await settle(pilot)
            assert "What was typed is kept" in text_of(app)
        else:
            await keys(pilot, *ENDS[end])
        assert calls(firm, hold) == []
        app.sign_in(signed_in("omar"))
        await settle(pilot)
        app.go_home()
        await keys(pilot, "f5")
        assert "lift needle 2" in text_of(app), "Attention lists it"
        await keys(pilot, "enter")
        assert isinstance(app.screen, OutcomeScreen), "and goes on with it"
        await keys(pilot, "f12")
        app.go_home()
        app.push_screen(CallScreen(hold))
        await settle(pilot)
        assert f"NOT LOGGED YET: {HOSTILE}Desk" in text_of(app)
        await keys(pilot, "enter")
        assert app.screen.query_one(Input).value == "lift needle 2"
        await keys(pilot, "enter")
        assert "NOT LOGGED YET" not in text_of(app)
        await keys(pilot, "f5")
        assert "lift needle 2" not in text_of(app), "it is no draft any more"

    drive(app, script, size)
    (call,) = calls(firm, hold)
    assert (call["contact"], call["name"], call["text"]) == (tree[f"{HOSTILE}Desk"], "Jean Martin", "lift needle 2")


def test_a_call_goes_on_with_whoever_signs_in(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "1", "enter")
        app.sign_in(signed_in("omar"))
        await settle(pilot)
        assert isinstance(app.screen, OutcomeScreen)
        assert "Read these three words aloud" in text_of(app), "where it was"
        await keys(pilot, "2", "enter", "enter")
        assert "ANSWERED: Anna Example" in text_of(app)

    drive(app, script)
    (call,) = calls(firm, hold)
    assert (call["contact"], call["outcome"], call["by"]) == (tree["Anna Example"], "answered", "omar")


def test_what_was_only_chosen_is_taken_back_with_esc(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    del tree
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "6", "enter")
        await type_in(pilot, "Jo")
        await keys(pilot, "escape", "enter")
        assert app.screen.query_one(Input).value == "Jo"
        await keys(pilot, "backspace", "backspace", "escape")
        assert "NOT LOGGED YET" not in text_of(app)
        await keys(pilot, "enter")
        assert "What became of the call?" in text_of(app)

    drive(app, script)
    assert calls(firm, hold) == []
