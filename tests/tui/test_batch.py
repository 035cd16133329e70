"""A batch and a gate on the screen: what is due, what bars it, and Enter that records it."""

import pytest
from textual.pilot import Pilot

from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tests.tui.records import batch, gate, go, lead, signed_in
from tui.attending import NAMED, attention
from tui.reader import Reader
from tui.screens.batch import BatchScreen
from tui.screens.gate import GateScreen
from tui.screens.record import RecordScreen
from tui.widgets.record_table import RecordTable

WARM = [{"parameter": "temperature", "value": "37.0", "unit": "degC"}]


def flat(text: str) -> str:
    """On one line, for what may be folded."""
    return " ".join(text.split())


@sizes
def test_a_running_batch(
    firm: Firm, open_app: Opened, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    record = batch(firm)
    firm.do("LYN1", "batch.start", record, "omar")
    firm.do("LYN1", "step.done", record, "omar", step="010")
    firm.do("LYN1", "step.done", record, "omar", step="020", values=WARM)
    hold = firm.do("LYN1", "hold.stop", on=f"{record}/030", reason="needle drips").record
    app = open_app(record=record)
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, BatchScreen)
        shown = text_of(app)
        assert "C-001" in shown
        assert " STARTED " in shown
        assert "2 of 3 steps done" in shown
        assert f"HELD  {hold} on C-001/030" in shown
        table = app.screen.query_one(RecordTable)
        assert table.record == "030"  # the step that is due
        assert f"HELD by {hold}" in shown
        await keys(pilot, "up")
        shown = flat(text_of(app))
        assert "CHECK DUE" in shown
        assert "temperature (critical): 37.0 degC limits 36.5 to 37.5 degC" in shown
        assert "done by: omar" in shown
        await keys(pilot, "enter")
        assert asked == [("step.check", record, {"step": "020"})]
        await keys(pilot, "f8")
        assert ">1 Signs that a step was performed as recorded" in text_of(app), "what Enter does is the first"
        await keys(pilot, "escape", "down", "enter")
        assert isinstance(app.screen, RecordScreen)
        assert hold in text_of(app)
        await keys(pilot, "escape", "f7")
        assert "step 030 is not done" in text_of(app)

    drive(app, script, size)


def test_a_planned_batch_says_what_is_next(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    record = batch(firm)
    app = open_app(record=record)
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "next" in text_of(app)
        assert "Enter starts a batch." in text_of(app)
        await keys(pilot, "enter")
        assert asked == [("batch.start", record, {})]
        await keys(pilot, "down")
        assert "not measured" in text_of(app)

    drive(app, script)


@sizes
def test_a_gate_by_area(
    firm: Firm, open_app: Opened, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    record = gate(firm)
    firm.do("LYN1", "gate.answer", record, "sven", item="FAC-01", answer="go")
    firm.do("LYN1", "gate.answer", record, "sven", item="FAC-02", answer="no-go", reason="water out of trend")
    app = open_app(record=record)
    app.session = signed_in("sven")
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, GateScreen)
        shown = text_of(app)
        assert "Clinical runs" in shown
        assert "VERDICT of round 1" in shown
        assert "== FACILITY: 1 of 2" in shown
        assert "stand between you and go" in flat(shown)
        assert "facility of cdmo: lena" in flat(shown)
        await keys(pilot, "down", "down", "down")
        shown = flat(text_of(app))
        assert "no-go by sven" in shown
        assert "water out of trend" in shown
        await keys(pilot, "enter")
        assert asked == [("gate.answer", record, {"item": "FAC-02"})]
        await keys(pilot, "down", "enter")
        assert len(asked) == 1  # the line of an area asks nothing
        await keys(pilot, "home", "enter")
        assert asked[-1] == ("gate.verdict", record, {})
        await keys(pilot, "space")
        assert "facility of sponsor: luis" in flat(text_of(app))

    drive(app, script, size)


def test_answers_of_two_who_did_not_know_of_each_other(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    record = gate(firm)
    firm.sync()
    firm.do("LYN1", "gate.answer", record, "sven", item="FAC-01", answer="go")
    firm.do("SPO1", "gate.answer", record, "sam", item="FAC-01", answer="no-go", reason="not released")
    firm.sync()
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "down", "down")
        shown = flat(text_of(app))
        assert "without knowing of each other" in shown
        assert "go by sven" in shown
        assert "no-go by sam" in shown
        assert "CONTESTED" in shown

    drive(app, script)


def test_attention_says_whose_answers_and_signatures_a_gate_waits_for(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    record = gate(firm)
    reader = Reader(firm.desks["LYN1"])
    said = {
        person: [one.words for one in attention(reader, signed_in(person)) if one.section == NAMED]
        for person in ("lena", "omar")
    }
    assert said["omar"] == []
    assert any("not answered" in words or "has not signed" in words for words in said["lena"]), said
    go(firm, record)
    assert [one for one in attention(reader, signed_in("lena")) if one.section == NAMED] == []
