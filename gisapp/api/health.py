"""For the machine that watches this one: is the process alive, can it do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from gisapp import readiness
from gisapp.security.access import public

api = Blueprint("health", __name__)


@api.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@api.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Database, schema, disk and sandbox are as they must be; 503 says which is not."""
    checks = readiness.checks()
    ready = all(checks.values())
    return jsonify(status="ready" if ready else "not-ready", checks=checks), 200 if ready else 503
