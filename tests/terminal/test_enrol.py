"""Enrolling people and terminals with invitations, and moving keys between terminals."""

import re

import msgspec
import pytest

from server.errors import Malformed
from shared.terminal import enrol, sign
from shared.terminal.asked import Asked
from shared.terminal.perform import perform
from shared.terminal.refusal import Refused
from shared.trust.passwords import Secret
from tests.terminal.firm import Firm, password
from tests.terminal.test_perform import listed


def invited(firm: Firm, person: str) -> bytes:
    invitation = enrol.new_invitation(firm.rng.randbytes)
    proposed = firm.do(
        "LYN1", "member.invite", person, "olga", name="New Person", company="cdmo", roles=["qa"],
        public=invitation.public, checked="passport",
    )  # fmt: skip
    assert proposed.waiting == ("identity of cdmo",)
    firm.do("LYN1", "entry.confirm", person, "otto", of=proposed.id)
    return invitation.seed


@pytest.mark.requirement("P11-10", "P11-17")
def test_person_takes_up_an_invitation_and_signs(firm: Firm) -> None:
    seed = invited(firm, "nora")
    enrol.accept_person(firm.desks["LYN1"], "nora", seed, password("nora"))
    assert listed(firm, "LYN1", "nora").columns["state"] == "active"
    firm.do("LYN1", "hold.stop", "", "nora", on="a")
    firm.sync()
    assert listed(firm, "SPO1", "nora").columns["state"] == "active"


def test_invitation_is_used_once(firm: Firm) -> None:
    seed = invited(firm, "nora")
    enrol.accept_person(firm.desks["LYN1"], "nora", seed, password("nora"))
    with pytest.raises(Refused, match="WHO-2"):
        enrol.accept_person(firm.desks["LYN1"], "nora", seed, password("nora"))


def test_wrong_invitation_is_refused(firm: Firm) -> None:
    invited(firm, "nora")
    with pytest.raises(Refused, match="SIGN-1"):
        enrol.accept_person(firm.desks["LYN1"], "nora", bytes(32), password("nora"))
    assert firm.desks["LYN1"].store.keys.get("nora") is None


@pytest.mark.requirement("A11D-03")
@pytest.mark.parametrize(
    ("text", "rule"), [("short", "PWD-1"), ("nora and her kettle", "PWD-4"), ("antibody a kettle", "PWD-4")]
)
def test_password_that_others_would_guess_is_refused(firm: Firm, text: str, rule: str) -> None:
    seed = invited(firm, "nora")
    with pytest.raises(Refused) as caught:
        enrol.accept_person(firm.desks["LYN1"], "nora", seed, Secret(text))
    assert caught.value.rule == rule
    assert text not in str(caught.value)


def test_forgotten_password_is_a_new_invitation(firm: Firm) -> None:
    invitation = enrol.new_invitation(firm.rng.randbytes)
    proposed = firm.do(
        "LYN1", "member.reissue", "anna", "olga", public=invitation.public, checked="passport", reason="forgotten"
    )
    firm.do("LYN1", "entry.confirm", "anna", "otto", of=proposed.id)
    with pytest.raises(Refused):
        firm.do("LYN1", "hold.stop", "", "anna", on="a")
    enrol.accept_person(firm.desks["LYN1"], "anna", invitation.seed, Secret("another kettle in orbit"))
    done = perform(firm.desks["LYN1"], Asked("hold.stop", "", {"on": "a"}, "anna", Secret("another kettle in orbit")))
    firm.sync()
    assert listed(firm, "SPO1", done.record).columns["by"] == "anna"
    with pytest.raises(Refused, match="SIGN-1"):
        firm.do("LYN2", "hold.stop", "", "anna", on="a")  # the old key is still there, and worth nothing


def test_terminals_chain_begins_with_its_own_key_under_the_invitations_seal(firm: Firm) -> None:
    first = firm.desks["LYN1"].store.lists.trail("LYN2")[-1]
    assert (first.do, first.n, first.by) == ("terminal.join", 1, "@LYN2")
    assert firm.homes["LYN2"].key() != firm.homes["LYN1"].key()


def test_carried_key_opens_with_the_same_password(firm: Firm) -> None:
    carried = enrol.carry(firm.desks["LYN1"], "anna")
    one, two = sign.held_key(firm.desks["LYN1"], "anna"), sign.held_key(firm.desks["SPO1"], "anna")
    assert (one.public, one.inner) == (two.public, two.inner)
    assert enrol.install(firm.desks["SPO1"], carried) == "anna"
    firm.do("SPO1", "hold.stop", "", "anna", on="a")


@pytest.mark.parametrize("damage", ["{}", "x", "cost"])
def test_damaged_or_cheapened_key_is_not_installed(firm: Firm, damage: str) -> None:
    carried = enrol.carry(firm.desks["LYN1"], "anna").decode()
    if damage == "cost":
        form = msgspec.json.decode(carried)
        form["inner"]["kdf"]["memory_kib"] = 8
        damage = msgspec.json.encode(form, order="sorted").decode()
    with pytest.raises(Refused, match="KEY-2"):
        enrol.install(firm.desks["SPO1"], damage.encode())


def test_contacts_numbers_stay_outside_the_log(firm: Firm) -> None:
    done = firm.do(
        "LYN1",
        "contact.set",
        "",
        "anna",
        name="Anna",
        company="cdmo",
        person="anna",
        numbers="+33 1 23",
        expertise=["filling"],
    )
    data = b"".join(one.line for one in firm.desks["LYN1"].store.pending.lines())
    assert b"+33" not in data
    store = firm.desks["LYN1"].store
    card = msgspec.json.decode(data[data.index(b'{"company"') : data.index(b',"app"')])
    blob = store.blobs.get(card["numbers"].removeprefix("sha256:"))
    assert blob is not None
    assert (blob.content, blob.erasable) == (b"+33 1 23", True)
    assert done.record.startswith("CON-")


def numbers(firm: Firm) -> str:
    """The digest of the numbers in the last entry that names some."""
    leaves = b"".join(leaf.leaf for leaf in firm.desks["LYN1"].store.log.leaves())
    return re.findall(rb'"numbers":"sha256:([\w-]{43})"', leaves)[-1].decode()


def test_numbers_travel_beside_the_log_and_sheets_to_the_server(firm: Firm) -> None:
    firm.do("LYN1", "contact.set", "", "anna", name="Anna", company="cdmo", numbers="+33 1 23", expertise=["filling"])
    sent = firm.desks["LYN1"].store.carried.outgoing(9)
    assert len(sent) >= 2
    firm.sync()
    theirs = firm.desks["SPO1"].store.blobs.get(numbers(firm))
    assert theirs is not None
    assert (theirs.content, theirs.erasable) == (b"+33 1 23", True)
    assert all(firm.server.log.get_blob(one) is not None for one in sent)
    assert firm.desks["LYN1"].store.carried.outgoing(9) == []
    assert firm.desks["SPO1"].store.carried.wanted(firm.hand.now, 9) == []


def test_blob_that_is_not_the_one_asked_for_is_not_kept(firm: Firm) -> None:
    firm.do("LYN1", "contact.set", "", "anna", name="Anna", company="cdmo", numbers="+33", expertise=[])
    firm.sync("LYN1")
    digest = numbers(firm)
    with firm.server.log._store.write() as tx:
        tx.connection.execute("UPDATE blob SET content = ? WHERE digest = ?", (b"+66", digest))
    firm.server.sync(firm.desks["SPO1"])
    assert firm.desks["SPO1"].store.blobs.get(digest) is None
    assert firm.desks["SPO1"].store.carried.wanted(firm.hand.now + 60_000, 9) == [digest]
    with pytest.raises(Malformed):
        firm.server.log.put_blob(digest, b"\x01" + bytes(16) + b"other")
