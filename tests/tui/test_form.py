"""Forms made from declarations: drafts at every key, refusals beside their field, saving and signing."""

from textual.pilot import Pilot
from textual.widgets import Input

from tests.terminal.firm import Firm, password
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.screens.form import FormScreen
from tui.screens.sign import SignScreen
from tui.widgets.form import Form

HOSTILE = "[bold red]x[/] \u202ey"


@sizes
def test_a_form_asks_for_what_is_declared(open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        shown = text_of(app)
        assert "deviation raise" in shown
        assert "*what happened" in shown
        assert "F10 Save" in shown

    drive(app, script, size)


def test_enter_goes_on_and_saves_behind_the_last_field(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("hold.stop")
        await settle(pilot)
        await keys(pilot, "enter")
        await type_in(pilot, "needle drips")
        await keys(pilot, "enter", "enter", "enter", "enter", "enter")
        assert not isinstance(app.screen, FormScreen)

    drive(app, script)
    held = firm.desks["LYN1"].store.lists.rows("hold")
    assert [row.columns["on"] for row in held] == ["FILL-2"]


def test_a_refusal_stands_beside_its_field_and_nothing_is_lost(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await keys(pilot, "f10")
        shown = text_of(app)
        assert "FORM-3" in shown
        assert "missing" in shown
        assert isinstance(app.screen, FormScreen)
        await type_in(pilot, "vial broken")
        await keys(pilot, "f10")
        assert not isinstance(app.screen, FormScreen)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.rows("deviation")[0].columns["title"] == "vial broken"


def test_what_was_typed_is_there_after_a_crash(firm: Firm, open_app: Opened) -> None:
    first = open_app()

    async def script(pilot: Pilot[None]) -> None:
        first.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "vial broken")
        await settle(pilot)

    drive(first, script)  # ends without saving, as a kill would

    again = open_app()

    async def reopened(pilot: Pilot[None]) -> None:
        again.act("deviation.raise")
        await settle(pilot)
        assert again.screen.query_one(Form).values()["title"] == "vial broken"
        assert "typed before" in text_of(again)
        await keys(pilot, "f10")

    drive(again, reopened)
    assert firm.desks["LYN1"].store.lists.rows("deviation")[0].columns["title"] == "vial broken"
    assert not firm.desks["LYN1"].store.drafts.of("@LYN1")


def test_what_is_signed_stands_on_the_screen(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="vial broken").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.session.person, app.session.name = "anna", "Anna Example"
        app.act("deviation.rate", record)
        await settle(pilot)
        await pilot.press("1", "enter")
        await type_in(pilot, "no contact")
        await keys(pilot, "f10")
        assert isinstance(app.screen, SignScreen)
        assert "WHAT IS SIGNED" in text_of(app)
        assert "Andon sheet" in text_of(app)
        await type_in(pilot, "wrong one")
        await keys(pilot, "enter")
        assert "KEY-1" in text_of(app)
        assert app.screen.query_one("#password", Input).value == ""
        await type_in(pilot, password("anna").reveal())
        await keys(pilot, "enter")
        assert not isinstance(app.screen, SignScreen | FormScreen)

    drive(app, script)
    row = firm.desks["LYN1"].store.lists.row(record)
    assert row is not None
    assert row.columns["criticality"] == "minor"


def test_hostile_text_is_text(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="[bold red]x[/] y").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.note", record, {"text": "[red]z[/]"})
        await settle(pilot)
        assert "[red]z[/]" in text_of(app)

    drive(app, script)
