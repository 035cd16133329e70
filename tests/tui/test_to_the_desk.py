"""From a program's own screens to the desk over all, and what they begin with that comes from there."""

import pytest
from textual.pilot import Pilot

from shared.terminal.refusal import Refused
from tests.terminal.firm import CHEAP
from tests.tui.driving import drive, keys, text_of
from tests.tui.records import signed_in
from tests.tui.test_desk import keys_at
from tests.tui.two_programs import Two, two
from tui.app import AndonApp
from tui.cli import REFUSED, main
from tui.fleet import Fleet
from tui.screens.board import BoardScreen
from tui.screens.idle import IdleScreen
from tui.start import run

__all__ = ["two"]  # a fixture


def opened(two: Two, **options: str | bool | Fleet) -> AndonApp:
    """The screens of the second program, opened from the desk or not."""
    clock = two.second.hand.clock
    if options.pop("desk", False):
        options["fleet"] = two.app().fleet
    return AndonApp(two.home, two.second.program, clock=clock, costs=CHEAP, syncs=False, **options)  # type: ignore[arg-type]


def test_the_others_are_kept_in_sync_beside_a_program_that_was_named(two: Two) -> None:
    """What F2 holds in another program has to get out, also where nobody ever looks at the desk."""
    fleet = Fleet(two.home, clock=two.first.hand.clock, costs=CHEAP)
    fleet.leave_to_itself(two.second.program)
    app = opened(two, fleet=fleet)

    async def script(pilot: Pilot[None]) -> None:
        await pilot.pause()
        assert set(fleet._syncers) == {two.first.program}

    drive(app, script)
    fleet.end()


@pytest.mark.parametrize("pressed", ["escape", "ctrl+o"])
def test_from_the_first_screen_both_keys_go_back_to_the_desk(two: Two, pressed: str) -> None:
    app = opened(two, desk=True)

    async def script(pilot: Pilot[None]) -> None:
        assert "Vector B" in text_of(app).splitlines()[0]
        await keys_at(pilot, pressed)
        assert app.to_desk

    drive(app, script)


def test_who_is_signed_in_leaves_for_the_desk_by_its_own_key_alone(two: Two) -> None:
    app = opened(two, desk=True)
    app.session = signed_in("sam")

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "escape")
        assert not app.to_desk
        assert "Ctrl+O goes to the desk" in text_of(app)
        await keys_at(pilot, "f4", "ctrl+o")
        assert app.to_desk

    drive(app, script)


def test_without_a_desk_no_key_and_no_list_knows_of_one(two: Two) -> None:
    app = opened(two)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "escape", "ctrl+o")
        assert isinstance(app.screen, IdleScreen)
        assert not app.to_desk
        assert "Back" not in text_of(app)
        for key in ("f1", "f9"):
            await keys(pilot, key)
            assert "desk over all" not in text_of(app)
            await keys(pilot, "escape")

    drive(app, script, (200, 60))


def test_the_desk_is_in_the_list_of_all_that_can_be_done(two: Two) -> None:
    app = opened(two, desk=True)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f9")
        await pilot.press(*"desk")
        await keys_at(pilot, "enter")
        await pilot.pause()
        assert app.to_desk

    drive(app, script)


def test_a_program_begins_with_what_was_asked_for_at_the_desk(two: Two) -> None:
    app = opened(two, desk=True, begin="page('board')")

    async def script(pilot: Pilot[None]) -> None:
        await pilot.pause()
        assert isinstance(app.screen, BoardScreen)

    drive(app, script)


def test_a_command_or_record_needs_one_program_still(two: Two, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(two.home.path), "list", "hold"]) == REFUSED
    assert "HOME-3" in capsys.readouterr().err
    with pytest.raises(Refused, match="HOME-3"):
        run(two.home, "", "HLD-LYN1-1")
