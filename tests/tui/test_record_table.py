"""The one list: ten thousand rows, and whatever may happen to them while somebody looks."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui.themes import THEMES
from tui.widgets.record_table import Heading, RecordTable, Row

MANY = 10_000


class Fake:
    """Rows in memory; `read` counts how many were handed out."""

    def __init__(self, rows: list[Row]) -> None:
        self.all = rows
        self.read = 0
        self.known = max((row.last for row in rows), default=-1)

    @property
    def headings(self) -> tuple[Heading, ...]:
        return (Heading("record", 8), Heading("what happened", 0), Heading("by", 6, 70), Heading("where", 20, 120))

    def newest(self) -> int:
        return self.known

    def count(self) -> int:
        return len(self.all)

    def rows(self, offset: int, limit: int) -> list[Row]:
        found = self.all[offset : offset + limit]
        self.read += len(found)
        return found

    def place(self, record: str) -> int | None:
        return next((at for at, row in enumerate(self.all) if row.record == record), None)


def row(number: int, title: str = "", last: int = -1) -> Row:
    return Row(f"R{number}", (f"R{number}", title or f"title of {number}", "anna", "Suite 3"), last)


class TableApp(App[None]):
    """One table."""

    CSS_PATH = "../../tui/andon.tcss"

    def __init__(self, source: Fake) -> None:
        super().__init__()
        self.source = source
        self.told: list[str] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "andon-dark"

    def compose(self) -> ComposeResult:
        yield RecordTable(self.source, empty="Nothing is held.")

    def on_ready(self) -> None:
        """Read it, as a screen does that comes to the front."""
        self.query_one(RecordTable).reread()

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        self.told.append(message.record)

    @property
    def table(self) -> RecordTable:
        return self.query_one(RecordTable)

    def lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips(self.size)
        return [strip.text.rstrip() for strip in strips[: self.size.height]]

    def cursor(self) -> tuple[int, str]:
        """On which line of the screen the cursor is, and that line."""
        return next((at, text) for at, text in enumerate(self.lines()) if text.startswith(">"))


def drive(
    source: Fake, script: Callable[[TableApp, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> None:
    async def run() -> None:
        app = TableApp(source)
        async with app.run_test(size=size) as pilot:
            app.table.focus()
            await pilot.pause()
            await script(app, pilot)

    asyncio.run(run())


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (200, 60)], ids=str)
def test_it_goes_to_both_ends_and_by_pages_and_reads_only_what_is_near(size: tuple[int, int]) -> None:
    source = Fake([row(number) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        rows = size[1] - 1
        assert app.cursor() == (1, app.lines()[1])
        await pilot.press("end")
        assert app.table.record == f"R{MANY - 1}"
        assert app.cursor()[0] == rows
        assert f"R{MANY - 1}" in app.lines()[rows]
        await pilot.press("down", "j")
        assert app.table.record == f"R{MANY - 1}"  # it does not wrap
        await pilot.press("pageup")
        assert app.table.record == f"R{MANY - rows}"
        await pilot.press("home", "up", "k")
        assert app.table.record == "R0"
        await pilot.press("pagedown", "pagedown")
        assert app.table.record == f"R{2 * (rows - 1)}"
        await pilot.press("enter")
        assert app.told == [app.table.record]
        assert source.read < 3_000
        assert app.lines()[0].split()[0] == "record"

    drive(source, script, size)


def test_a_line_is_as_wide_as_the_list_whatever_is_in_it() -> None:
    hostile = "[bold red]x[/] \u202e\x1b[31m\n次の瓶が傾いた" + "瓶" * 200
    source = Fake([row(number, hostile) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        text = app.lines()[3]
        assert "[bold red]x[/] <U+202E>\u241b[31m" in text
        assert "瓶" in text
        assert text.rstrip("│▁█▇▅ ").endswith("anna")
        await pilot.resize_terminal(60, 20)
        assert "anna" not in app.lines()[3]
        assert "~" in app.lines()[3]

    drive(source, script, (80, 24))


def test_columns_come_with_the_width() -> None:
    source = Fake([row(1)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        for width, seen in ((60, False), (80, True), (200, True)):
            await pilot.resize_terminal(width, 20)
            await pilot.pause()
            assert ("anna" in app.lines()[1]) == seen
            assert ("Suite 3" in app.lines()[1]) == (width == 200)

    drive(source, script)


def test_rows_that_arrive_above_are_told_and_move_nothing() -> None:
    source = Fake([row(number) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown", "down")
        before = app.cursor()
        source.all[0:0] = [row(100_000 + number, last=9) for number in range(3)]
        app.table.reread()
        await pilot.pause()
        assert app.cursor() == before
        assert "3 new above" in app.lines()[0]
        await pilot.press("home")
        assert app.table.record == "R100000"
        assert [text[0] for text in app.lines()[1:5]] == [">", "*", "*", " "]
        await pilot.press("down")
        assert [text[0] for text in app.lines()[1:5]] == [" ", ">", "*", " "]

    drive(source, script)


def test_at_the_top_too_the_row_stays_under_the_cursor() -> None:
    source = Fake([row(number) for number in range(3)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        source.all.insert(0, row(7, last=9))
        app.table.reread()
        await pilot.pause()
        assert app.table.record == "R0"
        assert app.lines()[1].startswith("* R7")  # there is room for all of them
        assert app.lines()[2].startswith("> R0")

    drive(source, script)


def test_the_row_under_the_cursor_vanishes() -> None:
    source = Fake([row(number) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        await pilot.press("pagedown", "down")
        at, _ = app.cursor()
        gone = app.table.record
        source.all = [one for one in source.all if one.record != gone]
        app.table.reread()
        await pilot.pause()
        assert app.cursor()[0] == at
        assert app.table.record == f"R{int(gone[1:]) + 1}"
        await pilot.press("end")
        source.all = source.all[:5]
        app.table.reread()
        await pilot.pause()
        assert app.table.record == "R4"
        assert app.cursor()[0] == 5
        source.all = []
        app.table.reread()
        await pilot.pause()
        assert app.table.record == ""
        assert "Nothing is held." in app.lines()[1]
        await pilot.press("down", "end", "home", "pageup", "enter")
        assert app.told == []
        source.all = [row(1)]
        app.table.reread()
        await pilot.pause()
        assert app.table.record == "R1"

    drive(source, script)


def test_a_row_that_changes_under_the_cursor_is_marked_like_others_until_the_cursor_leaves_it() -> None:
    source = Fake([row(number) for number in range(5)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        source.all[0] = row(0, "changed", last=5)
        source.all[3] = row(3, "changed", last=6)
        app.table.reread()
        await pilot.pause()
        assert [text[:2] for text in app.lines()[1:6]] == [">*", "  ", "  ", "* ", "  "]
        await pilot.resize_terminal(100, 10)  # nobody was there
        await pilot.pause()
        app.table.reread()
        await pilot.pause()
        assert app.lines()[1].startswith(">*R0")
        await pilot.press("down")
        assert [text[0] for text in app.lines()[1:6]] == [" ", ">", " ", "*", " "]
        await pilot.press("down", "down", "down")
        assert [text[0] for text in app.lines()[1:6]] == [" ", " ", " ", " ", ">"]

    drive(source, script)


def test_what_is_opened_is_no_news_any_more() -> None:
    source = Fake([row(number) for number in range(3)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        source.all[0] = row(0, "changed", last=5)
        app.table.reread()
        await pilot.press("enter")
        app.table.reread()
        await pilot.pause()
        assert app.lines()[1].startswith("> R0")
        source.all[0] = row(0, "again", last=6)
        app.table.reread()
        await pilot.pause()
        assert app.lines()[1].startswith(">*R0")

    drive(source, script)


def test_resizing_keeps_the_cursor_on_the_screen() -> None:
    source = Fake([row(number) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        await pilot.press("end")
        for width, height in ((60, 8), (200, 60), (80, 24), (20, 3)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert app.table.record == f"R{MANY - 1}"
            assert f"R{MANY - 1}" in app.cursor()[1]

    drive(source, script)


def test_a_click_goes_there_and_a_second_one_opens() -> None:
    source = Fake([row(number) for number in range(50)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        await pilot.click(RecordTable, offset=(4, 3))
        assert app.table.record == "R2"
        assert app.told == []
        await pilot.click(RecordTable, offset=(4, 3))
        assert app.told == ["R2"]

    drive(source, script)


@pytest.mark.parametrize(("width", "where"), [(80, "NWT-C2611-02/~"), (130, "NWT-C2611-02/050")])
def test_what_a_wide_table_has_to_spare_goes_to_columns_that_may_grow(width: int, where: str) -> None:
    class Growing(Fake):
        @property
        def headings(self) -> tuple[Heading, ...]:
            return (Heading("record", 8), Heading("on", 14, 0, most=28), Heading("what happened", 0))

    app = TableApp(Growing([Row("R1", ("R1", "NWT-C2611-02/050", "x" * 200), -1)]))

    async def script() -> None:
        async with app.run_test(size=(width, 10)) as pilot:
            await pilot.pause()
            text = app.query_one(RecordTable).render_line(1).text
            assert f" {where} " in text
            assert text.rstrip().endswith("~")
            assert text.count("x") > 50

    asyncio.run(script())


def test_going_through_a_list_counts_nothing_again() -> None:
    class Counted(Fake):
        counts = 0

        def count(self) -> int:
            self.counts += 1
            return super().count()

    source = Counted([row(number) for number in range(MANY)])

    async def script(app: TableApp, pilot: Pilot[None]) -> None:
        begun = source.counts
        await pilot.press("end", *["pageup"] * 20, "home", *["pagedown"] * 20)
        assert source.counts == begun, "only what has changed is read anew"
        app.table.reread()
        assert source.counts == begun + 1

    drive(source, script)
