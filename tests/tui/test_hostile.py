"""Hostile text in everything that screens show: it is seen as symbols, and nothing of it reaches the terminal."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from shared.actions.kind import KINDS
from shared.log import canonical
from shared.log.clock import format_at
from shared.terminal import fields as fields_of
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, settle, sizes, text_of
from tests.tui.terminal import Terminal
from tui.app import AndonApp
from tui.pages import PAGES

MARKED = "[bold red]x[/] [@click=app.exit]y[/] [link=http://a.invalid]z[/link]"
BAD = (
    "\x1b[31m \x1b]0;title\x07 \x1b]8;;http://a.invalid\x1b\\ \x9b31m \x1bP1$r\x1b\\ \x07\x08\x0d\x00\x7f\x85\u2028"
    " \u202e\u2066\u061c\u200b\u200d\ufeff\u00ad\U000e0041 "
)
ODD = "\u8b66\u544a\U0001f6d1 e\u0301\u0301\u0301\u0301 a\u030a\u20dd \ud55c\uae00 \u0e33\u0e33"
ODD += " \U0001f468\u200d\U0001f469"
TEXT = f"{MARKED}{BAD}{ODD}"
LONG = TEXT * 3
WALK = ("f1", "f3", "f4", "f5", "f6", "f9", "f12")
ON_RECORD = ("f7", "f8", "f11")


def spoilt(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fill every kind of record with hostile text, past the checks that would refuse it; give the records."""
    with monkeypatch.context() as patched:
        patched.setattr(canonical, "bad_text", lambda _: None)
        patched.setattr(fields_of, "bad_text", lambda _: None)
        return list(_records(firm))


def _records(firm: Firm) -> Iterator[str]:
    def do(action: str, record: str = "", person: str = "", /, **fields: Any) -> str:
        return firm.do("LYN1", action, record, person, **fields).record

    now = format_at(firm.hand.now, 60)
    place = do("place.add", "", "sven", code=TEXT[:40], name=TEXT[:100], sort="equipment", site=TEXT[:60])
    yield place
    do("place.card", place, "sven", reason=TEXT, steps=[TEXT[:200], LONG[40:240], LONG[80:280]])
    batch = do(
        "batch.plan", "", "sven", number=TEXT[20:60], product=TEXT[:100], phase="clinical",
        steps=[{"key": "050", "words": TEXT[:200], "place": place, "fault_guide": TEXT[:120]}],
    )  # fmt: skip
    yield batch
    contact = do(
        "contact.set", "", "sven", name=TEXT[:100], expertise=[TEXT[:40]], numbers=TEXT[:200], languages=[TEXT[:20]],
        company="cdmo",
    )  # fmt: skip
    yield contact
    yield do("cover.set", "", "sven", contact=contact, company="cdmo", tier=1, start=now, expertise=TEXT[:60])
    do("terminal.post", places=[place, TEXT[:60]], batch=batch)
    hold = do("hold.stop", reason=TEXT, on=place)
    yield hold
    yield do("hold.stop", reason=LONG, on=TEXT[:80])
    deviation = do("deviation.raise", title=TEXT[:200], on=place, hold=hold, detected=now)
    yield deviation
    do("deviation.problem", deviation, problem=LONG, procedure=TEXT[:120], justification=LONG)
    do("deviation.option", deviation, option=LONG, pro=TEXT, con=TEXT, verdict="chosen", why=TEXT)
    do("deviation.note", deviation, text=LONG)
    do("deviation.fix", deviation, fix=LONG)
    do("call.log", deviation, contact=contact, outcome="answered", name=TEXT[:100], text=TEXT, readback=TEXT[:60])
    do("deviation.rate", deviation, "anna", criticality="major", reason=TEXT)
    yield "sven"
    yield "LYN1"
    yield "PROGRAM"


def harmless(app: AndonApp) -> str:
    """The screen's text, all of it printable, and nothing in it that can be clicked by its own will."""
    width, height = app.size
    for strip in app.screen._compositor.render_strips(app.size)[:height]:
        for segment in strip:
            assert segment.control or segment.text.isprintable(), segment
            assert segment.style is None or segment.style.link is None, segment
            assert "app.exit" not in str(segment.style.meta if segment.style else ""), segment
        assert strip.cell_length <= width + 1
    return text_of(app)


@sizes
def test_every_screen_shows_it_as_text(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    records = spoilt(firm, monkeypatch)
    app = open_app()
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        seen.append(harmless(app))
        for name in PAGES:
            app.action_page(name)
            await settle(pilot)
            seen.append(harmless(app))
            await pilot.press("down")
            await pilot.pause()
            harmless(app)
            app.go_home()
        for record in records:
            app.open_record(record)
            await settle(pilot)
            seen.append(harmless(app))
            for key in ("down", "pagedown", *ON_RECORD):
                await pilot.press(key)
                await settle(pilot)
                seen.append(harmless(app))
                if key in ON_RECORD:
                    app.go_back()
                    await pilot.pause()
            app.go_home()
        app.tell(TEXT, bad=True)
        await settle(pilot)
        harmless(app)
        await pilot.press("f2")
        await settle(pilot)
        seen.append(harmless(app))

    drive(app, script, size)
    assert sum("[bold red]x[/]" in one for one in seen) > len(records), "it is shown as it was typed"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200d\ufeff]", "".join(seen))


def test_nothing_of_it_reaches_a_real_terminal(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    records = spoilt(firm, monkeypatch)
    with Terminal(firm.homes["LYN1"].path) as one:
        one.until_text("F2 STOP")
        for key in WALK:
            one.keys(key)
            one.quiet(0.15)
            one.keys("escape")
            one.quiet(0.1)
        shown = 0
        for record in records:
            if "-" not in record:
                continue
            one.scan(record)
            shown += "[bold red]" in one.quiet(0.2)
            for key in ON_RECORD:
                one.keys(key)
                one.quiet(0.15)
                one.keys("escape")
                one.quiet(0.1)
            one.keys("escape")
        assert shown >= 4
        one.scan(MARKED)
        one.quiet()
        one.keys("f2")
        one.until_text("HELD")
        assert one.process.poll() is None
        assert one.screen.strange == []
        assert "\x1b]" not in re.sub(r"\x1b\]22;[a-z-]*\x07", "", one.everything)


def test_the_files_columns_changed_behind_the_programs_back_do_no_harm(firm: Firm) -> None:
    """Whoever can write the file can put anything into a list; it is shown as text all the same."""
    record = firm.do("LYN1", "hold.stop", on="FILL-2", reason="x").record
    firm.do("LYN1", "deviation.raise", title="x", on="FILL-2", detected=format_at(firm.hand.now, 60))
    store = firm.desks["LYN1"].store
    own = {"record", "state", "flags", "last"}
    with store.write():
        for kind in KINDS.values():
            for name in {*kind.columns} - own:
                update = f'UPDATE "{kind.name}" SET "{name}" = ? WHERE typeof("{name}") = ?'  # noqa: S608 - our own names
                store.connection.execute(update, (TEXT, "text"))
    with Terminal(firm.homes["LYN1"].path) as one:
        one.until_text("F2 STOP")
        for key in WALK:
            one.keys(key)
            one.quiet(0.15)
            assert one.process.poll() is None, key
            one.keys("escape")
            one.quiet(0.1)
        one.scan(record)
        one.quiet()
        assert one.process.poll() is None
        assert one.screen.strange == []
