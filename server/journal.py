"""The server's own log: one JSON object a line on stderr, about requests and faults, never about what entries say."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_DEEP = 8
"""Places of a fault that are logged."""


def where(error: BaseException) -> list[str]:
    """Give the places that an error passed, without the values that were there."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-_DEEP:]


def _without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Name a fault that a library logs by its kind and places: its own words may quote what was sent."""
    fault = event.pop("exc_info", None)
    error = fault[1] if isinstance(fault, tuple) else fault
    if isinstance(error, BaseException):
        event["kind"] = type(error).__name__
        event["where"] = where(error)
    return event


def start(level: str = "info") -> None:
    """Begin to log.

    Args:
        level: the least that is logged: debug, info, warning, error.
    """
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_values,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
