"""The routes of blobs: sheets, attachments and personal details, by their digests (docs/protocol.md 13)."""

from typing import Any, Final

from litestar import Request, Response, get, put
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from server.app import Requests
from server.bodies import BYTES, JSON, answered, body_of
from shared.log.wire import MOST_BLOB

BLOB_COST: Final = 20.0
"""What keeping a blob takes of what a terminal may ask: it stays on the disk."""
_NONE: Final = 204
_MOST_BODY: Final = MOST_BLOB + 17


def blobs(requests: Requests) -> list[BaseRouteHandler]:
    """Make the routes."""

    @put("/v1/logs/{program:str}/blobs/{digest:str}", request_max_body_size=_MOST_BODY)
    async def keep(program: FromPath[str], digest: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        async with requests.reader(program, request, BLOB_COST) as log:
            await log.put_blob(digest, await body_of(request, _MOST_BODY))
            return Response(b"{}", media_type=JSON)

    @get("/v1/logs/{program:str}/blobs/{digest:str}")
    async def give(program: FromPath[str], digest: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        async with requests.reader(program, request) as log:
            body = await requests.logs.in_thread(log.log.get_blob, digest)
        if body is None:
            return Response(b"", status_code=_NONE, media_type=BYTES)
        return answered(request, body, BYTES)

    return [keep, give]
