"""The board: views, filter, order, and what comes in meanwhile."""

import pytest
from textual.pilot import Pilot

from shared.actions.kind import KINDS
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import signed_in
from tui.listing import headings_of
from tui.screens.board import BoardScreen, BoardView, orders_of
from tui.widgets.record_table import RecordTable

HOSTILE = "[bold red]x[/] [@click=app.quit]y[/]"
NOW = "2026-11-18T12:00:00.000+01:00"


def some(firm: Firm) -> tuple[str, str]:
    """A hold and a deviation of it at LYN1."""
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    hold = firm.do("LYN1", "hold.stop", reason="needle drips").record
    deviation = firm.do("LYN1", "deviation.raise", title="Vial tilted", hold=hold, detected=NOW).record
    return hold, deviation


@sizes
def test_it_shows_what_is_held_then_deviations(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    hold, deviation = some(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4")
        shown = text_of(app)
        assert "[Held]" in shown
        assert hold in shown
        assert "needle drips" in shown
        assert "local" in shown
        assert "1 record" in shown
        await keys(pilot, "right")
        shown = text_of(app)
        assert "[Open deviations]" in shown
        assert deviation in shown
        assert "Vial tilted" in shown
        if size[0] >= 80:
            assert "not rated" in shown
        await keys(pilot, "left", "left", "h")
        assert "[Held]" in text_of(app)
        for _ in range(9):
            await keys(pilot, "l")
        assert "[All holds]" in text_of(app)
        await keys(pilot, "escape")
        assert "nobody signed in" in text_of(app)
        assert not isinstance(app.screen, BoardScreen)

    drive(app, script, size)


def test_words_filter_the_list_and_esc_shows_all(firm: Firm, open_app: Opened) -> None:
    some(firm)
    for number in range(30):
        firm.do("LYN1", "deviation.raise", title=f"Stopper {number} missing", detected=NOW)
    last = firm.do("LYN1", "deviation.raise", title=HOSTILE, detected=NOW, on="FILL-2").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        assert "32 records" in text_of(app)
        assert HOSTILE[:30] in text_of(app)
        await keys(pilot, "slash")
        await type_in(pilot, "stopp 17 miss")
        await settle(pilot)
        shown = text_of(app)
        assert "Stopper 17 missing" in shown
        assert "Stopper 18 missing" not in shown
        assert "Vial tilted" not in shown
        await keys(pilot, "enter")
        assert isinstance(app.focused, RecordTable)
        await keys(pilot, "escape")
        assert "32 records" in text_of(app)
        await keys(pilot, "f11")
        await type_in(pilot, last)
        assert "1 record " in text_of(app)
        await keys(pilot, "escape", "escape")
        assert not isinstance(app.screen, BoardScreen)

    drive(app, script)


def test_a_place_is_found_by_its_code(firm: Firm, open_app: Opened) -> None:
    place = firm.do("LYN1", "place.add", "", "anna", code="FILL-9", name="Filler nine", sort="equipment", site="Lyon")
    firm.do("LYN1", "deviation.raise", title="Vial tilted", on=place.record, detected=NOW)
    firm.do("LYN1", "deviation.raise", title="Other", detected=NOW)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right", "slash")
        await type_in(pilot, "FILL-9")
        shown = text_of(app)
        assert "Vial tilted" in shown
        assert "Other" not in shown

    drive(app, script)


def test_the_order_changes_and_the_cursor_stays(firm: Firm, open_app: Opened) -> None:
    fruits = ("banana", "apple", "cherry")
    for title in fruits:
        firm.do("LYN1", "deviation.raise", title=title, detected=NOW)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        table = app.screen.query_one(RecordTable)
        await keys(pilot, "down")
        record = table.record
        seen = []
        for _ in range(12):
            lines = text_of(app).splitlines()
            seen.append(tuple(next(one for one in fruits if one in text) for text in lines[3:6]))
            assert table.record == record
            await keys(pilot, "f7")
        assert seen[:2] == [("cherry", "apple", "banana"), ("banana", "apple", "cherry")]
        assert ("apple", "banana", "cherry") in seen

    drive(app, script)


def test_what_comes_in_is_marked_and_moves_nothing(firm: Firm, open_app: Opened) -> None:
    _, deviation = some(firm)
    firm.sync("LYN1", "SPO1")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        table = app.screen.query_one(RecordTable)
        assert table.record == deviation
        firm.do("LYN1", "deviation.raise", title="Own one", detected=NOW)
        theirs = firm.do("SPO1", "deviation.raise", title="Theirs", detected=NOW).record
        firm.sync("SPO1")
        firm.sync("LYN1")
        app._tick()
        await settle(pilot)
        lines = text_of(app).splitlines()
        assert table.record == deviation
        assert next(one for one in lines if theirs in one).startswith("*")
        assert next(one for one in lines if "Own one" in one).startswith(" ")  # done here: no news

    drive(app, script)


def test_a_closed_deviation_leaves_the_open_ones(firm: Firm, open_app: Opened) -> None:
    _, deviation = some(firm)
    firm.do("LYN1", "deviation.problem", deviation, problem="p", procedure="SOP", justification="j")
    firm.do("LYN1", "deviation.rate", deviation, "anna", criticality="minor", reason="small")
    firm.do("LYN1", "deviation.fix", deviation, fix="put upright")
    firm.do("LYN1", "deviation.close", deviation, "anna", conclusion="done", other_batches="none")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        assert "No deviation is open." in text_of(app)
        await keys(pilot, "right")
        assert "closed" in text_of(app)
        assert deviation in text_of(app)

    drive(app, script)


def test_whoever_signs_in_sees_what_they_may(firm: Firm, open_app: Opened) -> None:
    _, deviation = some(firm)
    firm.do("LYN1", "deviation.rate", deviation, "anna", criticality="critical", reason="glass")
    firm.do("LYN1", "terminal.post", places=["FILL-2"])  # a floor must see how bad it is
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right")
        assert "critical" in text_of(app)
        app.session = signed_in("quin")
        app.screen_stack[-1].reread()  # type: ignore[attr-defined]  # the board
        await settle(pilot)
        shown = text_of(app)
        assert "[Open deviations]" in shown
        assert "hidden" in shown
        assert "critical" not in shown

    drive(app, script)


def cover(firm: Firm, **fields: str) -> str:
    """Mei covers filling."""
    card = {"name": "Mei Tanaka", "company": "cdmo", "numbers": "+33 4 72 00 00 00"}
    mei = firm.do("LYN1", "contact.set", "", "anna", **card).record
    turn = {"contact": mei, "company": "cdmo", "tier": 1, "expertise": "filling", **fields}
    return firm.do("LYN1", "cover.set", "", "anna", **turn).record


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_covers_say_from_when_until_when(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record = cover(firm, start="2026-12-01T07:00:00.000+01:00", until="2026-12-24T19:30:00.000+01:00")
    endless = cover(firm, start="2027-01-02T07:00:00.000+01:00")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(BoardScreen("cover"))
        await settle(pilot)
        head, *rows = text_of(app).splitlines()[2:5]
        start, end = head.index("from "), head.index("until ")
        (row,) = (one for one in rows if record in one)
        assert row[start : start + 12] == "01 Dec 07:00"
        assert row[end : end + 12] == "24 Dec 19:30"
        (row,) = (one for one in rows if endless in one)
        assert row[start : start + 12].strip() == "2027-01-02"
        assert not row[end : end + 12].strip(), "no end"
        assert row[head.index("who covers what") :].startswith("Mei Tanaka: fil")

    drive(app, script, size)


def test_covers_say_so_beside_a_scroll_bar_too() -> None:
    least = {one.words: one.least for one in headings_of(KINDS["cover"])}
    assert max(least["from"], least["until"]) < 80


@pytest.mark.parametrize("kind", ["deviation", "batch", "cover", "hold"])
def test_an_order_is_named_by_the_heading_that_people_see(kind: str) -> None:
    view = BoardView(kind, kind, kind)
    headings = [one.words for one in headings_of(KINDS[kind])]
    named = [words.split('"')[1] for words, _ in orders_of(view, 9) if '"' in words]
    seen = [next(head for head in headings if one.startswith(head)) for one in named]  # which may have room for less
    assert sorted(seen) == sorted({*headings} - {"record", "sync"})


def test_the_order_is_said_so_that_its_heading_is_found(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4", "right", "f7", "f7")
        assert " rating " in text_of(app).splitlines()[2], "the heading"
        assert 'by "rating"' in text_of(app)
        monkeypatch.setattr("tui.screens.board.SORTS_AT_MOST", 0)
        app.screen_stack[-1].reread()  # type: ignore[attr-defined]  # the board, whose list has grown long meanwhile
        await settle(pilot)
        assert 'by "rating"' in text_of(app)

    drive(app, script)
