"""`andon sync`: what ends one of several programs ends no other; a signal ends `--watch`, whenever it comes."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.cli.command import Andon
from tests.terminal.firm import Firm
from tui.commands import sync


@pytest.mark.parametrize("broken", ["A" * 43, "z" * 43], ids=["the first", "the last"])
def test_one_program_that_fails_ends_no_other(firm: Firm, andon: Andon, broken: str) -> None:
    place = firm.homes["LYN1"].log_path(broken)
    place.write_bytes(b"no store at all" * 500)
    process = andon.start("sync", "--watch")
    assert process.stdout is not None
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said.startswith(f"andon: {broken}: STORE-3: ")
    first = json.loads(process.stdout.readline())
    assert (first["program"], first["state"]) == (firm.program, "unreachable")
    assert andon("--program", firm.program, "do", "hold.stop", "--json", '{"on": "x"}').code == 0
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, ""), out


def test_syncing_once_goes_on_to_the_other_programs_too(firm: Firm, andon: Andon) -> None:
    broken = "A" * 43
    firm.homes["LYN1"].log_path(broken).write_bytes(b"no store at all" * 500)
    done = andon("sync")
    assert f"andon: {broken}: STORE-3: " in done.err
    told = json.loads(done.out)
    assert (told["program"], told["state"], done.code) == (firm.program, "unreachable", 3)


def test_it_ends_when_none_goes_on(firm: Firm, andon: Andon) -> None:
    for name in ("A" * 43, firm.program):
        firm.homes["LYN1"].log_path(name).write_bytes(b"no store at all" * 500)
    done = andon("sync", "--watch")
    assert (done.code, len(done.err.splitlines())) == (2, 2)


def test_the_only_program_that_fails_ends_it_as_any_command(firm: Firm, andon: Andon) -> None:
    firm.homes["LYN1"].log_path(firm.program).write_bytes(b"no store at all" * 500)
    done = andon("sync", "--watch", "--json")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert json.loads(done.out)["refused"] == "STORE-3"


class Locked(threading.Event):
    """One for which the signal comes when it is least welcome: while whoever waits for it has it locked."""

    def wait(self, timeout: float | None = None) -> bool:
        with self._cond:  # type: ignore[attr-defined]  # what `wait` itself does first
            os.kill(os.getpid(), signal.SIGTERM)
        return super().wait(timeout)


@pytest.fixture
def _handlers() -> Iterator[None]:
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.usefixtures("_handlers")
def test_a_signal_ends_it_in_whatever_moment_it_comes(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "threading", SimpleNamespace(Event=Locked))
    assert sync._watch(firm.homes["LYN1"], [firm.program]) == 0
