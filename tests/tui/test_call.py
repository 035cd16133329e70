"""F3: whom to call now, in order, with numbers; what became of it; with nobody signed in and no network."""

import pytest
from textual.pilot import Pilot

from shared.terminal.calling import CallList
from shared.terminal.readback import three_words
from shared.terminal.synced import UNREACHABLE, Synced
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.messages import SyncTold
from tui.screens.call import CallScreen
from tui.widgets.big_number import big

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
        await keys(pilot, "2", "enter")
        shown = text_of(app)
        assert "NEXT [bold red]x[/] Desk" in shown
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
        await keys(pilot, "f3", "enter", "1", "enter")
        assert words.upper() in text_of(app)
        await keys(pilot, "1", "enter")
        assert "What was said?" in text_of(app)
        await type_in(pilot, "lift needle 2")
        await keys(pilot, "enter")
        assert "ANSWERED: Anna Example" in text_of(app)

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
        await keys(pilot, "f3", "2", "enter", "1", "enter")
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
        await keys(pilot, "f3", "enter", "6", "enter")
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
        await keys(pilot, "enter", "3", "enter")

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


def test_who_answered_for_a_hold_is_known_on_its_deviation(firm: Firm, open_app: Opened, tree: dict[str, str]) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3", "enter", "2", "enter", "1", "enter", "1", "enter")
        await type_in(pilot, "Mei")
        await keys(pilot, "enter", "2", "enter", "enter")
        deviation = firm.do("LYN1", "deviation.raise", title="needle drips", hold=hold).record
        app.go_home()
        app.push_screen(CallScreen(deviation))
        await settle(pilot)
        shown = text_of(app)
        assert "needle drips" in shown
        assert "ANSWERED: Mei" in shown
        assert "CALL NOW" not in shown
        assert "tried 1" in shown

    del tree
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


@sizes
def test_who_answered_stands_first_and_nobody_shouts_any_more(
    firm: Firm, open_app: Opened, tree: dict[str, str], size: tuple[int, int]
) -> None:
    hold = firm.do("LYN1", "hold.stop").record
    firm.do("LYN1", "call.log", hold, contact=tree["Anna Example"], outcome="answered", person="anna")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f3")
        shown = text_of(app)
        assert "ANSWERED: Anna Example 12:0" in shown
        assert "CALL NOW" not in shown
        assert "next to call:" in shown
        assert shown.index("ANSWERED") < shown.index("next to call:")

    drive(app, script, size)


def test_a_change_of_shift_is_seen_with_nobody_touching_anything(
    firm: Firm, open_app: Opened, tree: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del tree
    ends = firm.hand.now + 60_000
    clock = firm.desks["LYN1"].clock
    for name, start, until in (("Nora Night", firm.hand.now, ends), ("Dan Day", ends, ends + 60_000_000)):
        contact = firm.do(
            "LYN1", "contact.set", "", "sven", name=name, numbers="+1", company="cdmo", expertise=["filling"],
            start=clock.at(firm.hand.now),
        ).record  # fmt: skip
        firm.do(
            "LYN1", "cover.set", "", "sven", contact=contact, company="cdmo", tier=1, expertise="filling",
            start=clock.at(start), until=clock.at(until),
        )  # fmt: skip
    place = firm.do(
        "LYN1", "place.add", "", "anna", code="F-9", sort="suite", name="Fill", site="Lyon", expertise="filling"
    ).record
    firm.do("LYN1", "terminal.post", places=[place])
    app = open_app()
    read: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "Nora Night" in text_of(app)
        make = app.reader.on_call

        def counted() -> CallList:
            read.append("")
            return make()

        monkeypatch.setattr(app.reader, "on_call", counted)
        app._tick()
        assert not read, "nothing is read as long as the list lasts"
        firm.hand.wait(61_000)
        app._tick()
        await pilot.pause()
        assert "Dan Day" in text_of(app)
        assert "Nora Night" not in text_of(app)
        await keys(pilot, "f3")
        assert "CALL NOW  Dan Day" in text_of(app)
        firm.hand.wait(60_000_000)
        app._tick()
        await pilot.pause()
        assert "CALL NOW  Dan Day" not in text_of(app)

    drive(app, script)


def test_the_age_of_the_copy_is_that_of_the_top_line(open_app: Opened, tree: dict[str, str]) -> None:
    del tree
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.post_message(SyncTold(Synced(0, 0, 0, UNREACHABLE, "", ())))
        await keys(pilot, "f3")
        assert "NO SERVER, last synced" in text_of(app).splitlines()[-2]

    drive(app, script)
