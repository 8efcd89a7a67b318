"""The ground of a phase: parcels, a file or corners; drawn anew from a day on; on the map."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import shapely
from flask import Flask
from sqlalchemy import select

from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.clocks import Moment
from planning.parcels.model import ParcelVersion
from planning.published import Sight, question
from tests.db.ground import EAST, NORTH, lay, square
from tests.web.conftest import Browser

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "88/QĐ-UBND", "issued": "2022-01-10", "issuer": "UBND tỉnh"}
_places = itertools.count(10)


@dataclass(frozen=True)
class Park:
    """A zone of three parcels in a row, one hectare each, and how they are called."""

    code: str
    zone: UUID
    column: int
    names: list[str]


@pytest.fixture
def park(app: Flask) -> Park:
    """A zone of its own: tests may run in any order."""
    column = next(_places) * 110
    code = f"KCN-P{column}"
    with database_of(app).transaction() as session:
        ground = lay(session, 3, code=code, column=column)
        rows = session.execute(
            select(ParcelVersion.parcel_id, ParcelVersion.sheet_no, ParcelVersion.parcel_no)
        )
        named = {row.parcel_id: f"{row.sheet_no or ''}/{row.parcel_no}" for row in rows}
    return Park(code, ground.zone_id, column, [named[each] for each in ground.parcels])


def write(browser: Browser, park: Park, path: str = "", **more: Any) -> str:
    browser.get(f"/zones/{park.code}?lang=vi")
    form = {"phase": "1", "name": "Giai đoạn 1", **PAPER, **more}
    answer = browser.post(f"/zones/{park.code}/phases{path}", **form)
    assert answer.status_code == 302
    return browser.get(f"/zones/{park.code}").text


def drawn(app: Flask, park: Park, day: date = date(2026, 1, 1)) -> list[Any]:
    """What the layer of the map says of the zone's phases."""
    with database_of(app).reading() as session:
        asked = question("published/phases", Sight(Moment(day), (park.zone,)))
        return sorted(session.execute(asked), key=lambda row: row.number)


def shape(row: Any) -> Any:
    return shapely.from_wkb(row.geom)


def boundary_file(park: Park, columns: int = 2, plane: int = 5899) -> tuple[io.BytesIO, str]:
    """A rectangle as GeoJSON in the zone's plane."""
    ground = square(park.column, 0).union(square(park.column + columns - 1, 0)).envelope
    told = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{plane}"}},
        "features": [
            {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(ground)}
        ],
    }
    return io.BytesIO(json.dumps(told).encode()), "giai-doan.geojson"


def test_a_phase_is_the_ground_of_its_parcels(app: Flask, signed_in: Actors, park: Park) -> None:
    planner = signed_in(Role.PLANNER)
    parcels = ", ".join(park.names[:2])
    assert "Đã ghi giai đoạn" in write(planner, park, parcels=parcels, state="operating")
    (row,) = drawn(app, park)
    assert (row.number, row.state, row.zone, row.area) == ("1", "operating", park.code, 20_000)
    expected = square(park.column, 0).union(square(park.column + 1, 0))
    assert shape(row).equals(expected)
    assert drawn(app, park, date(2022, 1, 9)) == [], "before its decision"


def test_a_phase_is_the_ground_of_a_file(app: Flask, signed_in: Actors, park: Park) -> None:
    planner = signed_in(Role.PLANNER)
    assert "Đã ghi giai đoạn" in write(planner, park, ground=boundary_file(park))
    (row,) = drawn(app, park)
    assert (row.state, row.area) == ("unclassified", pytest.approx(20_000))


def test_a_phase_of_hectares_is_drawn_later_and_drawn_anew(
    app: Flask, signed_in: Actors, park: Park
) -> None:
    planner = signed_in(Role.PLANNER)
    write(planner, park, area="2", name_en="Phase 1")
    assert drawn(app, park) == [], "hectares alone have no place on the map"
    later = {"document": "9/QĐ", "issued": "2023-05-05"}
    assert "Đã ghi đất" in write(planner, park, "/ground", parcels=park.names[0], **later)
    assert drawn(app, park, date(2023, 5, 4)) == []
    (row,) = drawn(app, park, date(2023, 5, 5))
    assert (row.area, row.name_en) == (10_000, "Phase 1")
    anew = {"document": "10/QĐ", "issued": "2024-05-05"}
    write(planner, park, "/ground", ground=boundary_file(park, 2), **anew)
    assert [drawn(app, park, date(2024, 5, day))[0].area for day in (4, 5)] == [
        10_000, pytest.approx(20_000),
    ]  # fmt: skip
    told = planner.get(f"/api/v1/zones/{park.code}/phases?as_of=2024-06-01").json
    assert told is not None and told["phases"][0]["legal_area_m2"] == 20_000, "hectares stay"


def no_file() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"not a file of land"), "giai-doan.geojson"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"parcels": "99/99"}, "99/99"),
        ({"parcels": "{0}", "corners": "1 2 3\n4 5 6"}, "một cách"),
        ({"parcels": "{0}", "ground": "file"}, "một cách"),
        ({"ground": "junk"}, ""),
        ({"ground": "file", "document": ""}, "Số văn bản"),
        ({"ground": "far"}, "ranh giới"),
        ({}, "Diện tích"),
    ],
    ids=["no such parcel", "twice", "file and parcels", "junk", "no paper", "outside", "nothing"],
)
def test_ground_that_does_not_hold_is_refused_in_words(
    app: Flask, signed_in: Actors, park: Park, said: dict[str, str], words: str
) -> None:
    planner = signed_in(Role.PLANNER)
    files: dict[str, Any] = {
        "file": boundary_file(park), "junk": no_file(),
        "far": boundary_file(Park(park.code, park.zone, park.column - 60, [])),
    }  # fmt: skip
    form: dict[str, Any] = {name: each.format(*park.names) for name, each in said.items()}
    if "ground" in form:
        form["ground"] = files[form["ground"]]
    page = write(planner, park, **form)
    assert 'class="note bad"' in page and words in page.split('class="note bad"')[1]
    assert drawn(app, park) == []


def test_drawing_anew_needs_a_ground_and_a_phase(app: Flask, signed_in: Actors, park: Park) -> None:
    planner = signed_in(Role.PLANNER)
    write(planner, park, parcels=park.names[0])
    assert "Bảng toạ độ" in write(planner, park, "/ground").split('class="note bad"')[1]
    gone = write(planner, park, "/ground", phase="7", parcels=park.names[1])
    assert 'class="note bad"' in gone
    assert [row.area for row in drawn(app, park)] == [10_000]
    leader = signed_in(Role.LEADER)
    leader.get(f"/zones/{park.code}")
    sent = leader.post(f"/zones/{park.code}/phases/ground", phase="1", **PAPER)
    assert sent.status_code == 403


def test_the_layer_has_no_ground_of_zones_out_of_sight(
    app: Flask, signed_in: Actors, park: Park
) -> None:
    write(signed_in(Role.PLANNER), park, parcels=park.names[0])
    other = Park(park.code, UUID(int=0), park.column, [])
    assert len(drawn(app, park)) == 1 and drawn(app, other) == []
    assert shape(drawn(app, park)[0]).bounds[:2] == (EAST + park.column * 100, NORTH)
