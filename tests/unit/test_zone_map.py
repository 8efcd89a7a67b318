"""The overview's small map: classes of occupancy, one scale, nothing outside the sheet."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import Babel
from shapely import box
from shapely.geometry.base import BaseGeometry

from gisapp.present.zone_map import HEIGHT, WIDTH, ZoneMap, level_of, zone_map


@pytest.mark.parametrize(
    ("percent", "level"),
    [(None, None), ("0", 0), ("20", 0), ("20.01", 1), ("60", 2), ("80.5", 4), ("130", 4)],
)
def test_occupancy_has_five_classes(percent: str | None, level: int | None) -> None:
    assert level_of(None if percent is None else Decimal(percent)) == level


def _drawn(*zones: tuple[str, str | None, BaseGeometry | None]) -> ZoneMap | None:
    lines: list[Any] = []
    shapes: dict[UUID, BaseGeometry] = {}
    for code, parent, shape in zones:
        row = SimpleNamespace(id=uuid4(), code=code, parent_code=parent)
        figure = SimpleNamespace(answer=SimpleNamespace(value=Decimal(50)))
        lines.append(SimpleNamespace(zone=row, name=code, figures={"r": figure}))
        if shape is not None:
            shapes[row.id] = shape
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    app.add_url_rule("/zones/<code>", "zones.show", lambda code: code)
    with app.test_request_context("/?lang=vi"):
        return zone_map(lines, "r", shapes)


def _extent(path: str) -> tuple[float, float, float, float]:
    points = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.-]+,[\d.-]+", path)]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_zones_far_apart_share_a_scale_and_fit_the_sheet() -> None:
    drawing = _drawn(
        ("A", None, box(107.0, 21.0, 107.04, 21.02)),
        ("B", "A", box(107.01, 21.005, 107.02, 21.015)),
        ("C", None, box(105.0, 19.0, 105.02, 19.02)),
    )
    assert drawing is not None
    assert (drawing.width, drawing.height <= HEIGHT) == (WIDTH, True)
    assert drawing.zones[0].code == "A"
    assert drawing.zones[0].holds_others
    found = {zone.code: _extent(zone.path) for zone in drawing.zones}
    for west, north, east, south in found.values():
        assert 0 <= west < east <= WIDTH
        assert 0 <= north < south <= drawing.height
    tall = {code: south - north for code, (_w, north, _e, south) in found.items()}
    assert tall["A"] == pytest.approx(tall["C"], abs=0.3)
    assert tall["B"] == pytest.approx(tall["A"] / 2, abs=0.3)
    assert found["A"][0] < found["B"][0] < found["B"][2] < found["A"][2]
    for zone in drawing.zones:
        assert 0 < zone.label_x < WIDTH


def test_forty_parks_fit_too() -> None:
    parks = [(f"K{n}", None, box(105 + n / 10, 20, 105.01 + n / 10, 20.02)) for n in range(40)]
    drawing = _drawn(*parks)
    assert drawing is not None
    assert len(drawing.zones) == 40
    assert all(zone.level == 2 for zone in drawing.zones)


def test_without_a_boundary_there_is_no_map() -> None:
    assert _drawn(("A", None, None)) is None
