"""Terminals that show little more than ASCII: nothing else is drawn there but what a record's text holds."""

import os

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui import records as made
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, sizes, text_of, type_in
from tests.tui.every_screen import OPEN, plant
from tui.plain import Plain, is_plain
from tui.session import Session

BLACK = Color(0, 0, 0)


@pytest.mark.parametrize(
    ("environ", "encoding", "plain"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", False),
        ({"TERM": "xterm-256color"}, "UTF8", False),
        ({"TERM": "xterm"}, "iso8859-1", True),
        ({"TERM": "linux"}, "utf-8", True),
        ({"TERM": "vt220"}, "utf-8", True),
        ({}, "ANSI_X3.4-1968", True),
    ],
)
def test_which_terminals_are_plain(environ: dict[str, str], encoding: str, plain: bool) -> None:
    assert is_plain(environ, encoding) == plain


def test_what_widgets_draw_is_plain_and_texts_stay_as_far_as_they_can_be_written() -> None:
    text = "┌─┐│▁█▌…•é漢"
    assert Plain("utf-8").apply([Segment(text)], BLACK)[0].text == "+-+|-#|~*é漢"
    assert Plain("iso8859-1").apply([Segment(text)], BLACK)[0].text == "+-+|-#|~*é??"
    (ascii_only,) = Plain("ascii").apply([Segment(text)], BLACK)
    assert ascii_only.text == "+-+|-#|~*???"
    assert ascii_only.cell_length == Segment(text).cell_length


@sizes
def test_every_screen_is_ascii_there(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """Each that `every_screen.py` opens, with a scrollbar where it has one, and a notice over it."""
    monkeypatch.setitem(os.environ, "TERM", "linux")
    made.lead(firm, monkeypatch)
    for number in range(40):
        firm.do("LYN1", "hold.stop", on=f"suite {number}")
    records = plant(firm)
    app = open_app()
    assert app.plain

    async def script(pilot: Pilot[None]) -> None:
        for name, opens in OPEN.items():
            app.session = Session()
            app.go_home()
            await opens(app, pilot, records)
            assert type(app.screen).__name__ == name
            if name in {"LockScreen", "SignScreen"}:
                await type_in(pilot, "omar" if name == "LockScreen" else "dots")
            app.tell("a notice with a border", bad=True)
            await pilot.pause()
            _ascii(text_of(app), name)

    drive(app, script, size)


def _ascii(text: str, where: str) -> None:
    assert not [one for one in text if not one.isascii()], where


def test_no_colour_leaves_words(firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    firm.do("LYN1", "hold.stop", on="FILL-2")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot)
        assert app.no_color
        assert "HELD 1" in text_of(app)
        strips = app.screen._compositor.render_strips(app.size)
        colours = {
            style.color.triplet
            for strip in strips
            for _, style, _ in strip.apply_filter(app.get_line_filters()[0], BLACK)
            if style is not None and style.color is not None and style.color.triplet is not None
        }
        assert all(one.red == one.green == one.blue for one in colours), "shades of grey only"

    drive(app, script)
