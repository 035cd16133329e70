"""The call sheet: six screens, each saved when left; what is not saved is a draft, and anybody may go on."""

import pytest
from textual.pilot import Pilot

from shared.actions.action import ACTIONS
from shared.fold.unit import Unit
from shared.terminal.record import look
from shared.terminal.refusal import Refused
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tests.tui.records import signed_in
from tui.app import AndonApp
from tui.screens.deviation import DeviationScreen
from tui.screens.form import FormScreen
from tui.screens.sheet import SheetScreen, steps_of
from tui.widgets.form import Form


@pytest.fixture
def record(firm: Firm) -> str:
    return firm.do("LYN1", "deviation.raise", title="vial broken", on="FILL-2").record


async def opened(app: AndonApp, pilot: Pilot[None], record: str) -> SheetScreen:
    screen = SheetScreen(record)
    app.push_screen(screen)
    await settle(pilot)
    return screen


@sizes
def test_it_opens_at_the_first_screen(open_app: Opened, record: str, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await opened(app, pilot, record)
        shown = text_of(app)
        assert record in shown
        assert "1[.]Problem" in shown
        assert "what is wrong" in shown

    drive(app, script, size)


def test_each_screen_is_saved_when_it_is_left(firm: Firm, open_app: Opened, record: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await opened(app, pilot, record)
        await type_in(pilot, "3.1 bar, limit 3.0")
        await keys(pilot, "f10")
        assert "1[x]Problem" in text_of(app)
        assert "option" in text_of(app)
        saved = firm.desks["LYN1"].store.lists.row(record)
        assert saved is not None
        assert saved.columns["problem"] == "3.1 bar, limit 3.0"

    drive(app, script)


def test_nothing_typed_turns_without_an_entry(firm: Firm, open_app: Opened, record: str) -> None:
    app = open_app()
    before = firm.desks["LYN1"].store.pending.count()

    async def script(pilot: Pilot[None]) -> None:
        screen = await opened(app, pilot, record)
        await keys(pilot, "f10")
        assert screen._at == "deviation.option"

    drive(app, script)
    assert firm.desks["LYN1"].store.pending.count() == before


@pytest.mark.parametrize("comes", [True, False])
def test_behind_the_last_screen_is_what_an_action_says_comes_next(
    firm: Firm, open_app: Opened, record: str, monkeypatch: pytest.MonkeyPatch, *, comes: bool
) -> None:
    rate = ACTIONS["deviation.rate"].cls
    monkeypatch.setattr(rate, "comes_next", staticmethod(lambda _w, _given: comes), raising=True)
    answers: dict[str, str | bool] = {one: "no" if one == "patient" else False for one in QUESTIONS}
    firm.do("LYN1", "deviation.assess", record, **answers)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await opened(app, pilot, record)
        await keys(pilot, *["ctrl+n"] * 5, "f10")
        assert isinstance(app.screen, FormScreen if comes else DeviationScreen)
        assert getattr(app.screen, "do", "") == ("deviation.rate" if comes else "")

    drive(app, script)


@pytest.mark.parametrize("screen", ["deviation.problem", "deviation.urgency"])
def test_empty_lines_are_nothing(firm: Firm, open_app: Opened, record: str, screen: str) -> None:
    app = open_app()
    before = firm.desks["LYN1"].store.pending.count()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(SheetScreen(record, screen))
        await settle(pilot)
        await keys(pilot, *["enter"] * 8, "space", "f10")
        assert isinstance(app.screen, SheetScreen)
        assert (app.screen._at == screen) == ("Nothing is typed yet" in text_of(app))
        await type_in(pilot, "the bulk")
        await keys(pilot, "f10")

    drive(app, script)
    assert firm.desks["LYN1"].store.pending.count() == before + 1
    assert "the bulk" in firm.desks["LYN1"].store.lists.trail(record)[-1].data.decode()


def test_it_reopens_where_it_was_with_its_text_and_another_goes_on(
    firm: Firm, open_app: Opened, record: str
) -> None:  # fmt: skip
    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.session.person = "omar"
        await opened(first, pilot, record)
        await keys(pilot, "ctrl+n", "ctrl+n", "ctrl+n")
        await type_in(pilot, "Anna, then steering")
        await settle(pilot)

    drive(first, script)  # ends without saving, as a kill would
    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.session.person = "anna"
        screen = await opened(again, pilot, record)
        assert list(steps_of(record)).index(screen._at) == 3
        assert screen.query_one(Form).values()["path"] == "Anna, then steering"
        await keys(pilot, "f10")

    drive(again, reopened)
    trail = firm.desks["LYN1"].store.lists.trail(record)
    assert trail[-1].do == "deviation.path"


def test_what_the_partner_saves_appears_and_what_is_typed_here_stays(
    firm: Firm, open_app: Opened, record: str
) -> None:  # fmt: skip
    firm.sync()
    app = open_app("SPO1")

    async def script(pilot: Pilot[None]) -> None:
        screen = await opened(app, pilot, record)
        firm.do("LYN1", "deviation.problem", record, problem="3.1 bar", procedure="SOP-1")
        firm.sync()
        screen.reread()
        await settle(pilot)
        assert screen.query_one(Form).values()["problem"] == "3.1 bar"
        await type_in(pilot, "x")
        firm.do("LYN1", "deviation.problem", record, problem="3.2 bar")
        firm.sync()
        screen.reread()
        await settle(pilot)
        assert "3.2 bar" in text_of(app)
        assert "x" in str(screen.query_one(Form).values()["problem"])

    drive(app, script)


QUESTIONS = ("patient", "attribute", "parameter", "equipment", "other_batches", "distributed")


@sizes
@pytest.mark.parametrize("left_out", QUESTIONS)
def test_no_question_is_answered_before_somebody_answers_it(
    firm: Firm, open_app: Opened, record: str, left_out: str, size: tuple[int, int]
) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        screen = SheetScreen(record, "deviation.assess")
        app.push_screen(screen)
        await settle(pilot)
        form = screen.query_one(Form)
        asked = {field.name_: field for field in form.fields if field.display}
        assert tuple(asked) == QUESTIONS
        assert form.values() == {}, "the form begins at no answer"
        assert "not answered yet" in " ".join(text_of(app).split())
        for name, field in asked.items():
            if name != left_out:
                field.widget.focus()
                await keys(pilot, "1")
        await keys(pilot, "f10")
        assert app.screen is screen
        assert form.field_here() is asked[left_out]
        said = " ".join(text_of(app).split())
        assert "It is not answered yet. Give " in said
        assert "FORM-3" in said
        await keys(pilot, "1", "f10")
        assert app.screen is not screen

    drive(app, script, size)
    looked = look(Unit(firm.desks["LYN1"].store.tables), record, firm.hand.now)
    assert looked is not None
    (said,) = looked.facts["assessment"].values()
    assert {said[name] for name in QUESTIONS} == {"no", False}


def test_a_command_answers_every_question_too(firm: Firm, record: str) -> None:
    answers = {"patient": "no", **dict.fromkeys(QUESTIONS[1:], False)}
    for name in QUESTIONS:
        with pytest.raises(Refused, match="not answered yet") as caught:
            firm.do("LYN1", "deviation.assess", record, **{one: said for one, said in answers.items() if one != name})
        assert (caught.value.rule, caught.value.field) == ("FORM-3", name)
    firm.do("LYN1", "deviation.assess", record, **answers)


def test_two_texts_that_did_not_know_of_each_other_both_stand_on_the_sheet(
    firm: Firm, open_app: Opened, record: str
) -> None:  # fmt: skip
    firm.sync()
    app = open_app("SPO1")

    async def script(pilot: Pilot[None]) -> None:
        app.session = signed_in("quin")
        screen = await opened(app, pilot, record)
        await type_in(pilot, "3.1 bar")
        firm.do("LYN1", "deviation.problem", record, "sven", problem="needle 4")
        firm.sync()
        screen.reread()
        await settle(pilot)
        assert "somebody wrote meanwhile: needle 4" in text_of(app)
        await keys(pilot, "f10")
        assert "1[!]Problem" in text_of(app)
        await keys(pilot, "ctrl+p")
        shown = " ".join(text_of(app).split())
        assert "CONTESTED problem:" in shown
        assert "sven set needle 4" in shown
        assert "@SPO1, says quin set 3.1 bar" in shown
        firm.do("SPO1", "deviation.problem", record, "quin", problem="needle 4 at 3.1 bar")
        screen.reread()
        await settle(pilot)
        assert "CONTESTED" not in text_of(app)
        assert "1[x]Problem" in text_of(app)

    drive(app, script)
