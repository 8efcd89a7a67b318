"""The door: before any route runs, who is asking, may they, and did their own page send it.

In this order: a route that declares nothing is closed; a write from another site is refused;
who is not signed in is asked to sign in; a write without the page's token is refused (not for
bearer tokens, which no browser sends by itself); a role without the permission is refused.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import structlog
from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden, Unauthorized

from gisapp.running import settings
from gisapp.security.access import Access, declared_access
from gisapp.security.model import User

if TYPE_CHECKING:
    from flask_wtf import CSRFProtect
    from werkzeug.wrappers import Response

    from gisapp.security.permissions import Permission

_log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ASKS_FOR_SECRETS = frozenset(
    {
        "security.login",
        "security.verify",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
    }
)
_AROUND_A_FILE = 1024 * 1024  # the other fields of the form
PROGRAM_PATHS = ("/api/", "/tiles/", "/ogc/")
"""Paths for programs: bearer tokens work, errors are ``application/problem+json``."""


def for_programs(path: str) -> bool:
    """Say whether a path is answered for programs rather than for people."""
    return (path + "/").startswith(PROGRAM_PATHS)


def signed_in_user() -> User | None:
    """Who is asking, or ``None``."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def can(permission: Permission) -> bool:
    """Say whether who is asking holds a permission (for templates and menus)."""
    user = signed_in_user()
    return user is not None and user.may(permission)


def stand_guard(app: Flask, csrf: CSRFProtect) -> None:
    """Put the door in front of every route; call after the login machinery is in place."""

    def door() -> Response | None:
        if request.endpoint is None:  # no such page: the error handler answers
            return None
        access = declared_access(current_app, request.endpoint)
        if access is None:
            _log.error("route_without_access", endpoint=request.endpoint)
            raise Forbidden
        return _let_in(access, csrf)

    app.before_request(door)


class TlsNeeded(Forbidden):
    """A password or a token would cross a network in the clear."""


def _let_in(access: Access, csrf: CSRFProtect) -> Response | None:
    unsafe = request.method not in SAFE_METHODS
    if (request.endpoint in _ASKS_FOR_SECRETS or _bearer_given()) and not _private_line():
        raise TlsNeeded
    if unsafe and request.headers.get("Sec-Fetch-Site", "same-origin") in {
        "cross-site",
        "same-site",
    }:
        raise Forbidden(description="cross-site")
    user = signed_in_user()
    if user is None and (not access.everybody or _bearer_given()):
        return _ask_to_sign_in()
    if access.uploads and access.admits(user.role if user else None):
        # before anything reads the form: who may not upload is held to the size of a form
        request.max_content_length = settings().max_upload_bytes + _AROUND_A_FILE
    if unsafe and g.get("authenticated_by") != "token":
        csrf.protect()
    if not access.admits(user.role if user else None):
        _log.warning("refused", endpoint=request.endpoint)
        raise Forbidden
    return None


def _private_line() -> bool:
    """Say whether nobody can listen in: TLS, or both ends on this very machine."""
    if request.is_secure:
        return True
    host = request.host.rpartition(":")[0] or request.host
    try:
        caller_is_here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return caller_is_here and host.strip("[]") in {"localhost", "127.0.0.1", "::1"}


def _bearer_given() -> bool:
    return request.authorization is not None and request.authorization.type == "bearer"


def _ask_to_sign_in() -> Response:
    if for_programs(request.path) or request.method not in SAFE_METHODS:
        raise Unauthorized
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
