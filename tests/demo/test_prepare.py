"""What the demo prepares: homes that hold one sound log, and passwords that fit."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scripts import prepare
from shared.log.canonical import b64, unb64
from shared.log.checkpoint import cosigner_key, log_key, open_checkpoint, origin_of
from shared.log.clock import parse_at
from shared.log.entry import Line
from shared.log.leaf import parse_leaf
from shared.log.note import note_bytes, parse_note, with_signatures
from shared.store.store import Store
from shared.terminal.home import Home
from shared.trust.keys import public_of
from tests.demo.prepared import ANDON, HOMES, ROOT, Demo, andon, run_demo

DAY = 86_400_000
OF_ONE_HOME = {"wrapped_key"}
"""Tables that differ from home to home: keys are wrapped for each."""


def test_it_prints_one_object_and_progress_elsewhere_within_a_minute(demo: Demo) -> None:
    answer = demo.answer
    assert list(answer) == ["program", "url", "homes", "batch", "people"]
    assert len(unb64(answer["program"])) == 32
    assert answer["url"] == "http://127.0.0.1:8765"
    assert list(answer["homes"]) == ["server", *HOMES]
    assert all(Path(one).is_absolute() and Path(one).is_dir() for one in answer["homes"].values())
    assert demo.seconds < 60
    assert all(line.startswith(("demo: ", "environment: ")) for line in demo.stderr.splitlines())


def test_everybody_who_is_needed_is_there_once(demo: Demo) -> None:
    people = demo.answer["people"]
    assert all(list(one) == ["id", "name", "company", "roles", "password"] for one in people)
    assert len({one["id"] for one in people}) == len({one["name"] for one in people}) == len(people) == 14
    assert len({one["password"] for one in people}) == len(people)
    held = {
        company: [role for one in people if one["company"] == company for role in one["roles"]]
        for company in ("cdmo", "sponsor")
    }
    assert len(held) == len({one["company"] for one in people})
    assert {"operator", "supervisor", "lead", "deputy", "release", "coordinator"} <= set(held["cdmo"])
    assert {"sme", "lead", "deputy", "release"} <= set(held["sponsor"])
    assert [held[one].count("qa") for one in held] == [held[one].count("identity") for one in held] == [2, 2]


def dump(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables, in one order."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        virtual = {one for (one,) in names if one.startswith("search")}
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608 - its own
            for (name,) in names
            if name not in virtual
        }


def test_all_homes_hold_the_same_log_and_the_same_tables(demo: Demo) -> None:
    paths = [demo.home(name) / "logs" / f"{demo.answer['program']}.andon" for name in ("server", *HOMES)]
    leaves = []
    for path in paths:
        with Store.open(path) as store:
            leaves.append(list(store.log.leaves()))
            assert store.pending.count() == 0
    assert len(leaves[0]) > 1000
    assert all(one == leaves[0] for one in leaves)
    first, *others = map(dump, paths)
    for other in others:
        assert {name for name in first if first[name] != other[name]} <= OF_ONE_HOME
    assert first["wrapped_key"] == [], "the server holds nothing with which it could sign for a person"


def test_everybodys_key_is_in_every_home_wrapped_for_it_alone(demo: Demo) -> None:
    kept = {name: Home.open(demo.home(name)).open_log() for name in HOMES}
    everybody = sorted(one["id"] for one in demo.answer["people"])
    assert all(store.keys.people() == everybody for store in kept.values())
    assert all(len({store.keys.get(one) for store in kept.values()}) == len(HOMES) for one in everybody)
    for store in kept.values():
        store.close()


@pytest.mark.parametrize("name", HOMES)
def test_verify_finds_nothing_wrong(demo: Demo, name: str) -> None:
    result = andon(demo.home(name), "verify")
    assert result.returncode == 0, result.stdout + result.stderr


def plain(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def test_the_log_is_checkpointed_to_its_end_and_cosigned_by_both_companies(demo: Demo, floor: Store) -> None:
    program = demo.answer["program"]
    (key_file,) = (demo.home("server") / "keys").glob("*.key")
    assert key_file.stat().st_mode & 0o777 == 0o600
    public = public_of(unb64(json.loads(key_file.read_bytes())["seed"]))
    assert key_file.stem == b64(public)
    listed = json.loads(andon(demo.home("floor"), "show", "PROGRAM", "--json").stdout)
    assert unb64(listed["facts"]["log_key"]) == public
    terminals = floor.lists.rows("terminal")
    cosigners = [cosigner_key(one.code, public_of(one.key().seed)) for one in map(Home.open, map(demo.home, HOMES))]
    kept = floor.log.checkpoints()
    assert kept[0].size == floor.log.size() == floor.meta("cosigned")
    assert len(kept) > 80
    companies: set[object] = set()
    for one in kept:
        note = note_bytes(with_signatures(parse_note(one.note), one.cosignatures))
        opened = open_checkpoint(note, log_key(origin_of(program), public), cosigners, plain)
        assert (opened.checkpoint.size, opened.checkpoint.root) == (one.size, one.root)
        if one is kept[0]:
            companies = {row.columns["company"] for row in terminals if row.record in opened.cosigned}
    assert companies == {"cdmo", "sponsor"}


def test_times_are_of_three_months_and_the_last_contact_is_now(demo: Demo, floor: Store) -> None:
    times = []
    for one in floor.log.leaves():
        line = parse_leaf(one.leaf).line
        assert isinstance(line, Line)
        times.append((parse_at(line.entry.at), one.received))
    assert all(0 <= received - at < 1000 for at, received in times)
    assert all(before < after for (before, _), (after, _) in pairwise(times))
    assert 88 * DAY < demo.before - times[0][0] < 93 * DAY
    assert demo.before - 60_000 < times[-1][1] < demo.before + demo.seconds * 1000 + 1000


@pytest.mark.parametrize("name", HOMES)
def test_a_password_signs_at_every_home_also_at_that_of_the_other_company(
    demo: Demo, tmp_path: Path, name: str
) -> None:
    home = tmp_path / name
    shutil.copytree(demo.home(name), home)
    (waiting,) = json.loads(andon(home, "list", "deviation", "--where", "flags=waiting", "--json").stdout)
    with Home.open(home).open_log() as store:
        (entry,) = (one.id for one in store.lists.trail(waiting["record"]) if one.verdict == "waiting")
    signing = ("do", "entry.confirm", waiting["record"], "--as", "grace.okafor", "--password-stdin", "--json")
    result = andon(home, *signing, json.dumps({"of": entry}), stdin=demo.password("grace.okafor"))
    assert result.returncode == 0, result.stderr
    assert json.loads(andon(home, "show", waiting["record"], "--json").stdout)["state"] == "closed"


def test_each_command_that_it_says_to_try_works(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("server", *HOMES):
        shutil.copytree(demo.home(name), tmp_path / name)
    homes = {name: str(tmp_path / name) for name in ("server", *HOMES)}
    (waiting,) = json.loads(andon(tmp_path / "qa", "list", "deviation", "--where", "flags=waiting", "--json").stdout)
    with Home.open(tmp_path / "qa").open_log() as store:
        (entry,) = (one.id for one in store.lists.trail(waiting["record"]) if one.verdict == "waiting")
    answer = {**demo.answer, "homes": homes}
    monkeypatch.setattr(prepare, "prepare", lambda _folder, _port: (answer, (waiting["record"], entry)))
    monkeypatch.setattr(prepare, "mkdtemp", lambda **_: str(tmp_path))
    assert prepare.main([]) == 0
    said = capsys.readouterr().out
    assert "screens" in said.splitlines()[0]
    commands = [
        line.strip() for line in said.splitlines() if line.startswith("   ") and not line.startswith("   third")
    ]
    *these, serve, watch, sync = commands
    assert "\n".join(these).count(str(ANDON)) == 8
    run = ["bash", "-eo", "pipefail", "-c", "\n".join(these)]
    result = subprocess.run(run, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    with started(serve) as server, started(watch) as sponsor:
        assert "listening" in line_of(server)
        assert json.loads(line_of(sponsor))["state"] in {"in log", "unreachable"}
        synced = subprocess.run(["bash", "-c", sync], capture_output=True, text=True, check=True)
        assert json.loads(synced.stdout)["pushed"] == 1, "the stop of the first step"
        while json.loads(line_of(sponsor))["position"] < json.loads(synced.stdout)["position"]:
            pass


@contextmanager
def started(command: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that stays, until the test has seen enough."""
    with subprocess.Popen(["bash", "-c", f"exec {command}"], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def line_of(process: "subprocess.Popen[str]") -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("arguments", [("--prepare", "."), ("--prepare", "kept"), ("--prepare", "new", "--port", "0")])
def test_it_leaves_what_it_cannot_use_as_it_is(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "kept").write_text("mine", encoding="utf-8")
    result = run_demo(*arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("demo: ")
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text(encoding="utf-8") == "mine"


def test_no_file_of_the_demo_names_a_place_of_this_machine() -> None:
    files = [ROOT / "scripts" / "demo", *ROOT.glob("scripts/demo_*.py"), ROOT / "scripts" / "prepare.py"]
    assert not [one for one in files if str(ROOT) in one.read_text(encoding="utf-8")]
