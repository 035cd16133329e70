"""The desk over two programs: what it counts, for whom, what it opens, and what comes in by itself."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from textual.message import Message
from textual.pilot import Pilot

from shared.terminal.desk import Desk
from shared.terminal.synced import UNREACHABLE, Synced
from tests.terminal import firm as firms
from tests.terminal.firm import CHEAP
from tests.tui.driving import drive, sizes, text_of
from tests.tui.records import HOSTILE, ITEMS, NOW, signed_in
from tests.tui.test_snapshots import Shot, shot
from tests.tui.two_programs import CODE, Two, line, two
from tui.counting import NOBODY
from tui.desk_app import Choice, DeskApp
from tui.fleet import Fleet
from tui.programs import Counted
from tui.screens.help import HelpScreen

__all__ = ["shot", "two"]  # fixtures
Script = Callable[[DeskApp, Pilot[None]], Awaitable[None]]


async def counted(app: DeskApp, pilot: Pilot[None]) -> None:
    """Wait until all that changed is counted and painted."""
    app.fleet.counter.ring()
    assert await asyncio.to_thread(app.fleet.counter.settle, 20.0)
    await pilot.pause()
    await pilot.pause()


def at_desk(app: DeskApp, script: Script, size: tuple[int, int] = (80, 24)) -> None:
    """Run a script at the desk, once all is counted."""

    async def begun(pilot: Pilot[None]) -> None:
        await counted(app, pilot)
        await script(app, pilot)

    drive(app, begun, size)
    app.fleet.end()


def numbers(app: DeskApp, program: str) -> Counted:
    found = next(one.counted for one in app.fleet.programs() if one.id == program)
    assert found is not None
    return found


def lines_with(app: DeskApp, words: str) -> list[str]:
    return [one for one in text_of(app).splitlines() if words in one]


def busy(two: Two) -> None:
    """A hold and a critical deviation in the second program; one that two rated differently in the first."""
    held = two.hold(two.second, "Needle 4 drips")
    bad = two.second.do("LYN1", "deviation.raise", title="Filter not integral", hold=held).record
    two.second.sync()
    two.second.do("LYN1", "deviation.rate", bad, "anna", criticality="critical", reason="sterility")
    two.second.do("SPO1", "deviation.rate", bad, "quin.b", criticality="critical", reason="sterility")
    two.second.sync()
    contested = two.first.do("LYN1", "deviation.raise", title="Pressure over the limit").record
    two.first.sync()
    two.first.do("LYN1", "deviation.rate", contested, "anna", criticality="minor", reason="no contact")
    two.first.do("SPO1", "deviation.rate", contested, "sam", criticality="major", reason="a critical parameter")
    two.first.sync()


@sizes
def test_it_shows_all_programs_the_most_urgent_first(two: Two, shot: Shot, size: tuple[int, int]) -> None:
    busy(two)

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        del pilot
        shown = text_of(app)
        assert shown.index("Vector B") < shown.index("Antibody A")
        assert lines_with(app, "> Vector B")
        assert "Needle 4 drips" in shown
        assert "Filter not integral" in shown
        shot(app, "desk")

    at_desk(two.app(), script, size)
    found = two.app()
    at_desk(found, _nothing)
    second, first = numbers(found, two.second.program), numbers(found, two.first.program)
    assert (second.held, second.critical, second.open, second.settle) == (1, 1, 1, 0)
    assert (first.held, first.critical, first.open, first.settle) == (0, 0, 1, 1)
    assert (second.partners, first.partners) == (("Basel Cells",), ("Lyon Biologics",))


async def _nothing(app: DeskApp, pilot: Pilot[None]) -> None:
    del app, pilot


def test_what_waits_is_counted_for_the_same_person_under_another_id(two: Two) -> None:
    for firm in (two.first, two.second):
        firm.do("LYN1", "template.publish", "", "anna", name="Readiness", version="1", items=ITEMS, effective=NOW)
        firm.sync()
    app = two.app(two.first.program, signed_in("quin"))

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        first, second = numbers(app, two.first.program), numbers(app, two.second.program)
        assert (first.person, second.person) == ("quin", "quin.b")
        assert (first.waiting, second.waiting) == (1, 1)
        assert "for you" in text_of(app)
        assert "SPO1  desk for Quin Example" in text_of(app)
        assert "quin here" in text_of(app)
        await keys_at(pilot, "down")
        assert "quin.b here" in text_of(app)
        await keys_at(pilot, "f12")
        await counted(app, pilot)
        assert "for you" not in text_of(app)
        assert numbers(app, two.first.program).person == ""

    at_desk(app, script)


def test_somebody_whose_key_is_in_one_program_alone_has_no_part_in_the_other(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(firms.PEOPLE, "una", ("sponsor", ["qa"]))
    two.second._member("una")
    two.second.sync()

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        assert numbers(app, two.second.program).person == "una"
        assert numbers(app, two.first.program).person == ""
        assert "una here" in text_of(app)
        await keys_at(pilot, "up")
        assert "Una Example has no part in this program" in text_of(app)

    at_desk(two.app(two.second.program, signed_in("una")), script)


async def keys_at(pilot: Pilot[None], *pressed: str) -> None:
    await pilot.press(*pressed)
    await pilot.pause()


def test_a_rating_that_is_hidden_makes_nothing_critical(two: Two) -> None:
    bad = two.second.do("LYN1", "deviation.raise", title="Filter not integral").record
    two.second.do("LYN1", "deviation.rate", bad, "anna", criticality="critical", reason="sterility")
    two.second.sync()
    app = two.app(two.second.program, signed_in("sam"))

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        del pilot
        found = numbers(app, two.second.program)
        assert (found.open, found.critical) == (1, 0)
        assert not lines_with(app, "CRITICAL")

    at_desk(app, script)


def test_what_comes_in_is_shown_by_itself_and_the_cursor_stays(two: Two) -> None:
    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        assert lines_with(app, "> Antibody A")
        two.hold(two.second, "Needle 4 drips")
        await counted(app, pilot)
        assert lines_with(app, "* Vector B")
        assert lines_with(app, "> Antibody A")
        assert "HELD 1" in text_of(app)
        assert text_of(app).index("Vector B") < text_of(app).index("Antibody A")
        await keys_at(pilot, "up")
        assert lines_with(app, "> Vector B")
        assert "Needle 4 drips" in text_of(app)

    at_desk(two.app(), script)


def test_only_a_program_that_changed_is_counted_again(two: Two) -> None:
    app = two.app()
    taken: list[str] = []

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        told = app.fleet.counter._told

        def noted(one: Counted) -> None:
            taken.append(one.program)
            told(one)

        app.fleet.counter._told = noted
        await counted(app, pilot)
        await counted(app, pilot)
        assert taken == []
        two.hold(two.second, "Needle 4 drips")
        await counted(app, pilot)
        assert set(taken) == {two.second.program}

    at_desk(app, script)


def test_a_log_that_cannot_be_read_stands_first_and_keeps_nobody_from_the_others(two: Two) -> None:
    two.second.desks[CODE].close()
    two.home.log_path(two.second.program).write_bytes(b"no log at all" * 1000)

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        assert "cannot be read" in text_of(app).splitlines()[2]
        assert lines_with(app, "Antibody A")
        await keys_at(pilot, "home", "enter")
        assert app.chosen == Choice(two.second.program)

    at_desk(two.app(), script)


def test_no_server_is_said_of_that_program_alone(two: Two) -> None:
    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        app.fleet._note(two.second.program, Synced(0, 0, 0, UNREACHABLE, "nobody answers", ()))
        await pilot.pause()
        assert "NO SERVER" in lines_with(app, "Vector B")[0]
        assert "NO SERVER" not in lines_with(app, "Antibody A")[0]
        assert "NO SERVER" in text_of(app).splitlines()[0]
        await keys_at(pilot, "end")
        assert "NO SERVER: nobody answers" in text_of(app)

    at_desk(two.app(), script)


def test_hostile_text_is_shown_as_it_is(two: Two) -> None:
    two.hold(two.second, HOSTILE)

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        del pilot
        assert HOSTILE in text_of(app)

    at_desk(two.app(), script, (200, 60))


@pytest.mark.parametrize(
    ("pressed", "begin"), [("enter", ""), ("f4", "page('board')"), ("f5", "page('attention')"), ("f6", "page('find')")]
)
def test_a_key_opens_the_program_under_the_cursor(two: Two, pressed: str, begin: str) -> None:
    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        await keys_at(pilot, "down", pressed)
        assert app.chosen == Choice(two.second.program, begin)

    at_desk(two.app(), script)


@pytest.mark.parametrize(("pressed", "begin"), [("f2", "stop"), ("f3", "page('call')")])
def test_stop_and_call_go_where_the_terminal_stands(two: Two, pressed: str, begin: str) -> None:
    there = line(two.second)
    two.second.sync()
    two.second.do(CODE, "terminal.post", places=[there])

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        assert lines_with(app, "> Antibody A")
        await keys_at(pilot, pressed)
        assert app.chosen == Choice(two.second.program, begin)

    at_desk(two.app(two.first.program), script)


def test_a_stop_before_anything_is_read_is_not_lost(two: Two) -> None:
    there = line(two.second)
    two.second.sync()
    two.second.do(CODE, "terminal.post", places=[there])
    app, pressed = two.app(), threading.Event()
    opens = app.fleet.counter._opened

    def late(program: str) -> Desk:
        pressed.wait(20.0)
        return opens(program)

    app.fleet.counter._opened = late

    async def script(pilot: Pilot[None]) -> None:
        await keys_at(pilot, "f2")
        assert app.chosen is None
        assert "Reading where this terminal stands" in text_of(app)
        pressed.set()
        await counted(app, pilot)
        assert app.chosen == Choice(two.second.program, "stop")

    drive(app, script)
    app.fleet.end()


class _Nobody:
    """Takes what the desk would be told."""

    def post_message(self, message: Message) -> bool:
        """Let it go."""
        return bool(message)


def test_a_program_whose_screens_are_open_is_left_to_them(two: Two) -> None:
    fleet = Fleet(two.home, clock=two.first.hand.clock, costs=CHEAP)
    fleet.follow()
    assert set(fleet._syncers) == {two.first.program, two.second.program}
    ended = fleet._syncers[two.second.program]
    fleet.leave_to_itself(two.second.program)
    ended.join(20.0)
    assert not ended.is_alive()
    assert set(fleet._syncers) == {two.first.program}
    fleet.follow()
    assert set(fleet._syncers) == {two.first.program}
    fleet.show(_Nobody(), NOBODY)
    assert fleet._syncers[two.second.program] is not ended
    fleet.end()


def test_help_says_what_it_is_and_comes_back(two: Two) -> None:
    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        await keys_at(pilot, "f1")
        assert isinstance(app.screen, HelpScreen)
        assert "the most urgent first" in text_of(app)
        await keys_at(pilot, "escape")
        assert lines_with(app, "> Antibody A")

    at_desk(two.app(), script)


def test_who_looked_is_forgotten_after_a_while(two: Two) -> None:
    app = two.app(two.first.program, signed_in("quin"))

    async def script(app: DeskApp, pilot: Pilot[None]) -> None:
        app.monotonic = lambda: 301.0
        app._tick()
        await counted(app, pilot)
        assert numbers(app, two.first.program).person == ""
        assert "Quin" not in text_of(app)

    at_desk(app, script)
