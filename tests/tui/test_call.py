"""F3: whom to call now, in order, with numbers; what became of it; with nobody signed in and no network."""

import pytest
from textual.pilot import Pilot

from shared.terminal.readback import three_words
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.screens.call import CallScreen
from tui.widgets.big_number import big, numbers_of

HOSTILE = "[bold red]x[/] "


@pytest.fixture
def tree(firm: Firm) -> dict[str, str]:
    """Anna on call, the desk as deputy, Quin after that; the post is a place that needs nobody in particular."""
    start = firm.desks["LYN1"].clock.at(firm.hand.now)
    found = {}
    for number, (name, person, company, tier) in enumerate(
        [("Anna Example", "anna", "cdmo", 1), (f"{HOSTILE}Desk", "", "cdmo", 2), ("Quin Example", "quin", "sponsor", 3)]
    ):
        fields = {
            "name": name,
            "numbers": f"+33 6 00 00 00 0{number}, +33 1 1{number}",
            "company": company,
            "start": start,
        }
        contact = firm.do("LYN1", "contact.set", "", "sven", **fields, **({"person": person} if person else {})).record
        firm.do("LYN1", "cover.set", "", "sven", contact=contact, company=company, tier=tier, start=start)
        found[name] = contact
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    return found


def calls(firm: Firm, record: str) -> list[dict[str, str]]:
    reader = firm.desks["LYN1"].store
    from shared.fold.unit import Unit  # noqa: PLC0415 - only here
    from shared.fold.view import View  # noqa: PLC0415 - only here

    found: list[dict[str, str]] = View(Unit(reader.tables), None, firm.hand.now, record).here.calls
    return found


@sizes
def test_the_number_to_call_now_is_first_and_big(
    firm: Firm, open_app: Opened, tree: dict[str, str], size: tuple[int, int]
) -> None:
    del tree
    hold = firm.do("LYN1", "hold.stop", reason="needle drips").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        shown = text_of(app)
        assert "CALL NOW" in shown
        assert "Anna Example" in shown
        assert "+33 6 00 00 00 00, then +33 1 10" in shown
        assert big("+33 6 00 00 00 00", 78).split("\n")[1].strip() in shown, "in large digits"
        assert shown.index("Anna Example") < shown.index(f"{HOSTILE}Desk") < shown.index("Quin Example")
        assert hold in shown
        for part in ("Version", "never synced" if "never" in shown else "synced", "until"):
            assert part in shown

    drive(app, script, size)


@sizes
def test_after_no_answer_the_next_moves_up(
    firm: Firm, open_app: Opened, tree: dict[str, str], size: tuple[int, int]
) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "1", "enter")
        assert "What became of the call?" in text_of(app)
        assert "no answer" in text_of(app)
        await keys(pilot, "4", "enter")
        shown = text_of(app)
        assert "NOW [bold red]x[/] Desk" in shown
        assert "no answer, tried 1" in shown
        assert shown.index("[bold red]x[/] Desk") < shown.rindex("Anna Example")

    drive(app, script, size)
    (call,) = calls(firm, hold)
    assert (call["contact"], call["outcome"], call["by"]) == (tree["Anna Example"], "no answer", "@LYN1")


def test_an_answered_call_is_read_back_and_acknowledges(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    words = three_words(firm.desks["LYN1"].store, hold)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "2", "enter")
        assert words.upper() in text_of(app)
        await keys(pilot, "1", "enter")
        assert "What was said?" in text_of(app)
        await type_in(pilot, "lift needle 2")
        await keys(pilot, "enter")
        assert "Answered already: Anna Example" in text_of(app)

    drive(app, script)
    (call,) = calls(firm, hold)
    assert (call["outcome"], call["person"], call["readback"]) == ("answered", "anna", words)
    assert call["text"] == "lift needle 2"
    assert call["contact"] == tree["Anna Example"]


@pytest.mark.parametrize("answered", [("Jean Martin", "", "Jean Martin"), ("SVEN", "sven", "")])
def test_who_answered_is_asked_where_it_is_not_clear(
    firm: Firm, open_app: Opened, tree: dict[str, str], answered: tuple[str, str, str]
) -> None:
    del tree
    typed, person, name = answered
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "2", "enter", "2", "enter")
        assert "Who answered?" in text_of(app)
        await keys(pilot, "enter")
        assert "Who answered?" in text_of(app), "somebody answered: the name is needed"
        await type_in(pilot, typed)
        await keys(pilot, "enter")
        await keys(pilot, "2", "enter", "enter")

    drive(app, script)
    (call,) = calls(firm, hold)
    assert (call["outcome"], call["person"], call["name"], call["readback"]) == ("answered", person, name, "")


def test_esc_logs_nothing_and_asks_anew(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    del tree
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "3", "enter")
        assert "Who answered?" in text_of(app)
        await keys(pilot, "escape")
        assert "CALL NOW" in text_of(app)
        await keys(pilot, "escape")
        assert not isinstance(app.screen, CallScreen)

    drive(app, script)
    assert calls(firm, hold) == []


def test_no_run_of_enters_says_that_somebody_answered(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    del tree
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", *["enter"] * 30)

    drive(app, script)
    assert calls(firm, hold) == []


def test_with_nothing_open_the_call_is_kept_with_the_terminal(
    firm: Firm, open_app: Opened, tree: dict[str, str]
) -> None:
    del tree
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        assert "kept with this terminal" in text_of(app)
        await keys(pilot, "enter", "5", "enter")

    drive(app, script)
    assert [call["outcome"] for call in calls(firm, "LYN1")] == ["busy"]


def test_a_deviation_of_what_is_held_here_goes_on_being_called_about(
    firm: Firm, open_app: Opened, tree: dict[str, str]
) -> None:
    del tree
    firm.do("LYN1", "hold.stop")
    deviation = firm.do("LYN1", "deviation.raise", title="needle drips").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        assert deviation in text_of(app)
        assert "needle drips" in text_of(app)

    drive(app, script)


def test_with_nobody_in_the_call_tree_it_says_what_to_do(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter")
        assert "nobody" in text_of(app)
        assert "switchboard" in text_of(app)

    drive(app, script)


def test_for_a_record_that_is_not_here(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(CallScreen("HLD-LYN1-99999"))
        await settle(pilot)
        assert "FORM-2" in text_of(app)
        await keys(pilot, "enter", "escape")

    drive(app, script)


def test_numbers_in_large_digits() -> None:
    assert numbers_of(("+1 2, +3; 4", " ")) == ["+1 2", "+3", "4"]
    assert big("10", 20) == "     _ \n  | | |\n  | |_|"
    assert big("10", 3) == "10"
    assert big("ext. 5 \u202e", 80).isprintable()
