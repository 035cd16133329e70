"""A firm whose homes the real command opens, and that command."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import pytest

from tests.cli.command import LEAST, Andon, Result
from tests.terminal.firm import Firm


@pytest.fixture(scope="session")
def pycache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pycache")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    now = time.time_ns() // 1_000_000 - 60_000
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    folder = tmp_path_factory.mktemp("cli") / "whole"
    firm = Firm(folder, costs=LEAST, people=("anna", "omar", "quin"), now=now, host=host)
    firm.close()
    return firm


@pytest.fixture
def firm(founded: Firm, tmp_path: Path) -> Iterator[Firm]:
    copy = founded.copy(tmp_path / "firm")
    yield copy
    copy.close()


@pytest.fixture
def andon(firm: Firm, pycache: Path) -> Andon:
    return Andon(firm.homes["LYN1"].path, pycache)


@pytest.fixture
def python(andon: Andon) -> Callable[[str], Result]:
    """Runs Python in the environment of the command."""

    def run(code: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=andon.environment
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run
