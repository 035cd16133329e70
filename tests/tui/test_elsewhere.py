"""A place that several programs of one terminal use is held in each of them, and none learns of another."""

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from shared.store.errors import Full
from shared.store.store import Store
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.perform import perform
from shared.trust.passwords import Secret
from tests.terminal.firm import CHEAP, START, Firm, password
from tests.tui.driving import drive, keys, text_of
from tui.app import AndonApp
from tui.screens.stopped import StoppedScreen

PLACE = {"code": "FILL-2", "sort": "equipment", "name": "Filling line", "site": "Lyon"}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another program of the same terminal: its key is drawn from the same seed."""
    firm = Firm(tmp_path_factory.mktemp("other") / "whole", people=("anna",), now=START - 1_000_000)
    firm.close()
    return firm.homes["LYN1"].log_path(firm.program)


@pytest.fixture
def programs(firm: Firm, other: Path) -> tuple[str, str]:
    assert firm.homes["LYN1"].key() is not None
    shutil.copy(other, firm.homes["LYN1"].path / "logs" / other.name)
    return firm.program, other.stem


def app_of(firm: Firm) -> AndonApp:
    return AndonApp(
        firm.homes["LYN1"], firm.program, clock=firm.hand.clock, costs=CHEAP, syncs=False, monotonic=lambda: 0.0
    )  # fmt: skip


def there(firm: Firm, program: str) -> Desk:
    return Desk.open(firm.homes["LYN1"], program, clock=firm.hand.clock, costs=CHEAP)


def do(desk: Desk, action: str, person: str = "", /, **fields: object) -> str:
    secret: Secret | None = password(person) if person else None
    return perform(desk, Asked(action, "", fields, person, secret)).record


def held(store: Store) -> list[dict[str, object]]:
    return [dict(row.columns) for row in store.lists.rows("hold", {"state": "held"})]


def press(firm: Firm, *pressed: str) -> str:
    app, shown = app_of(firm), []

    async def script(pilot: Pilot[None]) -> None:
        await keys(pilot, *pressed)
        assert isinstance(app.screen, StoppedScreen)
        shown.append(text_of(app))

    drive(app, script)
    return shown[0]


@pytest.mark.requirement("A11-12")
def test_a_place_of_two_programs_is_held_in_both(firm: Firm, programs: tuple[str, str]) -> None:
    here, another = programs
    place = firm.do("LYN1", "place.add", "", "anna", **PLACE).record
    firm.do("LYN1", "terminal.post", places=[place], batch="C-001")
    with there(firm, another) as desk:
        same = do(desk, "place.add", "anna", **PLACE)
        do(desk, "terminal.post", places=[same], batch="SECRET-7")
    assert "another program of this terminal" in press(firm, "f2")
    assert [one["on"] for one in held(firm.desks["LYN1"].store)] == ["C-001"]
    with there(firm, another) as desk:
        (found,) = held(desk.store)
        assert (found["on"], found["batch"], found["by"]) == (same, None, "@LYN1") or not found["batch"]
        assert here not in str(found)
        assert "Antibody" not in str(found)
        assert "C-001" not in str(found)
    press(firm, "f2")
    with there(firm, another) as desk:
        assert len(held(desk.store)) == 1


def test_a_place_that_is_only_named_there_counts_and_one_that_is_not_known_does_not(
    firm: Firm, programs: tuple[str, str]
) -> None:
    firm.do("LYN1", "terminal.post", places=["LINE 4"])
    press(firm, "f2")
    with there(firm, programs[1]) as desk:
        assert held(desk.store) == []
        do(desk, "terminal.post", places=["LINE 4"])
    firm.hand.wait(11 * 60_000)
    press(firm, "f2")
    with there(firm, programs[1]) as desk:
        assert [one["on"] for one in held(desk.store)] == ["LINE 4"]


def test_what_fails_there_is_told_loudly_and_undoes_nothing_here(
    firm: Firm, programs: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.do("LYN1", "terminal.post", places=["LINE 4"])
    with there(firm, programs[1]) as desk:
        do(desk, "terminal.post", places=["LINE 4"])

    def full(*_: object, **__: object) -> None:
        raise Full("the disk is full and nothing was written. Free some space, then do it again.")

    monkeypatch.setattr("shared.terminal.elsewhere.perform", full)
    assert "NOT HELD in another program" in press(firm, "f2")
    assert len(held(firm.desks["LYN1"].store)) == 1
