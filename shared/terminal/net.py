"""The server over HTTP: one kept connection, signed reads, and what errors mean (docs/protocol.md 13)."""

import http.client
import ipaddress
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import msgspec
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from shared.log.canonical import NotCanonical, b64
from shared.log.entry import BadLine
from shared.log.wire import MOST_PAGE, TIME_HEADER, Answer, Page, Recovering, parse_answer, parse_page, read_bytes
from shared.terminal.desk import Desk
from shared.terminal.genesis import genesis_of
from shared.terminal.remote import Contradicted, Later, NotEnrolled, NotUnderstood, TooLarge, Unreachable
from shared.trust.sshsig import READ, sign

PATIENCE_S: Final = 15.0
"""How long an answer may take; a server that answers later is tried again."""
_HTTP: Final = 80
_LEVEL: Final = 3
_WORTH: Final = 512
_WINDOW: Final = 1 << 23
_ANSWERS: Final = frozenset({200, 409, 422, 503})
_LATER: Final = frozenset({429, 500, 502, 503, 504, 507})


class _Error(msgspec.Struct):
    """An error as the server says it."""

    error: str = ""
    text: str = ""


class BadAddress(ValueError):
    """An address that is not used; the message is one plain sentence for people."""


def server_of(desk: Desk) -> "Http":
    """Give the server of a desk's program, at the address that the program names.

    Raises:
        BadAddress: it names none that is used.
        Refused: this terminal's key cannot be read.
    """
    return Http(address_of(desk), desk.program, desk.code, desk.home.key().seed, desk.clock.now)


def address_of(desk: Desk) -> str:
    """Give the address of the server, as the program names it."""
    row = desk.store.lists.row("PROGRAM")
    named = genesis_of(desk.store)
    url = str(row.columns["host"] or "") if row else ""
    return url or (named.host if named else "")


_REASONS: Final[dict[type[Exception], str]] = {
    ConnectionRefusedError: "nothing listens there",
    ConnectionResetError: "it broke the connection off",
    BrokenPipeError: "it broke the connection off",
    http.client.RemoteDisconnected: "it broke the connection off",
    TimeoutError: f"no answer within {PATIENCE_S:.0f} s",
}
"""Why a server did not answer, in words, by what the system raised."""


class Http:
    """One log on its server, over HTTP. One thread uses it at a time.

    Attributes:
        offset: by how much the server's clock is ahead of this machine's, ms; as it was at the last answer.
    """

    def __init__(self, url: str, program: str, terminal: str, seed: bytes, now: Callable[[], int]) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: the server's address, `http://127.0.0.1:8450`.
            program: the program's id.
            terminal: this terminal's code.
            seed: the private key that it signs reading with.
            now: tells this machine's time, ms since 1970 UTC.

        Raises:
            BadAddress: it is none, or would send records in the clear over a network.
        """
        self._host, self._port = address(url)
        self._base = f"/v1/logs/{program}"
        self._terminal = terminal
        self._seed = seed
        self._now = now
        self._connection: http.client.HTTPConnection | None = None
        self.offset = 0

    def push(self, body: bytes) -> Answer:
        """See `Remote`."""
        status, answer = self._ask("POST", f"{self._base}/push", body)
        return _answer(status, answer)

    def page(self, start: int) -> Page:
        """See `Remote`."""
        status, body = self._read(f"{self._base}/page?start={start}")
        _judge(status, body)
        try:
            return parse_page(body)
        except (BadLine, NotCanonical) as error:
            raise NotUnderstood(f"The server's page is damaged: {error}") from error

    def refill(self, body: bytes) -> Recovering:
        """See `Remote`."""
        status, answer = self._ask("POST", f"{self._base}/refill", body)
        found = _answer(status, answer)
        if not isinstance(found, Recovering):
            raise NotUnderstood("The server answers something else than how far it is.")
        return found

    def put_blob(self, digest: str, body: bytes) -> None:
        """See `Remote`."""
        status, answer = self._read(f"{self._base}/blobs/{digest}", "PUT", body)
        _judge(status, answer)

    def get_blob(self, digest: str) -> bytes | None:
        """See `Remote`."""
        status, body = self._read(f"{self._base}/blobs/{digest}")
        if status == http.client.NO_CONTENT:
            return None
        _judge(status, body)
        return body

    def authorization(self, method: str, path: str) -> str:
        """Sign a request to read, by the server's clock as far as it is known."""
        date = self._now() + self.offset
        signature = sign(self._seed, READ, read_bytes(self._terminal, method, path, date))
        return f"Andon terminal={self._terminal}, date={date}, sig={b64(signature)}"

    @property
    def place(self) -> str:
        """Host and port, as a URL has them."""
        return f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
        """Ask signed; once more if this machine's clock is off, which the first answer has told."""
        status, answer = self._ask(method, path, body, {"Authorization": self.authorization(method, path)})
        if status == http.client.UNAUTHORIZED:
            status, answer = self._ask(method, path, body, {"Authorization": self.authorization(method, path)})
        return status, answer

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        sent = {"Accept-Encoding": "zstd", **(headers or {})}
        if body is not None and len(body) >= _WORTH:
            body = ZstdCompressor(level=_LEVEL).compress(body)
            sent["Content-Encoding"] = "zstd"
        kept = self._connection is not None
        try:
            return self._send(method, path, body, sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not kept:
                raise self._unreachable(error) from error
        try:  # the server may have closed a connection that was not used for a while
            return self._send(method, path, body, sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self._unreachable(error) from error

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE_S)
        asked = self._now()
        try:
            self._connection.request(method, path, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            if self._connection.sock is None:
                raise
            # A server that does not take a request ends it before all of it was sent; its answer says why.
        answer = self._connection.getresponse()
        data = answer.read(MOST_PAGE + 1)
        told = answer.headers.get(TIME_HEADER, "")
        if told.isascii() and told.isdigit() and len(told) < 16:  # noqa: PLR2004 - a time in ms has 13 digits
            self.offset = int(told) - (asked + self._now()) // 2
        if answer.headers.get("Content-Encoding") == "zstd":
            data = _unpacked(data)
        return answer.status, data

    def _unreachable(self, error: Exception) -> Unreachable:
        what = _REASONS.get(type(error)) or getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Unreachable(f"The server at {self.place} does not answer ({what}). Nothing is lost.")


def address(url: str) -> tuple[str, int]:
    """Read a server's address.

    Raises:
        BadAddress: it is none, or names another machine without TLS, which comes with a later release.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or _HTTP
    except ValueError:
        scheme, host, port = "", "", 0
    if not host or scheme not in {"http", "https"}:
        raise BadAddress(f"{url[:100]!r} is no address of a server. It looks like http://127.0.0.1:8450.")
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if scheme != "http" or not inside:
        raise BadAddress(f"{url[:100]!r} is another machine, and there is no TLS yet: only this machine's own is used.")
    return host, port


def _answer(status: int, body: bytes) -> Answer:
    if status in _ANSWERS and b'"type":' in body[:64]:
        try:
            return parse_answer(body)
        except BadLine as error:
            raise NotUnderstood(str(error)) from error
    _judge(status, body)
    raise NotUnderstood(f"The server answers {status}, which was not expected.")


def _judge(status: int, body: bytes) -> None:
    """Raise what an answer that is none means."""
    if status == http.client.OK:
        return
    try:
        said = msgspec.json.decode(body, type=_Error)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = _Error()
    text = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in said.text[:500])
    if said.error == "contradiction":
        raise Contradicted(text)
    if status == http.client.NOT_FOUND:
        raise NotEnrolled(text or "There is no such log on this server.")
    if status == http.client.REQUEST_ENTITY_TOO_LARGE:
        raise TooLarge(text or "The server does not take so much at once. Ask whoever looks after it.")
    if status in _LATER:
        raise Later(text or f"The server answers {status}. Nothing is lost.")
    raise NotUnderstood(text or f"The server answers {status}, which was not expected.")


def _unpacked(data: bytes) -> bytes:
    try:
        with ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data) as reader:
            plain = bytes(reader.read(MOST_PAGE + 1))
    except ZstdError as error:
        raise NotUnderstood(f"The server's answer cannot be unpacked ({error}).") from error
    if len(plain) > MOST_PAGE:
        raise NotUnderstood("The server's answer is too large.")
    return plain
