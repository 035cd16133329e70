"""The SQLite store does what every store must do."""

from pathlib import Path

import pytest

from shared.store.store import Store
from tests.store.contract import StoreContract
from tests.store.opened import Opener


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        return lambda: Store.open(tmp_path / "log.db", create=True)
