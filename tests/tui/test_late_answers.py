"""Answers that come late: somebody has left, locked, or pressed on, while something was being saved or signed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest
from textual.pilot import Pilot

from shared.store.errors import Full
from tests.terminal.firm import Firm, password
from tests.terminal.test_perform import planned_batch
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tests.tui.records import signed_in
from tui.app import AndonApp
from tui.performing import Performer
from tui.screens.call import CallScreen
from tui.screens.form import FormScreen
from tui.screens.lock import LockScreen
from tui.screens.sheet import SheetScreen
from tui.screens.sign import SignScreen
from tui.screens.stopped import StoppedScreen
from tui.session import IDLE_S
from tui.widgets.form import Form

PLACE = {"code": "X1", "sort": "equipment", "name": "N", "site": "Lyon"}


@pytest.fixture(autouse=True)
def post(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])


@contextmanager
def held_up(one: Performer) -> Iterator[None]:
    """Whatever is asked of a thread waits until the block ends, as behind a locked disk."""
    go = threading.Event()
    one.ask(lambda _: go.wait(30), lambda _: None, lambda _: None, quiet=True)
    try:
        yield
    finally:
        go.set()


async def signing(app: AndonApp, pilot: Pilot[None], typed: str) -> None:
    """Come to the password of a signature, and type it."""
    app.session = signed_in("anna")
    app.act("place.add", "", PLACE)
    await keys(pilot, "f10")
    assert isinstance(app.screen, SignScreen)
    await type_in(pilot, typed)


def test_f2_holds_anew_when_the_hold_on_the_screen_was_lifted(firm: Firm, open_app: Opened) -> None:
    app = open_app()
    lists = firm.desks["LYN1"].store.lists

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "f2")
        assert lists.count("hold", {"state": "held"}) == 1
        hold = lists.rows("hold")[0].record
        lift = firm.do("LYN1", "hold.lift", hold, "anna", reason="pulled by mistake")
        firm.do("LYN1", "entry.confirm", hold, "sven", of=lift.id)
        app._tick()
        await pilot.pause()
        assert "LIFTED" in text_of(app)
        await keys(pilot, "f2")
        assert lists.count("hold", {"state": "held"}) == 1

    drive(app, script)


def test_a_refusal_after_leaving_is_told(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        with held_up(app.performer):
            await pilot.press("f10", "escape")
        await settle(pilot)
        assert "FORM-3" in text_of(app)

    drive(app, script)


@pytest.mark.parametrize("typed", ["wrong", password("anna").reveal()], ids=["wrong", "right"])
def test_locking_while_it_is_signed_stays_locked(open_app: Opened, typed: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await signing(app, pilot, typed)
        with held_up(app.signer):
            await pilot.press("enter", "f12", "f12")
            await pilot.pause()
            assert isinstance(app.screen, LockScreen)
        await settle(pilot)
        assert isinstance(app.screen, LockScreen)
        assert not app.session.person
        assert not any(isinstance(one, SignScreen | FormScreen) for one in app.screen_stack)

    drive(app, script)


def test_a_stop_does_not_wait_for_a_password(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await signing(app, pilot, password("anna").reveal())
        with held_up(app.signer):
            await pilot.press("enter", "f2")
            await pilot.pause()
            app.performer.settle(20)
            assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1
        await settle(pilot)
        assert isinstance(app.screen, StoppedScreen)
        await keys(pilot, "escape")
        assert "SIGN-9" in text_of(app), "something was written meanwhile: the sheet is shown anew"

    drive(app, script)


def test_what_is_saved_behind_another_screen_is_saved_once(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "vial broken")
        with held_up(app.performer):
            await pilot.press("f10", "f3")
        await settle(pilot)
        assert isinstance(app.screen, CallScreen)
        await keys(pilot, "escape")
        assert not isinstance(app.screen, FormScreen)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("deviation") == 1


def test_a_form_that_is_opened_again_has_what_is_not_written_yet(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        with held_up(app.performer):
            await type_in(pilot, "vial broken")
            await pilot.press("escape")
            app.act("deviation.raise")
            await pilot.pause()
            assert app.screen.query_one(Form).values()["title"] == "vial broken"
        await settle(pilot)
        assert app.unsaved == {}

    drive(app, script)


def test_pressing_on_while_a_sheet_is_saved_loses_nothing(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(SheetScreen(record))
        await settle(pilot)
        await type_in(pilot, "3.1 bar")
        with held_up(app.performer):
            await pilot.press("f10", "ctrl+n", "escape")
        await settle(pilot)

    drive(app, script)
    row = firm.desks["LYN1"].store.lists.row(record)
    assert row is not None
    assert row.columns["problem"] == "3.1 bar"


def test_what_the_partner_saves_does_not_take_the_place_of_a_draft(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    first = open_app()

    async def typed(pilot: Pilot[None]) -> None:
        first.push_screen(SheetScreen(record))
        await settle(pilot)
        await type_in(pilot, "mine")
        await settle(pilot)

    drive(first, typed)
    again = open_app()

    async def script(pilot: Pilot[None]) -> None:
        again.push_screen(SheetScreen(record))
        await settle(pilot)
        firm.do("LYN1", "deviation.problem", record, problem="theirs")
        again._tick()
        await pilot.pause()
        assert again.screen.query_one(Form).values()["problem"] == "mine"
        assert "theirs" in text_of(again)

    drive(again, script)


def test_signing_in_keeps_the_card_of_what_is_held(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        app.sign_in(signed_in("anna"))
        await settle(pilot)
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)


def test_a_desk_that_fails_is_opened_again(firm: Firm, open_app: Opened) -> None:
    app = open_app()
    told: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.work(lambda desk: desk.store.connection.close(), lambda _: None)
        app.performer.ask(lambda desk: desk.store.changes(), lambda _: None, lambda error: told.append(str(error)))
        await settle(pilot)
        assert told, "a closed file is an error"
        await keys(pilot, "f2")

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


def test_a_stop_that_cannot_be_saved_is_told_for_long(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app()

    def full(*_: object, **__: object) -> None:
        raise Full("the disk is full and nothing was written. Free some space, then do it again.")

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        monkeypatch.setattr("shared.terminal.perform.perform", full)
        await keys(pilot, "f2")
        assert "NOT HELD" in text_of(app)
        assert "telephone" in text_of(app)
        (said,) = app._notifications
        assert said.timeout >= 60
        monkeypatch.undo()
        await keys(pilot, "f2")
        assert isinstance(app.screen, StoppedScreen)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


def test_a_password_half_typed_does_not_stay_for_ever(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    app = open_app()
    now = 0.0
    app.monotonic = lambda: now

    async def script(pilot: Pilot[None]) -> None:
        nonlocal now
        app.act("deviation.rate", record, {"criticality": "minor", "reason": "no contact"})
        await keys(pilot, "f10")
        await type_in(pilot, "anna")
        await keys(pilot, "enter")
        await type_in(pilot, "half a pass")
        now = IDLE_S + 1
        app._tick()
        await pilot.pause()
        assert not any(isinstance(one, SignScreen) for one in app.screen_stack)

    drive(app, script)


@pytest.mark.parametrize("pattern", [False, True])
def test_no_key_of_a_password_is_kept_to_tell_scans(open_app: Opened, pattern: bool) -> None:
    app = open_app()
    app.settings = msgspec.structs.replace(app.settings, pattern=pattern)

    async def script(pilot: Pilot[None]) -> None:
        await signing(app, pilot, "secret")
        assert not app.scanner._scanning._burst
        assert app.scanner._before is None

    drive(app, script)


@pytest.mark.parametrize(("named", "shown"), [("B-26-117", "B-26-117"), ("nothing", "There is no record")])
def test_the_screens_open_on_what_people_call_a_record(firm: Firm, open_app: Opened, named: str, shown: str) -> None:
    planned_batch(firm)
    app = open_app(record=named)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert shown in text_of(app)

    drive(app, script)
