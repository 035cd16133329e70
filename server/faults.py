"""How errors are answered: one JSON object `{"error", "text"}` everywhere, and no inside of the program in it.

Litestar's own handlers label and log less than is wanted (research/server.md, traps 1 and 6), so all errors pass here.
"""

import secrets
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from server.bodies import JSON
from server.errors import Contradiction, Late, Malformed, NotHere, ServerError, TooLarge, TooMuch, Unserved
from server.journal import where
from server.keys import Unusable
from shared.store.errors import Busy, Full, StoreError

CODES: Final[dict[type[Exception], tuple[int, str]]] = {
    NotHere: (404, "not-here"),
    Late: (401, "late"),
    Malformed: (400, "malformed"),
    TooLarge: (413, "too-large"),
    TooMuch: (429, "too-much"),
    Contradiction: (409, "contradiction"),
    Full: (507, "full"),
    Busy: (503, "busy"),
    StoreError: (503, "store"),
    Unusable: (503, "key"),
    Unserved: (503, "unserved"),
}
"""What each error is answered with: the status, and the code that clients know it by."""
_UNEXPECTED: Final = 500
_GONE: Final = "client disconnected prematurely"
_log = structlog.get_logger("server")


def answer(status: int, code: str, text: str, *, close: bool = False) -> Response[bytes]:
    """Make the answer for an error."""
    headers = {"Connection": "close"} if close else {}
    return Response(
        msgspec.json.encode({"error": code, "text": text}), media_type=JSON, status_code=status, headers=headers
    )


def expected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an error that has its own sentence."""
    status, code = next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
    if status >= _UNEXPECTED and not isinstance(error, Unserved):  # whose cause was logged when it was found
        _log.error("refused", error=code, text=str(error), path=request.url.path)
        if not isinstance(error, StoreError):
            return answer(status, code, "The server cannot serve this log. Call whoever looks after the server.")
    return answer(status, code, str(error), close=isinstance(error, TooLarge | TooMuch | Malformed))


def of_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what Litestar refuses: an unknown path, a method that is not served, a parameter of another form."""
    if error.status_code >= _UNEXPECTED:
        if error.detail == _GONE:  # nobody is left to read the answer, and nothing is wrong here
            return answer(400, "malformed", "The request was cut off.", close=True)
        return unexpected(request, error)
    words = {
        404: "There is nothing at this address.",
        405: "This address does not take this method.",
        413: "The request is too large.",
    }
    code = {404: "not-here", 405: "method", 413: "too-large"}.get(error.status_code, "malformed")
    return answer(error.status_code, code, words.get(error.status_code, "The request is not of its form."))


def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a defect: its number goes to the client, the rest into the server's log, and nothing that was sent."""
    incident = secrets.token_hex(4)
    _log.error("incident", incident=incident, kind=type(error).__name__, path=request.url.path, where=where(error))
    return answer(
        _UNEXPECTED, "incident", f"The server failed at this (incident {incident}). Nothing is lost; tell its admin."
    )


HANDLERS: Final = {
    **dict.fromkeys((ServerError, StoreError, Unusable), expected),
    HTTPException: of_http,
    Exception: unexpected,
}
"""For Litestar, by the error's class."""
