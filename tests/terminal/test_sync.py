"""What arrives while things wait here: undone, folded, and folded again above it; drafts that were opened before."""

import random

import msgspec
import pytest

from shared.log import chain
from shared.log.checkpoint import Checkpoint, origin_of, sign_checkpoint
from shared.log.entry import Line, line_id, parse_line
from shared.log.leaf import leaf_bytes, leaf_hash
from shared.log.wire import Head, Page
from shared.store.rebuild import rebuild
from shared.terminal import drafts
from shared.terminal.as_of import folded_until
from shared.terminal.asked import Asked
from shared.terminal.drafts import Draft
from shared.terminal.own_chain import outgoing, own_end, seal_over
from shared.terminal.perform import perform
from shared.terminal.receive import check_signatures, receive
from shared.terminal.record import look
from shared.terminal.remote import Later, NotUnderstood, TooLarge
from shared.terminal.synced import IN_LOG
from shared.trust.keys import private_key, public_of
from tests.terminal.firm import LOG_SEED, Direct, Firm, password
from tests.terminal.test_perform import listed
from tests.terminal.test_sign import trail

RATED = {"reason": "as seen"}


def rate(firm: Firm, code: str, person: str, record: str, criticality: str) -> None:
    firm.do(code, "deviation.rate", record, person, criticality=criticality, **RATED)


def test_what_waits_stands_above_what_arrives(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    firm.do("LYN1", "deviation.fix", record, fix="here")
    firm.do("SPO1", "deviation.fix", record, fix="there")
    firm.sync("SPO1")
    firm.server.pull(firm.desks["LYN1"])
    row = listed(firm, "LYN1", record)
    assert (row.sync, row.flags) == ("local", ["contested"])
    assert [one.sync for one in trail(firm, "LYN1", record)] == ["in log", "in log", "local"]
    firm.sync()
    assert listed(firm, "LYN1", record).sync == "in log"
    assert listed(firm, "LYN1", record).columns == listed(firm, "SPO1", record).columns


def test_decision_overtaken_by_what_arrives_is_flagged(firm: Firm) -> None:
    hold = firm.do("LYN1", "hold.stop", on="a").record
    record = firm.do("LYN1", "deviation.raise", title="x", hold=hold).record
    rate(firm, "LYN1", "sven", record, "minor")
    firm.sync()
    firm.do("LYN1", "hold.lift", hold, "sven", reason="minor")
    assert listed(firm, "LYN1", hold).columns["state"] == "lifted"
    rate(firm, "SPO1", "sam", record, "critical")
    firm.sync("SPO1")
    firm.server.pull(firm.desks["LYN1"])
    row = listed(firm, "LYN1", hold)
    assert "overtaken" in row.flags
    assert row.columns["state"] == "held", "the cautious value stays until somebody who saw both settles it"


@pytest.mark.parametrize("seed", range(3))
def test_any_schedule_of_syncs_gives_every_terminal_the_same(firm: Firm, seed: int) -> None:
    rng = random.Random(seed)
    codes = list(firm.desks)
    records = [firm.do("LYN1", "deviation.raise", title=str(number)).record for number in range(2)]
    firm.sync()
    for step in range(25):
        code, record = rng.choice(codes), rng.choice(records)
        match rng.randrange(5):
            case 0:
                firm.do(code, "deviation.fix", record, fix=f"fix {step}")
            case 1:
                firm.do(code, "deviation.note", record, text=f"note {step}")
            case 2:
                firm.do(code, "deviation.problem", record, problem=f"problem {step}")
            case 3:
                firm.server.sync(firm.desks[code])
            case _:
                firm.server.pull(firm.desks[code])
    firm.sync()
    firm.sync()
    for kind in ("deviation", "member", "terminal"):
        seen = [desk.store.lists.rows(kind, order="record") for desk in firm.desks.values()]
        assert seen[0] == seen[1] == seen[2]
    before = firm.desks["LYN2"].store.lists.rows("deviation")
    rebuild(firm.desks["LYN2"].store)
    assert firm.desks["LYN2"].store.lists.rows("deviation") == before


def test_draft_has_seen_what_its_form_showed(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    draft = drafts.open_draft(desk, "anna", "fix", "deviation.fix", record)
    drafts.save(desk, "anna", "fix", msgspec.structs.replace(draft, fields={"fix": "from Monday"}))
    firm.do("SPO1", "deviation.fix", record, fix="meanwhile")
    firm.sync()
    kept = drafts.load(desk, "anna", "fix")
    assert kept is not None
    perform(desk, drafts.asked_of(kept, "anna", "fix")._replace(person="anna", password=password("anna")))
    assert listed(firm, "LYN1", record).flags == ["contested"]
    assert drafts.load(desk, "anna", "fix") is None
    assert drafts.open_draft(desk, "anna", "fix", "deviation.fix", record).seen != draft.seen


def test_draft_of_a_refused_action_stays(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    draft = drafts.open_draft(desk, "", "note", "deviation.note", "DEV-LYN1-999")
    with pytest.raises(Exception, match="FORM"):
        perform(desk, drafts.asked_of(draft, "", "note"))
    assert drafts.load(desk, "", "note") == draft
    drafts.drop(desk, "", "note")
    assert drafts.load(desk, "", "note") is None


def test_draft_that_cannot_be_read_is_none(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    with desk.store.write():
        desk.store.drafts.save("", "x", '{"do":1}')
    assert drafts.load(desk, "", "x") is None
    assert isinstance(drafts.open_draft(desk, "", "x", "hold.stop"), Draft)


def test_push_ends_where_a_key_is_announced(firm: Firm) -> None:
    desk = firm.desks["LYN1"]
    assert outgoing(desk) is None
    firm.do("LYN1", "hold.stop", on="a")
    firm.do("LYN1", "hold.stop", on="b")
    push = outgoing(desk)
    assert push is not None
    assert len(push.lines) == 2
    line = parse_line(push.lines[-1])
    assert isinstance(line, Line)
    assert push.seal.n == line.entry.n


def test_signature_that_does_not_fit_counts_for_nothing(firm: Firm) -> None:
    """A terminal and the server, both hostile, could seal and sign a log with an entry that its person never signed."""
    record = firm.do("LYN1", "deviation.raise", title="x").record
    rate(firm, "LYN1", "anna", record, "critical")
    desk, sponsor = firm.desks["LYN1"], firm.desks["SPO1"]
    lines = [one.line for one in desk.store.pending.lines()]
    lines[1] = lines[1].replace(lines[1][-20:-4], b"A" * 16)
    n, link = own_end(desk.store, "LYN1")
    link = desk.store.log.links("LYN1", n - 2)[0]
    for line in lines:
        link = chain.link(link, line_id(line))
    start = sponsor.store.size()
    leaves = [leaf_bytes(line, firm.hand.read()) for line in lines]
    edge = sponsor.store.log.tree.edge()
    for leaf in leaves:
        edge.append(leaf_hash(leaf))
    point = Checkpoint(origin_of(firm.program), edge.size, edge.root())
    note = sign_checkpoint(point, public_of(LOG_SEED), private_key(LOG_SEED).sign).decode()
    seal = seal_over(desk, n, link, desk.home.key().seed)
    page = Page(Head(checkpoint=note, count=2, size=edge.size, start=start), leaves, [(start + 1, seal)])
    assert receive(sponsor.store, firm.program, public_of(LOG_SEED), page) == 2
    assert check_signatures(sponsor) == []
    assert listed(firm, "SPO1", record).columns["criticality"] is None
    assert [one.verdict for one in trail(firm, "SPO1", record)] == ["stands", "void"]


def test_as_of_is_the_log_up_to_what_had_been_received(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    firm.sync()
    before = firm.desks["LYN1"].store.last_received()
    firm.hand.wait(60_000)
    firm.do("LYN1", "deviation.fix", record, fix="later")
    firm.sync()
    store = firm.desks["LYN1"].store
    then, size = folded_until(store, before)
    now, _ = folded_until(store, firm.hand.now)
    assert size == firm.server.log.size - 1
    looked = look(then, record, before), look(now, record, firm.hand.now)
    assert [one.row.columns["fix"] if one else "" for one in looked] == [None, "later"]
    assert look(folded_until(store, 0)[0], record, 0) is None


def test_as_of_now_is_what_the_tables_say(firm: Firm) -> None:
    record = firm.do("LYN1", "deviation.raise", title="x").record
    rate(firm, "LYN1", "anna", record, "major")
    firm.sync()
    unit, _ = folded_until(firm.desks["LYN1"].store, firm.hand.now)
    found = look(unit, record, firm.hand.now)
    assert found is not None
    assert found.row.columns == listed(firm, "LYN1", record).columns


def test_two_desks_on_one_home_continue_one_chain(firm: Firm) -> None:
    first = firm.desks["LYN1"]
    with type(first).open(first.home, clock=firm.hand.clock) as second:
        records = [perform(desk, Asked("hold.stop", fields={"on": "a"})).record for desk in (first, second) * 3]
    assert len(set(records)) == 6
    firm.sync()
    assert {row.record for row in firm.desks["SPO1"].store.lists.rows("hold")} == set(records)


@pytest.mark.parametrize("said", [Later("too many"), NotUnderstood("400"), TooLarge("too large")], ids=repr)
def test_a_stop_goes_out_though_the_server_takes_no_blob(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, said: Exception
) -> None:  # fmt: skip
    def refuses(*_: object) -> None:
        raise said

    firm.do("LYN1", "contact.set", "", "anna", name="Anna", company="cdmo", numbers="+33 1", expertise=["filling"])
    stop = firm.do("LYN1", "hold.stop", on="FILL-2").record
    monkeypatch.setattr(Direct, "put_blob", refuses)
    assert firm.server.sync(firm.desks["LYN1"]).state != IN_LOG, "what is the matter with the blob is told"
    row = firm.desks["LYN1"].store.lists.row(stop)
    assert row is not None
    assert row.sync == "in log"
