"""What was shown is what is signed: the prepared sheet, or nothing."""

from typing import Any

import pytest

from shared.log.canonical import unb64
from shared.log.entry import parse_line
from shared.store.keep import digest_of
from shared.terminal.asked import Asked
from shared.terminal.perform import SHOWN_MS, prepare, sign_shown
from shared.terminal.plan import Plan
from shared.terminal.refusal import Refused
from shared.trust.passwords import Secret
from tests.terminal.firm import Firm, password


@pytest.fixture
def record(firm: Firm) -> str:
    return firm.do("LYN1", "deviation.raise", title="vial broken").record


def rating(record: str, **fields: Any) -> Asked:
    given = {"criticality": "minor", "reason": "no contact", **fields}
    return Asked("deviation.rate", record, given, "anna", password("anna"))


def refusal(firm: Firm, asked: Asked, shown: Plan) -> str:
    before = firm.desks["LYN1"].store.pending.count()
    with pytest.raises(Refused) as caught:
        sign_shown(firm.desks["LYN1"], asked, shown)
    if caught.value.rule != "KEY-1":
        assert firm.desks["LYN1"].store.pending.count() == before
    return caught.value.rule


@pytest.mark.requirement("P11-13")
def test_the_signature_names_the_sheet_that_was_shown(firm: Firm, record: str) -> None:
    desk = firm.desks["LYN1"]
    shown = prepare(desk, rating(record))
    firm.hand.wait(60_000)
    done = sign_shown(desk, rating(record), shown)
    line = desk.store.pending.lines("LYN1", after=0, limit=100)[-1]
    parsed = parse_line(line.line)
    entry = getattr(parsed, "entry")  # noqa: B009 - a line or a skip
    assert entry.at == shown.entry.at
    assert entry.sign.sheet == digest_of(unb64(entry.salt), shown.sheet.encode())
    blob = desk.store.blobs.get(entry.sign.sheet)
    assert blob is not None
    assert blob.content == shown.sheet.encode()
    assert done.record == record


def test_a_sheet_that_is_too_old_is_shown_anew(firm: Firm, record: str) -> None:
    shown = prepare(firm.desks["LYN1"], rating(record))
    firm.hand.wait(SHOWN_MS + 1)
    assert refusal(firm, rating(record), shown) == "SIGN-9"


def test_nothing_written_meanwhile_is_overlooked(firm: Firm, record: str) -> None:
    shown = prepare(firm.desks["LYN1"], rating(record))
    firm.do("LYN1", "deviation.note", record, text="another one")
    assert refusal(firm, rating(record), shown) == "SIGN-9"


def test_a_wrong_password_is_counted_and_the_sheet_is_shown_anew(firm: Firm, record: str) -> None:
    desk = firm.desks["LYN1"]
    shown = prepare(desk, rating(record))
    wrong = rating(record)._replace(password=Secret("plum plum plum plum"))
    assert refusal(firm, wrong, shown) == "KEY-1"
    assert refusal(firm, rating(record), shown) == "SIGN-9", "the failure is an entry, so it is another sheet now"
    sign_shown(desk, rating(record), prepare(desk, rating(record)))


def test_what_a_rule_refuses_is_not_shown(firm: Firm, record: str) -> None:
    with pytest.raises(Refused) as caught:
        prepare(firm.desks["LYN1"], rating(record)._replace(person="omar"))
    assert caught.value.rule == "WHO-3"


def test_without_a_password_nothing_is_signed(firm: Firm, record: str) -> None:
    shown = prepare(firm.desks["LYN1"], rating(record))
    assert refusal(firm, rating(record)._replace(password=None), shown) == "WHO-1"
