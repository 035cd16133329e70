"""Signing in: the same password, the same counting of wrong ones, and nothing signed."""

import pytest

from shared.terminal.attempts import DELAYS_MS, LOCKED_AFTER
from shared.terminal.refusal import Refused
from shared.terminal.signing_in import sign_in
from shared.trust.passwords import Secret
from tests.terminal.firm import Firm, password


def refused(firm: Firm, person: str, typed: Secret) -> str:
    with pytest.raises(Refused) as caught:
        sign_in(firm.desks["LYN1"], person, typed)
    assert typed.reveal() not in str(caught.value)
    return caught.value.rule


def attempts_of(firm: Firm) -> list[str]:
    return [str(row.columns["state"]) for row in firm.desks["LYN1"].store.lists.rows("attempt", order="record")]


@pytest.mark.requirement("P11-22")
def test_who_knows_the_password_is_signed_in_with_name_company_and_roles(firm: Firm) -> None:
    size = firm.desks["LYN1"].store.pending.count()
    found = sign_in(firm.desks["LYN1"], "anna", password("anna"))
    assert found == ("anna", "Anna Example", "cdmo", frozenset({"qa"}))
    assert firm.desks["LYN1"].store.pending.count() == size, "nothing is written about it"


@pytest.mark.requirement("P11-22", "A11D-13")
def test_wrong_passwords_are_kept_make_wait_and_lock(firm: Firm) -> None:
    for number in range(LOCKED_AFTER - 1):
        assert refused(firm, "anna", Secret("not it")) == "KEY-1"
        if number:
            assert refused(firm, "anna", password("anna")) == "KEY-4", "even the right one has to wait"
        firm.hand.wait(max(DELAYS_MS))
    assert refused(firm, "anna", Secret("not it")) == "KEY-3"
    firm.hand.wait(10 * max(DELAYS_MS))
    assert refused(firm, "anna", password("anna")) == "KEY-3"
    assert attempts_of(firm) == ["failed"] * LOCKED_AFTER
    firm.do("LYN1", "signing.unlock", "", "omar", person="anna", reason="she stood before me")
    assert sign_in(firm.desks["LYN1"], "anna", password("anna")).person == "anna"


def test_a_password_that_fits_after_wrong_ones_is_kept_and_counting_begins_anew(firm: Firm) -> None:
    refused(firm, "anna", Secret("not it"))
    firm.hand.wait(max(DELAYS_MS))
    sign_in(firm.desks["LYN1"], "anna", password("anna"))
    assert attempts_of(firm) == ["failed", "passed"]


def test_nobody_unknown_revoked_or_without_a_key_here(firm: Firm) -> None:
    assert refused(firm, "nobody", Secret("x")) == "WHO-2"
    assert refused(firm, "LYN1", Secret("x")) == "WHO-2"
    assert refused(firm, "\u202e[bold]", Secret("x")) == "WHO-2"
    with firm.desks["LYN1"].store.write():
        firm.desks["LYN1"].store.keys.drop("omar")
    assert refused(firm, "omar", password("omar")) == "KEY-2"
    proposed = firm.do("LYN1", "member.revoke", "anna", "olga", reason="left")
    firm.do("LYN1", "entry.confirm", "anna", "otto", of=proposed.id)
    assert refused(firm, "anna", password("anna")) == "WHO-2"
    assert not attempts_of(firm), "what fails before the password is no attempt"
