"""A zone's boundary from a file: all its rows together are one boundary, from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import psycopg
import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.coverage import overlaps
from planning.changes.imports.draft import Draft, Table, Tick
from planning.changes.imports.findings import Place, RowFinding
from planning.changes.imports.noded import note_area
from planning.changes.imports.request import Request
from planning.changes.imports.shapes import joined, multipolygon_batch
from planning.changes.imports.surroundings import Surroundings
from planning.parcels.model import ParcelVersion
from planning.vocabulary import CERTAINTIES
from planning.zones.commands import set_boundary

DEFAULT_CERTAINTY = "from_approved_drawing"
MOST_NAMED = 200
LEAST_M2 = 1_000.0
"""Below this a shape is a slip of the drawing, not the ground of a zone."""


@dataclass(frozen=True, slots=True)
class NewBoundary:
    """A boundary to set: shape (E, N) on the 1 mm grid, how certain it is, the decision's area."""

    shape: MultiPolygon
    certainty: str
    legal_area_m2: Decimal | None


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check the rows and join them into one boundary."""
    labels = [table.text("name_vi", i) or around.zone.code for i in range(len(table.rows))]
    batch = multipolygon_batch(table, labels)
    alive = batch.alive
    for found in overlaps(batch.shapes[alive]):
        other = int(alive[found.j])
        context = {
            "other_row": batch.rows[other],
            "other": batch.labels[other],
            "area_m2": found.area_m2,
        }
        batch.find(int(alive[found.i]), "row-overlaps-row", context, where=found.place)
    item = None
    if not batch.refused and alive.size:
        item = _boundary(table, request, [batch.shapes[int(i)] for i in alive])
        first, measured_m2 = int(alive[0]), float(item.shape.area)
        note_area(batch, first, item.legal_area_m2, measured_m2)
        if measured_m2 < LEAST_M2:
            context = {"area_m2": measured_m2, "least_m2": LEAST_M2}
            batch.find(first, "row-boundary-too-small", context, where=item.shape)
        if len(alive) > 1:
            parts = len(item.shape.geoms)
            batch.findings.append(
                RowFinding(0, "import-parts-joined", {"rows": len(alive), "parts": parts})
            )
    sources = tuple((row, 0) for row in batch.rows)
    return Draft([item], [sources], batch.facts(), batch.findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Set the boundary: the first one, its successor from the day on, or a correction of what
    was believed.
    """
    boundary: NewBoundary = draft.kept[0]
    set_boundary(
        session,
        change,
        zone_id=around.zone.zone_id,
        srid=around.srid,
        boundary=boundary.shape,
        valid_from=around.day,
        certainty=boundary.certainty,
        legal_area_m2=boundary.legal_area_m2,
        correction=request.correction,
    )
    return {"boundaries": 1}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Name the parcels a new boundary would leave outside."""
    boundary: NewBoundary = draft.kept[0]
    ground = boundary.shape.buffer(TOLERANCE_M[boundary.certainty], join_style="mitre")
    shapely.prepare(ground)
    rows = session.execute(
        select(
            ParcelVersion.sheet_no,
            ParcelVersion.parcel_no,
            ParcelVersion.parcel_id,
            func.ST_AsBinary(ParcelVersion.geom),
        )
        .where(
            ParcelVersion.zone_id == around.zone.zone_id,
            ParcelVersion.closed_by.is_(None),
            ParcelVersion.valid_to.is_(None) | (ParcelVersion.valid_to > around.day),
        )
        .order_by(ParcelVersion.sheet_no, ParcelVersion.parcel_no)
    )
    row, part = draft.sources[0][0]
    findings = []
    for sheet, number, parcel_id, raw in rows:
        shape = shapely.from_wkb(bytes(raw))
        if ground.covers(shape):
            continue
        beyond = shape.difference(boundary.shape)
        context = {
            "parcel": "/".join(word for word in (sheet, number) if word) or str(parcel_id),
            "outside_m2": float(beyond.area),
        }
        place = Place.of(beyond)
        findings.append(RowFinding(row, "row-boundary-leaves-parcel", context, None, place, part))
        if len(findings) == MOST_NAMED:
            break
    return findings


TOLERANCE_M = {
    "surveyed": 0.10,
    "from_approved_drawing": 0.4,
    "digitised_raster": 1.0,
    "schematic": 25.0,
}
"""By certainty, as the database keeps it: 0.4 m is 0.2 mm on a 1/2000 drawing."""


def _boundary(table: Table, request: Request, shapes: list[MultiPolygon]) -> NewBoundary:
    certainty = request.certainty or DEFAULT_CERTAINTY
    if certainty not in CERTAINTIES:
        certainty = DEFAULT_CERTAINTY
    legal = _stated(table)
    shape = shapes[0] if len(shapes) == 1 else joined(shapes)
    return NewBoundary(shape, certainty, legal)


def _stated(table: Table) -> Decimal | None:
    """The area of the decision: told once, on every row the same, or row by row and added up."""
    told = [table.value("legal_area_m2", i) for i in range(len(table.rows))]
    given: list[Decimal] = [each for each in told if each is not None]
    if len(set(given)) <= 1:
        return given[0] if given else None
    return sum(given, Decimal(0)) if len(given) == len(told) else None
