"""Signing in and locking: badge or id, then the password; nothing of it is shown or kept, and nothing waits for it."""

import gc
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from shared.terminal.clock import Clock
from shared.trust.passwords import Secret
from tests.terminal.firm import CHEAP, Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.app import AndonApp
from tui.messages import Scanned
from tui.screens.idle import IdleScreen
from tui.screens.lock import LockScreen, starts_at_board
from tui.session import IDLE_S
from tui.widgets.password import PasswordInput


def person(app: AndonApp) -> str:
    return app.session.person


async def sign_in(pilot: Pilot[None], who: str, typed: Secret | None = None) -> None:
    await keys(pilot, "f12")
    await type_in(pilot, who)
    await keys(pilot, "enter")
    await type_in(pilot, (typed or password(who)).reveal())
    await keys(pilot, "enter")


@sizes
@pytest.mark.requirement("P11-22")
def test_id_and_password_sign_in(open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f12")
        assert "Who are you?" in text_of(app)
        await type_in(pilot, "omar")
        await keys(pilot, "enter")
        assert "password" in text_of(app)
        await type_in(pilot, password("omar").reveal())
        assert password("omar").reveal() not in text_of(app)
        await keys(pilot, "enter")
        assert person(app) == "omar"
        assert app.session.company == "cdmo"
        assert app.session.roles == {"operator"}
        assert "Omar Example" in text_of(app)

    drive(app, script, size)


def test_a_wrong_password_is_said_and_typed_again(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "omar", Secret("not it"))
        shown = text_of(app)
        assert "KEY-1" in shown
        assert "not it" not in shown
        assert not person(app)
        assert app.screen.query_one(PasswordInput).value == ""
        assert app.screen.query_one(PasswordInput).has_focus
        firm.hand.wait(60_000)
        await type_in(pilot, password("omar").reveal())
        await keys(pilot, "enter")
        assert person(app) == "omar"

    drive(app, script)
    states = [row.columns["state"] for row in firm.desks["LYN1"].store.lists.rows("attempt", order="record")]
    assert states == ["failed", "passed"]


def test_a_badge_says_who_and_does_not_sign_in(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f12")
        app.screen.post_message(Scanned("OMAR"))
        await settle(pilot)
        assert "omar" in text_of(app)
        assert not person(app)
        await type_in(pilot, password("omar").reveal())
        await keys(pilot, "enter")
        assert person(app) == "omar"

    drive(app, script)


def test_nobody_of_that_id(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f12")
        await type_in(pilot, "[bold]zz")
        await keys(pilot, "enter")
        assert "WHO-2" in text_of(app)
        assert "[bold]zz" in text_of(app)
        app.screen.post_message(Scanned("[bold red]x[/] \u202e\x1b[31m"))
        await settle(pilot)
        assert "WHO-2" in text_of(app)

    drive(app, script)


def test_who_is_signed_in_locks_or_lets_another_person_come(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "omar")
        await sign_in(pilot, "sven")
        assert person(app) == "sven"
        await keys(pilot, "f12")
        assert "Sven Example is signed in" in text_of(app)
        await keys(pilot, "enter")
        assert not person(app)
        assert isinstance(app.screen, LockScreen)
        await keys(pilot, "escape")
        assert isinstance(app.screen, IdleScreen)
        await sign_in(pilot, "omar")
        await keys(pilot, "f12", "f12")
        assert not person(app)
        assert "Who are you?" in text_of(app)

    drive(app, script)


def test_it_locks_from_within_a_form_and_its_list(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "omar")
        app.act("hold.stop")
        await settle(pilot)
        await keys(pilot, "f7", "f12", "f12")
        assert not person(app)
        assert [type(one).__name__ for one in app.screen_stack] == ["IdleScreen", "LockScreen"]

    drive(app, script)


class Seconds:
    """A clock that only goes forward, by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.requirement("A11-12")
def test_it_locks_after_five_minutes_without_anybody(firm: Firm) -> None:
    seconds = Seconds()
    app = AndonApp(
        firm.homes["LYN1"], clock=Clock(firm.hand.read, lambda _: 60), costs=CHEAP, syncs=False, monotonic=seconds
    )

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "omar")
        seconds.now += IDLE_S - 1
        app._tick()
        assert person(app) == "omar"
        await keys(pilot, "down")
        seconds.now += IDLE_S - 1
        app._tick()
        assert person(app) == "omar", "a key was pressed"
        await pilot.click(offset=(5, 5))
        seconds.now += IDLE_S - 1
        app._tick()
        assert person(app) == "omar", "the mouse was used"
        seconds.now += 1
        app._tick()
        await settle(pilot)
        assert not person(app)
        assert isinstance(app.screen, LockScreen)

    drive(app, script)


def test_the_password_is_in_no_message_and_not_on_the_clipboard(
    open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app()
    seen: list[str] = []
    copied: list[str] = []
    posted = Input.post_message

    def watched(self: Input, message: object) -> bool:
        seen.append(f"{message!r} {vars(message) if hasattr(message, '__dict__') else ''}")
        return posted(self, message)  # type: ignore[arg-type]

    monkeypatch.setattr(Input, "post_message", watched)
    monkeypatch.setattr(app, "copy_to_clipboard", copied.append)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f12")
        await type_in(pilot, "omar")
        await keys(pilot, "enter")
        seen.clear()
        await type_in(pilot, "kettle orbit")
        await keys(pilot, "shift+home", "ctrl+c", "shift+home", "ctrl+x", "enter")
        assert not [one for one in seen if "kettle" in one]
        assert copied == []

    drive(app, script)


def test_no_file_of_the_home_holds_it(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "omar", Secret("grinder haversack"))
        await keys(pilot, "escape")
        await sign_in(pilot, "omar")
        assert not [one for one in app._notifications if "haversack" in one.message]

    drive(app, script)
    gc.collect()
    typed = (b"haversack", password("omar").reveal().encode())
    for path in Path(firm.homes["LYN1"].path).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [one for one in typed if one in data], path


def test_start_screen_by_role() -> None:
    assert starts_at_board(frozenset({"qa"}), at_post=True)
    assert starts_at_board(frozenset({"release"}), at_post=False)
    assert not starts_at_board(frozenset({"operator"}), at_post=False)
    assert not starts_at_board(frozenset({"supervisor", "qa"}), at_post=True), "who works on the floor sees the floor"
    assert starts_at_board(frozenset({"supervisor", "qa"}), at_post=False)
    assert not starts_at_board(frozenset({"identity"}), at_post=True)


def test_who_reviews_begins_with_the_board_and_is_told_what_waits(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "hold.lift", hold, "sven", reason="a mistake")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await sign_in(pilot, "anna")
        assert type(app.screen).__name__ == "BoardScreen"
        assert [one.message for one in app._notifications] == ["Signed in: Anna Example. 1 thing needs you: F5."]

    drive(app, script)
