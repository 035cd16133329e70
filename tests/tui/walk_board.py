"""The board with the kind of docs/manual/first-kind.md; tests/test_first_kind.py runs it where that kind is there."""

from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, text_of
from tui.listing import KindSource
from tui.screens.board import BoardScreen


def test_the_board_lists_it_as_it_is_declared(firm: Firm, open_app: Opened) -> None:
    said = {"place": "SUITE-2", "purpose": "weekly", "findings": ["door ajar"]}
    done = firm.do("LYN1", "walk.make", "", "anna", **said).record
    firm.do("LYN1", "walk.accept", done, "quin", reason="door closed")
    walk = firm.do("LYN1", "walk.make", "", "anna", **said).record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f4")
        board = app.screen
        assert isinstance(board, BoardScreen)
        while board.view.kind != "walk":
            await keys(pilot, "right")
        shown = text_of(app).splitlines()
        assert "[Walks]" in shown[1]
        heads = next(one for one in shown if "record" in one and "state" in one)
        assert heads.split() == ["record", "state", "findings", "where", "and", "why", "led", "by", "sync"]
        assert next(one for one in shown if walk in one).split()[1:4] == [walk, "open", "door"]
        tones = {row.record: row.tone for row in KindSource(app.reader, "walk").rows(0, 9)}
        assert tones == {walk: "warn", done: "good"}

    drive(app, script, (120, 30))
