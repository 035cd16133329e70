"""What is said for some seconds covers nothing, and the key bar keeps what gets people out."""

import time
from collections.abc import Callable

from textual.geometry import Region
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import SIZES, drive, keys, settle, sizes, text_of
from tests.tui.records import deviation
from tui.app import AndonApp
from tui.screens.sheet import SheetScreen, steps_of
from tui.widgets.form import Form
from tui.widgets.key_bar import Key, fitted
from tui.widgets.top_line import WIDE, TopLine

ERROR = "HOLD-1: Only a hold in force is lifted; choose one from the list of holds. " * 4


@sizes
def test_told_lines_stand_above_the_keys_and_cover_nothing(
    firm: Firm, open_app: Opened, size: tuple[int, int]
) -> None:  # fmt: skip
    record, _ = deviation(firm)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        for key in ("", "f4", "f5", "f6", "f9", "f3"):
            await keys(pilot, *([key] if key else []))
            app.clear_notifications()
            await settle(pilot)
            before = text_of(app).splitlines()
            app.tell("Saved: it is so.")
            app.tell(ERROR, bad=True)
            await settle(pilot)
            after = text_of(app).splitlines()
            lines = [at for at, line in enumerate(after) if "HOLD-1" in line]
            assert lines
            assert after[lines[0] - 1].strip() == "Saved: it is so."
            assert len(after) - lines[0] <= 3, "an error takes two lines at most"
            same = [[line[: size[0] - 1].rstrip() for line in one[: size[1] // 2]] for one in (before, after)]
            assert same[0] == same[1]  # but for what tells that there is more below
            assert after[-1] == before[-1]
            body = [one for one in app.screen.children if not isinstance(one, TopLine) and one.display]
            rack = next(one for one in body if "Toast" in type(one).__name__)
            others = [one for one in body if one is not rack and one.styles.layer != "_tooltips"]
            assert not any(one.region.overlaps(rack.region) for one in others), key

    drive(app, script, size)


def key(id_: str, name: str, words: str, least: str = "") -> Key:
    return Key(id_, name, words, enabled=True, least=least or words)


def test_the_key_bar_keeps_what_counts() -> None:
    own = [key("why", "F7", "Why"), key("actions", "F8", "Actions", "Acts"), key("back", "Esc", "Back")]
    shown = [key("stop", "F2", "STOP"), *own, key("lock", "F12", "User"), key("attention", "F5", "Attention", "Attn")]

    def line(width: int) -> str:
        found = "".join(one.said for one in fitted(shown, width))
        assert len(found) <= width
        return found

    assert line(99) == " F2 STOP F7 Why F8 Actions Esc Back F12 User F5 Attention"
    assert line(56) == " F2 STOP F7 Why F8 Actions Esc Back F12 User F5 Attn"
    assert line(50) == " F2 STOP F7 Why F8 Actions Esc Back F12 User F5"
    assert line(42) == " F2 STOP F7 Why F8 Actions Esc Back F12 F5"
    assert line(41) == " F2 STOP F7 Why F8 Acts Esc Back F12 F5"
    assert line(37) == " F2 STOP F7 Why F8 Acts Esc Back F12"
    assert line(35) == " F2 STOP F7 Why F8 Acts Esc F12 F5"
    assert line(22) == " F2 STOP F7 F8 Esc F12"
    assert line(20) == " F2 STOP F7 F8 Esc"
    assert line(12) == " F2 STOP Esc"


@sizes
def test_help_is_on_the_key_bar_of_a_call_sheet_too(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record, _ = deviation(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(SheetScreen(record, [*steps_of(record)][1]))
        await settle(pilot)
        bar = text_of(app).splitlines()[-1]
        others = ["F12", "F9", "F1"] if size[0] == SIZES[1][0] else ["F12", "F9", "F1", "F5", "F6", "F4"]
        for name in ("F2 STOP", "F3 Call", "F10 Save", "F7 Pick" if size[0] < WIDE else "F7 Choose", "Esc", *others):
            assert f" {name} " in f"{bar} ", name

    drive(app, script, size)


@sizes
def test_the_way_back_is_on_every_screen(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record, _ = deviation(firm)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for pressed in ("", "f7", "f8", "f11", "f3", "f4", "f5", "f6", "f9", "f12", "f1"):
            await keys(pilot, *([pressed] if pressed else []))
            last = text_of(app).splitlines()[-1]
            assert last.startswith(" F2 STOP F3 Call "), pressed
            assert "Esc Back" in last, pressed
            assert "F12" in last, pressed
            await keys(pilot, *(["escape"] if pressed else []))

    drive(app, script, size)


def _region(app: AndonApp) -> Region:
    assert app.focused is not None
    return app.focused.region


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until something holds: a widget is told its size at some later paint."""
    end = time.monotonic() + 3
    while not holds():
        assert time.monotonic() < end
        await pilot.pause(0.01)


def test_a_field_stays_on_the_screen_while_something_is_told(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("contact.set")
        await settle(pilot)
        form = app.screen.query_one(Form)
        await keys(pilot, *["tab"] * 7)
        before = _region(app)
        app.tell(ERROR, bad=True)
        await until(pilot, lambda: form.region.bottom <= before.y)  # where it was is no room any more
        await until(pilot, lambda: form.region.contains_region(_region(app)))

    drive(app, script, (80, 15))
