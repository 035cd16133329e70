"""The live socket: a terminal names the logs that it listens to, and is poked when they grow (docs/protocol.md 13)."""

import asyncio
from contextlib import suppress
from typing import Any, Final

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from server.app import Requests
from server.errors import Late, NotHere, ServerError
from server.live import Hub, Listener
from server.readers import terminal_of
from shared.log.wire import LIVE, Subscribe, live_path

MOST_WORD: Final = 1_024
"""The most characters of what a terminal says here."""
MOST_PROGRAMS: Final = 1_000
"""The most logs that one socket may listen to, and be told of."""
SILENT_S: Final = 10.0
"""How long a socket may listen to nothing."""
_STOPS: Final = 1012
_MISTAKEN: Final = 1008
_GONE: Final = (WebSocketDisconnect, RuntimeError)
"""What is raised when the other side has gone."""

_said: Final = msgspec.json.Decoder(Subscribe).decode
_pokes: Final = msgspec.json.Encoder().encode


def live(requests: Requests, hub: Hub) -> WebsocketRouteHandler:
    """Make the route."""

    @websocket(LIVE)
    async def listen(socket: WebSocket[Any, Any, Any]) -> None:
        await socket.accept()
        one = hub.enter()
        if one is None:
            await socket.close(_STOPS)
            return
        asyncio.get_running_loop().call_later(SILENT_S, hub.end_stranger, one)
        told = asyncio.create_task(_tell(socket, one))
        try:
            await _hear(socket, requests, hub, one)
        except _GONE:
            pass
        finally:
            hub.leave(one)
            told.cancel()

    return listen


async def _tell(socket: WebSocket[Any, Any, Any], one: Listener) -> None:
    with suppress(*_GONE):
        while (news := await one.news()) is not None:
            for poke in news:
                await socket.send_text(_pokes(poke).decode())
        await socket.close(_STOPS)


async def _hear(socket: WebSocket[Any, Any, Any], requests: Requests, hub: Hub, one: Listener) -> None:
    address = socket.client.host if socket.client else ""
    while True:
        text = await socket.receive_text()
        try:
            said = _said(text[:MOST_WORD])
        except msgspec.DecodeError:
            await socket.close(_MISTAKEN)
            return
        path = live_path(said.program)
        try:
            async with requests.allowed(said.program, address, said.authorization, "LIVE", path) as log:
                hub.subscribe(one, said.program, terminal_of(said.authorization), log.log.size)
        except (NotHere, Late):
            one.tell(said.program, None)
        except ServerError:
            await socket.close(_MISTAKEN)
            return
        if len(one.programs) + one.untold > MOST_PROGRAMS:
            await socket.close(_MISTAKEN)
            return
