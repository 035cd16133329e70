"""Connections, held to limits that uvicorn does not set: who sends nothing, or reads nothing, is let go after a while.

A client is waited for from when it could begin a request until all of that has come. Too many such clients, or too much
that they have half sent, cost those that have been waited for longest, or have sent most: never one that just came.
"""

import asyncio
from typing import Any, ClassVar, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_S: Final = 10.0
"""How long a client may take to send a request's head, its first included."""
MOST_HEAD: Final = 32_768
"""The most bytes of a head."""
STUCK_S: Final = 20.0
"""How long a client may read nothing of what is sent to it."""
MOST_HELD: Final = 64 << 20
"""Bytes of half sent requests that are held for all clients together."""
_NO_HTTP: Final = msgspec.json.encode({"error": "malformed", "text": "This is no HTTP request that is served here."})


class _Unread:
    """Watches that a client reads what is sent to it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._timer: asyncio.TimerHandle | None = None
        self._left = 0

    def begin(self) -> None:
        """Look again after a while."""
        self.end()
        self._left = self._transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(STUCK_S, self._look)

    def _look(self) -> None:
        if self._transport.get_write_buffer_size() < self._left:
            self.begin()
        else:
            self._transport.abort()

    def end(self) -> None:
        """Look no more: all was read, or the connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Connection(HttpToolsProtocol):
    """One HTTP connection."""

    most: ClassVar[int] = 4_000
    """Connections that may be open at once; set when the server starts, by how many files it may open."""
    waiting: ClassVar[dict["Connection", None]] = {}
    """Those whose client is waited for, longest first."""
    held: ClassVar[int] = 0

    _unread: _Unread
    _late: asyncio.TimerHandle | None = None
    _head = 0
    _body = 0
    _asked = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._unread = _Unread(transport)
        self._wait_for_head()
        if len(self.connections) > self.most:
            next(iter(self.waiting)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._unread.end()
        self._came()

    def data_received(self, data: bytes) -> None:
        """Read on; what is no head yet must not become too long or take too long."""
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._late is None and not self._asked:
            self._wait_for_head()
        if self._late is not None:
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        self._stop_late()
        self._asked += 1
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, unless too much is kept already."""
        super().on_body(body)
        if self in self.waiting:
            self._body += len(body)
            Connection.held += len(body)
            if Connection.held > MOST_HELD:
                max(self.waiting, key=lambda one: one._body).transport.abort()  # noqa: SLF001 - of this class

    def on_message_complete(self) -> None:
        """Wait no more."""
        self._came()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._asked -= 1
        super().on_response_complete()
        if not self._asked and not self.transport.is_closing():
            self.waiting[self] = None

    def handle_websocket_upgrade(self) -> None:
        """Go on as a live socket, which has limits of its own."""
        self._came()
        super().handle_websocket_upgrade()

    def timeout_keep_alive_handler(self) -> None:
        """Let a client go that asked nothing for long; also if it has not read the last answer."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Watch that the client reads."""
        super().pause_writing()
        self._unread.begin()

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        self._unread.end()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request; said as every error is."""
        del msg
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(_NO_HTTP)}\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + _NO_HTTP)
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._head = 0
        self._late = self.loop.call_later(HEAD_S, self.transport.abort)
        self.waiting[self] = None

    def _stop_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _came(self) -> None:
        self._stop_late()
        self.waiting.pop(self, None)
        Connection.held -= self._body
        self._body = 0


class LiveConnection(WebSocketsSansIOProtocol):
    """One live socket."""

    _unread: _Unread

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as uvicorn has it
        """Hold nothing that the client does not read: the latest news is kept elsewhere (live.py)."""
        super().connection_made(transport)
        self._unread = _Unread(transport)
        transport.set_write_buffer_limits(high=0)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        super().connection_lost(exc)
        self._unread.end()

    def pause_writing(self) -> None:
        """Watch that the client reads."""
        super().pause_writing()
        self._unread.begin()

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        self._unread.end()

    def keepalive_timeout(self) -> None:
        """Let a client go that answers no ping; it would not read a farewell either."""
        super().keepalive_timeout()
        self.transport.abort()
