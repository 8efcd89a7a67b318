"""Living conformance: one edited parcel, a new version of 500 lots, the findings of a large zone.

The ground is a grid turned by 17°, its corners rounded to the millimetre as a survey has them: a
parcel of 50 m × 40 m, a lot over ten of them and a quarter of one aside, so that parcels cross it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planning.clocks import Moment, amend
from planning.conformance.model import Conformance
from planning.conformance.queries import findings, findings_of_parcel, parcels_of
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.model import ParcelVersion
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.records.commands import open_change, register_document
from planning.tenure.commands import NewRight, grant_rights, register_party
from planning.zones.commands import create_board, create_zone, set_boundary
from tests.conftest import TestDatabase

PLANE = 5899
EAST, NORTH, TURN = 440_000.0, 2_310_000.0, math.radians(17)
WIDTH, HEIGHT = 50.0, 40.0
START, LATER, DAY = date(2020, 1, 1), date(2024, 1, 1), date(2026, 1, 1)
EDIT_MS, VERSION_S, FINDINGS_S = 20.0, 20.0, 1.5
CATEGORIES = (
    ("CN", "industrial"),
    ("CN", "industrial"),
    ("CN", "industrial"),
    ("DV", "service"),
    ("CX", "none"),
)

Shapes = NDArray[np.object_]


def turned(boxes: NDArray[np.float64]) -> Shapes:
    """Rectangles (west, south, east, north) turned, every corner on the millimetre."""
    west, south, east, north = boxes.T
    ring = np.stack([west, south, east, south, east, north, west, north, west, south], axis=-1)
    xy = ring.reshape(len(boxes), 5, 2)
    c, s = math.cos(TURN), math.sin(TURN)
    seen = np.stack([EAST + c * xy[..., 0] - s * xy[..., 1],
                     NORTH + s * xy[..., 0] + c * xy[..., 1]], axis=-1)  # fmt: skip
    return np.asarray(shapely.polygons(np.rint(seen * 1000) / 1000), dtype=object)


def grid(columns: int, rows: int, width: float, height: float, aside: float = 0.0) -> Shapes:
    """Rectangles beside each other, row by row."""
    x, y = np.meshgrid(np.arange(columns) * width + aside, np.arange(rows) * height)
    boxes = np.stack([x, y, x + width, y + height], axis=-1).reshape(-1, 4)
    return turned(boxes)


@dataclass
class Field:
    """A zone with many parcels, a plan in force, leases on a tenth."""

    made: TestDatabase
    zone: UUID
    plan: UUID
    document: UUID
    parcels: list[UUID]
    shapes: Shapes
    lots: Shapes


def change(session: Session, document: UUID, day: date = START) -> int:
    return open_change(
        session, kind="act", reason="đo", actor="bench", effective_on=day, document_id=document
    )


def lay(made: TestDatabase, columns: int, rows: int) -> Field:
    """Lay a zone of columns × rows parcels with 500 lots over them."""
    shapes = grid(columns, rows, WIDTH, HEIGHT)
    lots = grid(25, 20, WIDTH * columns / 25, HEIGHT * rows / 20, aside=WIDTH / 4)
    with made.database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        document = register_document(
            session, number="BENCH", issued_on=START, issuer="bench", actor="bench"
        )
        number = change(session, document)
        board = create_board(
            session, number, code="B", name_vi="Ban", province_name="QN", valid_from=START
        )
        zone = create_zone(
            session, number, code=f"Z{columns * rows}", kind="industrial_park", srid=PLANE,
            board_id=board, name_vi="Khu", valid_from=START,
        )  # fmt: skip
        edge = shapely.convex_hull(shapely.multipolygons(np.concatenate([shapes, lots])))
        edge = shapely.set_precision(shapely.buffer(edge, 100, join_style="mitre"), 0.001)
        set_boundary(
            session, number, zone_id=zone, srid=PLANE, boundary=MultiPolygon([edge]),
            valid_from=START, certainty="surveyed",
        )  # fmt: skip
        plan = create_plan(
            session, number, code=f"QH{columns * rows}", zone_id=zone, srid=PLANE,
            level="subdivision", scale_denominator=2000, name_vi="Quy hoạch",
        )  # fmt: skip
        parcels = add_parcels(
            session, number, zone_id=zone, srid=PLANE, valid_from=START,
            parcels=[NewParcel(each, "1", "1", str(n)) for n, each in enumerate(shapes)],
        )  # fmt: skip
        field = Field(made, zone, plan, document, parcels, shapes, lots)
        put_in_force(session, field, number, START)
        let_some(session, field, number)
    with made.connect("gisapp_owner") as owner:
        owner.execute("VACUUM ANALYZE")
    return field


def put_in_force(session: Session, field: Field, number: int, day: date) -> float:
    """A version of the plan; seconds that its lots took, conformance included."""
    version, _ = create_version(session, number, plan_id=field.plan)
    drawn = [
        NewLot(f"L{n}", *CATEGORIES[(n + n // 25) % len(CATEGORIES)], each)
        for n, each in enumerate(field.lots)
    ]
    started = time.perf_counter()
    add_lots(session, number, plan_version_id=version, lots=drawn)
    took = time.perf_counter() - started
    whole = shapely.union_all(field.lots)
    set_status(
        session, number, plan_version_id=version, status="approved", valid_from=day,
        scope=MultiPolygon([shapely.set_precision(whole, 0.001)]), decision_id=field.document,
    )  # fmt: skip
    return took


def let_some(session: Session, field: Field, number: int) -> None:
    """Every tenth parcel is let by the developer."""
    party = register_party(session, number, name_vi="Hạ tầng")
    held = field.parcels[::10]
    facts: dict[str, Any] = {
        "zone_id": field.zone, "lessor_id": party, "lessee_id": party, "valid_from": START,
        "document_id": field.document,
    }  # fmt: skip
    tract = NewRight(
        kind="state_lease", number="NN", contract_area_m2=Decimal(2000 * len(held)), parcels=held,
        **facts,
    )  # fmt: skip
    let = [
        NewRight(kind="sub_lease", number=f"TL-{n}", contract_area_m2=Decimal(1900),
                 parcels=[parcel], parent_id=tract.id, **facts)
        for n, parcel in enumerate(held)
    ]  # fmt: skip
    grant_rights(session, number, [tract, *let])


@pytest.fixture(scope="module")
def field(module_database: TestDatabase) -> Iterator[Field]:
    """20,000 parcels."""
    yield lay(module_database, 200, 100)


@pytest.mark.timeout(600)
def test_a_new_version_of_500_lots_against_20_000_parcels(field: Field) -> None:
    with field.made.database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        took = put_in_force(session, field, change(session, field.document, LATER), LATER)
        pairs = session.scalar(select(func.count()).select_from(Conformance)) or 0
    frames = [
        gpd.GeoDataFrame({name: range(len(shapes))}, geometry=shapes, crs=PLANE)
        for name, shapes in (("parcel", field.shapes), ("lot", field.lots))
    ]
    started = time.perf_counter()
    overlay = gpd.overlay(frames[0], frames[1], how="intersection")
    theirs = time.perf_counter() - started
    same = int((overlay.area > 1e-4).sum())
    print(f"\n  500 lots × {len(field.shapes):,} parcels: {took:.2f} s stored ({pairs:,} pairs),"
          f" goal {VERSION_S:.0f} s; geopandas.overlay {theirs:.2f} s without storing: ratio"
          f" {took / theirs:.2f}")  # fmt: skip
    assert pairs == 2 * same, "what is stored for both versions is what the overlay finds"
    assert took < VERSION_S


def test_one_edited_parcel(field: Field) -> None:
    """An act on one parcel among 20,000: judged against every rule, and its shares stored anew."""
    best: dict[str, float] = {}
    for n in range(5):
        parcel = field.parcels[9_000 + n]
        mine = ParcelVersion.parcel_id == parcel
        with field.made.database.transaction() as session:
            number = change(session, field.document, DAY)
            started = time.perf_counter()
            amend(session, ParcelVersion, number, mine, DAY, {"parcel_no": f"{n}a"})
            session.flush()
            written = time.perf_counter()
            found = findings_of_parcel(session, Moment(DAY), field.zone, parcel)
            known = time.perf_counter()
        assert all(parcel in parcels_of(each) for each in found)
        for name, took in (("whole act", written - started), ("findings", known - written)):
            best[name] = min(best.get(name, math.inf), took * 1000)
    with field.made.database.transaction() as session:
        stored = shares_alone_ms(session, field)
    print(f"\n  one edited parcel: its shares {stored:.1f} ms (goal {EDIT_MS:.0f}); the whole act"
          f" with every guard {best['whole act']:.1f} ms; its findings {best['findings']:.1f} ms"
          )  # fmt: skip
    assert stored < EDIT_MS


def shares_alone_ms(session: Session, field: Field) -> float:
    """The trigger's own work for one new parcel version: the best of five."""
    best = math.inf
    for n in range(5):
        values = {
            "number": change(session, field.document, DAY),
            "parcel": field.parcels[9_100 + n],
        }
        session.execute(
            text(
                "UPDATE land.parcel_version SET closed_by = :number"
                " WHERE parcel_id = :parcel AND closed_by IS NULL"
            ),
            values,
        )
        told = session.execute(
            text(
                "EXPLAIN (ANALYZE, FORMAT JSON) INSERT INTO land.parcel_version (parcel_id,"
                " zone_id, srid, geom, valid_from, opened_by) SELECT parcel_id, zone_id, srid,"
                " geom, valid_from, CAST(:number AS bigint) FROM land.parcel_version"
                " WHERE parcel_id = :parcel ORDER BY version_id DESC LIMIT 1"
            ),
            values,
        ).scalar_one()
        (work,) = [
            each["Time"] for each in told[0]["Triggers"] if each["Trigger Name"] == "g_meets_lots"
        ]
        best = min(best, float(work))
    return best


@pytest.mark.timeout(600)
def test_findings_of_a_zone_of_10_000_parcels(fresh_database: TestDatabase) -> None:
    small = lay(fresh_database, 100, 100)
    best = math.inf
    for _ in range(5):
        with small.made.database.reading(seconds=60) as session:
            started = time.perf_counter()
            found = findings(session, Moment(DAY), (small.zone,))
            best = min(best, time.perf_counter() - started)
    kinds = {kind: sum(each.kind == kind for each in found) for kind in {f.kind for f in found}}
    print(f"\n  findings of {len(small.shapes):,} parcels: {best:.2f} s (goal {FINDINGS_S} s),"
          f" {kinds}")  # fmt: skip
    assert best < FINDINGS_S
