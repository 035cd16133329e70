"""The server as a process: how it starts, what it logs, how it ends, and what a power cut leaves."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from server.keys import Keys
from shared.log.canonical import b64
from shared.log.wire import Placed, parse_answer
from shared.store.store import Store
from tests.server.running import LONG_S, SERVER, Running, data_of, until
from tests.server.served import Served
from tests.server.test_hostile import gone
from tests.server.test_live import ended as closed
from tests.terminal.firm import LOG_SEED, Firm, password


def start(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([SERVER, *arguments], capture_output=True, text=True, check=False, timeout=LONG_S)


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """Refused in one plain line."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = (one for one in done.stderr.splitlines() if not one.startswith("{"))
    assert line.startswith(("andon-server: ", "andon-server run: "))
    return line


def test_a_second_server_on_the_folder_is_refused(served: Served) -> None:
    assert "Another server" in refused(start("run", "--data", served.running.data, "--port", "0"))
    assert served.sync("LYN1").state == "in log"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.org", "", "8.8.8.8"])  # noqa: S104 - what is refused
def test_an_address_that_others_reach_is_refused(data: Path, host: str) -> None:
    refused(start("run", "--data", data, "--host", host, "--port", "0"))


def test_a_port_in_use_is_refused(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port in refused(start("run", "--data", data, "--port", port))


def test_what_is_not_understood_is_refused(data: Path, tmp_path: Path) -> None:
    refused(start())
    refused(start("fly"))
    refused(start("run"))
    refused(start("run", "--data", tmp_path / "none"))
    refused(start("run", "--data", data, "--tails", data / "tails"))
    refused(start("run", "--data", data, "--port", "70000"))
    (tmp_path / "file").write_text("", encoding="ascii")
    refused(start("key", "--data", tmp_path / "file"))


def test_a_key_is_made_and_its_public_half_printed(tmp_path: Path) -> None:
    done = start("key", "--data", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert Keys(tmp_path / "keys").seed(done.stdout.strip()) is not None


def test_a_damaged_log_is_told_without_its_insides_and_others_are_served(founded: Firm, data: Path) -> None:
    (key,) = (data / "keys").glob("*.key")
    name = b64(bytes(32))
    whole = data / "logs" / f"{founded.program}.andon"
    (data / "logs" / f"{name}.andon").write_bytes(whole.read_bytes()[:4096] + bytes(whole.stat().st_size - 4096))
    with Running(data) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        for _ in range(3):
            said = served.read("LYN1", f"/v1/logs/{name}/page?start=0")
            assert said.status == 404, "it is not told that it is here"
            assert str(data) not in said.body.decode()
            assert served.sync("LYN1").state == "in log"
        key.chmod(0o644)
        assert served.sync("LYN1").state == "in log", "an open log has its key"
    with Running(data) as running, Served(founded.copy(data.parent / "firm2"), running) as served:
        said = served.read("LYN1", f"{served.base}/page?start=0")
        assert (said.status, b"chmod" in said.body) == (404, False)
        done = served.sync("LYN1")
        assert done.state == "later"
        assert any("chmod" in one.get("text", "") for one in running.logged())


def test_logs_are_json_and_hold_nothing_of_what_entries_say(own: Served) -> None:
    secret = "glass particle in vial 4711"
    own.firm.do("LYN1", "deviation.raise", "", "anna", title=secret)
    body = own.push("LYN1", secret)
    assert own.sync("LYN1").state == "in log"
    path = f"{own.base}/page?start=0"
    header = own.http("LYN1").authorization("GET", path)
    own.ask("GET", path, headers={"Authorization": header + "x"})
    own.ask("POST", f"{own.base}/push", body[:-2] + secret.encode())
    own.ask("POST", f"/v1/logs/{secret.replace(' ', '%20')}/push", body)
    with own.running.connect() as client:
        client.sendall(secret.encode() + b"\r\n\r\n")
        gone(client)
    for garbage in (secret, b"\xff" + secret.encode()):
        with own.live() as live:
            live.send(garbage)
            closed(live)
    own.running.stop()
    logged = own.running.logged()
    assert {"event", "level", "timestamp"} <= set.intersection(*map(set, logged))
    assert [one["event"] for one in (logged[0], logged[-1])] == ["listening", "stopped"]
    text = own.running.err.read_text(encoding="utf-8")
    assert not any(
        one in text for one in (secret, header[-40:], b64(LOG_SEED), password("anna").reveal(), body[-60:-10].decode())
    )


def test_a_fault_that_a_library_logs_is_named_without_its_values() -> None:
    code = """
import logging
from server import journal
journal.start()
try:
    raise ValueError("glass particle in vial 4711")
except ValueError:
    logging.getLogger("some.library").exception("it failed")
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    said = json.loads(done.stderr)
    assert (said["event"], said["kind"], len(said["where"])) == ("it failed", "ValueError", 1)
    assert "4711" not in done.stderr


def test_what_was_answered_as_placed_survives_a_kill(founded: Firm, data: Path) -> None:
    """Several rounds under load, killed at different moments; nothing answered is lost, moved or changed."""
    firm = founded.copy(data.parent / "firm")
    placed: dict[int, tuple[int, bytes]] = {}
    rng = random.Random(11)
    for _ in range(4):
        with Running(data) as running:
            served = Served(firm, running)
            bodies = {code: [served.push(code) for _ in range(15)] for code in ("LYN1", "LYN2", "SPO1")}
            path, reader = f"{served.base}/push", served.http("SPO1")

            def push(code: str) -> None:
                with suppress(OSError, HTTPException):
                    for body in bodies[code]:  # noqa: B023 - joined within the round
                        answer = parse_answer(served.ask("POST", path, body).body)  # noqa: B023 - as above
                        assert isinstance(answer, Placed)
                        placed.update((position, (received, b"")) for position, received in answer.places)

            threads = [threading.Thread(target=push, args=(code,)) for code in bodies]
            before, more = len(placed), rng.randrange(12)
            for one in threads:
                one.start()
            until(lambda: len(placed) > before + more)  # noqa: B023 - as above
            leaves = reader.page(0).leaves
            running.kill()
            for one in threads:
                one.join()
            reader.close()
        with Store.open(data / "logs" / f"{firm.program}.andon") as store:
            kept = {one.position: (one.received, one.leaf) for one in store.log.leaves()}
        assert sorted(kept) == list(range(len(kept)))
        assert [kept[number][1] for number in range(len(leaves))] == leaves, "what was given out stays, byte for byte"
        for position, (received, leaf) in placed.items():
            assert kept[position][0] == received
            assert leaf in {b"", kept[position][1]}
            placed[position] = (received, kept[position][1])
        with Running(data) as running:
            assert {Served(firm, running).sync(code).state for code in firm.desks} == {"in log"}
    assert placed
    firm.close()


def test_interrupted_twice_it_still_ends_with_zero(own: Served) -> None:
    own.running.process.send_signal(signal.SIGINT)
    code, took = own.running.stop(signal.SIGINT)
    assert (code, took < 2) == (0, True)


@pytest.mark.skipif(os.name != "posix", reason="limits of files are POSIX")
def test_a_full_disk_is_told_and_it_goes_on_when_there_is_room(founded: Firm, tmp_path: Path) -> None:
    """The file may not grow while a file beside it says so: SQLite then says what it says on a full disk."""
    data = data_of(founded, tmp_path / "data")
    full = tmp_path / "full"
    prelude = f"""
from pathlib import Path
from server.log import ServedLog
order = ServedLog.order
def limited(self, pushes):
    run = self._store.connection.execute
    pages = run("PRAGMA page_count").fetchone()[0] if Path({str(full)!r}).exists() else 10**6
    run(f"PRAGMA max_page_count = {{pages}}")
    return order(self, pushes)
ServedLog.order = limited
"""
    with Running(data, prelude=prelude) as running, Served(founded.copy(tmp_path / "firm"), running) as served:
        full.touch()
        for number in range(60):
            served.push("LYN1", f"{number} {'x' * 60}")
        done = served.sync("LYN1")
        assert (done.state, done.pushed) == ("later", 0)
        said = served.ask("POST", f"{served.base}/push", served.waiting(served.firm.desks["LYN1"]))
        assert said.status == 507
        assert b"full" in said.body
        assert served.page("SPO1").leaves, "reading goes on"
        assert served.ask("GET", "/v1/health").status == 200
        full.unlink()
        done = served.sync("LYN1")
        assert (done.state, done.pushed) == ("in log", 60)
        assert [one["error"] for one in running.logged() if one["event"] == "refused"] == ["full", "full"]
