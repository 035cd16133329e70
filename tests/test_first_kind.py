"""docs/manual/first-kind.md, followed to the letter: its files, their tests, its commands and what these print."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.manual import MANUAL, ROOT
from tests.pages import Follower, commands, files
from tests.terminal.firm import LEAST, Firm, opened, password

PAGE = (ROOT / MANUAL / "first-kind.md").read_text(encoding="utf-8")
PARTS = ("shared", "tui", "scripts", "server", "tests", "docs/manual")
ANDON = Path(sys.executable).with_name("andon")
ANEW = "andon: reading the log anew after an update; this may take a while"
UNWANTED = shutil.ignore_patterns("__pycache__", "vectors", "recorded")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the installed packages with the page's files in their places."""
    folder = tmp_path_factory.mktemp("copy")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=UNWANTED)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for place, content in files(PAGE):
        path = folder / place
        assert not path.exists(), f"{place} is no longer a new file"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A program with Anna and Quin, whose keys the product opens."""
    now = time.time_ns() // 1_000_000 - 60_000
    with opened(tmp_path_factory.mktemp("firm"), costs=LEAST, people=("anna", "quin"), now=now) as made:
        shutil.copytree(made.homes["LYN1"].path, made.homes["LYN1"].path.with_name("before"))
        yield made


def test_a_log_that_is_there_already_takes_it_at_once(copy: Path, firm: Firm, tmp_path: Path) -> None:
    home = shutil.copytree(firm.homes["LYN1"].path.with_name("before"), tmp_path / "home")  # as nobody opened it yet
    environment = {**os.environ, "ANDON_HOME": str(home), "PYTHONPATH": str(copy)}
    done = subprocess.run([ANDON, "list", "walk"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{ANEW}\n")


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def test_the_page_has_one_file_of_code_and_its_test() -> None:
    assert [place for place, _ in files(PAGE)] == ["shared/kinds/walk.py", "tests/kinds/test_walk.py"]


def test_its_tests_pass(copy: Path) -> None:
    done = python(copy, "-m", "pytest", "-p", "no:cacheprovider", "-v", "tests/kinds/test_walk.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_the_board_lists_it_with_its_tones_and_columns(copy: Path) -> None:
    done = python(copy, "-m", "pytest", "-p", "no:cacheprovider", "-v", "tests/tui/walk_board.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    "tool", [("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")], ids=" ".join
)
def test_its_code_keeps_the_style(copy: Path, tool: tuple[str, ...]) -> None:
    done = python(copy, "-m", *tool, "shared/kinds/walk.py", "tests/kinds/test_walk.py")
    assert done.returncode == 0, done.stdout


def test_the_manual_has_it_without_more(copy: Path) -> None:
    assert python(copy, "-m", "scripts.manual").returncode == 0
    actions = (copy / MANUAL / "actions.md").read_text(encoding="utf-8")
    assert "## walk.make" in actions
    assert "[WALK-1](rules.md#walk-1)" in actions
    assert "## walk" in (copy / MANUAL / "kinds.md").read_text(encoding="utf-8")


def test_its_commands_print_what_it_says(copy: Path, firm: Firm, tmp_path: Path) -> None:
    for person in ("anna", "quin"):
        (tmp_path / f"{person}.txt").write_text(password(person).reveal() + "\n", encoding="utf-8")
    path = f"{ANDON.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"ANDON_HOME": str(firm.homes["LYN1"].path), "PYTHONPATH": str(copy), "PATH": path}
    follower = Follower(tmp_path, environment)
    told = list(commands(PAGE))
    assert len(told) >= 6
    for command in told:
        printed, expected = follower.run(command)
        assert printed == expected, command.words
