"""The server's HTTP: what can be asked, and how it is answered (docs/protocol.md 13). Of a log it decides nothing."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Final, TypeAlias

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.types import Message, Scope

from server.bodies import JSON, PAGES, answered, body_of
from server.errors import Malformed, NotHere, Unserved
from server.faults import HANDLERS
from server.limits import Limit
from server.log import UNKNOWN, Push
from server.logs import Logs
from server.readers import claim
from server.writer import Writer
from shared.log.canonical import NotCanonical
from shared.log.entry import BadLine
from shared.log.wire import (
    MOST_PAGE,
    MOST_PUSH,
    TIME_HEADER,
    Answer,
    Denied,
    Placed,
    Recovering,
    Waits,
    answer_body,
    parse_page,
    parse_push,
)
from shared.terminal.version import VERSION

PUSHES: Final = (60.0, 600.0)
"""Pushes a second of one terminal in the long run, and at once; one of many lines counts for several."""
READS: Final = (200.0, 2_000.0)
"""The same for what one terminal reads."""
STRANGERS: Final = (5.0, 200.0)
"""The same for what one address asks in vain: unknown terminals, signatures that do not fit, malformed requests."""
REFILLS: Final = (5.0, 200.0)
"""The same for what one address gives back to a log, which is large, and signed by the log alone."""
LINES_A_TOKEN: Final = 500
_MOST_START: Final = 2**53 - 1
STATUS: Final = {Placed: 200, Waits: 409, Denied: 422, Recovering: 503}
"""How each answer to a push is sent; the body says it all, the status is for whoever watches the traffic."""
AnyRequest: TypeAlias = Request[Any, Any, Any]


class Requests:
    """What answers requests: the logs, and how much each may ask."""

    def __init__(self, logs: Logs, now: Callable[[], int]) -> None:
        """Answer from these logs; `now` tells the time, ms since 1970 UTC."""
        self.logs = logs
        self.now = now
        self._pushes = Limit(*PUSHES, time.monotonic)
        self._reads = Limit(*READS, time.monotonic)
        self._strangers = Limit(*STRANGERS, time.monotonic)
        self._refills = Limit(*REFILLS, time.monotonic)

    async def push(self, program: str, request: AnyRequest) -> Response[bytes]:
        """Order a push."""
        address = _address(request)
        try:
            seal, lines = parse_push(await body_of(request, MOST_PUSH))
        except (BadLine, NotCanonical) as error:
            self._strangers.take(address)
            raise Malformed(f"The push is not of its form: {error}") from error
        answer: Answer = UNKNOWN
        with suppress(NotHere):
            async with self.logs.lent(program, lines) as log:
                # Before it waits with the others: what strangers send takes nobody's place.
                with self.logs.unseen(program):
                    theirs = log.log.is_theirs(seal)
                if theirs:
                    self._pushes.take(f"{address} {program} {seal.terminal}", 1 + len(lines) / LINES_A_TOKEN)
                    answer = await log.push(Push(lines, seal))
        if answer == UNKNOWN:
            self._strangers.take(address)
        return answered(request, answer_body(answer), JSON, STATUS[type(answer)])

    async def page(self, program: str, start: int, request: AnyRequest) -> Response[bytes]:
        """Give a page of a log."""
        async with self.reader(program, request) as log:
            if not 0 <= start <= _MOST_START:
                raise Malformed("A page starts at 0 or later, and at no number that JSON cannot hold.")
            short = log.log.near(start)
            body = log.log.page(start) if short else await self.logs.in_thread(log.log.page, start)
            return answered(request, body, PAGES)

    async def refill(self, program: str, request: AnyRequest) -> Response[bytes]:
        """Take back what a restored log lacks; the log's own signature in it says that it is its own.

        It is also where a terminal asks that was answered as if its log was not here: only who shows the log's
        signature is told that it is here, and cannot be served (docs/decisions/0012-broken-logs.md).
        """
        self._refills.take(_address(request))
        try:
            page = parse_page(await body_of(request, MOST_PAGE))
        except (BadLine, NotCanonical) as error:
            raise Malformed(f"The page is not of its form: {error}") from error
        if not await self.logs.in_thread(self.logs.signed, program, page):
            raise NotHere
        with suppress(NotHere):
            async with self.logs.lent(program) as log:
                if not self.logs.broken(program):
                    return answered(request, answer_body(await log.refill(page)), JSON)
        raise Unserved

    @asynccontextmanager
    async def reader(self, program: str, request: AnyRequest, cost: float = 1.0) -> AsyncIterator[Writer]:
        """Lend the log that a signed request may read.

        Args:
            program: the log's id.
            request: the request.
            cost: how much of what the terminal may ask it takes.

        Raises:
            NotHere: it may not, or there is none.
        """
        query = request.scope["query_string"].decode("ascii", "replace")
        path = request.scope["path"] + (f"?{query}" if query else "")
        header = request.headers.get("authorization", "")
        async with self.allowed(program, _address(request), header, request.method, path, cost) as log:
            yield log

    @asynccontextmanager
    async def allowed(  # noqa: PLR0913, PLR0917 - what a signed request says of itself, and what it costs
        self, program: str, address: str, header: str, method: str, path: str, cost: float = 1.0
    ) -> AsyncIterator[Writer]:
        """Lend the log for any signed request, by what it says of itself.

        Whoever signs as a terminal is judged before anything is counted: many who ask in vain from one address, be it
        a whole site's, keep no terminal of that site from its log.
        """
        said = claim(header, method, path, self.now())
        async with AsyncExitStack() as stack:
            may = False
            with suppress(NotHere):
                log = await stack.enter_async_context(self.logs.lent(program))
                with self.logs.unseen(program):
                    may = log.log.may_read(*said)
            if not may:
                self._strangers.take(address)
                raise NotHere
            self._reads.take(f"{address} {program} {said.terminal}", cost)
            yield log


def _address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


def app(requests: Requests, more: list[BaseRouteHandler]) -> Litestar:
    """Make the application.

    Args:
        requests: answers what is asked.
        more: further routes, such as the live one.
    """

    @post("/v1/logs/{program:str}/push", status_code=200, request_max_body_size=MOST_PUSH)
    async def push(program: FromPath[str], request: AnyRequest) -> Response[bytes]:
        return await requests.push(program, request)

    @get("/v1/logs/{program:str}/page")
    async def page(program: FromPath[str], start: FromQuery[int], request: AnyRequest) -> Response[bytes]:
        return await requests.page(program, start, request)

    @post("/v1/logs/{program:str}/refill", status_code=200, request_max_body_size=MOST_PAGE)
    async def refill(program: FromPath[str], request: AnyRequest) -> Response[bytes]:
        return await requests.refill(program, request)

    @get("/v1/health")
    async def health() -> Response[bytes]:
        return Response(msgspec.json.encode({"status": "ok", "version": VERSION}), media_type=JSON)

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await requests.logs.close()

    async def stamp(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":  # of errors too: whose clock is off learns it from one
            message["headers"] = [*message["headers"], (TIME_HEADER.lower().encode(), str(requests.now()).encode())]

    return Litestar(
        [push, page, refill, health, *more],
        lifespan=[life],
        exception_handlers=HANDLERS,  # type: ignore[arg-type]  # by class, as Litestar documents
        before_send=[stamp],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MOST_PUSH,
    )
