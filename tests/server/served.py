"""A running server with a firm's terminals, asked over HTTP as the product asks, or with bytes of a test's own."""

import http.client
import time
from collections.abc import Mapping
from typing import NamedTuple, Self

from websockets.sync.client import ClientConnection, connect

from shared.log.wire import LIVE, Page, push_body
from shared.terminal.desk import Desk
from shared.terminal.net import Http
from shared.terminal.own_chain import outgoing
from shared.terminal.sync import sync
from shared.terminal.synced import Synced
from tests.server.running import LONG_S, Running
from tests.terminal.firm import Firm

TIMES = ("date", "andon-time")
"""Headers that differ from one answer to the next."""


def now() -> int:
    return time.time_ns() // 1_000_000


def spoiled(header: str) -> str:
    """A signed request's header with another signature; not at its end, where many signatures are alike."""
    there = len(header) - 40
    return f"{header[:there]}{'A' if header[there] != 'A' else 'B'}{header[there + 1 :]}"


class Said(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def but_time(self) -> "Said":
        return self._replace(headers={name: one for name, one in self.headers.items() if name not in TIMES})


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Said:
    """Ask once, with a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG_S)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Said(answer.status, {name.lower(): one for name, one in answer.getheaders()}, answer.read())
    finally:
        connection.close()


class Served:
    """A server, and the terminals of the firm whose log it has."""

    def __init__(self, firm: Firm, running: Running) -> None:
        self.firm = firm
        self.running = running
        self.program = firm.program
        self.base = f"/v1/logs/{firm.program}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.firm.close()

    def http(self, code: str, *, program: str = "", ahead: int = 0) -> Http:
        """The product's client at a terminal, whose clock may be ahead, ms."""
        seed = self.firm.homes[code].key().seed
        return Http(self.running.url, program or self.program, code, seed, lambda: now() + ahead)

    def sync(self, code: str) -> Synced:
        server = self.http(code)
        try:
            return sync(self.firm.desks[code], server)
        finally:
            server.close()

    def page(self, code: str, start: int = 0) -> Page:
        server = self.http(code)
        try:
            return server.page(start)
        finally:
            server.close()

    def push(self, code: str = "LYN1", text: str = "x") -> bytes:
        """The body of a push of one entry that is written now, and stays in the outbox."""
        self.firm.do(code, "hold.stop", on=text)
        return self.waiting(self.firm.desks[code])

    def revoke(self, code: str) -> None:
        """Two officers revoke a terminal, at LYN1."""
        proposed = self.firm.do("LYN1", "terminal.revoke", code, "olga", reason="stolen")
        self.firm.do("LYN1", "entry.confirm", code, "otto", of=proposed.id)
        assert self.sync("LYN1").state == "in log"

    @staticmethod
    def waiting(desk: Desk) -> bytes:
        out = outgoing(desk)
        assert out is not None
        return push_body(out.seal, out.lines)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Said:
        """Ask once, with a connection of its own."""
        return ask(self.running.port, method, path, body, headers)

    def read(self, code: str, path: str, method: str = "GET") -> Said:
        """Ask signed."""
        return self.ask(method, path, headers={"Authorization": self.http(code).authorization(method, path)})

    def live(self) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{self.running.port}{LIVE}", proxy=None, compression=None, open_timeout=LONG_S)
