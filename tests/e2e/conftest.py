"""The demo's homes, prepared once by the real program; each test has a copy."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What `scripts/demo --prepare` prints, and its folder."""
    folder = tmp_path_factory.mktemp("e2e") / "demo"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-P", "-m", "scripts.prepare", "--prepare", folder, "--port", port],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder


@pytest.fixture
def world(prepared: tuple[dict[str, Any], Path], tmp_path: Path) -> Iterator[World]:
    answer, folder = prepared
    shutil.copytree(folder, tmp_path / "world")
    with World(answer, tmp_path / "world") as one:
        yield one
