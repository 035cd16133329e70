"""Bodies of requests and answers: read within limits of size and time, packed with zstd where the other side can."""

import asyncio
from typing import Final

from litestar import Request, Response
from litestar.exceptions import HTTPException
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from server.errors import Malformed, TooLarge

PATIENCE_S: Final = 30.0
"""How long a client may take to send a body."""
JSON: Final = "application/json"
PAGES: Final = "application/x-ndjson"
BYTES: Final = "application/octet-stream"
_LEVEL: Final = 3
_WORTH: Final = 512
"""Bytes from which packing an answer is worth it."""
_WINDOW: Final = 1 << 23
"""Memory that unpacking may take; zstd's levels up to 19 ask for no more."""
_FULL: Final = 413


async def body_of(request: Request, most: int) -> bytes:  # type: ignore[type-arg]  # a request of anybody
    """Read a request's body, unpacked.

    Args:
        request: the request.
        most: the most bytes that it may have, packed and unpacked.

    Raises:
        TooLarge: it has more.
        Malformed: it comes too slowly, or is not packed as it says.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            data = await request.body()
    except TimeoutError:
        raise Malformed(f"The request did not come within {PATIENCE_S:g} s. Send it again.") from None
    except HTTPException as error:
        if error.status_code == _FULL:
            raise TooLarge(f"A body has at most {most} bytes. Send less at once.") from None
        raise
    packed = request.headers.get("content-encoding", "")
    if packed == "zstd":
        data = unpacked(data, most)
    elif packed:
        raise Malformed(f"Bodies are sent plain or packed with zstd, not {packed[:20]!r}.")
    if len(data) > most:
        raise TooLarge(f"A body has at most {most} bytes. Send less at once.")
    return data


def unpacked(data: bytes, most: int) -> bytes:
    """Unpack a body without ever holding more than `most` bytes of it.

    Raises:
        TooLarge: it has more.
        Malformed: it is not packed with zstd.
    """
    try:
        with ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data) as reader:
            plain = reader.read(most + 1)
    except ZstdError as error:
        raise Malformed(f"The body is not packed with zstd as it says ({error}).") from None
    if len(plain) > most:
        raise TooLarge(f"A body has at most {most} bytes when it is unpacked. Send less at once.")
    return bytes(plain)


def answered(request: Request, data: bytes, media: str, status: int = 200) -> Response[bytes]:  # type: ignore[type-arg]  # as above
    """Make an answer, packed if it is long and the client takes that."""
    headers = {}
    if len(data) >= _WORTH and "zstd" in request.headers.get("accept-encoding", ""):
        data = ZstdCompressor(level=_LEVEL).compress(data)
        headers["Content-Encoding"] = "zstd"
    return Response(data, media_type=media, status_code=status, headers=headers)
