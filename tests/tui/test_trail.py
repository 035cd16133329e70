"""The trail: every entry with who, what, what became of it, and its signature."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tests.tui.records import deviation
from tui.reader import Reader
from tui.screens.actions import ActionsScreen
from tui.screens.entry import EntryScreen
from tui.screens.trail import TrailScreen
from tui.widgets.record_table import RecordTable


def flat(text: str) -> str:
    """On one line, for what may be folded."""
    return " ".join(text.split())


@sizes
@pytest.mark.requirement("P11-05")
def test_it_shows_who_did_what_and_who_only_says_so(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record, _ = deviation(firm)
    firm.do("LYN1", "deviation.fix", record, claimed="omar", fix="closed the valve")
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="of the pressure")
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11")
        assert isinstance(app.screen, TrailScreen)
        shown = text_of(app)
        assert "3 entries" in shown
        assert "says omar" in shown
        assert "@LYN1" in shown
        whole = flat(shown)
        assert "rated major: of the pressure" in whole  # the cursor begins at the latest
        assert "signed by Anna Example (anna, qa): rated; signature valid" in whole
        assert "not sent yet" in whole
        await keys(pilot, "k")
        shown = flat(text_of(app))
        assert "short-term fix: closed the valve" in shown
        assert "not signed" in shown

    drive(app, script, size)


@pytest.mark.requirement("P11-13")
def test_one_entry_whole_with_its_signature(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    rating = firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="of the pressure")
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11", "enter")
        assert isinstance(app.screen, EntryScreen)
        shown = text_of(app)
        for line in (
            "signed by: Anna Example",
            "user: anna",
            "role: qa",
            "meaning: rated",
            "UTC+01:00",
            "key: SHA256:",
        ):
            assert line in shown
        assert "Signature valid." in shown
        assert "criticality: major" in shown
        await keys(pilot, "end")
        assert rating.id in text_of(app)

    drive(app, script)


def test_what_was_overtaken_is_marked(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    firm.do("LYN1", "deviation.problem", record, problem="p", procedure="SOP", justification="j")
    firm.do("LYN1", "deviation.fix", record, fix="f")
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="small")
    firm.sync()
    # One closes it without knowing of the other's note.
    firm.do("LYN1", "deviation.close", record, "anna", conclusion="done", other_batches="none")
    firm.do("SPO1", "deviation.note", record, text="it dripped again")
    firm.sync("SPO1")
    firm.sync("LYN1")
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "OVERTAKEN" in text_of(app)
        await keys(pilot, "f11")
        assert "[OVERTAKEN]" in text_of(app)
        table = app.screen.query_one(RecordTable)
        at = next(at for at, line in enumerate(text_of(app).splitlines()) if "[OVERTAKEN]" in line)
        top = next(at for at, line in enumerate(text_of(app).splitlines()) if "when" in line)
        await keys(pilot, "home", *["down"] * (at - top - 1))
        assert table.record
        assert "its author did not know of something" in flat(text_of(app))

    drive(app, script)


def test_new_entries_are_added_and_the_cursor_stays(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    firm.do("LYN1", "deviation.fix", record, fix="closed the valve")
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11", "home")
        table = app.screen.query_one(RecordTable)
        before = table.record
        firm.do("LYN1", "deviation.note", record, text="one more")
        app._tick()
        await settle(pilot)
        assert table.record == before
        assert table.count == 3
        assert "one more" in text_of(app)

    drive(app, script)


def test_what_is_void_or_not_valid_says_so_in_words(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, _ = deviation(firm)
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="major", reason="of the pressure")
    app = open_app(record=record)
    found = app.reader.trail(record)
    sign = found[1].signature
    assert sign is not None
    bad = found[1]._replace(
        verdict="void", rule="WHO-3", text="Another role does this.", signature=sign._replace(valid=False)
    )
    monkeypatch.setattr(app.reader, "trail", lambda _: [found[0], bad])

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11")
        shown = flat(text_of(app))
        assert "1 SIGNATURE NOT VALID" in shown
        assert "[VOID] rated major" in shown
        assert "It is void: it has no effect. WHO-3: Another role does this." in shown
        await keys(pilot, "enter")
        shown = text_of(app)
        assert "SIGNATURE NOT VALID." in shown
        assert "WHO-3: Another role does this." in shown

    drive(app, script)


def test_what_does_not_count_is_accepted_from_its_entry(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, _ = deviation(firm)
    app = open_app(record=record)
    found = app.reader.trail(record)
    monkeypatch.setattr(app.reader, "trail", lambda _: [found[0]._replace(verdict="uncounted")])
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f11", "enter")
        assert "Enter accepts it" in text_of(app)
        await keys(pilot, "enter")
        assert asked == [("entry.accept", record, {"of": found[0].id})]

    drive(app, script)


def test_a_confirmation_is_told_by_what_it_confirms(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="critical", reason="a")
    found = Reader(firm.desks["LYN1"]).trail(record)
    first = next(one for one in found if one.do == "deviation.rate")
    settled = firm.do("LYN1", "deviation.rate", record, "anna", criticality="minor", reason="b", settles=[first.id])
    firm.do("LYN1", "entry.confirm", record, "quin", of=settled.id)
    said = Reader(firm.desks["LYN1"]).trail(record)[-1]
    assert said.sentence == "confirmed deviation.rate by anna"


def test_f8_shows_what_can_be_done_from_the_trail_too(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f11")
        assert "F8 " in text_of(app).splitlines()[-1]
        await keys(pilot, "f8")
        assert isinstance(app.screen, ActionsScreen)
        assert app.screen.record == record

    drive(app, script)
