"""The live socket: who may hear of a log hears of it, and nobody can hurt the server by what is said or not read."""

import asyncio
import json
import signal
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from server.live import Hub
from server.run import Stopping
from shared.log.wire import live_path
from tests.server.running import Running, until
from tests.server.served import Served
from tests.server.test_hostile import SMALL, gone
from tests.server.test_routes import ELSEWHERE
from tests.terminal.firm import Firm

PATIENCE_S = 6.0
"""What is promised is two seconds; a machine that does much else at the moment may take longer."""
UPGRADE = (
    b"GET /v1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def word(served: Served, code: str, program: str = "") -> str:
    program = program or served.program
    signed = served.http(code).authorization("LIVE", live_path(program))
    return json.dumps({"program": program, "authorization": signed})


def heard(socket_: ClientConnection) -> tuple[str, int | None]:
    said = json.loads(socket_.recv(timeout=20))
    assert set(said) == {"program", "size"}
    return said["program"], said["size"]


def ended(socket_: ClientConnection) -> int:
    """The code that the server closes with, whatever it says before."""
    with suppress(ConnectionClosed):
        while True:
            socket_.recv(timeout=20)
    assert socket_.close_code is not None
    return socket_.close_code


def test_who_listens_is_told_of_what_is_pushed(served: Served) -> None:
    size = served.page("SPO1").head.size
    with served.live() as live:
        live.send(word(served, "SPO1"))
        assert heard(live) == (served.program, size)
        served.push("LYN1")
        served.sync("LYN1")
        assert heard(live) == (served.program, size + 1)


@pytest.mark.parametrize("kind", ["elsewhere", "no log", "another's signature", "a read's signature"])
def test_without_a_right_there_is_nothing_to_hear(served: Served, kind: str) -> None:
    said = json.loads(word(served, "SPO1"))
    if kind == "elsewhere":
        said = json.loads(word(served, "SPO1", ELSEWHERE))
    elif kind == "no log":
        said["program"] = "x"
    elif kind == "another's signature":
        said["authorization"] = said["authorization"].replace("SPO1", "LYN1")
    else:
        said["authorization"] = served.http("SPO1").authorization("GET", f"{served.base}/page?start=0")
    with served.live() as live:
        live.send(json.dumps(said))
        assert heard(live) == (said["program"], None)
        served.push("LYN1")
        served.sync("LYN1")
        with pytest.raises(TimeoutError):
            live.recv(timeout=0.3)


@pytest.mark.parametrize("garbage", ["", "x", "[]", "{}", '{"program":1}', "[" * 900, "x" * 2_000, b"\x00\xff"])
def test_garbage_ends_the_socket(served: Served, garbage: str | bytes) -> None:
    with served.live() as live:
        live.send(garbage)
        assert ended(live) == 1008


def test_an_oversized_word_ends_the_socket(served: Served) -> None:
    with served.live() as live:
        live.send("x" * 100_000)
        assert ended(live) == 1009


def test_broken_frames_end_the_socket(served: Served) -> None:
    for garbage in (bytes(20), b"\xff" * 200, b"\x81\x05hello", b"\x81\x82\x00\x00\x00\x00\xff\xff"):
        with served.running.connect() as client:
            client.sendall(UPGRADE)
            assert b" 101 " in client.recv(1000)
            client.sendall(garbage)
            gone(client)
    assert served.sync("LYN1").state == "in log"


def test_a_revoked_terminal_hears_no_more(own: Served) -> None:
    with own.live() as live, own.live() as other:
        live.send(word(own, "LYN2"))
        other.send(word(own, "SPO1"))
        assert heard(live)[1] == heard(other)[1] is not None
        own.revoke("LYN2")
        while (found := heard(live)) != (own.program, None):
            assert found[0] == own.program
        own.push("LYN1")
        own.sync("LYN1")
        with pytest.raises(TimeoutError):
            live.recv(timeout=0.3)
        live.send(word(own, "LYN2"))
        assert heard(live) == (own.program, None)
        size = own.page("SPO1").head.size
        while heard(other)[1] != size:
            pass


def test_who_never_reads_takes_no_memory_and_is_let_go(founded: Firm, data: Path) -> None:
    """It asks for ever other logs, so that there is ever more to tell it."""
    with (
        Running(data, prelude=SMALL) as running,
        Served(founded.copy(data.parent / "firm"), running) as served,
        ExitStack() as stack,
    ):
        before = running.memory()
        said = json.loads(word(served, "SPO1"))
        for _ in range(5):
            one = stack.enter_context(served.live())
            one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            with suppress(ConnectionClosed):
                for number in range(100_000):
                    one.send(json.dumps({**said, "program": f"{number:0900}"[:900]}))
                raise AssertionError("it may say as much as it likes")
        assert running.memory() - before < 30 << 20
        assert served.sync("LYN1").state == "in log"


def test_who_listens_to_nothing_is_let_go_and_holds_up_nobody(founded: Firm, data: Path) -> None:
    few = f"{SMALL}import server.live as v; v.MOST_STRANGERS = 10"
    with (
        Running(data, prelude=few) as running,
        Served(founded.copy(data.parent / "firm"), running) as served,
        ExitStack() as stack,
    ):
        live = stack.enter_context(served.live())
        live.send(word(served, "SPO1"))
        heard(live)
        mute = [stack.enter_context(served.live()) for _ in range(30)]
        assert [ended(one) for one in mute] == [1012] * 30
        late = stack.enter_context(served.live())
        late.send(word(served, "LYN1"))
        heard(late)
        served.push("LYN1")
        served.sync("LYN1")
        assert heard(live)[0] == served.program


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_two_seconds_with_sockets_open(own: Served, sig: int) -> None:
    with ExitStack() as stack, own.running.connect() as half, own.running.connect() as idle:
        listening = [stack.enter_context(own.live()) for _ in range(50)]
        for one in listening:
            one.send(word(own, "SPO1"))
        for one in listening:
            heard(one)
        mute = stack.enter_context(own.live())
        half.sendall(f"POST {own.base}/push HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx".encode())
        idle.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in idle.recv(1000)
        code, took = own.running.stop(sig)
        assert (code, took < PATIENCE_S) == (0, True), took
        assert {ended(one) for one in (*listening, mute)} == {1012}
    assert own.running.logged()[-1]["event"] == "stopped"
    assert own.sync("LYN1").state == "unreachable"


@pytest.mark.parametrize("program", ["", ELSEWHERE], ids=["listened to", "not told yet"])
def test_one_socket_listens_to_so_many_logs_only(founded: Firm, data: Path, program: str) -> None:
    none = "import server.listening as l; l.MOST_PROGRAMS = 0"
    with (
        Running(data, prelude=none) as running,
        Served(founded.copy(data.parent / "firm"), running) as served,
        served.live() as live,
    ):
        live.send(word(served, "SPO1", program))
        assert ended(live) == 1008
        assert served.sync("SPO1").state == "in log"


def test_a_signal_lets_all_who_listen_go_at_once() -> None:
    """Before uvicorn waits for their connections; and nobody begins to listen any more."""
    hub = Hub()
    server = Stopping(uvicorn.Config("no:app"), hub, lambda _: None)
    one = hub.enter()
    assert one is not None
    server.handle_exit(signal.SIGTERM, None)
    assert asyncio.run(asyncio.wait_for(one.news(), 5)) is None
    assert hub.enter() is None
    assert server.should_exit


def test_a_socket_that_is_gone_is_forgotten(own: Served) -> None:
    for _ in range(30):
        with own.live() as live:
            live.send(word(own, "SPO1"))
            live.socket.shutdown(socket.SHUT_RDWR)
    for _ in range(20):
        own.push("LYN1")
        own.sync("LYN1")
    assert own.sync("LYN1").state == "in log"
    assert {one["level"] for one in own.running.logged()} == {"info"}


def test_pokes_come_soon(own: Served) -> None:
    with own.live() as live:
        live.send(word(own, "SPO1"))
        heard(live)
        took = []
        for number in range(20):
            body = own.push("LYN1", str(number))
            begun = time.monotonic()
            own.ask("POST", f"{own.base}/push", body)
            heard(live)
            took.append(time.monotonic() - begun)
            own.sync("LYN1")
        assert sorted(took)[10] < 1


def test_waiting_helper_gives_up() -> None:
    with pytest.raises(AssertionError, match="in time"):
        until(lambda: False, within=0.01)
