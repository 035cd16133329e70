"""A list to choose from: what a digit does, and what one in a text does not."""

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.driving import drive
from tui.widgets.menu import Entry, Menu


class Choosing(App[None]):
    """A list of five, the cursor on the third."""

    def compose(self) -> ComposeResult:
        yield Menu([Entry(str(number), f"entry {number}") for number in range(1, 6)])

    def on_mount(self) -> None:
        self.query_one(Menu).focus()


@pytest.mark.parametrize(
    ("pressed", "at"),
    [
        ("4", "4"),
        ("42", "2"),
        ("j4", "4"),
        ("0 0 1 5", "3"),
        ("2 b a r", "3"),
        ("n e e d l e 4", "3"),
        ("1 : 5", "3"),
    ],
)
def test_only_a_digit_that_is_no_text_goes_to_an_entry(pressed: str, at: str) -> None:
    app = Choosing()

    async def script(pilot: Pilot[None]) -> None:
        menu = app.query_one(Menu)
        await pilot.press("down", "down")
        await pilot.press(*({":": "colon"}.get(key, key) for key in pressed.replace(" ", "")))
        assert menu.key == at

    drive(app, script)
