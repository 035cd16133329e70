"""After an update: words at once, not seconds of nothing; then the screens, with everything that was there."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from shared.store import rebuild as rebuilding
from shared.store.errors import Busy, Damaged
from shared.store.store import Store
from tests.cli.command import Andon
from tests.terminal.bulk import fill
from tests.terminal.firm import Firm
from tests.tui.terminal import Terminal
from tui import rebuilding as screen
from tui.rebuilding import RebuildingApp


def outdate(firm: Firm, code: str = "LYN1") -> Path:
    """A home whose tables are of another version."""
    with firm.desks[code].store.write() as tx:
        tx.set_meta("fold_version", "0")
    return firm.homes[code].path


def test_words_then_the_screens(firm: Firm) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    firm.sync()
    fill(firm, "LYN1", 1_500)
    home = outdate(firm)
    with Terminal(home) as one:
        one.until_text("STOP BY HAND, TELEPHONE", "Reading the log anew")
        one.until_text("FILL-2", "F2 STOP")
        one.keys("f2")
        one.until_text("HELD")


def test_a_command_says_why_it_takes_a_while(firm: Firm, tmp_path: Path) -> None:
    andon = Andon(outdate(firm), tmp_path)
    for words in ("andon: reading the log anew after an update; this may take a while\n", ""):
        done = andon("list", "member", "--json")
        assert (done.code, done.err) == (0, words)


def run(app: RebuildingApp, script: Callable[[Pilot[None]], object]) -> None:
    async def driven() -> None:
        async with app.run_test() as pilot:
            await asyncio.to_thread(script, pilot)
            await pilot.pause()

    asyncio.run(driven())


def test_it_says_how_far_it_is_and_waits_for_another_that_reads(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    outdate(firm)
    real, going, busy = rebuilding.rebuild, threading.Event(), [True]

    def slow(store: Store, progress: Callable[[int, int], None]) -> None:
        if busy.pop() if busy else False:
            raise Busy("another one")
        progress(1_234, 56_789)
        assert going.wait(20)
        real(store, progress)

    monkeypatch.setattr(screen, "rebuild", slow)
    monkeypatch.setattr(screen, "TOLD_S", 0.01)
    app = RebuildingApp(firm.homes["LYN1"], "")

    def script(pilot: Pilot[None]) -> None:
        del pilot
        for _ in range(2_000):
            if "1,234 of 56,789" in str(app.screen.query_one(Static).render()):
                break
            threading.Event().wait(0.01)
        else:
            raise AssertionError("nothing is told")
        going.set()

    run(app, script)
    assert app.whole
    assert app.failed is None
    with firm.homes["LYN1"].open_log() as store:
        assert not store.outdated


def test_what_goes_wrong_is_told_by_who_started_it(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    outdate(firm)

    def broken(store: Store, progress: object) -> None:
        del store, progress
        raise Damaged("Entry 7 is damaged. Restore the file, or pull the log anew.")

    monkeypatch.setattr(screen, "rebuild", broken)
    app = RebuildingApp(firm.homes["LYN1"], "")
    run(app, lambda _: None)
    assert isinstance(app.failed, Damaged)
    assert not app.whole
