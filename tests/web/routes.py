"""Every route of the application with every method, ready to be called."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from gisapp.security.access import Access, declared_access

SAFE = {"GET", "HEAD"}
NOBODY = uuid.UUID(int=0)
VALUES = {
    "IntegerConverter": 1,
    "FloatConverter": 1.0,
    "UUIDConverter": NOBODY,
    "PathConverter": "nothing/here",
    "AnyConverter": None,
}


@dataclass(frozen=True)
class Call:
    """One method of one route, under an address that leads to nothing real."""

    endpoint: str
    method: str
    path: str
    access: Access | None

    @property
    def unsafe(self) -> bool:
        """Whether the call may change something."""
        return self.method not in SAFE

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def calls(app: Flask) -> Iterator[Call]:
    """All routes × methods, signing out last: it ends the session of who calls it."""
    found = [
        Call(rule.endpoint, method, _path(app, rule), declared_access(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]
    yield from sorted(found, key=lambda call: (call.endpoint == "security.logout", str(call)))


def _path(app: Flask, rule: Rule) -> str:
    values = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        if kind == "AnyConverter":
            values[name] = next(iter(converter.items))  # type: ignore[attr-defined]
        else:
            values[name] = VALUES.get(kind, "x")
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
