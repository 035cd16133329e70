"""Scans in the screens: they reach nobody but whom they are for, and open what they name."""

import pytest
from textual.app import ComposeResult
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, text_of
from tui.app import AndonApp
from tui.messages import Scanned
from tui.pages import PAGES, page_named
from tui.scanning import GS
from tui.settings import Settings

STX = "ctrl+b"
HOSTILE = "[bold red]x[/] \u202e\x1b[31m"


class Fields(Screen[None]):
    """Two fields that know nothing of scans, and a list of what reached them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.submitted = 0

    def compose(self) -> ComposeResult:
        yield Input("abc", id="one")
        yield TextArea("first\n", id="two")
        yield Input("secret", password=True, id="three")

    def on_input_submitted(self) -> None:
        self.submitted += 1

    def on_scanned(self, message: Scanned) -> None:
        message.stop()
        self.seen.append(message.code)


async def burst(pilot: Pilot[None], *pressed: str, gap: float = 0.004) -> None:
    """Keys as a scanner sends them: their own times say how fast, whatever this machine does."""
    driver = pilot.app._driver
    assert driver is not None
    clock = burst.__dict__.setdefault("at", 1_000.0) + 60.0
    for number, key in enumerate(pressed):
        character = {"enter": "\r", "ctrl+right_square_bracket": GS}.get(key, key if len(key) == 1 else None)
        event = Key(key, character)
        event.set_sender(pilot.app)
        event.time = clock + gap * number
        driver.send_message(event)
    burst.__dict__["at"] = clock
    await settle(pilot)


def told(app: AndonApp) -> str:
    """What the app has said, line by line."""
    return "\n".join(one.message for one in app._notifications)


def holds(app: AndonApp) -> int:
    return app.reader.lists.count("hold")


@pytest.mark.parametrize("focus", ["", "#one", "#two"])
def test_a_scan_reaches_no_field_and_no_binding(open_app: Opened, focus: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        screen = Fields()
        await app.push_screen(screen)
        if focus:
            screen.query_one(focus).focus()
        else:
            screen.set_focus(None)
        await pilot.pause()
        await burst(pilot, STX, *"DEV-LYN1", "f2", *"-17", "enter")
        assert screen.seen == ["DEV-LYN1-17"]
        assert screen.query_one("#one", Input).value == "abc"
        assert screen.query_one("#two", TextArea).text == "first\n"
        assert (screen.submitted, holds(app)) == (0, 0)

    drive(app, script)


def test_a_scan_that_never_ends_lets_f2_through_after_a_second(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await burst(pilot, STX, *"DE", "f2", gap=0.2)
        assert holds(app) == 0
        await burst(pilot, STX, *"DEV-L", "f2", gap=0.2)
        assert "did not come through" in told(app)
        assert holds(app) == 1

    drive(app, script)


@pytest.mark.parametrize("gap", [0.004, 0.034])
def test_a_burst_without_preamble_is_taken_out_of_its_field_again(open_app: Opened, gap: float) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.settings = Settings(pattern=True)
        screen = Fields()
        await app.push_screen(screen)
        one, two = screen.query_one("#one", Input), screen.query_one("#two", TextArea)
        one.focus()
        one.select_all()
        await pilot.pause()
        await burst(pilot, *"DEV-LYN1-17", "enter", gap=gap)
        assert (screen.seen, screen.submitted) == (["DEV-LYN1-17"], 0)
        assert (one.value, one.selected_text) == ("abc", "abc")
        two.focus()
        two.move_cursor((1, 0))
        await pilot.pause()
        code = ["0", "1", *"09506000134352", *"10A", "ctrl+right_square_bracket", *"21B"]
        await burst(pilot, *code, "enter", gap=gap)
        assert screen.seen[1:] == [f"010950600013435210A{GS}21B"]
        assert two.text == "first\n"
        one.focus()
        await pilot.pause()
        await burst(pilot, *"DEV-LYN1-18", "enter", gap=0.08)
        assert (len(screen.seen), screen.submitted) == (2, 1), "a person may type so, and Enter is meant"

    drive(app, script)


@pytest.mark.parametrize("pattern", [False, True])
def test_the_command_card_stops_and_goes_on_without_a_keyboard(firm: Firm, open_app: Opened, *, pattern: bool) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.settings = Settings(preamble="" if pattern else STX, pattern=pattern)
        begin = () if pattern else (STX,)
        await burst(pilot, *begin, *"$ANDON/STOP", "enter")
        assert holds(app) == 1
        assert "HELD" in text_of(app)
        await burst(pilot, *begin, *"$ANDON/NO", "enter")
        assert "On call now" in text_of(app)

    drive(app, script)


def test_digits_and_yes_are_keys_but_never_in_a_password(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        screen = Fields()
        await app.push_screen(screen)
        one, three = screen.query_one("#one", Input), screen.query_one("#three", Input)
        one.focus()
        one.value = ""
        await pilot.pause()
        await burst(pilot, STX, *"$ANDON/4", "enter")
        await burst(pilot, STX, *"$ANDON/2", "enter")
        await burst(pilot, STX, *"$ANDON/YES", "enter")
        assert (one.value, screen.submitted) == ("42", 1)
        three.focus()
        await pilot.pause()
        await burst(pilot, STX, *"$ANDON/4", "enter")
        await burst(pilot, STX, *"$ANDON/YES", "enter")
        assert (three.value, screen.submitted) == ("secret", 1)
        assert "at the keyboard" in told(app)

    drive(app, script)


def test_codes_open_their_records(firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = firm.do("LYN1", "hold.stop", on="FILL-2", reason="needle drips").record
    place = firm.do(
        "LYN1", "place.add", "", "sven", code="FIL-301", name="Filling line", sort="equipment", site="Lyon"
    ).record
    batch = firm.do(
        "LYN1", "batch.plan", "", "sven", number="LY-26-117", product="Antibody A", phase="clinical",
        steps=[{"key": "050", "words": "Fill", "place": place}],
    ).record  # fmt: skip
    app = open_app()
    opened: list[str] = []
    monkeypatch.setattr(app, "open_record", opened.append)

    async def script(pilot: Pilot[None]) -> None:
        for code in (hold, hold.lower(), "FIL-301", "LY-26-117", "0109506000134352" + "10LY-26-117"):
            await burst(pilot, STX, *code, "enter")
        assert opened == [hold, hold, place, batch, batch]
        await burst(pilot, STX, *"NO-SUCH-1", "enter")
        assert "Nothing here has the code NO-SUCH-1" in told(app)
        await burst(pilot, STX, *HOSTILE.replace("\x1b", ""), "enter")
        assert "[bold red]x[/]" in told(app)
        assert opened[5:] == []

    drive(app, script)


def test_a_badge_asks_for_that_persons_password_and_signs_nobody_in(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        for _ in range(2):  # from the first screen, and on the lock screen itself
            await burst(pilot, STX, *"anna", "enter")
            assert isinstance(app.screen, page_named("lock"))
            assert "Anna Example" in text_of(app)
            assert isinstance(app.focused, Input)
            assert app.focused.password
            assert app.focused.value == ""
        assert app.session.person == ""
        await burst(pilot, STX, *"omar", "enter")
        assert "Omar Example" in text_of(app)

    drive(app, script)


@pytest.mark.parametrize("name", PAGES)
def test_on_every_screen_a_scan_opens_its_record_or_fills_a_field_and_does_nothing_else(
    firm: Firm, open_app: Opened, name: str
) -> None:
    hold = firm.do("LYN1", "hold.stop", on="FILL-2", reason="needle drips").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.action_page(name)
        await settle(pilot)
        before = app.reader.changes()
        await burst(pilot, STX, *hold, "enter")
        assert hold in text_of(app) or "nobody here" in text_of(app)
        if name != "find":  # which finds what is scanned
            assert all(hold[4:] not in field.value for page in app.screen_stack for field in page.query(Input))
        for _ in range(5):
            await burst(pilot, STX, *"01095060001343521", "f2", "f10", "enter")
        assert app.reader.changes() == before
        assert holds(app) == 1
        await burst(pilot, STX, *"$ANDON/STOP", "enter")

    drive(app, script)
    assert not app.crashed
