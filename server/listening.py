"""The live socket: a terminal names the logs that it listens to, and is poked when they grow (docs/protocol.md 13)."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from server.app import Requests
from server.errors import ServerError
from server.live import Hub, Listener
from shared.log.wire import LIVE, Subscribe, live_path

MOST_WORD: Final = 1_024
"""The most characters of what a terminal says here."""
_STOPS: Final = 1012
_MISTAKEN: Final = 1008


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
        told = asyncio.create_task(_tell(socket, one))
        try:
            await _hear(socket, requests, hub, one)
        except (WebSocketDisconnect, RuntimeError):
            pass  # the other side has gone
        finally:
            hub.leave(one)
            told.cancel()

    return listen


async def _tell(socket: WebSocket[Any, Any, Any], one: Listener) -> None:
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
        try:
            log = await requests.allowed(said.program, address, said.authorization, "LIVE", live_path(said.program))
        except ServerError:
            one.tell(said.program, None)
            continue
        terminal = said.authorization.partition("terminal=")[2].partition(",")[0]
        hub.subscribe(one, said.program, terminal, log.log.size)
