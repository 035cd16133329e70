"""After F2: the containment card, a step at a time, and what comes next."""

import re

import pytest
from textual.pilot import Pilot

from shared.actions.action import ACTIONS
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of, type_in
from tui.app import AndonApp
from tui.reader import Reader
from tui.screens.actions import ActionsScreen
from tui.screens.form import FormScreen
from tui.screens.stopped import StoppedScreen

CARD = ["Close the valve", "Cover the vials", "Keep samples"]
LONG = [
    f"{n} {'close the valve behind pump and wait until the needle stands, ' * 4}"[:most]
    for n, most in enumerate((80, 150, 110, 130, 199))
]


async def tick(pilot: Pilot[None]) -> None:
    """Enter, a second after whatever was done before."""
    app = pilot.app
    assert isinstance(app, AndonApp)
    now = app.monotonic() + 1
    app.monotonic = lambda: now
    await keys(pilot, "enter")


def whole(app: AndonApp) -> str:
    """The screen's words, wherever its lines end."""
    return " ".join(re.sub("[▁-█]", "", text_of(app)).split())


def holds(firm: Firm) -> list[str]:
    return sorted(row.record for row in firm.desks["LYN1"].store.lists.rows("hold", {"state": "held"}))


def entered(firm: Firm, hold: str) -> list[tuple[str, str, str]]:
    """The hold's trail: who, by whose word, what."""
    return [(one.by, one.claimed, one.sentence) for one in Reader(firm.desks["LYN1"]).trail(hold)]


@pytest.fixture
def place(firm: Firm) -> str:
    fields = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}
    place = firm.do("LYN1", "place.add", "", "anna", **fields).record
    firm.do("LYN1", "place.card", place, "anna", steps=CARD, reason="first card")
    firm.do("LYN1", "terminal.post", places=[place])
    return place


@sizes
@pytest.mark.usefixtures("place")
def test_it_leads_through_the_card(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert isinstance(app.screen, StoppedScreen)
        shown = text_of(app)
        assert "HELD" in shown
        assert "FILL-2 Filling line" in shown
        for step in CARD:
            assert step in shown
        for _ in CARD:
            await tick(pilot)
        assert "[x] Keep samples" in text_of(app)

    drive(app, script, size)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


@sizes
def test_the_step_that_is_due_is_always_whole(firm: Firm, open_app: Opened, place: str, size: tuple[int, int]) -> None:
    firm.do("LYN1", "place.card", place, "anna", steps=[one.strip() for one in LONG], reason="in full")
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "f2")
        assert "It is held already" in text_of(app), "a told line takes room too"
        for step in LONG:
            assert f"[>] {step.strip()}" in whole(app)
            await pilot.resize_terminal(60, 20)
            await settle(pilot)
            assert f"[>] {step.strip()}" in whole(app), "and when the terminal has become smaller"
            await pilot.resize_terminal(*size)
            if step is not LONG[-1]:
                await tick(pilot)
        await keys(pilot, "6", "enter")
        for step in LONG[:-1]:
            await keys(pilot, "down")
            assert f"[x] {step.strip()}" in whole(app), "which one is chosen can be read too"
        shown = next(one for one in text_of(app).splitlines() if "5 NOT done" in one)
        assert size[0] > 100 or shown.rstrip().endswith("~")

    drive(app, script, size)


@pytest.mark.usefixtures("place")
def test_it_opens_a_deviation_that_names_the_hold(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "5", "enter")
        assert isinstance(app.screen, FormScreen)
        held = firm.desks["LYN1"].store.lists.rows("hold")[0].record
        assert held in text_of(app)

    drive(app, script)


@pytest.mark.usefixtures("place")
def test_the_card_asks_what_actions_declare_and_nothing_else(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for do, card in (("hold.samples", "Pictures taken: where?"), ("hold.claim", "")):
        monkeypatch.setitem(ACTIONS, do, ACTIONS[do]._replace(card=card))
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert "Who pressed? Name" not in text_of(app)
        assert "2 Pictures taken: where\n" in "\n".join(one.rstrip() for one in text_of(app).splitlines())
        await keys(pilot, "2", "enter")
        assert "Pictures taken: where? Then Enter" in text_of(app)
        await type_in(pilot, "camera 4")
        await keys(pilot, "enter")
        app.push_screen(ActionsScreen(holds(firm)[0]))
        await settle(pilot)
        shown = text_of(app)
        assert "Make safe: the containment card" in shown
        assert "hold claim" in shown, "the card does not ask it"
        assert "hold samples" not in shown, "the card asks it"

    drive(app, script, (200, 60))
    (hold,) = holds(firm)
    assert [said for _, _, said in entered(firm, hold)][1:] == ["samples kept: camera 4"]


@pytest.mark.usefixtures("place")
def test_a_hold_that_is_lifted_has_no_card_any_more(firm: Firm, open_app: Opened) -> None:
    hold = firm.do("LYN1", "hold.stop", reason="a mistake").record
    lifted = firm.do("LYN1", "hold.lift", hold, "anna", reason="a mistake")
    firm.do("LYN1", "entry.confirm", hold, "sven", of=lifted.id)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(ActionsScreen(hold))
        await settle(pilot)
        assert "Make safe" not in text_of(app)
        assert "hold samples" in text_of(app), "what is noted late is noted by a form"

    drive(app, script)


def test_a_terminal_without_a_post_asks_what_to_hold(open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f2")
        assert isinstance(app.screen, FormScreen)
        assert "what is held" in text_of(app)

    drive(app, script)


@pytest.mark.usefixtures("place")
def test_pressing_in_fright_holds_once(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "f2", "f2")
        assert "HELD" in text_of(app)

    drive(app, script)
    assert firm.desks["LYN1"].store.lists.count("hold", {"state": "held"}) == 1


@pytest.mark.usefixtures("place")
@pytest.mark.requirement("DI-01")
def test_each_step_is_an_entry_and_a_burst_of_enter_ticks_one_at_most(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", *["enter"] * 10)
        assert "[x]" not in text_of(app), "nobody has read the first step yet"
        assert "too quick" in text_of(app)
        await tick(pilot)
        await keys(pilot, *["enter"] * 10)
        assert text_of(app).count("[x]") == 1
        assert "[x] Close the valve  (@LYN1 12:0" in text_of(app)

    drive(app, script)
    (hold,) = holds(firm)
    assert [said for _, _, said in entered(firm, hold)][1:] == ["made safe: Close the valve"]


@pytest.mark.usefixtures("place")
def test_what_was_done_is_there_after_leaving_and_at_the_partner(firm: Firm, open_app: Opened) -> None:
    first, again, partner = open_app(), open_app(), open_app("SPO1")

    async def begun(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        await tick(pilot)

    drive(first, begun)
    (hold,) = holds(firm)

    async def resumed(pilot: Pilot[None]) -> None:
        again.open_record(hold)
        await settle(pilot)
        await keys(pilot, "enter", "enter")
        assert isinstance(again.screen, StoppedScreen), "Enter, and the first of what can be done"
        assert "[x] Close the valve" in text_of(again)
        await tick(pilot)

    drive(again, resumed)
    firm.sync()

    async def seen(pilot: Pilot[None]) -> None:
        partner.push_screen(StoppedScreen(hold))
        await settle(pilot)
        assert text_of(partner).count("[x]") == 2
        assert "Who pressed?" not in text_of(partner), "nobody there did"
        firm.do("LYN1", "hold.safe", hold, step=CARD[2])
        firm.sync()
        partner._tick()
        await pilot.pause()
        assert text_of(partner).count("[x]") == 3, "live"

    drive(partner, seen)


@sizes
@pytest.mark.usefixtures("place")
def test_a_step_is_taken_back_with_a_reason(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        await tick(pilot)
        await keys(pilot, "6", "enter")
        assert "NOT done after all: Close the valve" in text_of(app)
        await keys(pilot, "enter")
        assert "Done: Cover the vials" in text_of(app), "Enter alone changes nothing"
        await keys(pilot, "6", "enter", "2", "enter")
        assert "Why is it not done after all?" in text_of(app)
        await type_in(pilot, "it leaks")
        await keys(pilot, "enter")
        assert "NOT DONE: it leaks" in text_of(app)
        assert "[x]" not in text_of(app)
        await keys(pilot, "6", "enter", "3", "enter")
        assert "[x] Cover the vials" in text_of(app), "in another order too"

    drive(app, script, size)
    (hold,) = holds(firm)
    assert [said for _, _, said in entered(firm, hold)][2:] == [
        "made safe: Close the valve; not done after all: it leaks", "made safe: Cover the vials",
    ]  # fmt: skip


def test_samples_and_who_pressed_are_asked_without_a_card_too(firm: Firm, open_app: Opened) -> None:
    firm.do("LYN1", "terminal.post", places=["FILL-2"])
    start = firm.desks["LYN1"].clock.at(firm.hand.now)
    firm.do("LYN1", "contact.set", "", "sven", name="Ida", numbers="+1", company="cdmo", start=start)
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "2", "enter")
        assert "Samples kept: which, where?" in text_of(app)
        await type_in(pilot, "3 vials, fridge 2")
        await keys(pilot, "enter")
        assert "Samples kept: 3 vials, fridge 2 (@LYN1)" in text_of(app)
        await keys(pilot, "6", "enter", "enter")
        assert "Nobody has said so yet" in text_of(app), "Enter leaves it open"
        await keys(pilot, "6", "enter")
        await type_in(pilot, "OMAR")
        await keys(pilot, "enter")
        assert "Pressed by omar" in text_of(app)
        await keys(pilot, "f3", "enter")
        assert "Logged as said by omar" in text_of(app)
        await keys(pilot, "2", "enter", "f12")
        app.lock()
        await settle(pilot)
        assert app.session.says() == {}, "forgotten at the lock"

    drive(app, script)
    (hold,) = holds(firm)
    assert [one[:2] for one in entered(firm, hold)][1:] == [("@LYN1", ""), ("@LYN1", "omar"), ("@LYN1", "omar")]
    assert [one[2] for one in entered(firm, hold)][1:3] == [
        "samples kept: 3 vials, fridge 2", "says to be who stopped it",
    ]  # fmt: skip


@pytest.mark.usefixtures("place")
def test_one_stop_is_one_hold(firm: Firm, open_app: Opened) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2", "f3", "f2")
        assert isinstance(app.screen, StoppedScreen)
        assert "It is held already" in text_of(app)
        assert len(holds(firm)) == 1
        await keys(pilot, "f3", "f2", "f4", "f2", "escape", "f2")
        assert len(holds(firm)) == 1
        await keys(pilot, "9", "enter")
        assert isinstance(app.screen, FormScreen), "who really wants another one"
        await keys(pilot, "escape")
        firm.hand.wait(11 * 60_000)
        app.go_home()
        await keys(pilot, "f2")
        assert len(holds(firm)) == 2, "after a while it is another stop"

    drive(app, script)
    firm.do("LYN1", "deviation.raise", title="drips", hold=max(holds(firm)))

    async def later(pilot: Pilot[None]) -> None:
        await keys(pilot, "f2")
        assert isinstance(again.screen, StoppedScreen)

    again = open_app()
    drive(again, later)
    assert len(holds(firm)) == 2, "a deviation that was opened for it changes nothing: F2 comes back to the card"
