"""A founded firm and a server's folder of it, made once; each module has a server of its own, for it to spoil."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.running import Running, data_of
from tests.server.served import Served
from tests.terminal.firm import Firm


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    firm = Firm(tmp_path_factory.mktemp("served") / "whole")
    firm.close()
    return firm


@pytest.fixture(scope="module")
def served(founded: Firm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server and the firm's terminals, shared by a module's tests."""
    folder = tmp_path_factory.mktemp("server")
    with Running(data_of(founded, folder / "data")) as running, Served(founded.copy(folder / "firm"), running) as one:
        yield one


@pytest.fixture
def data(founded: Firm, tmp_path: Path) -> Path:
    """A server's folder, with nobody serving it."""
    return data_of(founded, tmp_path / "data")


@pytest.fixture
def own(founded: Firm, data: Path) -> Iterator[Served]:
    """A server and terminals for one test alone."""
    with Running(data) as running, Served(founded.copy(data.parent / "firm"), running) as one:
        yield one
