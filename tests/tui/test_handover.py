"""Who goes on with what: typed with nobody signed in, then somebody signs in; a sheet with whoever comes next."""

from textual.pilot import Pilot

from shared.terminal.drafts import load
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, text_of, type_in
from tests.tui.records import signed_in
from tui.attending import DRAFT, attention
from tui.screens.attention import AttentionScreen
from tui.screens.board import BoardScreen
from tui.screens.deviation import DeviationScreen
from tui.screens.form import FormScreen
from tui.screens.sheet import SheetScreen
from tui.widgets.form import Form


def title(pilot: Pilot[None]) -> object:
    """What the form in front has for a title."""
    return pilot.app.screen.query_one(Form).values().get("title")


def test_what_nobody_typed_goes_on_with_who_signs_in(firm: Firm, open_app: Opened) -> None:
    app = open_app()
    desk = firm.desks["LYN1"]

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "needle drips")
        app.sign_in(signed_in("omar"))
        await settle(pilot)
        assert isinstance(app.screen, FormScreen)
        assert title(pilot) == "needle drips"
        assert load(desk, "@LYN1", "deviation.raise") is not None, "nobody has typed since"
        await type_in(pilot, " still")
        await settle(pilot)
        assert load(desk, "@LYN1", "deviation.raise") is None, "it is a person's now"
        mine = load(desk, "omar", "deviation.raise")
        assert mine is not None
        assert (mine.fields["title"], mine.by) == ("needle drips still", "omar")
        await keys(pilot, "f10")

    drive(app, script)
    assert desk.store.lists.rows("deviation")[0].columns["title"] == "needle drips still"
    assert not desk.store.drafts.of("omar")
    assert not desk.store.drafts.of("@LYN1")


def test_saved_without_another_key_it_is_forgotten_too(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "needle drips")
        app.sign_in(signed_in("omar"))
        await settle(pilot)
        await keys(pilot, "f10")

    drive(app, script)
    assert not firm.desks["LYN1"].store.drafts.of("@LYN1")
    assert not firm.desks["LYN1"].store.drafts.of("omar")


def test_attention_lists_what_nobody_typed_but_nobody_elses(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "needle drips")
        await settle(pilot)
        app.go_home()
        app.act("deviation.option", record)
        await settle(pilot)
        assert isinstance(app.screen, SheetScreen)
        await type_in(pilot, "tighten")
        await settle(pilot)
        app.go_home()
        app.session = signed_in("sven")
        app.act("deviation.fix", record)
        await settle(pilot)
        await type_in(pilot, "mine")
        await settle(pilot)
        found = {one.do for one in attention(app.reader, signed_in("sven")) if one.section == DRAFT}
        assert found == {"deviation.raise", "deviation.option", "deviation.fix"}
        found = {one.do for one in attention(app.reader, signed_in("omar")) if one.section == DRAFT}
        assert found == {"deviation.raise", "deviation.option"}
        app.go_home()
        await keys(pilot, "f5", "home")
        screen = pilot.app.screen
        assert isinstance(screen, AttentionScreen)
        about = [one.words for one in screen._items.values()]
        await keys(pilot, *["down"] * next(at for at, one in enumerate(about) if one.startswith("deviation option")))
        await keys(pilot, "enter")
        assert isinstance(app.screen, SheetScreen)
        assert "tighten" in text_of(app)

    drive(app, script)


def test_a_sheet_goes_on_with_the_next_person_and_says_who_typed(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.sign_in(signed_in("omar"))
        app.act("deviation.option", record)
        await settle(pilot)
        await type_in(pilot, "tighten")
        app.sign_in(signed_in("sven"))
        await settle(pilot)
        assert isinstance(app.screen, SheetScreen)
        assert "Typed before by omar, not saved yet." in text_of(app)
        assert "tighten" in text_of(app)

    drive(app, script)


def test_another_persons_form_closes(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.sign_in(signed_in("omar"))
        app.act("deviation.raise")
        await settle(pilot)
        await type_in(pilot, "private")
        app.sign_in(signed_in("sven"))
        await settle(pilot)
        assert not isinstance(app.screen, FormScreen)
        app.act("deviation.raise")
        await settle(pilot)
        assert title(pilot) is None

    drive(app, script)


def test_who_looks_at_a_record_and_signs_in_goes_on_looking(firm: Firm, open_app: Opened) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.sign_in(signed_in("anna"))
        app.action_page("board")
        await settle(pilot)
        shown = [type(one) for one in app.screen_stack[-2:]]
        assert shown == [BoardScreen, DeviationScreen]

    drive(app, script)
