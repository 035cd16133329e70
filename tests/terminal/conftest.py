"""A founded firm, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.firm import Firm


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    firm = Firm(tmp_path_factory.mktemp("firm") / "whole")
    firm.close()
    return firm


@pytest.fixture
def firm(whole: Firm, tmp_path: Path) -> Iterator[Firm]:
    copy = whole.copy(tmp_path / "firm")
    yield copy
    copy.close()
