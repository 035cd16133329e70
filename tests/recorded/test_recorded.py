"""Every recorded log folds as it did; if not, `shared.fold.VERSION` must rise and the outcome be recorded anew."""

import json
from pathlib import Path

import pytest

from shared.fold import VERSION
from tests.recorded.outcome import outcome_of

LOGS = sorted(Path(__file__).parent.glob("*/*.ndjson"))


def test_there_are_recorded_logs() -> None:
    assert LOGS


@pytest.mark.requirement("P11-03")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: f"{log.parent.name}/{log.stem}")
def test_a_recorded_log_folds_as_it_did(log: Path) -> None:
    recorded = log.with_suffix(f".fold-{VERSION}.json")
    assert recorded.exists(), "the fold's version rose: record the outcome with `python -m tests.recorded`"
    assert outcome_of(log.read_bytes().splitlines()) == json.loads(recorded.read_text()), "raise shared.fold.VERSION"
