"""The API described: OpenAPI 3.1 for programs, one plain page for people; no foreign scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template

from gisapp.api.models import Problem
from gisapp.security.access import declared_access, signed_in

if TYPE_CHECKING:
    from apiflask import APIFlask

api = Blueprint("api_documentation", __name__)

_PREFIX = "/api/v1/"
_METHODS = ("get", "post", "put", "patch", "delete")


def described(app: APIFlask) -> dict[str, Any]:
    """The OpenAPI document of all under ``/api/v1``, with permissions and problem answers."""
    found = cast("dict[str, Any]", app._get_spec("json"))
    paths = {path: item for path, item in found["paths"].items() if path.startswith(_PREFIX)}
    endpoints = {
        (_openapi_path(rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in paths.items():
        for method in set(item) & set(_METHODS):
            access = declared_access(app, endpoints[path, method])
            operation = item[method]
            if access is not None and access.permission is not None:
                operation["x-permission"] = str(access.permission)
            problem = {"$ref": "#/components/schemas/Problem"}
            operation["responses"]["default"] = {
                "description": "Lỗi · problem",
                "content": {"application/problem+json": {"schema": problem}},
            }
            operation["responses"].pop("422", None)
    components = found.setdefault("components", {})
    schemas = {name: schema for name, schema in components.get("schemas", {}).items()}
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    components |= {
        "schemas": schemas,
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "page": {"type": "apiKey", "in": "cookie", "name": "__Host-gisapp"},
        },
    }
    return {**found, "paths": paths, "security": [{"token": []}, {"page": []}]}


def _openapi_path(rule: str) -> str:
    parts = []
    for part in rule.split("/"):
        name = part.removeprefix("<").removesuffix(">").rpartition(":")[2]
        parts.append(f"{{{name}}}" if part.startswith("<") else part)
    return "/".join(parts)


@api.get("/v1/openapi.json")
@signed_in
def openapi() -> Response:
    """OpenAPI 3.1 of everything under ``/api/v1``."""
    return jsonify(described(cast("APIFlask", current_app)))


@api.get("/docs")
@signed_in
def docs() -> str:
    """The same for people."""
    document = described(cast("APIFlask", current_app))
    return render_template("pages/api/docs.html", document=document, methods=_METHODS)
