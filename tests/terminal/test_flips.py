"""One flipped bit anywhere in a log file's entries, seals or checkpoints is named by `andon verify`, which ends with 1.

The file is that of a terminal that has done all there is: leaves compressed and not, signatures of persons, seals,
checkpoints signed by the log and cosigned by both companies.
"""
# ruff: noqa: S608  tables and columns are those named here

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.store import sqlite
from shared.store.faults import Fault
from shared.terminal.home import Home
from tests.terminal.bulk import fill
from tests.terminal.firm import Firm
from tui.cli import main

ENTRIES = 640
"""More than the leaves before the first compressed one."""
EACH = 8
"""Bits that are flipped in each column."""
PAGES = int(os.environ.get("FLIPPED_PAGES", "30"))
"""Bits that are flipped anywhere in the file."""
COLUMNS = {
    "entry": ["position", "terminal", "n", "received", "sound", "record", "id", "link", "leaf"],
    "seal": ["position", "terminal", "n", "body"],
    "checkpoint": ["epoch", "size", "root", "note"],
    "cosignature": ["epoch", "size", "name", "key_id", "blob"],
}
KEYS = {
    "entry": ["position"], "seal": ["position"], "checkpoint": ["epoch", "size"],
    "cosignature": ["epoch", "size", "name", "key_id"],
}  # fmt: skip
NAMED = {"entry": "entry ", "seal": "seal ", "checkpoint": "checkpoint ", "cosignature": "checkpoint "}
LOG = (*COLUMNS, "branch", "tree", "member", "hold", "deviation")


@pytest.fixture(scope="module")
def original(whole: Firm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flips") / "firm"
    firm = whole.copy(folder)
    firm.sync()
    firm.checkpoint("LYN1", "SPO1")
    fill(firm, "LYN1", ENTRIES)
    for _ in range(3):
        firm.do("LYN1", "hold.stop", "", "anna", on="Suite 3")
    firm.do("LYN1", "hold.stop", on="Suite 3")
    firm.sync()
    firm.checkpoint("LYN1", "SPO1")
    firm.close()
    return folder / "LYN1"


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "home"))


def log_of(home: Path) -> Path:
    return Home.open(home).log_path(Home.open(home).choose())


def verified(home: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """The exit code and the faults, each one line."""
    code = main(["--home", str(home), "verify", "--json"])
    said = capsys.readouterr()
    assert said.err == ""
    (one,) = json.loads(said.out)["programs"]
    faults = [str(Fault(**fault)) for fault in one["faults"]]
    assert all(fault.isprintable() for fault in faults)
    return code, faults


def flipped(value: int | str | bytes, rng: random.Random) -> int | str | bytes:
    """A value with one bit changed, of the same type."""
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(20))
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(7 if isinstance(value, str) else 8)
    return data.decode() if isinstance(value, str) else bytes(data)


def restored(original: Path, home: Path) -> Path:
    """The log as it was; the companions of the changed one go with it."""
    path = log_of(home)
    for one in path.parent.iterdir():
        one.unlink()
    return Path(shutil.copy(log_of(original), path))


def test_the_whole_file_has_no_fault(original: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite.connect(log_of(original))) as connection:
        packed = [leaf[:1] != b"{" for (leaf,) in connection.execute("SELECT leaf FROM entry")]
        assert 0 < sum(packed) < len(packed)
        assert connection.execute("SELECT count(*) FROM cosignature").fetchone() == (4,)
    assert verified(home, capsys) == (0, [])


@pytest.mark.requirement("P11-05")
@pytest.mark.parametrize(("table", "column"), [(table, one) for table, names in COLUMNS.items() for one in names])
def test_a_flipped_bit_is_named(
    original: Path, home: Path, capsys: pytest.CaptureFixture[str], table: str, column: str
) -> None:
    rng = random.Random(f"{table}.{column}")
    for _ in range(EACH):
        path = restored(original, home)
        with closing(sqlite.connect(path)) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            what = f"{', '.join(KEYS[table])}, {column}"
            rows = connection.execute(f"SELECT {what} FROM {table} WHERE {column} IS NOT NULL").fetchall()
            row = rng.choice(rows)
            value = flipped(row[-1], rng)
            where = " AND ".join(f"{one} = ?" for one in KEYS[table])
            connection.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {where}", (value, *row[:-1]))
        code, faults = verified(home, capsys)
        assert code == 1, (row, value)
        assert any(fault.startswith(NAMED[table]) for fault in faults), (row, value, faults)


def test_each_bit_of_a_compressed_leaf_counts(original: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some bits of compressed bytes say nothing; they were changed all the same."""
    with closing(sqlite.connect(log_of(original))) as connection:
        position, leaf = connection.execute(
            "SELECT position, leaf FROM entry ORDER BY position DESC LIMIT 1"
        ).fetchone()
    for at in (4 * 8 + 4, *range(5 * 8, 6 * 8)):  # of the frame's header, which no decoder looks at
        path = restored(original, home)
        changed = bytearray(leaf)
        changed[at // 8] ^= 1 << (at % 8)
        with closing(sqlite.connect(path)) as connection:
            connection.execute("UPDATE entry SET leaf = ? WHERE position = ?", (bytes(changed), position))
        code, faults = verified(home, capsys)
        assert code == 1
        assert all(fault.startswith(f"entry {position} ") for fault in faults)


def content(path: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """All that the log says, and some of what was folded from it."""
    with closing(sqlite.connect(path)) as connection:
        for table in LOG:
            yield table, connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.requirement("P11-05")
def test_a_flipped_bit_of_the_files_pages_is_named_or_changes_nothing(
    original: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(content(log_of(original)))
    rng = random.Random(5)
    named = 0
    for _ in range(PAGES):
        path = restored(original, home)
        data = bytearray(path.read_bytes())
        at = rng.randrange(len(data))
        data[at] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        code, faults = verified(home, capsys)
        assert code in {0, 1}
        assert bool(faults) == bool(code)
        named += code
        if not code:
            assert list(content(path)) == before, at
    assert named > PAGES // 4


def test_a_damaged_header_is_a_fault_like_any_other(
    original: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for at in (0, 5, 16, 18, 19, 44, 47, 56, 60, 68, 100, 103):
        path = restored(original, home)
        data = bytearray(path.read_bytes())
        data[at] ^= 0x10
        path.write_bytes(data)
        code, faults = verified(home, capsys)
        assert (code, bool(faults)) in {(0, False), (1, True)}, at
