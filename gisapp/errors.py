"""What went wrong, at the edge: one table from what is raised to the status that is answered.

Programs get ``application/problem+json`` (RFC 9457) with a text in the reader's language, people a
page with a way out. Only our own errors show their own text; SQL, paths and stacks never leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from apiflask.exceptions import HTTPError
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    json,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError
from psycopg import DataError as DriverDataError
from psycopg import Error as DriverError
from psycopg import OperationalError as OperationalDriverError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from gisapp import messages
from gisapp.error_texts import TITLES, field_errors, sentence
from gisapp.present.day import DayRefused
from gisapp.present.formats import language
from gisapp.refusals import DatabaseNotReady, HouseholdLoginMissing, KeyMissing, Refusal
from gisapp.running import database
from gisapp.security.guard import TlsNeeded, for_programs
from gisapp.sheet_views import SheetNotReady
from gisapp.texts import gettext as _
from layers.errors import LayerError
from layers.tiles.errors import GridUnknown, TileOutOfRange
from planning import errors as planning
from planning import refusals
from planning.changes import errors as changing
from planning.indicators.errors import DefinitionNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = structlog.get_logger(__name__)

STATUSES: Mapping[type[Exception], int] = {
    LayerError: 422,
    GridUnknown: 404,
    TileOutOfRange: 404,
    planning.PlanningError: 422,
    planning.NotFound: 404,
    DefinitionNotFound: 404,
    planning.AlreadyExists: 409,
    planning.Conflict: 409,
    planning.NotPermitted: 403,
    changing.VersionMissing: 428,
    changing.VersionStale: 412,
    Refusal: 422,
    KeyMissing: 428,
    SheetNotReady: 409,
    DatabaseNotReady: 503,
    HouseholdLoginMissing: 503,
}
"""Domain errors by family; the nearest class wins. More join through :func:`add_family`."""

SQLSTATES: Mapping[str, tuple[int, str]] = {
    "23P01": (409, "overlap"),
    "23505": (409, "already-exists"),
    "23503": (409, "still-referenced"),
    "23502": (422, "value-missing"),
    "23514": (422, "rule-violated"),
    "22003": (422, "value-out-of-range"),
    "42501": (403, "history-is-kept"),
    "40001": (503, "try-again"),
    "40P01": (503, "try-again"),
    "55P03": (503, "try-again"),
    "57014": (503, "took-too-long"),
    "53100": (507, "disk-full"),
    "25006": (503, "read-only"),
    "53300": (503, "try-again"),
}
"""What PostgreSQL refused (SQLSTATE) and how that is said; anything else is our own error (500)."""

_RETRY_AFTER_S = 5


@dataclass(frozen=True)
class Problem:
    """One error as it leaves: a code programs can act on, sentences people can."""

    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    context: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The short name of this status in the reader's language."""
        return str(TITLES.get(self.status, TITLES[500]))

    def members(self) -> dict[str, Any]:
        """The members of the problem document."""
        found: dict[str, Any] = {
            "type": f"urn:gisapp:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
            "request_id": g.get("request_id"),
        }
        if self.context:
            found["context"] = {name: _plain(value) for name, value in self.context.items()}
        return found


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return str(value)


def _status_of(app: Flask, error: Exception) -> int:
    table: Mapping[type[Exception], int] = app.extensions["gisapp.statuses"]
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def _of_domain(error: Any) -> Problem:
    status = _status_of(current_app, error)
    text = messages.render(error.code, error.context, language())
    return Problem(status, error.code, text, context=error.context)


def _explained(refused: planning.PlanningError) -> planning.PlanningError:
    try:
        with database().reading(seconds=2) as session:
            return refusals.explained(session, refused)
    except SQLAlchemyError:  # the refusal stands, with ids instead of names
        _log.warning("refusal_without_names", code=refused.code)
        return refused


def _of_database(error: DBAPIError) -> Problem:
    refused = refusals.refusal(error)
    if refused is not None:
        return _of_domain(_explained(refused))
    driver = error.orig
    state = getattr(driver, "sqlstate", None) or ""
    lost = error.connection_invalidated or (state[:2] in {"08", "57"} and state not in SQLSTATES)
    if lost or (not state and isinstance(driver, OperationalDriverError)):
        status, code = 503, "database-away"
    elif not state and isinstance(driver, DriverDataError):  # a NUL byte: never sent to PostgreSQL
        status, code = 400, "value-out-of-range"
    else:
        status, code = SQLSTATES.get(state, (500, "internal"))
    constraint = driver.diag.constraint_name if isinstance(driver, DriverError) else None
    # the name of a constraint is safe to say; the message of the driver may hold values
    _log.warning("database_refused", sqlstate=state, constraint=constraint, exc_info=status == 500)
    if constraint and (known := constraint.replace("_", "-")) in messages.texts(language()):
        return Problem(status, known, messages.render(known, {}, language()))
    headers = {"Retry-After": str(_RETRY_AFTER_S)} if status == 503 else {}
    return Problem(status, code, sentence(code), headers=headers)


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() in {"allow", "retry-after", "www-authenticate"}
    }
    if isinstance(error, CSRFError):
        return Problem(400, "page-expired", sentence("page-expired"))
    if isinstance(error, TlsNeeded):
        return Problem(403, "tls-needed", sentence("tls-needed"))
    if isinstance(error, DayRefused):
        text = _("“%(value)s” không phải là ngày dùng được.", value=error.value)
        wrong = [{"field": error.parameter, "message": text}]
        return Problem(400, "day-refused", text, errors=wrong)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="gisapp"'
    return Problem(status, f"http-{status}", sentence(f"http-{status}"), headers=headers)


def _of_input(error: HTTPError) -> Problem:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        wrong = field_errors(cause, language())
        text = "; ".join(f"{item['field']}: {item['message']}" for item in wrong[:3])
        return Problem(422, "input-refused", text, errors=wrong)
    status = error.status_code
    return Problem(status, f"http-{status}", sentence(f"http-{status}"))


def _of_surprise(error: Exception) -> Problem:
    _log.error("unexpected_error", exc_info=error)
    return Problem(500, "internal", sentence("internal"))


def answer(problem: Problem) -> Response:
    """Say a problem to whoever asked: a document to programs, a page to people."""
    if has_request_context() and not for_programs(request.path):
        body = render_template("errors/error.html", problem=problem)
        response = Response(body, problem.status, mimetype="text/html")
    else:
        body = json.dumps(problem.members(), ensure_ascii=False)
        response = Response(body, problem.status, mimetype="application/problem+json")
    response.headers.extend(dict(problem.headers))
    return response


def _of_foreign_name(_error: SecurityError) -> Response:
    """A host name that is not ours: no page, for a page would be full of addresses under it."""
    return Response("400 Bad Request\n", 400, mimetype="text/plain")


def add_family(app: Flask, statuses: Mapping[type[Exception], int]) -> None:
    """Let a family of domain errors (``code`` and ``context``) be answered with these statuses."""
    app.extensions.setdefault("gisapp.statuses", {}).update(statuses)
    for kind in statuses:
        app.register_error_handler(kind, lambda error: answer(_of_domain(error)))


def answer_errors(app: Flask) -> None:
    """Install the table: every error of every route leaves through :func:`answer`."""
    add_family(app, STATUSES)
    app.register_error_handler(DBAPIError, lambda error: answer(_of_database(error)))
    app.register_error_handler(
        PoolTimeout,
        lambda _error: answer(
            Problem(503, "busy", sentence("busy"), headers={"Retry-After": str(_RETRY_AFTER_S)})
        ),
    )
    app.register_error_handler(SecurityError, _of_foreign_name)
    app.register_error_handler(HTTPException, lambda error: answer(_of_http(error)))
    app.register_error_handler(HTTPError, lambda error: answer(_of_input(error)))
    app.register_error_handler(Exception, lambda error: answer(_of_surprise(error)))
