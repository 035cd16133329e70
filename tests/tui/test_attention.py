"""F5: what needs somebody, for whoever is signed in; Enter opens it or lets it be entered again."""

from pathlib import Path
from shutil import copytree

import pytest
from textual.pilot import Pilot

from shared.log.entry import line_bytes
from shared.terminal import enrol
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.drafts import open_draft, save
from shared.terminal.home import Home
from shared.terminal.own_chain import keep_end, own_end
from shared.terminal.perform import perform
from shared.terminal.plan import plan
from tests.terminal.firm import CHEAP, Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tui.attending import CLONED, CONTESTED, DRAFT, MINE, OTHERS, REFUSED, UNDONE, UNSENT, attention, counts
from tui.reader import Reader
from tui.screens.form import FormScreen
from tui.session import Session

HOSTILE = "[bold red]x[/] "
ANNA = Session("anna", "Anna Example", "cdmo", frozenset({"qa"}))
SVEN = Session("sven", "Sven Example", "cdmo", frozenset({"supervisor"}))
QUIN = Session("quin", "Quin Example", "sponsor", frozenset({"qa"}))


def refuse(firm: Firm, text: str) -> None:
    """Let the server refuse a stop of LYN1, as one does that holds what the log does not take."""
    desk = firm.desks["LYN1"]
    end = own_end(desk.store, "LYN1")
    with desk.store.write() as tx:
        line = line_bytes(plan(desk, Asked("hold.stop", fields={"on": "TEXT", "reason": text})).entry, None)
        tx.add_pending(line.replace(b"TEXT", "turned \u202e".encode()), parent=end.link)
        keep_end(tx, "LYN1")
    assert firm.server.sync(desk).refused == (end.n + 1,)


def sections(firm: Firm, session: Session) -> list[str]:
    return [one.section for one in attention(Reader(firm.desks["LYN1"]), session)]


def test_what_waits_for_a_second_person_is_for_whom_it_fits(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    firm.sync()
    assert sections(firm, SVEN) == [MINE]
    assert sections(firm, ANNA) == [OTHERS], "she proposed it"
    assert sections(firm, Session()) == [OTHERS]


def test_what_was_taken_back_behind_its_signers_is_told(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    lift = firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake").id
    firm.sync()
    firm.do("SPO1", "entry.confirm", hold, "quin", of=lift)
    firm.do("LYN1", "entry.withdraw", hold, "anna", of=lift, reason="the wrong hold")
    firm.sync()
    assert sections(firm, QUIN) == [UNDONE]
    firm.do("LYN1", "hold.lift", hold, "anna", reason="looked again")
    firm.sync()
    assert sections(firm, QUIN) == [MINE]


def test_what_is_only_proposed_yet_waits_too(firm: Firm) -> None:
    fields = {"company": "cdmo", "site": "Lyon", "public": enrol.new_invitation(firm.rng.randbytes).public}
    firm.do("LYN1", "terminal.invite", "NEW1", "olga", **fields)
    firm.sync()
    found = attention(Reader(firm.desks["LYN1"]), Session("otto", "Otto", "cdmo", frozenset({"identity"})))
    assert [(one.section, one.record) for one in found] == [(MINE, "NEW1")]


def test_two_ratings_at_once_are_contested(firm: Firm) -> None:
    deviation = firm.do("LYN1", "deviation.raise", title="pressure", on="a").record
    firm.sync()
    firm.do("LYN1", "deviation.rate", deviation, "anna", criticality="major", reason="x")
    firm.do("SPO1", "deviation.rate", deviation, "quin", criticality="critical", reason="y")
    firm.sync()
    assert CONTESTED in sections(firm, ANNA)


@sizes
def test_what_the_server_refused_is_typed_again(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    refuse(firm, f"{HOSTILE}needle drips")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f5")
        shown = text_of(app)
        assert "1 REFUSED" in shown
        assert "hold stop" in shown
        assert "type it again" in shown
        await keys(pilot, "enter")
        assert isinstance(app.screen, FormScreen)
        assert app.screen.do == "hold.stop"
        assert (f"{HOSTILE}needle drips" if size[0] > 60 else "needle") in text_of(app)
        assert "\u202e" not in text_of(app)

    drive(app, script, size)


def test_drafts_are_their_authors_and_are_gone_on_with(firm: Firm, open_app: Opened) -> None:
    desk = firm.desks["LYN1"]
    draft = open_draft(desk, "sven", "hold.stop", "hold.stop")
    save(desk, "sven", "hold.stop", type(draft)("hold.stop", "", draft.seen, {"on": "FILL-2"}))
    assert sections(firm, SVEN) == [DRAFT]
    assert sections(firm, ANNA) == sections(firm, Session()) == []
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.sign_in(SVEN)
        await keys(pilot, "f5")
        assert "1 DRAFT" in text_of(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, FormScreen)
        assert "FILL-2" in text_of(app)

    drive(app, script)


@sizes
def test_what_is_not_sent_is_counted_last_and_opens(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f5")
        assert "Nothing needs you" in text_of(app)
        hold = firm.do("LYN1", "hold.stop", on="a").record
        firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
        app._tick()
        await settle(pilot)
        shown = text_of(app)
        assert "2 NOT SENT" in shown
        assert shown.index("WAITS") < shown.index("NOT SENT  HLD") if size[0] > 60 else "NOT SENT" in shown
        await keys(pilot, "end", "enter")
        assert hold in text_of(app)
        await keys(pilot, "escape")
        assert "2 NOT SENT" in text_of(app)

    drive(app, script, size)


@pytest.mark.requirement("DI-01")
def test_two_machines_under_one_code_are_told_with_what_to_do(whole: Firm, tmp_path: Path) -> None:
    firm = whole.copy(tmp_path / "firm")
    home = Home.open(Path(copytree(whole.folder / "LYN2", tmp_path / "clone")))
    with Desk(home, home.open_log(), clock=firm.hand.clock, random=firm.rng.randbytes, costs=CHEAP) as second:
        for desk in (firm.desks["LYN2"], second):
            perform(desk, Asked("hold.stop", fields={"on": "a"}))
            firm.server.sync(desk)
    firm.sync()
    found = [one for one in attention(Reader(firm.desks["LYN1"]), Session()) if one.section == CLONED]
    words = next(one.words for one in found if one.record == "LYN2")
    assert words.startswith("CLONE-1 two machines write under this terminal's code")
    assert any(one.words.startswith("CLONE-2") for one in found), "and what both made under one id"
    firm.close()


def test_counts_leave_out_what_there_is_none_of(firm: Firm) -> None:
    refuse(firm, "x")
    items = attention(Reader(firm.desks["LYN1"]), Session())
    assert counts(items, 0) == {REFUSED: 1}
    assert counts([], 250) == {UNSENT: 250}


def test_what_was_refused_and_drafts_can_be_put_away_by_pressing_twice(firm: Firm, open_app: Opened) -> None:
    refuse(firm, "x")
    desk = firm.desks["LYN1"]
    open_draft(desk, "@LYN1", "hold.stop", "hold.stop")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f5")
        assert "Del" in text_of(app).splitlines()[-1]
        await keys(pilot, "delete")
        assert "1 REFUSED" in text_of(app)
        await keys(pilot, "down", "up", "delete")
        assert "1 REFUSED" in text_of(app), "it asks again after the cursor has moved"
        await keys(pilot, "delete")
        assert "REFUSED" not in text_of(app)
        assert "1 DRAFT" in text_of(app)
        await keys(pilot, "delete", "delete")
        assert "Nothing needs you" in text_of(app)

    drive(app, script)
    assert desk.store.pending.refused() == []
    assert desk.store.drafts.of("@LYN1") == {}
    assert "skipped" in [one.verdict for one in desk.store.lists.trail("LYN1")], "that it was refused stays"
