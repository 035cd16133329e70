"""F3's numbers: never cut, each tried before the next person, and one mark for whoever is under the cursor."""

import pytest
from textual.pilot import Pilot

from shared.terminal.blobs import parts_of
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, sizes, text_of
from tests.tui.test_call import HOSTILE, calls, tree
from tui.app import AndonApp
from tui.widgets.big_number import big
from tui.widgets.menu import Menu

__all__ = ["tree"]  # a fixture


def test_numbers_in_large_digits() -> None:
    assert parts_of(("+1 2, +3; 4", " ")) == ["+1 2", "+3", "4"]
    assert big("10", 20) == "     _ \n  | | |\n  | |_|"
    assert big("10", 3) == "10"
    assert big("ext. 5 \u202e", 80).isprintable()


def test_each_of_two_numbers_is_tried_before_the_next_person_and_logged(
    firm: Firm, open_app: Opened, tree: dict[str, str]
) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "2", "enter")
        shown = text_of(app)
        assert "OTHER NUMBER  Anna Example" in shown
        assert "+33 1 10, then +33 6 00 00 00 00" in shown
        await keys(pilot, "enter", "2", "enter")
        assert "CALL NOW  [bold red]x[/] Desk" in text_of(app)
        await keys(pilot, "enter", "6", "enter")
        assert "+33 1 11" in text_of(app).splitlines()[1], "the other number was called"
        await keys(pilot, "3", "enter")

    drive(app, script)
    assert [(one["contact"], one["number"]) for one in calls(firm, hold)] == [
        (tree["Anna Example"], "1"), (tree["Anna Example"], "2"), (tree[f"{HOSTILE}Desk"], "2"),
    ]  # fmt: skip


def heading(app: AndonApp) -> str:
    """What stands before the name above the list."""
    name = app.screen.query_one(Menu).key
    turn = next(one for one in app.reader.calls().turns if one.callee.contact == name)
    shown = next(one for one in text_of(app).splitlines()[1:] if turn.callee.name in one and "ANSWERED" not in one)
    return shown.partition(turn.callee.name)[0].strip()


@pytest.mark.parametrize(
    ("answered", "heads", "marks"),
    [
        ("", ["CALL NOW", "CALL NEXT", "3."], ["NOW", "NEXT", ""]),
        ("Anna Example", ["next to call:", "2.", "has answered:"], ["NEXT", "", ""]),
    ],
)
def test_heading_and_list_say_the_same_of_whoever_is_under_the_cursor(  # noqa: PLR0913, PLR0917 - a row of a table
    firm: Firm,
    open_app: Opened,
    tree: dict[str, str],
    answered: str,
    heads: list[str],
    marks: list[str],
) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    if answered:
        firm.do("LYN1", "call.log", hold, contact=tree[answered], outcome="answered", person="anna")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        for number, (head, mark) in enumerate(zip(heads, marks, strict=True), 1):
            await keys(pilot, str(number))
            assert heading(app) == head
            row = next(one for one in text_of(app).splitlines() if one.startswith(f">{number} "))
            assert row.split()[1] == mark or (not mark and "NOW" not in row and "NEXT" not in row)

    drive(app, script)


@sizes
def test_the_line_of_whose_other_number_comes_first_says_so_too(
    firm: Firm, open_app: Opened, tree: dict[str, str], size: tuple[int, int]
) -> None:
    del tree
    firm.do("LYN1", "hold.stop")
    app = open_app()

    def rows() -> list[str]:
        return [one for one in text_of(app).splitlines() if one[1:3] in {"1 ", "2 ", "3 "}]

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "2", "enter")
        for _ in range(2):
            assert "OTHER NUMBER  Anna Example" in text_of(app)
            desk, quin, anna = rows()
            assert desk.startswith(f" 1 NEXT {HOSTILE}Desk")
            assert "NOW" not in quin
            assert anna.startswith(">3 OTHER NO. Anna")
            await keys(pilot, "1")
            assert heading(app) == "CALL NEXT"
            await keys(pilot, "escape", "f3")  # opened anew it is the same
        await keys(pilot, "enter", "2", "enter")
        assert rows()[0].startswith(f">1 NOW {HOSTILE}Desk")
        assert "OTHER" not in text_of(app)

    drive(app, script, size)


@sizes
def test_no_number_is_ever_cut(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    start = firm.desks["LYN1"].clock.at(firm.hand.now)
    numbers = {
        "Bartholomew Featherstonehaugh-Cholmondeley": "+33 6 12 34 56 78 ext. 4411, +33 1 98 76 54 32",
        "Ida": "switchboard 4411 then ask for the fill room, not the lab, it is 77",
    }
    for name, number in numbers.items():
        firm.do("LYN1", "contact.set", "", "sven", name=name, numbers=number, company="cdmo", start=start)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        app.screen.query_one(Menu).focus()
        listed = text_of(app).splitlines()
        row = next(one for one in listed if one.startswith((">1", " 1", ">2", " 2")) and "Barth" in one)
        assert "+33 6 12 34 56 78 ext. 4411" in row
        assert "+1 more" in row or "+33 1 98 76 54 32" in row

    drive(app, script, size)
