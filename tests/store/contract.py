"""What every store must do, whatever it is made of. A subclass says how one is opened."""

import pytest

from tests.store.contract_beside import BesideContract
from tests.store.contract_lists import ListsContract
from tests.store.contract_log import LogContract
from tests.store.contract_pending import PendingContract
from tests.store.contract_tables import TablesContract
from tests.store.contract_writing import WritingContract
from tests.store.logs import Days
from tests.store.opened import Opener


class StoreContract(LogContract, TablesContract, PendingContract, WritingContract, ListsContract, BesideContract):
    """All of it. Each test opens what it needs."""

    @pytest.fixture
    def opener(self) -> Opener:
        raise NotImplementedError

    @pytest.fixture
    def days(self) -> Days:
        return Days()
