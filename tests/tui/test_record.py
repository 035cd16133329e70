"""The screen of a record: what people must know of it, ratings that are hidden, what waits, and its ways on."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from shared.actions.action import ACTIONS
from tests.terminal.firm import Firm
from tests.tui.conftest import Opened
from tests.tui.driving import drive, keys, settle, sizes, text_of
from tests.tui.records import HOSTILE, NOW, SHEET, deviation, signed_in
from tui.app import AndonApp
from tui.record_seen import seen as seen_now
from tui.screens.deviation import DeviationScreen
from tui.screens.hold import HoldScreen
from tui.screens.record import record_screen
from tui.screens.sheet import SheetScreen
from tui.screens.why import WhyScreen


def flat(text: str) -> str:
    """The words of a screen on one line, wherever they were wrapped."""
    return " ".join(text.split())


def opened(app: AndonApp, person: str = "") -> AndonApp:
    """The same, with somebody signed in."""
    if person:
        app.session = signed_in(person)
    return app


@sizes
def test_a_deviation_says_what_people_must_know(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record, hold = deviation(firm)
    firm.do("LYN1", "deviation.problem", record, **SHEET)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, DeviationScreen)
        shown = text_of(app)
        assert record in shown
        assert " OPEN " in shown  # not rated yet
        assert "not rated" in shown
        assert f"HELD  {hold}" in shown
        assert "local" in shown
        assert "2 things are in the way (F7)" in shown
        assert "problem: Observed 4.1 bar" in shown
        assert "F7 Why" in shown.splitlines()[-1]
        await keys(pilot, "end")
        assert "Linked:" in text_of(app)

    drive(app, script, size)


@sizes
def test_a_deviation_says_what_was_asked_and_what_each_answered(
    firm: Firm, open_app: Opened, size: tuple[int, int]
) -> None:
    record, _ = deviation(firm)
    no = dict.fromkeys(("parameter", "equipment", "other_batches", "distributed"), False)
    firm.do("LYN1", "deviation.assess", record, patient="possible", attribute=True, **no)
    firm.do("LYN1", "deviation.assess", record, patient="no", attribute=False, claimed=HOSTILE, **no)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        (shown,) = app.screen.query("#text").results(Static)
        text = str(shown.content)
        first, second = text.index("questions, answered by @LYN1: major proposed\n"), text.index(HOSTILE)
        asked = {field.name: field.words for field in ACTIONS["deviation.assess"].fields}
        for person, name, answer in (
            (first, "patient", "possible"), (first, "attribute", "yes"), (first, "distributed", "no"),
            (second, "patient", "no"), (second, "other_batches", "no"),
        ):  # fmt: skip
            line = f"\n  {asked[name]}: {answer}\n"
            assert line in text[person:], line
        assert "minor proposed" in text[second:]
        await keys(pilot, "down", "down", "down", "down", "down", "down")
        assert asked["attribute"] in text_of(app)

    drive(app, script, size)


@sizes
def test_a_hold_says_how_it_was_made_safe_step_by_step(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    firm.do("LYN1", "hold.safe", hold, step="Close the valve", claimed="omar")
    firm.do("LYN1", "hold.safe", hold, step="Cover the vials")
    firm.do("LYN1", "hold.safe", hold, step="Cover the vials", undone=f"{HOSTILE}lid stuck")
    app = open_app(record=hold)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = flat(text_of(app))
        assert "made safe: - Close the valve: done, by omar, 18 Nov 12:0" in shown
        assert f"- Cover the vials: NOT DONE: {HOSTILE}lid stuck, by @LYN1, 18 Nov 12:0" in shown
        assert shown.count("Cover the vials") == 1

    drive(app, script, size)


def test_hostile_text_is_text(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm, HOSTILE)
    firm.do("LYN1", "deviation.note", record, text=HOSTILE)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert text_of(app).count(HOSTILE) >= 2
        for key in ("f7", "escape", "f8", "escape", "f11", "enter"):
            await keys(pilot, key)
            assert "[bold red]x[/]" in text_of(app)

    drive(app, script)


def test_a_second_rater_does_not_see_the_first_rating(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, _ = deviation(firm)
    firm.do("LYN1", "deviation.rate", record, "anna", criticality="critical", reason="glass in the bulk")

    async def hidden(app: AndonApp, pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "rated by 1, hidden until you have rated" in shown
        for key in ("f11", "enter", "escape", "escape", "f7", "escape"):
            await keys(pilot, key)
            shown += text_of(app)
        await keys(pilot, "f4", "right")
        shown += text_of(app)
        assert "glass" not in shown
        assert "critical" not in shown.replace("criticality", "")
        assert "hidden" in text_of(app)

    async def seen(app: AndonApp, pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "anna: critical  glass in the bulk" in text_of(app)
        assert "hidden" not in text_of(app)

    firm.sync()
    laptop = opened(open_app("SPO1", record), "")
    drive(laptop, lambda pilot: hidden(laptop, pilot))  # who locks sees no more there; a floor must see it
    for person, sees in (("quin", False), ("sam", False), ("anna", True), ("omar", True), ("", True)):
        app = opened(open_app(record=record), person)
        drive(app, lambda pilot, app=app, run=seen if sees else hidden: run(app, pilot))  # type: ignore[misc]
    firm.do("LYN1", "deviation.rate", record, "quin", criticality="major", reason="one vial only")
    app = opened(open_app(record=record), "quin")

    async def both(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "CONTESTED rating:" in shown
        assert "anna set  critical" in shown
        assert "quin set  major" in shown
        assert "quin: major  one vial only" in shown
        await keys(pilot, "f8")
        at = next(line for line in text_of(app).splitlines() if "Settles the ratings" in line)
        await keys(pilot, at[2], "enter")
        assert asked == [("deviation.rate", record, {"settles": [one.entry for one in ratings]})]

    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))
    ratings = seen_now(app.reader, app.session, record).ratings
    assert [one.person for one in ratings] == ["anna", "quin"]
    drive(app, both)


def test_the_product_clock_stands_at_the_head(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    until = datetime.fromtimestamp(firm.hand.now / 1000, UTC) + timedelta(hours=3, minutes=20, seconds=30)
    by = until.isoformat(timespec="milliseconds")
    firm.do("LYN1", "deviation.urgency", record, spoils="bulk at 5 degrees", by_time=by)
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert "PRODUCT CLOCK  3 h 20 min left" in text_of(app)
        assert "bulk at 5 degrees" in text_of(app)
        firm.hand.wait(3 * 3_600_000 + 11 * 60_000)
        app._tick()
        await pilot.pause()
        assert "PRODUCT CLOCK  9:2" in text_of(app)
        firm.hand.wait(3_600_000)
        app._tick()
        await pilot.pause()
        assert "RAN OUT 50 min ago" in text_of(app)

    drive(app, script)


def test_why_says_who_can_clear_it_and_opens_where(firm: Firm, open_app: Opened) -> None:
    record, hold = deviation(firm)
    app = open_app(record=hold)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert type(app.screen) is HoldScreen
        assert "In the way: the hold is in force (F7)" in text_of(app)
        assert "deviation " + record in text_of(app)
        await keys(pilot, "f7")
        shown = text_of(app)
        assert "1 thing is in the way" in shown
        assert "qa of cdmo and qa of sponsor" in shown
        assert "on duty now" in shown
        await keys(pilot, "enter")
        assert ">1 " in text_of(app)  # what can be done with it
        await keys(pilot, "escape")
        assert isinstance(app.screen, WhyScreen)

    drive(app, script)


@sizes
def test_actions_begin_with_the_call_sheet(firm: Firm, open_app: Opened, size: tuple[int, int]) -> None:
    record, hold = deviation(firm)
    app = opened(open_app(record=record), "omar")

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "enter")
        shown = text_of(app)
        assert ">1 Call sheet" in shown
        assert "deviation note" in shown
        assert "deviation.problem" not in shown  # the sheet asks it
        assert f"Open the hold {hold}" in shown
        await keys(pilot, "end")
        shown = text_of(app)
        assert "WHO-3" in shown
        assert "Not now" in shown
        await keys(pilot, "1", "enter")
        assert isinstance(app.screen, SheetScreen)

    drive(app, script, size)


def test_a_proposal_is_confirmed_from_the_record(firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    record, hold = deviation(firm)
    for person in ("anna", "quin"):
        firm.do("LYN1", "deviation.rate", record, person, criticality="major", reason="r")
    lift = firm.do("LYN1", "hold.lift", hold, "anna", reason="needle changed")
    app = opened(open_app(record=hold), "quin")
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "act", lambda *what: asked.append(what))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "WAITS for qa of sponsor: lifted the hold: needle changed (by anna)" in " ".join(shown.split())
        await keys(pilot, "f8")
        assert ">1 Confirm: lifted the hold: needle changed" in text_of(app)
        assert "Decline: lifted the hold" in text_of(app)
        await keys(pilot, "enter")
        assert asked == [("entry.confirm", hold, {"of": lift.id})]
        await keys(pilot, "f8", "end")
        shown = text_of(app)
        assert "Withdraw" in shown  # only who proposed it
        assert "CONF-7" in shown

    drive(app, script)


def test_with_nobody_signed_in_a_proposal_can_be_confirmed_too(firm: Firm, open_app: Opened) -> None:
    _, hold = deviation(firm)
    other = firm.do("LYN1", "hold.stop", on="FILL-3").record
    firm.do("LYN1", "hold.lift", other, "anna", reason="mistaken")
    app = open_app(record=other)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f8")
        lines = text_of(app).splitlines()
        assert any(line.lstrip().startswith(">1 Confirm: lifted the hold: mistaken") for line in lines)
        assert hold not in text_of(app)

    drive(app, script)


def test_what_is_only_proposed_can_be_looked_at(firm: Firm, open_app: Opened) -> None:
    made = firm.do(
        "LYN1", "template.publish", "", "anna", name="Readiness", version="1", effective=NOW,
        items=[{"id": "A", "area": "a", "text": "t", "workstream": "w"}],
    )  # fmt: skip
    app = open_app(record=made.record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert " PROPOSED" in text_of(app)
        assert "published the checklist Readiness" in " ".join(text_of(app).split())
        await keys(pilot, "f7")
        assert "waits for a second person" in text_of(app)
        await keys(pilot, "escape", "f11")
        assert "[waiting]" in text_of(app)

    drive(app, script)


def test_two_texts_of_one_version_stand_side_by_side(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    firm.sync()
    firm.do("LYN1", "deviation.fix", record, "omar", fix="closed the valve")
    firm.do("SPO1", "deviation.fix", record, "sam", fix="drained the line")
    firm.sync()
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        shown = text_of(app)
        assert "CONTESTED: different values stand" in shown
        assert "omar set  closed the valve" in shown
        assert "sam set  drained the line" in shown

    drive(app, script)


@pytest.mark.parametrize("record", ["anna", "LYN1", "PROGRAM", "HLD-LYN1-999999", "nobody", "nonsense here"])
def test_any_record_has_a_screen(open_app: Opened, record: str) -> None:
    app = open_app()

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.push_screen(record_screen(record))
        await settle(pilot)
        assert record in text_of(app) or "Antibody A" in text_of(app)
        for key in ("f7", "escape", "f8", "escape", "f11", "enter", "escape", "escape"):
            await keys(pilot, key)

    drive(app, script)


def test_it_follows_what_comes_in(firm: Firm, open_app: Opened) -> None:
    record, _ = deviation(firm)
    firm.sync()
    app = open_app(record=record)

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        firm.do("SPO1", "deviation.note", record, text="seen at the sponsor")
        firm.sync()
        app._tick()
        await settle(pilot)
        assert "seen at the sponsor" in text_of(app)

    drive(app, script)


def test_what_is_in_the_way_says_who_can_clear_it_and_by_which_action(
    firm: Firm, open_app: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, _ = deviation(firm)
    app = opened(open_app(record=record), "omar")
    omar = SimpleNamespace(callee=SimpleNamespace(tier=1, person="omar", name="Omar {Example}", company="cdmo"))
    monkeypatch.setattr(app.reader, "calls", lambda _: SimpleNamespace(turns=[omar]))

    async def script(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await keys(pilot, "f7")
        shown = flat(text_of(app))
        assert "deviation.problem" not in shown
        assert "record both (deviation problem)" in shown
        assert "Cleared by anybody. F8, deviation problem, clears it." in shown
        assert "You can clear it." in shown
        assert "Nobody of them" not in shown
        await keys(pilot, "down")
        shown = flat(text_of(app))
        assert "Cleared by qa, sme or supervisor. F8, deviation rate, clears it." in shown
        assert "Nobody of them is on duty now" in shown
        app.session = signed_in("sven")
        await keys(pilot, "up")
        shown = flat(text_of(app))
        assert "You can clear it. On duty now: Omar {Example} (cdmo). F3 calls." in shown

    drive(app, script)
