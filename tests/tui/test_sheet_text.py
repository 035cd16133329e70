"""The sheet on a narrow screen: the same characters in the same order, ended at blanks, beside the labels and bars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot

from shared.actions.action import ACTIONS, Action, Spec
from shared.actions.sheet import MARGIN, WIDTH, sheet
from tests.actions.examples import anything
from tests.actions.test_sheet import FACTS
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, text_of
from tests.tui.records import signed_in
from tui.screens.sign import SignScreen
from tui.widgets.sheet_text import LEAST, SheetText, fitted

NARROW = 58
"""What 60 columns leave beside the scrollbar."""


@given(anything(), st.integers(min_value=MARGIN + 2, max_value=WIDTH + 1))
def test_put_together_it_is_the_sheet_again(made: tuple[Spec, Action], width: int) -> None:
    text = sheet(*made, FACTS)
    lines = list(fitted(text, width))
    assert all(cell_len(one.rstrip(" ")) <= width for one in lines)
    for one in text.split("\n"):
        whole = lines.pop(0)
        while len(whole) < len(one):
            added = lines.pop(0)
            hang = min(MARGIN, width - LEAST)
            assert not added[:hang].strip(" ")
            whole += added[hang:]
        assert whole == one
    assert not lines


def test_a_sheet_that_fits_is_as_it_is() -> None:
    lift = ACTIONS["hold.lift"]
    text = sheet(lift, lift.cls(reason="gauge replaced"), FACTS)
    assert "\n".join(fitted(text, WIDTH)) == text


def test_words_stay_whole_beside_labels_and_bars() -> None:
    lift = ACTIONS["hold.lift"]
    text = sheet(lift, lift.cls(reason="the gauge was replaced and the line was tried with water"), FACTS)
    lines = list(fitted(text, NARROW))
    at = lines.index("                      | the gauge was replaced and the ")
    assert lines[at + 1] == " " * MARGIN + "line was tried with "
    assert lines[at + 2] == "                      . water"


@pytest.mark.requirement("P11-13")
def test_the_screen_says_whose_the_line_ends_are(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    for width, said in (
        (60, "A line without a bar goes on with the one above"),
        (80, "This is what you sign; Page Down"),
    ):
        app = open_app()

        async def script(pilot: Pilot[None], said: str = said) -> None:
            app = pilot.app
            app.session = signed_in("anna")  # type: ignore[attr-defined]
            app.act("deviation.rate", record, {"criticality": "minor", "reason": "no contact with product"})  # type: ignore[attr-defined]
            await keys(pilot, "f10")
            assert isinstance(app.screen, SignScreen)
            assert said in " ".join(text_of(app).split())
            shown = app.screen.query_one(SheetText)
            assert shown.cut == (shown.size.width < WIDTH - 2)
            words = text_of(app).split()
            assert {"criticality.", "product", "highest"} <= set(words)

        drive(app, script, (width, 24))
