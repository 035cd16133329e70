"""Lists of things with several fields, typed on the screen: a batch's steps, measured values, tables, times inside."""

from typing import Any

import pytest
from textual.pilot import Pilot

from shared.actions.action import ACTIONS
from tests.terminal.firm import Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import batch, gate, go, lead, signed_in
from tui.reader import Reader
from tui.screens.asking import AskingPage
from tui.screens.form import FormScreen
from tui.screens.group import GroupScreen
from tui.screens.sign import SignScreen
from tui.widgets.form import Form
from tui.widgets.groups import Groups


async def sign(pilot: Pilot[None], person: str) -> None:
    """Type the password on the sheet."""
    assert isinstance(pilot.app.screen, SignScreen)
    await type_in(pilot, password(person).reveal())
    await keys(pilot, "enter")


def groups(pilot: Pilot[None]) -> Groups:
    """The list on the screen in front."""
    return pilot.app.screen.query_one(Groups)


def facts_of(firm: Firm, record: str) -> dict[str, Any]:
    """What a record says now."""
    seen = Reader(firm.desks["LYN1"]).record(record)
    assert seen is not None
    assert seen.looked is not None
    return dict(seen.looked.facts)


@sizes
def test_a_batch_is_planned_step_by_step(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()
    place = firm.do(
        "LYN1", "place.add", "", "sven", code="R-101", name="Bioreactor", sort="equipment", site="LYN"
    ).record

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        app.act("batch.plan")
        await settle(pilot)
        await type_in(pilot, "C-001")
        await keys(pilot, "enter")
        await type_in(pilot, "Antibody A")
        await keys(pilot, "enter", "2", "enter")  # clinical; the list of steps
        assert "+ add one" in text_of(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, GroupScreen)
        assert "step, like 020" in text_of(app)
        await type_in(pilot, "010")
        await keys(pilot, "enter")
        await type_in(pilot, "Thaw the cells")
        await keys(pilot, "escape")
        assert isinstance(app.screen, FormScreen)
        assert "010  Thaw the cells" in text_of(app)
        await keys(pilot, "down", "down", "up", "up", "end", "enter")  # the ends of the form do not save
        await type_in(pilot, "020")
        await keys(pilot, "enter")
        await type_in(pilot, "Expand")
        await keys(pilot, "enter")
        await type_in(pilot, "R-101")
        await keys(pilot, "enter", "enter", "2", "enter")  # no expertise, a key step; its parameters
        await keys(pilot, "enter")
        assert isinstance(app.screen, GroupScreen)
        await type_in(pilot, "temperature")
        await keys(pilot, "enter")
        await type_in(pilot, "degC")
        await keys(pilot, "f10", "escape")
        shown = text_of(app)
        assert "020  Expand  R-101  key step  parameters and limits: 1" in shown or size == (60, 20)
        await keys(pilot, "up", "shift+up", "f10")  # the second one first
        await sign(pilot, "sven")

    drive(app, script, size)
    (row,) = firm.desks["LYN1"].store.lists.rows("batch")
    facts = facts_of(firm, row.record)
    assert facts["steps"] == [
        {"key": "020", "words": "Expand", "place": place, "key_step": True,
         "parameters": [{"name": "temperature", "unit": "degC"}]},
        {"key": "010", "words": "Thaw the cells"},
    ]  # fmt: skip


def test_what_is_typed_into_one_of_a_list_survives_a_crash(open_app: Opened) -> None:
    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.act("batch.plan")
        await settle(pilot)
        groups(pilot).focus()
        await keys(pilot, "enter")
        await type_in(pilot, "010")
        await settle(pilot)

    drive(first, script)
    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.act("batch.plan")
        await settle(pilot)
        assert "010  (what is done: missing)" in text_of(again)
        groups(pilot).focus()
        await keys(pilot, "home", "enter", "shift+tab", "backspace", "backspace", "backspace", "escape")
        assert groups(pilot).given is None, "one in which nothing is left is none"

    drive(again, reopened)


def test_one_is_taken_away_by_del_pressed_twice(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("batch.plan", "", {"steps": [{"key": "010", "words": "x"}, {"key": "020", "words": "y"}]})
        await settle(pilot)
        groups(pilot).focus()
        await keys(pilot, "home", "delete")
        assert "Del again takes it away" in text_of(app)
        await keys(pilot, "down")
        assert "Del again" not in text_of(app)
        await keys(pilot, "delete", "delete")
        assert groups(pilot).given == [{"key": "010", "words": "x"}]
        await keys(pilot, "delete", "delete", "delete")
        assert groups(pilot).given is None

    drive(app, script)


@sizes
def test_measured_values_are_typed_beside_their_parameters(
    firm: Firm, open_app: Opened, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    record = batch(firm)
    firm.do("LYN1", "batch.start", record, "omar")
    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.session = signed_in("omar")
        first.act("step.done", record, {"step": "020"})
        await settle(pilot)
        assert "temperature degC" in text_of(first)
        await type_in(pilot, "37.0")
        await settle(pilot)

    drive(first, script, size)
    app = open_app()

    async def again(pilot: Pilot[None]) -> None:
        app.session = signed_in("omar")
        app.act("step.done", record, {"step": "020"})
        await settle(pilot)
        assert "37.0" in text_of(app), "the draft"
        await keys(pilot, "f10")
        await sign(pilot, "omar")
        assert not isinstance(app.screen, FormScreen), text_of(app)

    drive(app, again, size)
    facts = facts_of(firm, record)
    assert facts["done"]["020"]["values"] == [{"parameter": "temperature", "value": "37.0", "unit": "degC"}]


def test_a_value_that_is_missing_is_asked_for_where_it_is_typed(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    go(firm, gate(firm))
    record = batch(firm)
    firm.do("LYN1", "batch.start", record, "omar")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("omar")
        app.act("step.done", record, {"step": "020"})
        await settle(pilot)
        await keys(pilot, "f10")
        assert "no value for temperature" in text_of(app)

    drive(app, script)


def test_times_inside_groups_are_typed_as_people_type_them(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    record = gate(firm)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("sven")
        condition = {"text": "Scaffold taken down", "owner": "sven"}
        app.act(
            "gate.answer", record,
            {"item": "FAC-01", "answer": "go with condition", "reason": "scaffold", "condition": condition},
        )  # fmt: skip
        await settle(pilot)
        for field in app.screen.query_one(Form).fields:
            if field.path == ("condition", "expires"):
                field.widget.focus()
        await type_in(pilot, "2026-11-30 18:00")
        await keys(pilot, "f10")
        await sign(pilot, "sven")

    drive(app, script)
    facts = facts_of(firm, record)
    (details,) = facts["details"]["FAC-01"].values() if "answer" not in facts["details"]["FAC-01"] else (
        facts["details"]["FAC-01"],
    )  # fmt: skip
    assert details["condition"]["expires"] == 1_796_058_000_000


def test_a_table_is_a_list_with_names(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("anna")
        app.act("agreement.set", "", {"terms": {"offline_hours": {"qa": 12}}})
        await settle(pilot)
        form = app.screen.query_one(Form)
        editors = {field.path: field.editor for field in form.fields}
        hours = editors["terms", "offline_hours"]
        assert isinstance(hours, Groups)
        hours.focus()
        await keys(pilot, "end", "enter")
        await type_in(pilot, "release")
        await keys(pilot, "enter")
        await type_in(pilot, "6")
        await keys(pilot, "escape")
        clocks = editors["terms", "acknowledge"]
        assert isinstance(clocks, Groups)
        clocks.focus()
        await keys(pilot, "enter")
        await type_in(pilot, "critical")
        await keys(pilot, "enter")
        await type_in(pilot, "15")
        await keys(pilot, "escape")
        terms = form.values()["terms"]
        assert terms["offline_hours"] == {"qa": 12, "release": 6}
        assert terms["acknowledge"] == {"critical": {"minutes": 15}}

    drive(app, script)


def test_the_form_of_every_action_opens_and_asks_for_everything(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(firm, monkeypatch)
    about = {
        "gate": gate(firm),
        "batch": batch(firm),
        "deviation": firm.do("LYN1", "deviation.raise", title="x").record,
    }
    about["hold"] = firm.do("LYN1", "hold.stop", on="S1", reason="x").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("anna")
        for spec in ACTIONS.values():
            kind = spec.kind.name if spec.kind else ""
            app.act(spec.name, "" if spec.creates else about.get(kind, ""))
            await pilot.pause()
            assert isinstance(app.screen, AskingPage), spec.name
            asked = {field.name_ for field in app.screen.query_one(Form).fields}
            assert asked == {field.name for field in spec.fields}, spec.name
            assert "JSON" not in text_of(app)
            app.go_back()

    drive(app, script, (200, 60))
