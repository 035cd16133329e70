"""The home: what it is made of, who may read it, and which program is meant."""

import os
from pathlib import Path

import pytest

from shared.fold import VERSION
from shared.store.store import Store
from shared.terminal import clock as clocks
from shared.terminal import enrol
from shared.terminal.desk import Desk
from shared.terminal.home import Home
from shared.terminal.refusal import Refused
from tests.terminal.firm import START, Firm, Hand


def made(folder: Path, code: str = "LYN1") -> Home:
    return Home.create(folder, code, enrol.new_terminal_key(os.urandom), zone="Europe/Zurich")


def test_home_is_read_back(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    again = Home.open(tmp_path / "home")
    assert (again.code, again.zone, again.key()) == ("LYN1", "Europe/Zurich", home.key())


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    made(tmp_path / "home")
    modes = {one.name: one.stat().st_mode & 0o077 for one in [tmp_path / "home", *(tmp_path / "home").rglob("*")]}
    assert not any(modes.values()), modes


@pytest.mark.parametrize("damage", ["mode", "cut", "gone", "short"])
def test_key_that_others_read_or_that_is_damaged_is_refused(tmp_path: Path, damage: str) -> None:
    home = made(tmp_path / "home")
    place = tmp_path / "home" / "terminal.key"
    match damage:
        case "mode":
            place.chmod(0o640)
        case "cut":
            place.write_bytes(place.read_bytes()[:20])
        case "gone":
            place.unlink()
        case _:
            place.write_text('{"seed": "00", "secret": "00"}')
    with pytest.raises(Refused, match="HOME-2"):
        home.key()


def test_folder_without_a_home_is_refused_in_one_line(tmp_path: Path) -> None:
    for content in ("", "[]", "{", '{"zone": ""}'):
        (tmp_path / "home.json").write_text(content)
        with pytest.raises(Refused, match="HOME-1"):
            Home.open(tmp_path)
    with pytest.raises(Refused, match="HOME-1"):
        Home.open(tmp_path / "nowhere")


def test_home_is_made_once(tmp_path: Path) -> None:
    made(tmp_path / "home")
    with pytest.raises(Refused, match="HOME-5"):
        made(tmp_path / "home")


def test_program_is_chosen_by_its_beginning_or_is_the_only_one(firm: Firm) -> None:
    home = firm.homes["LYN1"]
    assert home.choose() == home.choose(firm.program[:5]) == home.choose(firm.program) == firm.program
    with pytest.raises(Refused, match="HOME-4"):
        home.choose("nothing")
    other = firm.program[:3] + "x" * (len(firm.program) - 3)
    home.log_path(other).write_bytes(b"")
    (home.path / "logs" / f".{firm.program}.andon.1").write_bytes(b"")
    for text in ("", firm.program[:3]):
        with pytest.raises(Refused, match="HOME-3"):
            home.choose(text)
    assert home.choose(firm.program) == firm.program


def test_log_that_could_not_be_begun_is_not_there(tmp_path: Path) -> None:
    home = made(tmp_path / "home")

    def fail(store: Store) -> None:
        with store.write() as tx:
            tx.set_meta("x", 1)
        raise RuntimeError("power")

    with pytest.raises(RuntimeError):
        home.new_log("p", fail)
    assert home.programs() == []
    assert list((tmp_path / "home" / "logs").iterdir()) == []
    with pytest.raises(Refused, match="HOME-4"):
        home.open_log()


def test_genesis_that_the_fold_refuses_begins_nothing(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    fields = {
        "product": "A", "companies": [{"code": "c", "name": "C", "part": "cdmo"}], "officers": [], "company": "c",
        "site": "s", "log_key": "k", "host": "h",
    }  # fmt: skip
    with pytest.raises(Refused, match="PRG-2"):
        enrol.found(home, fields, Hand(START).clock, os.urandom)
    assert home.programs() == []


def test_log_of_another_version_is_folded_anew_when_it_is_opened(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    with desk.store.write() as tx:
        tx.set_meta("fold_version", "0")
    with Desk.open(desk.home) as again:
        assert not again.store.outdated
        assert again.store.lists.rows("member") == firm.desks["LYN2"].store.lists.rows("member")


def test_log_of_other_kinds_is_folded_anew_when_it_is_opened_in_whatever_order(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    before = str(desk.store.meta("fold_version"))
    with desk.store.write() as tx:
        tx.set_meta("fold_version", f"{VERSION}.other")
        tx.set_meta("kinds_stamp", "other")
        tx.connection.execute("ALTER TABLE hold DROP COLUMN reason")
    with Desk.open(desk.home) as again:
        assert again.store.meta("fold_version") == before
        assert again.store.stamped
        assert again.store.lists.rows("hold") == firm.desks["LYN2"].store.lists.rows("hold")


def test_kinds_whose_files_changed_but_not_their_tables_are_compared_once(firm: Firm) -> None:
    store = firm.desks["LYN1"].store
    with store.write() as tx:
        tx.set_meta("kinds_stamp", "of yesterday")
    assert not store.stamped
    with Desk.open(firm.desks["LYN1"].home) as again:
        assert again.store.stamped


def test_clock_writes_the_zone_of_the_terminal() -> None:
    zurich = clocks.system("Europe/Zurich")
    assert zurich.at(1_795_000_000_000) == "2026-11-18T12:06:40.000+01:00"
    assert zurich.at(1_780_000_000_000) == "2026-05-28T22:26:40.000+02:00"
    assert clocks.system().at(0)[:10] in {"1969-12-31", "1970-01-01"}
    with pytest.raises(ValueError, match="zone"):
        clocks.system("Mars/Olympus")
