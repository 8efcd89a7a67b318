"""What happened at the door, one row an event; rows are only ever added."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, has_request_context, request

from gisapp.security.model import SecurityEvent

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

_log = structlog.get_logger(__name__)


class EventKind(StrEnum):
    """The events that are kept."""

    LOGIN = "login"
    LOGIN_FAILED = "login-failed"
    LOGIN_THROTTLED = "login-throttled"
    LOGOUT = "logout"
    SECOND_FACTOR_FAILED = "second-factor-failed"
    SECOND_FACTOR_CHANGED = "second-factor-changed"
    USER_CREATED = "user-created"
    USER_DEACTIVATED = "user-deactivated"
    USER_ACTIVATED = "user-activated"
    USER_CHANGED = "user-changed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an event
    TOKEN_CREATED = "token-created"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - the name of an event
    REFUSED = "refused"


def record(
    session: Session,
    kind: EventKind,
    *,
    user_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    **detail: Any,
) -> None:
    """Add one event; address and request number come from the request, where there is one.

    ``user_id`` is whom it is about, ``actor_id`` who did it (``None``: themselves, or the command
    line).
    ``detail`` never holds a password, a token or a name that was typed and not found.
    """
    in_request = has_request_context()
    session.add(
        SecurityEvent(
            kind=kind,
            user_id=user_id,
            actor_id=actor_id,
            ip=request.remote_addr if in_request else None,
            request_id=g.get("request_id") if in_request else None,
            detail=detail,
        )
    )
    if in_request:
        _log.info("security_event", kind=str(kind))
