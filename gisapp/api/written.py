"""JSON written straight from the answers of the register."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import orjson
from flask import Response

GEOJSON: Final = "application/geo+json"


def _plain(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def as_json(value: object, mimetype: str = "application/json") -> Response:
    """Write dataclasses, days (ISO), identifiers and decimals (as numbers) as JSON."""
    return Response(orjson.dumps(value, default=_plain), mimetype=mimetype)
