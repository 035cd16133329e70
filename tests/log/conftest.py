"""A log that has begun, and two terminals."""

import pytest

from shared.log.leaf import line_of
from shared.log.push import Ordered
from tests.log.pushes import Log, Terminal


@pytest.fixture
def log() -> Log:
    """A log that holds the genesis of LYN3."""
    log = Log()
    genesis = Terminal("LYN3")
    genesis.write("program.begin")
    assert isinstance(log.push(genesis.lines, genesis.seal()), Ordered)
    return log


@pytest.fixture
def lyn3(log: Log) -> Terminal:
    terminal = Terminal("LYN3", log.id)
    terminal.lines = [line_of(log.leaves[0])]
    return terminal


@pytest.fixture
def lyn4(log: Log) -> Terminal:
    return Terminal("LYN4", log.id)
