"""Signing: whose key it is, what the password opens, and what happens after wrong ones."""

import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared.fold.unit import Unit
from shared.log.canonical import unb64
from shared.log.entry import ESIGN, signed_bytes
from shared.store.keep import digest_of
from shared.terminal import enrol, sign
from shared.terminal.asked import Asked, Done
from shared.terminal.attempts import DELAYS_MS, LOCKED_AFTER
from shared.terminal.perform import perform
from shared.terminal.refusal import Refused
from shared.terminal.trail import Step, _read, steps
from shared.trust.passwords import Secret
from shared.trust.sshsig import allowed_signers_line, armor
from tests.terminal.firm import Firm, password

RATE = {"criticality": "major", "reason": "a quality attribute is touched"}


@pytest.fixture
def deviation(firm: Firm) -> str:
    record = firm.do("LYN1", "deviation.raise", title="pressure").record
    firm.sync()
    return record


def attempt(firm: Firm, code: str, person: str, typed: Secret, record: str, **fields: Any) -> Done:
    return perform(firm.desks[code], Asked("deviation.rate", record, {**RATE, **fields}, person, typed))


def wrong(firm: Firm, code: str, person: str, record: str) -> Refused:
    with pytest.raises(Refused) as caught:
        attempt(firm, code, person, Secret("not it"), record)
    return caught.value


def trail(firm: Firm, code: str, record: str) -> list[Step]:
    store = firm.desks[code].store
    return steps(Unit(store.tables), store.lists.trail(record), firm.program)


@pytest.mark.requirement("P11-13", "P11-14", "A11D-13")
def test_signature_shows_name_role_meaning_time_and_zone(firm: Firm, deviation: str) -> None:
    attempt(firm, "LYN1", "anna", password("anna"), deviation)
    firm.sync()
    for code in ("LYN1", "SPO1"):
        found = trail(firm, code, deviation)[-1].signature
        assert found is not None
        assert (found.name, found.user, found.role, found.meaning) == ("Anna Example", "anna", "qa", "rated")
        assert (found.zone, found.valid) == ("UTC+01:00", True)
        assert found.time.endswith("+01:00")
        assert len(unb64(found.sig)) == 64


@pytest.mark.requirement("P11-15")
def test_signature_is_over_the_sheet_and_openssh_agrees(firm: Firm, deviation: str, tmp_path: Path) -> None:
    attempt(firm, "LYN1", "anna", password("anna"), deviation)
    store = firm.desks["LYN1"].store
    said = _read(store.lists.trail(deviation)[-1].data)
    assert said.entry.sign is not None
    assert said.sig is not None
    blob = store.blobs.get(said.entry.sign.sheet)
    assert blob is not None
    assert blob.content is not None
    assert digest_of(unb64(said.entry.salt), blob.content) == said.entry.sign.sheet
    text = blob.content.decode()
    for part in ("Anna Example", "rated", "major", deviation, firm.program[:20], said.entry.at, "pressure"):
        assert part in text
    public = sign.held_key(firm.desks["LYN1"], "anna").public
    (tmp_path / "signers").write_text(allowed_signers_line("anna", public, (ESIGN,)) + "\n")
    (tmp_path / "sig").write_text(armor(public, ESIGN, unb64(said.sig)))
    command = f"ssh-keygen -Y verify -f signers -I anna -n {ESIGN} -s sig".split()
    subprocess.run(command, cwd=tmp_path, input=signed_bytes(said.entry), check=True, capture_output=True)


def sheet_of(firm: Firm, code: str, record: str) -> str:
    """The sheet of the last entry about a record."""
    store = firm.desks[code].store
    signed = _read(store.lists.trail(record)[-1].data).entry.sign
    assert signed is not None
    blob = store.blobs.get(signed.sheet)
    assert blob is not None
    return (blob.content or b"").decode()


@pytest.mark.requirement("P11-15")
def test_sheet_of_what_is_made_names_it_too(firm: Firm) -> None:
    key = enrol.new_invitation(firm.rng.randbytes).public
    fields = {"name": "Nora Example", "company": "cdmo", "roles": ["qa"], "public": key, "checked": "passport"}
    firm.do("LYN1", "member.invite", "nora", "olga", **fields)
    assert "record                | nora\n" in sheet_of(firm, "LYN1", "nora")
    hold = firm.do("LYN1", "hold.stop", "", "anna", on="a").record
    assert f"record                | {hold}\n" in sheet_of(firm, "LYN1", hold)


@pytest.mark.requirement("P11-19", "A11D-12")
def test_every_signature_needs_the_password(firm: Firm, deviation: str) -> None:
    firm.do("LYN1", "hold.stop", "", "anna", on="a")
    assert wrong(firm, "LYN1", "anna", deviation).rule == "KEY-1"
    with pytest.raises(Refused, match="WHO-1"):
        perform(firm.desks["LYN1"], Asked("deviation.rate", deviation, RATE, "anna"))


@pytest.mark.requirement("P11-07")
def test_role_is_needed_and_the_refusal_comes_before_the_password_counts(firm: Firm, deviation: str) -> None:
    with pytest.raises(Refused, match="WHO-3"):
        attempt(firm, "LYN1", "omar", Secret("not it"), deviation)
    assert not firm.desks["LYN1"].store.lists.rows("attempt")


@pytest.mark.requirement("Q9-01")
def test_second_rater_is_another_person(firm: Firm, deviation: str) -> None:
    attempt(firm, "LYN1", "anna", password("anna"), deviation)
    with pytest.raises(Refused, match="RATE-2"):
        attempt(firm, "LYN1", "anna", password("anna"), deviation)
    attempt(firm, "LYN1", "quin", password("quin"), deviation)


def test_person_without_a_key_here_cannot_sign_here(firm: Firm, deviation: str) -> None:
    with firm.desks["LYN1"].store.write():
        firm.desks["LYN1"].store.keys.drop("anna")
    with pytest.raises(Refused, match="KEY-2"):
        attempt(firm, "LYN1", "anna", password("anna"), deviation)


@pytest.mark.requirement("P11-22")
def test_key_of_another_person_signs_nothing(firm: Firm, deviation: str) -> None:
    desk = firm.desks["LYN1"]
    carried = msgspec.json.decode(enrol.carry(desk, "omar"))
    enrol.install(desk, msgspec.json.encode({**carried, "person": "anna"}))
    with pytest.raises(Refused) as caught:
        attempt(firm, "LYN1", "anna", password("omar"), deviation)
    assert caught.value.rule == "SIGN-1"  # the roster knows another key as hers; her password is not even asked


def test_key_that_the_roster_does_not_name_signs_nothing(firm: Firm, deviation: str) -> None:
    enrol.keep_person(firm.desks["LYN1"], "anna", bytes(range(32)), password("anna"))
    with pytest.raises(Refused, match="SIGN-1"):
        attempt(firm, "LYN1", "anna", password("anna"), deviation)


def test_wrapped_key_is_worth_nothing_on_another_terminal(firm: Firm, deviation: str) -> None:
    body = firm.desks["LYN1"].store.keys.get("anna")
    assert body is not None
    with firm.desks["LYN2"].store.write():
        firm.desks["LYN2"].store.keys.put("anna", body)
    with pytest.raises(Refused, match="KEY-2"):
        attempt(firm, "LYN2", "anna", password("anna"), deviation)


@pytest.mark.requirement("P11-26", "A11D-05", "A11D-07")
def test_wrong_passwords_are_noted_slow_down_and_lock(firm: Firm, deviation: str) -> None:
    for number in range(1, LOCKED_AFTER + 1):
        refused = wrong(firm, "LYN1", "anna", deviation)
        assert refused.rule == ("KEY-1" if number < LOCKED_AFTER else "KEY-3")
        if 1 < number < LOCKED_AFTER:  # after the first one nobody waits: everybody mistypes once
            assert wrong(firm, "LYN1", "anna", deviation).rule == "KEY-4"
            firm.hand.wait(DELAYS_MS[number - 1])
    firm.hand.wait(10**9)
    with pytest.raises(Refused, match="KEY-3"):
        attempt(firm, "LYN1", "anna", password("anna"), deviation)
    rows = firm.desks["LYN1"].store.lists.rows("attempt", {"person": "anna"})
    assert [row.columns["state"] for row in rows] == ["failed"] * LOCKED_AFTER
    everything = b"".join(one.line for one in firm.desks["LYN1"].store.pending.lines())
    assert b"not it" not in everything


@pytest.mark.requirement("P11-26", "A11D-05")
def test_lock_holds_on_all_terminals_of_the_company_and_another_person_opens_it(firm: Firm, deviation: str) -> None:
    for number in range(LOCKED_AFTER):
        wrong(firm, "LYN1", "anna", deviation)
        firm.hand.wait(DELAYS_MS[min(number, 3)])
    firm.sync()
    with pytest.raises(Refused, match="KEY-3"):
        attempt(firm, "LYN2", "anna", password("anna"), deviation)
    attempt(firm, "SPO1", "anna", password("anna"), deviation)  # what the other company's terminals say locks nobody
    unlock = {"person": "anna", "reason": "badge and face"}
    with pytest.raises(Refused, match="KEY-3"):
        perform(firm.desks["LYN1"], Asked("signing.unlock", "", unlock, "anna", password("anna")))
    perform(firm.desks["LYN1"], Asked("signing.unlock", "", unlock, "sven", password("sven")))
    assert perform(firm.desks["LYN1"], Asked("hold.stop", "", {"on": "a"}, "anna", password("anna"))).id


def test_nobody_opens_their_own_lock(firm: Firm) -> None:
    with pytest.raises(Refused, match="KEY-6"):
        firm.do("LYN1", "signing.unlock", "", "anna", person="anna", reason="me")
    with pytest.raises(Refused, match="KEY-7"):
        firm.do("LYN1", "signing.unlock", "", "anna", person="nobody", reason="me")


def test_right_password_starts_the_count_anew(firm: Firm, deviation: str) -> None:
    for number in range(LOCKED_AFTER - 1):
        wrong(firm, "LYN1", "anna", deviation)
        firm.hand.wait(DELAYS_MS[number])
    firm.do("LYN1", "hold.stop", "", "anna", on="a")
    assert wrong(firm, "LYN1", "anna", deviation).rule == "KEY-1"
    states = [row.columns["state"] for row in firm.desks["LYN1"].store.lists.rows("attempt", order="at")]
    assert states == ["failed"] * (LOCKED_AFTER - 1) + ["passed", "failed"]


def test_clock_that_was_put_back_makes_nobody_wait_longer(firm: Firm, deviation: str) -> None:
    wrong(firm, "LYN1", "anna", deviation)
    wrong(firm, "LYN1", "anna", deviation)
    firm.hand.wait(-3_600_000)
    assert "Wait 2 s" in wrong(firm, "LYN1", "anna", deviation).next


def test_fact_can_be_signed(firm: Firm) -> None:
    done = firm.do("LYN1", "hold.stop", "", "omar", on="Suite 3")
    found = trail(firm, "LYN1", done.record)[0]
    assert (found.by, found.signature.meaning if found.signature else "") == ("omar", "recorded")


def test_changed_entry_shows_its_signature_as_not_valid(firm: Firm, deviation: str) -> None:
    attempt(firm, "LYN1", "anna", password("anna"), deviation)
    store = firm.desks["LYN1"].store
    whole = store.lists.trail(deviation)
    forged = whole[-1]._replace(data=whole[-1].data.replace(b'"major"', b'"minor"'))
    found = steps(Unit(store.tables), [forged], firm.program)[0].signature
    assert found is not None
    assert not found.valid


def test_password_appears_in_no_repr(firm: Firm) -> None:
    asked = Asked("hold.stop", "", {"on": "a"}, "anna", password("anna"))
    assert password("anna").reveal() not in repr(asked)
    assert "seed" not in repr(firm.homes["LYN1"].key())
