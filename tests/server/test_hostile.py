"""Hostile and clumsy clients, over real sockets: each gets an answer or an end, and nobody else notices."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from zstandard import ZstdCompressor

from server.keys import Keys
from shared.log.canonical import b64
from shared.log.chain import FIRST, SEAL, Seal, Verified, key_name, link, seal_body
from shared.log.entry import Line, line_bytes, line_id, parse_line
from shared.log.leaf import line_of
from shared.log.merkle import EMPTY_ROOT
from shared.log.wire import MOST_LINES, MOST_PUSH, Denied, Placed, parse_answer, parse_push, push_body
from shared.store.store import Store
from shared.terminal.own_chain import own_end, seal_over
from shared.trust.keys import public_of
from shared.trust.sshsig import sign
from tests.server.running import Running, until
from tests.server.served import Served, spoiled
from tests.server.test_routes import ELSEWHERE, error
from tests.terminal.firm import LOG_SEED, Firm

BOMB = 2 << 30
SMALL = """
import server.connection as c, server.bodies as b, server.listening as l
c.HEAD_S, c.STUCK_S, b.PATIENCE_S, l.SILENT_S = 0.5, 0.5, 0.5, 0.5
"""
"""Patience that a test can wait for."""


def sealed(served: Served, change: Callable[[bytes], bytes], code: str = "LYN1") -> bytes:
    """A push whose one new line was changed before it was sealed, as a hostile terminal would."""
    desk = served.firm.desks[code]
    _, lines = parse_push(served.push(code))
    n, _ = own_end(desk.store, code)
    before = desk.store.pending.lines(code)[-1]
    previous = desk.store.log.links(code, n - len(lines))[0]
    for line in lines[:-1]:
        previous = link(previous, line_id(line))
    changed = change(before.line)
    seal = seal_over(desk, n, link(previous, line_id(changed)), desk.home.key().seed)
    return push_body(seal, [*lines[:-1], changed])


def deep(line: bytes) -> bytes:
    return line.replace(b'"on":"x"', b'"on":' + b"[" * 40 + b"]" * 40)


CHANGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a key twice": (lambda one: one.replace(b'"v":1', b'"v":1,"v":1'), "LOG-11"),
    "not canonical": (lambda one: one.replace(b'"v":1', b'"v": 1'), "LOG-11"),
    "too deep": (deep, "LOG-11"),
    "a float": (lambda one: one.replace(b'"on":"x"', b'"on":1.5'), "LOG-11"),
    "no UTF-8": (lambda one: one.replace(b'"on":"x"', b'"on":"\xff\xfe"'), "LOG-11"),
    "a control character": (lambda one: one.replace(b'"on":"x"', b'"on":"\\u0007"'), "LOG-12"),
    "too large": (lambda one: one.replace(b'"on":"x"', b'"on":"' + b"x" * 70_000 + b'"'), "LOG-10"),
    "no entry": (lambda _: b"[]", "LOG-13"),
    "not even JSON": (lambda _: b"\x00" * 50, "LOG-11"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_line_that_is_not_of_its_form_is_refused_by_its_rule(own: Served, name: str) -> None:
    change, rule = CHANGES[name]
    answer = parse_answer(own.ask("POST", f"{own.base}/push", sealed(own, change)).body)
    assert isinstance(answer, Denied)
    assert answer.rule == rule
    assert answer.n is not None
    size = own.page("SPO1").head.size
    assert own.sync("LYN2").state == "in log"
    assert own.page("SPO1").head.size == size


def test_a_push_twice_has_one_answer_and_one_place(served: Served) -> None:
    body = served.push("LYN1")
    first, again = (served.ask("POST", f"{served.base}/push", body) for _ in range(2))
    assert first.but_time() == again.but_time()
    assert isinstance(parse_answer(first.body), Placed)
    served.sync("LYN1")


def test_a_push_to_another_program_is_refused(served: Served) -> None:
    seal, lines = parse_push(served.push("LYN2"))
    home = served.firm.desks["LYN2"]
    line = parse_line(lines[0])
    entry = msgspec.structs.replace(line.entry, program=ELSEWHERE)  # type: ignore[union-attr]
    other = line_bytes(entry, None)
    before = home.store.log.links("LYN2", seal.n - 1)[0]
    body = push_body(seal_over(home, seal.n, link(before, line_id(other)), home.home.key().seed), [other])
    answer = parse_answer(served.ask("POST", f"{served.base}/push", body).body)
    assert isinstance(answer, Denied)
    assert answer.rule == "LOG-14"
    assert served.sync("LYN2").state == "in log"


def test_a_gap_is_refused_and_asks_for_no_skip(served: Served) -> None:
    served.push("LYN2", "first")
    seal, lines = parse_push(served.push("LYN2", "second"))
    answer = parse_answer(served.ask("POST", f"{served.base}/push", push_body(seal, lines[1:])).body)
    assert isinstance(answer, Denied)
    assert (answer.rule, answer.n) == ("LOG-5", None)
    assert served.sync("LYN2").pushed == 2


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "malformed"),
        (b"\n" * 1000, {}, 400, "malformed"),
        (b"\n" * MOST_PUSH, {}, 400, "malformed"),
        (b"\xff\xfe\n", {}, 400, "malformed"),
        (b"[" * 100_000 + b"\n", {}, 400, "malformed"),
        (b"x", {"Content-Encoding": "gzip"}, 400, "malformed"),
        (b"x", {"Content-Encoding": "zstd"}, 400, "malformed"),
        (ZstdCompressor().compress(b"x" * 5000)[:-3], {"Content-Encoding": "zstd"}, 400, "malformed"),
        (ZstdCompressor().compress(b"x" * (MOST_PUSH + 1)), {"Content-Encoding": "zstd"}, 413, "too-large"),
    ],
    ids=["empty", "newlines", "many newlines", "no UTF-8", "deep", "gzip", "not packed", "cut", "unpacks to too much"],
)
def test_a_body_that_is_none(served: Served, body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    error(served.ask("POST", f"{served.base}/push", body, headers), status, code)


def test_too_many_lines(served: Served) -> None:
    seal, lines = parse_push(served.push("SPO1"))
    body = push_body(seal, lines * (MOST_LINES + 1))
    error(served.ask("POST", f"{served.base}/push", body[: MOST_PUSH - 1] + b"\n"), 400, "malformed")
    body = push_body(seal, [b"{}"] * (MOST_LINES + 1))
    error(served.ask("POST", f"{served.base}/push", body), 400, "malformed")


def test_a_body_that_says_to_be_too_large_is_not_read(served: Served) -> None:
    with served.running.connect() as client:
        head = f"POST {served.base}/push HTTP/1.1\r\nHost: x\r\nContent-Length: {1 << 40}\r\n\r\n"
        client.sendall(head.encode())
        said = gone(client)
        assert said.startswith(b"HTTP/1.1 413 ")
        assert b'"error":"too-large"' in said


def bomb() -> bytes:
    """Less than 1 MB that unpacks to 2 GiB."""
    packer = ZstdCompressor(level=1).compressobj()
    zeros = bytes(1 << 24)
    return b"".join([*(packer.compress(zeros) for _ in range(BOMB >> 24)), packer.flush()])


@pytest.fixture(scope="module")
def packed() -> bytes:
    return bomb()


def test_a_bomb_takes_neither_memory_nor_time(served: Served, packed: bytes) -> None:
    assert len(packed) < 1 << 20
    before, begun = served.running.memory(), time.monotonic()
    for path in (f"{served.base}/push", f"{served.base}/refill"):
        for _ in range(5):
            error(served.ask("POST", path, packed, {"Content-Encoding": "zstd"}), 413, "too-large")
    assert served.running.memory() - before < 100 << 20
    assert time.monotonic() - begun < 20


def gone(client: socket.socket) -> bytes:
    """What still comes until the server ends the connection."""
    found = b""
    try:
        while data := client.recv(65_536):
            found += data
    except ConnectionError:
        pass
    return found


def test_who_is_slow_is_let_go_and_holds_up_nobody(founded: Firm, data: Path) -> None:
    with Running(data, prelude=SMALL) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        silent, dripping, headless, bodyless, late = (running.connect() for _ in range(5))
        headless.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX: ")
        bodyless.sendall(f"POST {served.base}/push HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx".encode())
        late.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: late.recv(1000).endswith(b"}"))
        late.sendall(b"\r\n")
        ended = threading.Event()

        def drip() -> None:
            try:
                while True:
                    dripping.sendall(b"G")
                    time.sleep(0.02)
            except OSError:
                ended.set()

        thread = threading.Thread(target=drip)
        thread.start()
        assert served.sync("LYN1").state == "in log"
        for client in (silent, headless, late):
            assert gone(client) == b""
        assert b"malformed" in gone(bodyless)
        assert ended.wait(10)
        thread.join()
        for client in (silent, dripping, headless, bodyless, late):
            client.close()
        assert served.sync("LYN1").state == "in log"


def test_a_head_without_end_is_cut(served: Served) -> None:
    with served.running.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        sent = 0
        with suppress(OSError):
            while sent < 50 << 20:
                client.sendall(b"x" * 10_000)
                sent += 10_000
        assert sent < 20 << 20


def test_what_is_no_http_is_told_so_in_json(served: Served) -> None:
    for garbage in (b"garbage\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", bytes(1000)):
        with served.running.connect() as client:
            client.sendall(garbage)
            said = gone(client)
            assert said.startswith(b"HTTP/1.1 400 "), garbage
            assert b"application/json" in said
            assert b'"error":"malformed"' in said


def test_two_thousand_idle_sockets_cost_little_and_block_nobody(own: Served) -> None:
    before = own.running.memory()
    idle = [own.running.connect() for _ in range(2_000)]
    assert own.sync("LYN1").state == "in log"
    own.push("LYN1")
    assert own.sync("LYN1").pushed == 1
    assert own.running.memory() - before < 100 << 20
    for one in idle:
        one.close()


def test_more_sockets_than_there_may_be_cost_the_oldest(founded: Firm, data: Path) -> None:
    few = "import server.connection as c; c.Connection.most, c.HEAD_S = 20, 1e6"
    with Running(data, prelude=few) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        idle = [running.connect() for _ in range(60)]
        assert served.sync("LYN1").state == "in log"
        assert gone(idle[0]) == b""
        for one in idle:
            one.close()


def test_half_sent_bodies_are_held_within_a_limit(founded: Firm, data: Path) -> None:
    small = "import server.connection as c; c.MOST_HELD = 8 << 20"
    with Running(data, prelude=small) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        before = running.memory()
        clients = [running.connect() for _ in range(30)]
        head = f"POST {served.base}/refill HTTP/1.1\r\nHost: x\r\nContent-Length: 16000000\r\n\r\n".encode()
        for client in clients:
            try:
                client.sendall(head + bytes(4 << 20))
            except OSError:
                continue
        assert running.memory() - before < 80 << 20
        served.push("LYN1")
        assert served.sync("LYN1").pushed == 1
        for client in clients:
            client.close()


def test_a_client_that_never_reads_is_let_go(founded: Firm, data: Path) -> None:
    with Running(data, prelude=SMALL) as running, Served(founded.copy(data.parent / "firm"), running) as served:
        path = f"{served.base}/page?start=0"
        head = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {served.http('LYN1').authorization('GET', path)}\r\n\r\n"
        )
        with running.connect() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

            client.settimeout(0.1)
            client.sendall(head.encode())
            assert client.recv(1)
            with_it, left = running.sockets(), head.encode() * 2_000

            def cut() -> bool:
                nonlocal left
                with suppress(TimeoutError, ConnectionError):
                    left = left[client.send(left) :]
                return running.sockets() < with_it

            until(cut)
        assert served.sync("LYN1").state == "in log"


def test_a_request_that_is_cut_off_is_no_incident(served: Served) -> None:
    for _ in range(5):
        with served.running.connect() as client:
            client.sendall(f"POST {served.base}/push HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
    assert served.sync("LYN1").state == "in log"
    assert not [one for one in served.running.logged() if one["event"] == "incident"]


def test_a_flood_of_strangers_stops_no_terminal_at_the_same_address(own: Served) -> None:
    """A whole site may share one address, and so do all while the server is reached through loopback."""
    stop = threading.Event()
    answered: list[int] = []
    forged = push_body(msgspec.structs.replace(parse_push(own.push("LYN1"))[0], sig="A" * 86), [b"{}"])

    def flood(number: int) -> None:
        path = f"{own.base}/page?start=0"
        wrong = spoiled(own.http("LYN2").authorization("GET", path))
        while not stop.is_set():
            said = (
                own.ask("POST", f"{own.base}/push", forged)
                if number % 2
                else own.ask("GET", path, headers={"Authorization": wrong})
            )
            answered.append(said.status)

    threads = [threading.Thread(target=flood, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    try:
        until(lambda: answered.count(429) > 50)
        for number in range(10):
            own.push("LYN1", str(number))
            assert own.sync("LYN1").state == "in log"
            assert own.sync("SPO1").state == "in log"
    finally:
        stop.set()
        for one in threads:
            one.join()
    assert set(answered) <= {404, 422, 429}


def test_an_enrolled_terminal_that_signs_garbage_stops_no_other(own: Served) -> None:
    bad = sealed(own, lambda one: one.replace(b'"v":1', b'"v": 1'), "LYN2")
    stop = threading.Event()
    answered: list[int] = []

    def flood() -> None:
        while not stop.is_set():
            answered.append(own.ask("POST", f"{own.base}/push", bad).status)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for one in threads:
        one.start()
    try:
        until(lambda: answered.count(429) > 20)
        for number in range(10):
            own.push("LYN1", str(number))
            assert own.sync("LYN1").state == "in log"
    finally:
        stop.set()
        for one in threads:
            one.join()
    assert set(answered) == {422, 429}


def genesis_push(served: Served, salt: str | None = None) -> tuple[str, bytes]:
    """The firm's first entry, or another one with the same keys; its program, and the push of it."""
    line = line_of(served.page("SPO1").leaves[0])
    parsed = parse_line(line)
    assert isinstance(parsed, Line)
    if salt is not None:
        line = line_bytes(msgspec.structs.replace(parsed.entry, salt=salt), None)
    program, seed = b64(line_id(line)), served.firm.homes["LYN1"].key().seed
    end, key = b64(link(FIRST, line_id(line))), key_name(public_of(seed))
    seen = Verified(root=b64(EMPTY_ROOT), size=0)
    body = seal_body(program, "LYN1", key, 1, end, seen)
    sig = b64(sign(seed, SEAL, body))
    return program, push_body(
        Seal(key=key, link=end, n=1, program=program, seen=seen, sig=sig, terminal="LYN1"), [line]
    )


def test_who_may_read_a_log_cannot_begin_others_under_its_key(own: Served) -> None:
    """The log's public key is in its first entry: another first entry with that key would begin another log."""
    program, body = genesis_push(own, salt=b64(bytes(16)))
    answer = parse_answer(own.ask("POST", f"/v1/logs/{program}/push", body).body)
    assert isinstance(answer, Denied)
    assert answer.rule == "LOG-1"
    assert len(list((own.running.data / "logs").glob("*.andon"))) == 1


def test_a_log_begins_also_where_an_empty_file_was_left(own: Served, tmp_path: Path) -> None:
    program, body = genesis_push(own)
    fresh = tmp_path / "fresh"
    (fresh / "logs").mkdir(parents=True)
    Keys(fresh / "keys").make(LOG_SEED)
    Store.open(fresh / "logs" / f"{program}.andon", create=True).close()
    with Running(fresh) as running:
        begun = Served(own.firm, running)
        other, wrong = genesis_push(own, salt=b64(bytes(16)))
        assert b"LOG-1" in begun.ask("POST", f"/v1/logs/{program}/push", wrong).body
        assert isinstance(parse_answer(begun.ask("POST", f"/v1/logs/{program}/push", body).body), Placed)
        assert b"LOG-1" in begun.ask("POST", f"/v1/logs/{other}/push", wrong).body
        assert [one.stem for one in (fresh / "keys").glob("*.log")] == [b64(public_of(LOG_SEED))]
