"""The thread that writes: what it cannot do is told as soon as it is known, and every job gets its answer."""

from textual.pilot import Pilot

from shared.store.errors import Busy
from shared.terminal.desk import Desk
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of
from tui.app import AndonApp
from tui.screens.stopped import StoppedScreen


def broken(app: AndonApp, *, times: int) -> None:
    """Let the desk of the performing thread fail to open so many times."""
    real, left = app.performer._opened, [times]

    def opened() -> Desk:
        if left[0]:
            left[0] -= 1
            raise Busy("LYN1.andon: another Andon has been writing for 5 s. Wait a moment, then do it again.")
        return real()

    app.performer._opened = opened


def test_it_is_told_at_once_that_nothing_can_be_saved_and_the_call_list_stays(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()
    broken(app, times=2)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        told = [one.message for one in app._notifications]
        assert told
        assert told[0].startswith("NOTHING CAN BE SAVED: stop by hand, telephone. STORE-1: ")
        assert "On call now" in text_of(app)
        await keys(pilot, "f2")
        assert any(one.message.startswith("NOT HELD, NOT SAVED") for one in app._notifications)
        await keys(pilot, "f2")  # it can be opened again by now
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)
    assert not app.crashed


def test_the_desk_is_open_before_the_first_job(open_app: Opened) -> None:
    app = open_app()
    opened: list[Desk] = []
    real = app.performer._opened

    def noted() -> Desk:
        opened.append(real())
        return opened[-1]

    app.performer._opened = noted

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert len(opened) == 1

    drive(app, script)
