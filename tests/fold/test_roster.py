"""Who held what, from when to when, and which keys the ordering of pushes is told."""

import pytest

from shared.fold.roster import RosterNow, intervals
from shared.trust.keys import fingerprint, public_of
from tests.fold.floor import Floor, founded, seed


def change(
    floor: Floor, at: str, person: str, *, grant: list[str] | None = None, revoke: list[str] | None = None
) -> str:
    """Change somebody's roles, both officers signing there; not pushed yet."""
    lists = {"grant": grant or [], "revoke": revoke or []}
    id_ = floor.write(at, "member.roles", person, "olga", reason="shift", seen=None, **lists)
    floor.write(at, "entry.confirm", person, "otto", of=id_)
    return id_


def spans(floor: Floor, person: str, role: str) -> list[tuple[str, str]]:
    found = intervals(floor.unit, person, "roles", role, "granted")
    return [(one.since.do, one.until.do if one.until else "") for one in found]


@pytest.mark.requirement("A11-08")
def test_a_role_is_held_from_the_entry_that_gave_it_to_the_one_that_took_it() -> None:
    floor = founded()
    assert spans(floor, "anna", "qa") == [("member.invite", "")]
    change(floor, "LYN1", "anna", revoke=["qa"])
    floor.sync()
    assert spans(floor, "anna", "qa") == [("member.invite", "member.roles")]
    change(floor, "LYN1", "anna", grant=["qa"])
    floor.sync()
    assert spans(floor, "anna", "qa") == [("member.invite", "member.roles"), ("member.roles", "")]


@pytest.mark.parametrize("order", [("LYN1", "LYN2"), ("LYN2", "LYN1")])
def test_of_a_grant_and_a_revocation_beside_each_other_the_revocation_counts(order: tuple[str, str]) -> None:
    floor = founded()
    change(floor, "LYN1", "anna", revoke=["sme"])
    change(floor, "LYN2", "anna", grant=["sme"])
    floor.push(*order)
    found = intervals(floor.unit, "anna", "roles", "sme", "granted")
    assert not found or found[-1].until is not None
    assert floor.see("anna").roles["sme"] == "revoked"


def test_a_persons_old_key_is_known_as_theirs_for_ever() -> None:
    floor = founded()
    roster = RosterNow(floor.unit, floor.program)
    for name in ("anna", "invite anna"):
        key = public_of(seed(name))
        assert roster.holds_key("anna", fingerprint(key)) == key
    assert roster.holds_key("anna", fingerprint(public_of(seed("omar")))) is None
    assert roster.holds_key("nobody", fingerprint(public_of(seed("anna")))) is None


def test_a_terminals_chain_is_sealed_with_its_present_key() -> None:
    floor = founded()
    roster = RosterNow(floor.unit, floor.program)
    assert roster.terminal_key("LYN2") == public_of(seed("LYN2"))
    assert roster.terminal_key("LYN9") is None
    assert roster.branch_keys("LYN2", 0) == [public_of(seed("invite LYN2"))]
    assert roster.branch_keys("LYN2", 1) == [public_of(seed("LYN2"))]
