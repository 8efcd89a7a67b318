"""One JSON line an event on standard output; every line of a request carries its number.

Lines never hold what a user typed, a query string, a name or a body: the route is enough to find
the place, the request number to find the line a user was shown.
"""

from __future__ import annotations

import logging
import sys
import time
import uuid
from typing import TYPE_CHECKING

import structlog
from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

_log = structlog.get_logger("gisapp.request")


def configure_logs() -> None:
    """Write JSON lines from now on; called once by the entry points, never at import."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )


def log_requests(app: Flask) -> None:
    """Give every request a number, time it, and write one line when it is answered."""

    def begin() -> None:
        g.request_id = uuid.uuid4().hex
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        if request.endpoint != "static":
            _log.info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((time.perf_counter() - g.request_began) * 1000, 1),
            )
        return response

    app.before_request(begin)
    app.after_request(end)
