"""Apps on the homes of the invented firm (tests/terminal/firm.py)."""

from collections.abc import Callable

import pytest

from tests.terminal.conftest import firm, whole
from tests.terminal.firm import CHEAP, Firm
from tui.app import AndonApp

__all__ = ["firm", "whole"]  # fixtures
Opened = Callable[..., AndonApp]


@pytest.fixture
def open_app(firm: Firm) -> Opened:
    """Opens the screens of one of the firm's terminals, without syncing."""

    def opened(code: str = "LYN1", record: str = "", *, syncs: bool = False) -> AndonApp:
        return AndonApp(
            firm.homes[code], "", record, clock=firm.hand.clock, costs=CHEAP, syncs=syncs, monotonic=lambda: 0.0
        )

    return opened
