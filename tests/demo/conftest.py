"""The demo, prepared once by a real process; tests that write use a copy."""

import json
import time
from collections.abc import Iterator

import pytest

from shared.store.store import Store
from shared.terminal.home import Home
from tests.demo.prepared import Demo, run_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    before, begun = time.time_ns() // 1_000_000, time.monotonic()
    result = run_demo("--prepare", "here", "--port", "8765", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    return Demo(json.loads(result.stdout), result.stderr, time.monotonic() - begun, before)


@pytest.fixture(scope="session")
def floor(demo: Demo) -> Iterator[Store]:
    with Home.open(demo.home("floor")).open_log() as store:
        yield store
