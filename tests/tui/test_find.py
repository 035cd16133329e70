"""F6: a record by its number, a code, a scan, or words in it."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.finding import find
from tui.messages import Scanned
from tui.reader import Reader

HOSTILE = "[bold red]x[/] [link=y]"


@pytest.fixture
def records(firm: Firm) -> dict[str, str]:
    place = {"code": "FILL-2", "name": "Filling line", "sort": "equipment", "site": "Lyon"}
    return {
        "place": firm.do("LYN1", "place.add", "", "sven", **place).record,
        "hold": firm.do("LYN1", "hold.stop", on="FILL-2", reason=f"{HOSTILE} needle drips").record,
        "deviation": firm.do("LYN1", "deviation.raise", title="Druck zu hoch über Nacht", on="FILL-2").record,
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("{hold}", "hold"), ("FILL-2", "place"), ("fill-2", "place"), ("needle dri", "hold"), ("UBER na", "deviation"),
        ("{hold_n}", "hold"), ("hld {hold_n}", "hold"), ("HLD{hold_n}", "hold"), ("LYN1-{hold_n}", "hold"),
        ("filling", "place"), (" {deviation} ", "deviation"),
    ],
)  # fmt: skip
def test_the_first_that_is_found(firm: Firm, records: dict[str, str], typed: str, found: str) -> None:
    numbers = {f"{name}_n": record.rpartition("-")[2] for name, record in records.items()}
    rows = find(Reader(firm.desks["LYN1"]), typed.format(**records, **numbers))
    assert rows[0].record == records[found]


def test_people_are_found_and_kinds_can_be_asked_for(firm: Firm, records: dict[str, str]) -> None:
    reader = Reader(firm.desks["LYN1"])
    assert find(reader, "ANNA")[0].record == "anna"
    assert [row.record for row in find(reader, "", frozenset({"hold"}))] == [records["hold"]]
    assert find(reader, "FILL-2", frozenset({"deviation"})) == find(reader, "fill", frozenset({"deviation"})) == []


@pytest.mark.parametrize("text", ['"', "a\0b", "'; DROP", "\u202e", "-", "*", "9" * 400, "x" * 3000, "\ud800"])
def test_nothing_that_is_typed_breaks_it(firm: Firm, text: str) -> None:
    assert isinstance(find(Reader(firm.desks["LYN1"]), text), list)


@sizes
def test_typing_shows_what_fits_and_enter_opens(
    open_app: Opened, records: dict[str, str], size: tuple[int, int]
) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f6")
        assert records["deviation"] in text_of(app), "what changed last"
        await type_in(pilot, "needle")
        await settle(pilot)
        shown = text_of(app)
        assert records["hold"] in shown
        assert "1 found." in shown
        assert records["deviation"] not in shown
        if size[0] > 60:
            assert HOSTILE[:-1] in shown  # the end of a line that is cut is a ~
        await keys(pilot, "enter")
        assert app.screen_stack[-1] is not app.screen_stack[-2]
        assert records["hold"] in text_of(app)
        await keys(pilot, "escape")
        assert "needle" in text_of(app)

    drive(app, script, size)


def test_a_scan_is_put_into_the_field_and_found(open_app: Opened, records: dict[str, str]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f6")
        await type_in(pilot, "zzz")
        assert "Nothing here has that." in text_of(app)
        assert app.focused is not None
        app.focused.post_message(Scanned(records["hold"]))
        await settle(pilot)
        assert "1 found." in text_of(app)
        app.screen.post_message(Scanned("[bold red]x[/] \u202e\x1b[31m"))
        await settle(pilot)
        assert "Nothing here has that." in text_of(app)

    drive(app, script)
