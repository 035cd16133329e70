"""Several processes on one home, and processes that are killed: what printed an id is there, and nothing half is."""

import json
import random
import signal
import subprocess
import threading

import pytest

from shared.log.entry import Line, parse_line
from shared.store.errors import Busy
from shared.store.store import Store
from shared.terminal.asked import Asked
from shared.terminal.desk import Desk
from shared.terminal.own_chain import own_end
from shared.terminal.perform import perform
from tests.cli.command import Andon
from tests.terminal.firm import Firm, password
from tui.failure import explained

STOP = ("do", "hold.stop", "--json", '{"on": "Suite 3", "reason": "pressure"}')


def numbers(firm: Firm) -> list[int]:
    """The numbers of all that waits, read from the lines themselves."""
    lines = [parse_line(one.line) for one in firm.desks["LYN1"].store.pending.lines()]
    assert all(isinstance(line, Line) for line in lines)
    return [line.entry.n for line in lines if isinstance(line, Line)]


@pytest.mark.requirement("DI-06")
def test_processes_that_race_continue_one_chain(firm: Firm, andon: Andon) -> None:
    first = own_end(firm.desks["LYN1"].store, "LYN1").n + 1
    processes = [andon.start(*STOP) for _ in range(8)]
    told = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8, told
    records = {json.loads(out)["record"] for out, _ in told}
    assert numbers(firm) == list(range(first, first + 8))
    assert records == {row.record for row in firm.desks["LYN1"].store.lists.rows("hold")}
    assert andon("verify").code == 0


def test_signing_while_others_write(firm: Firm, andon: Andon) -> None:
    arguments = ("--as", "anna", "--password-stdin")
    signers = [andon.start(*STOP, *arguments) for _ in range(2)]
    others = [andon.start(*STOP) for _ in range(3)]
    told = [process.communicate(f"{password('anna').reveal()}\n", timeout=120) for process in [*signers, *others]]
    assert all(process.returncode == 0 for process in [*signers, *others]), told
    holds = firm.desks["LYN1"].store.lists.rows("hold")
    assert sorted(str(row.columns["by"]) for row in holds) == ["@LYN1"] * 3 + ["anna"] * 2
    assert andon("verify").code == 0


@pytest.mark.requirement("P11-01")
def test_killed_at_any_moment_what_printed_an_id_is_there_and_nothing_is_half(firm: Firm, andon: Andon) -> None:
    rng = random.Random(5)
    first = own_end(firm.desks["LYN1"].store, "LYN1").n + 1
    printed = []
    for _ in range(25):
        process = andon.start(*STOP)
        killer = threading.Timer(rng.uniform(0.05, 0.6), process.send_signal, [signal.SIGKILL])
        killer.start()
        out, _ = process.communicate(timeout=120)
        killer.cancel()
        if out.endswith("\n"):
            printed.append(json.loads(out))
    there = numbers(firm)
    assert there == list(range(first, first + len(there)))
    kept = {one.n: one for one in firm.desks["LYN1"].store.pending.lines()}
    assert {one["record"] for one in printed} <= {f"HLD-LYN1-{n}" for n in kept}
    assert len(there) >= len(printed)
    assert andon("verify").code == 0
    firm.sync()
    assert firm.server.log.size == firm.desks["LYN1"].store.log.size()


def test_second_writer_waits_and_then_says_so_in_one_line(firm: Firm) -> None:
    home = firm.homes["LYN1"]
    impatient = Desk(home, Store.open(home.log_path(firm.program), wait=0.05), clock=firm.hand.clock)
    with firm.desks["LYN1"].store.write(), pytest.raises(Busy) as caught:
        perform(impatient, Asked("hold.stop", fields={"on": "a"}))
    rule, text, then = explained(caught.value)
    assert rule == "STORE-1"
    assert "\n" not in text + then
    perform(impatient, Asked("hold.stop", fields={"on": "a"}))
    impatient.close()


def test_reader_that_goes_away_is_no_fault(firm: Firm, andon: Andon) -> None:
    for _ in range(40):
        firm.do("LYN1", "hold.stop", on="a", reason="x" * 400)
    for limit in ("40", "1"):
        with andon.start("list", "hold", "--json", "--limit", limit) as listing:
            assert listing.stdout is not None
            assert listing.stderr is not None
            listing.stdout.close()
            assert listing.stderr.read() == ""
            assert listing.wait(120) == 0


def test_interrupted_leaves_no_traceback(andon: Andon) -> None:
    process = andon.start(*STOP, "--as", "anna", "--password-stdin")
    assert process.stdin is not None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.5)  # it waits for the password
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
