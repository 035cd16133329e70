"""Contacts where people look them up: numbers stand there whole, as they count now, in lists and on the record."""

import re

import pytest
from textual.pilot import Pilot

from shared.actions.kind import KINDS
from shared.log.clock import parse_at
from shared.terminal.blobs import ABSENT, parts_inside
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tui.app import AndonApp
from tui.listing import headings_of
from tui.reader import Reader
from tui.screens.board import BoardScreen, orders_of, packed, views_of

MEI = ("+33 4 72 00 00 00", "+33 6 12 34 56 78")
MAKER = ("+49 40 1234 567890 ext. 4711", "+49 171 1234567", "[red]by night[/] +49 40 999 888")
NEXT = "+33 9 87 65 43 21"
LATER = "2026-12-24T07:00:00.000+01:00"


def contact(firm: Firm, name: str, numbers: str, **fields: str) -> str:
    card = {"name": name, "company": "cdmo", "numbers": numbers, **fields}
    return firm.do("LYN1", "contact.set", "", "anna", **card).record


async def board(app: AndonApp, pilot: Pilot[None]) -> str:
    app.push_screen(BoardScreen("contact"))
    await settle(pilot)
    return text_of(app)


def row_of(shown: str, record: str) -> str:
    (row,) = (line for line in shown.splitlines() if record in line)
    return row


def numbers_in(text: str) -> set[str]:
    """Whatever looks like a telephone number, or a piece of one."""
    return set(re.findall(r"\+\d(?: ?\d)*(?: ext\. \d+)?", text.replace(" +1 more", "")))


@sizes
def test_a_list_cuts_no_number_and_says_all_below(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    mei = contact(firm, "Mei Tanaka", "; ".join(MEI))
    maker = contact(firm, "Hotline of the maker", ", ".join(MAKER))
    app = open_app()
    whole = {*MEI, *MAKER[:2], "+49 40 999 888"}

    async def script(pilot: Pilot[None]) -> None:
        shown = await board(app, pilot)
        assert f"> {maker}" in shown
        assert all(number in shown for number in MAKER), "those of the record under the cursor"
        assert numbers_in(row_of(shown, maker)) == set()
        await keys(pilot, "down")
        shown = text_of(app)
        assert f"{MEI[0]}, {MEI[1]}" in shown
        assert MAKER[1] not in shown
        if size[0] >= 80:
            assert f"{MEI[0]} +1 more" in row_of(shown, mei)
            assert "see below" in row_of(shown, maker)
        for line in shown.splitlines():
            assert numbers_in(line) <= whole, line

    drive(app, script, size)


def test_other_lists_have_no_line_for_them(firm: Firm, open_app: Opened) -> None:
    contact(firm, "Mei Tanaka", MEI[0])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await board(app, pilot)
        assert app.screen.query_one("#parts").display
        await keys(pilot, "left")
        assert not app.screen.query_one("#parts").display

    drive(app, script)


def test_lists_have_the_number_that_counts_now(firm: Firm, open_app: Opened) -> None:
    record = contact(firm, "Mei Tanaka", MEI[0])
    firm.do("LYN1", "contact.change", record, "anna", name="Mei", numbers=NEXT, start=LATER, reason="another telephone")
    ahead = contact(firm, "Still to come", MEI[1], start=LATER)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        shown = await board(app, pilot)
        assert MEI[0] in row_of(shown, record)
        assert MEI[1] in row_of(shown, ahead)
        app.open_record(record)
        await settle(pilot)
        assert next(line for line in text_of(app).splitlines() if "numbers:" in line) == f" numbers: {MEI[0]}"
        await keys(pilot, "escape")
        firm.hand.wait(parse_at(LATER) - firm.hand.now)
        app.screen.query_one("#list").reread()  # type: ignore[attr-defined]  # the table
        await settle(pilot)
        assert NEXT in row_of(text_of(app), record)

    drive(app, script)


@sizes
def test_a_contact_has_each_number_on_a_line(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record = contact(firm, "Hotline of the maker", ", ".join(MAKER))
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        lines = [line.strip(" ▇▄▁▅▆") for line in text_of(app).splitlines()]
        at = lines.index("numbers:")
        assert tuple(lines[at + 1 : at + 4]) == MAKER
        assert lines[at + 4] == "company: cdmo"

    drive(app, script, size)


def test_a_number_that_is_not_here_is_said_to_be(firm: Firm) -> None:
    assert parts_inside(firm.desks["LYN1"].store.blobs, [f"sha256:{'A' * 43}"] * 2) == [ABSENT]


def test_numbers_fit_beside_a_scroll_bar_and_order_nothing(firm: Firm) -> None:
    least = {one.words: one.least for one in headings_of(KINDS["contact"])}
    assert least["numbers"] < 80
    contact(firm, "Mei Tanaka", MEI[0])
    (view,) = (one for one in views_of(Reader(firm.desks["LYN1"])) if one.kind == "contact")
    assert "numbers" not in {order.strip("-") for _, order in orders_of(view, 1)}


@pytest.mark.parametrize(("room", "lines"), [(30, ["no: 12 34, 56 78"]), (12, ["no: 12 34,", " 56 78"]), (3, None)])
def test_parts_are_packed_whole(room: int, lines: list[str] | None) -> None:
    assert packed("no:", ["12 34", "56 78"], room) == (lines or ["no:", " 12 34,", " 56 78"])
