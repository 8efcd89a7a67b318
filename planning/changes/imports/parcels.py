"""Parcels of a file: a coverage noded once together with the parcels already around it."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.coverage import NodedCoverage, Outcome, node_coverage, sliver_tolerance_m2
from planning.changes.imports import staging
from planning.changes.imports.draft import Batch, Draft, Table, Tick
from planning.changes.imports.findings import Place, RowFinding
from planning.changes.imports.noded import note_area, take_over
from planning.changes.imports.request import Request
from planning.changes.imports.shapes import (
    polygon_batch,
    refuse_outside,
    refuse_tiny,
    shared_out,
)
from planning.changes.imports.surroundings import Ground, Surroundings
from planning.clocks import amend
from planning.errors import LaterVersionsExist, NotFound
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.model import ParcelVersion
from planning.vocabulary import purposes

NEAR_M = 0.05


@dataclass(frozen=True, slots=True)
class ZonedParcel:
    """A parcel with the zone it belongs to: the innermost one that holds it."""

    parcel: NewParcel
    zone_id: UUID


@dataclass(frozen=True, slots=True)
class NodedNeighbour:
    """A registered parcel that gains corners of its new neighbours; its legal area stays."""

    parcel_id: UUID
    shape: Polygon


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check every row and prepare the parcels to write."""
    labels = [_label(table, i) for i in range(len(table.rows))]
    batch = polygon_batch(table, labels, explode=request.explode)
    _check_numbers(batch, table, request, around)
    tick("node", 0, len(batch.rows))
    started = time.monotonic()
    neighbours = _node(batch, around)
    noding = time.monotonic() - started
    tick("node", len(batch.rows), len(batch.rows))
    refuse_tiny(batch)
    if around.zone.ground is not None and around.zone.shape is not None:
        refuse_outside(
            batch, around.zone.ground, around.zone.shape, "row-outside-zone", around.zone.code
        )
    zones = _innermost(batch, around)
    parcels = _parcels(batch, table)
    items = [
        None if parcel is None else ZonedParcel(parcel, zone)
        for parcel, zone in zip(parcels, zones, strict=True)
    ]
    sources = [((row, part),) for row, part in zip(batch.rows, batch.parts, strict=True)]
    extra = {"neighbours": neighbours, "seconds": {"node": noding}}
    draft = Draft(list(items), sources, batch.facts(), batch.findings, extra)
    draft.settle()
    return draft


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Write parcels by COPY, zone by zone, after the neighbours that gain corners."""
    noded = _write_neighbours(session, change, around, draft)
    by_zone: dict[UUID, list[NewParcel]] = defaultdict(list)
    for item in draft.kept:
        by_zone[item.zone_id].append(item.parcel)
    done = 0
    for zone_id, parcels in by_zone.items():
        tick("write", done, len(draft.kept))
        add_parcels(
            session,
            change,
            zone_id=zone_id,
            srid=around.srid,
            parcels=parcels,
            valid_from=around.day,
        )
        done += len(parcels)
    tick("write", done, len(draft.kept))
    return {"parcels": done, "neighbours_noded": noded}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Ask the database, row by row, what its constraints would refuse (they name one row only)."""
    positions = draft.positions()
    kept = draft.kept
    shapes = ewkb_hex([item.parcel.shape for item in kept], around.srid)
    with staging.staged(
        session,
        [
            (position, item.zone_id, around.srid, shape)
            for position, item, shape in zip(positions, kept, shapes, strict=True)
        ],
    ) as batch:
        found = staging.conflicts(session, batch, around.day)
        outside = staging.outside(session, batch, around.day)
    findings = []
    for conflict in found:
        row, part = draft.sources[conflict.position][0]
        context = {
            "parcel": conflict.label or str(conflict.parcel_id),
            "parcel_id": conflict.parcel_id,
            "area_m2": conflict.area_m2,
            "from": conflict.valid_from,
        }
        place = Place.of(conflict.shared)
        findings.append(RowFinding(row, "row-overlaps-parcel", context, None, place, part))
    for position, area_m2 in outside:
        row, part = draft.sources[position][0]
        context = {"zone": around.zone.code, "outside_m2": area_m2}
        place = Place.of(draft.items[position].parcel.shape)
        findings.append(RowFinding(row, "row-outside-zone", context, None, place, part))
    return findings


def _label(table: Table, position: int) -> str:
    sheet, number = table.text("sheet_no", position), table.text("parcel_no", position)
    return "/".join(part for part in (sheet, number) if part)


def _key(table: Table, position: int) -> tuple[str, str, str] | None:
    sheet, number = table.text("sheet_no", position), table.text("parcel_no", position)
    if number is None:
        return None
    return (table.text("commune_code", position) or "", sheet or "", number)


def _check_numbers(batch: Batch, table: Table, request: Request, around: Surroundings) -> None:
    """A sheet and parcel number that comes twice is a question to a person, never an overwrite
    (real files repeat).
    """
    holders: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for source in dict.fromkeys(batch.source):
        key = _key(table, source)
        if key is not None:
            holders[key].append(source)
    verdict = "row-number-repeated-allowed" if request.allow_duplicates else None
    first = {source: i for i, source in reversed(list(enumerate(batch.source)))}
    for key, sources in holders.items():
        numbers = {"parcel": "/".join(part for part in key if part)}
        if len(sources) > 1:
            rows = [int(table.rows[source]) for source in sources]
            for source in sources:
                others = [row for row in rows if row != int(table.rows[source])]
                context = {**numbers, "rows": others}
                batch.find(first[source], verdict or "row-number-repeated", context)
        known = around.book.numbered(key, around.day)
        if known:
            context = {**numbers, "parcels": known}
            for source in sources:
                batch.find(first[source], verdict or "row-number-in-register", context)


def _node(batch: Batch, around: Surroundings) -> list[NodedNeighbour]:
    """Node the rows together with the registered parcels that touch them; note what became of
    each.
    """
    alive = batch.alive
    if not alive.size:
        return []
    held = _near(batch.shapes[alive], around)
    known = around.neighbours
    assert known is not None  # noqa: S101 - surveyed for parcels
    polygons = np.concatenate([batch.shapes[alive], known.shapes[held]])
    noded = node_coverage(polygons)
    take_over(batch, alive, noded, [known.labels[i] or str(known.ids[i]) for i in held])
    return _changed_neighbours(batch, alive, held, noded, around)


def _near(shapes: NDArray[np.object_], around: Surroundings) -> NDArray[np.int64]:
    known = around.neighbours
    if known is None or not len(known.shapes):
        return np.empty(0, dtype=np.int64)
    tree = shapely.STRtree(known.shapes)
    _, found = tree.query(shapes, predicate="dwithin", distance=NEAR_M)
    return np.unique(found).astype(np.int64)


def _changed_neighbours(
    batch: Batch,
    alive: NDArray[np.int64],
    held: NDArray[np.int64],
    noded: NodedCoverage,
    around: Surroundings,
) -> list[NodedNeighbour]:
    """Registered parcels that gained corners by a new neighbour, and lost no ground beyond a
    sliver.
    """
    known = around.neighbours
    assert known is not None  # noqa: S101
    count = len(alive)
    moved = [
        i
        for i in range(len(held))
        if noded.outcomes[count + i] in (Outcome.NODED, Outcome.RESHAPED)
        and abs(noded.area_after_m2[count + i] - noded.area_before_m2[count + i])
        <= sliver_tolerance_m2(shapely.length(known.shapes[held[i]]))
    ]
    return [NodedNeighbour(known.ids[held[i]], noded.polygons[count + i]) for i in moved]


def _innermost(batch: Batch, around: Surroundings) -> list[UUID]:
    """The zone of each position: the deepest child whose boundary holds it, else the zone asked
    for.
    """
    zones = [around.zone.zone_id] * len(batch.rows)
    alive = batch.alive
    for child in sorted(around.children, key=lambda ground: ground.depth):
        if child.ground is None or child.shape is None:
            continue
        shapely.prepare(child.ground)
        meets = alive[shapely.intersects(child.ground, batch.shapes[alive])]
        held = shapely.covers(child.ground, batch.shapes[meets])
        for position in meets[held]:
            zones[position] = child.zone_id
            batch.find(int(position), "row-in-child-zone", {"zone": child.code})
        for position in meets[~held]:
            _note_straddling(batch, int(position), child, child.shape)
    return zones


def _note_straddling(batch: Batch, position: int, child: Ground, shape: BaseGeometry) -> None:
    shared = shapely.intersection(batch.shapes[position], shape)
    if shared.area > sliver_tolerance_m2(shared.length) + 0.5 * shared.length:
        context = {"zone": child.code, "inside_m2": float(shared.area)}
        batch.find(position, "row-straddles-child-zone", context, where=shared)


def _parcels(batch: Batch, table: Table) -> list[NewParcel | None]:
    siblings: dict[int, list[int]] = defaultdict(list)
    for position, source in enumerate(batch.source):
        siblings[source].append(position)
    made: list[NewParcel | None] = [None] * len(batch.rows)
    uses = purposes()
    for source, positions in siblings.items():
        if any(position in batch.refused for position in positions):
            continue
        legal = table.value("legal_area_m2", source)
        sizes = [float(batch.shapes[position].area) for position in positions]
        use = table.text("land_use_code", source)
        if use is not None and use not in uses:
            batch.find(positions[0], "row-land-use-unknown", {"code": use})
        note_area(batch, positions[0], legal, sum(sizes))
        for position, share in zip(positions, shared_out(legal, sizes), strict=True):
            made[position] = NewParcel(
                shape=batch.shapes[position],
                commune_code=table.text("commune_code", source),
                sheet_no=table.text("sheet_no", source),
                parcel_no=table.text("parcel_no", source),
                official_id=table.text("official_id", source),
                land_use_code=use,
                legal_area_m2=share,
            )
    return made


def _write_neighbours(session: Session, change: int, around: Surroundings, draft: Draft) -> int:
    """Give registered neighbours their new corners; those with later versions stay as they are,
    and it is said.
    """
    neighbours: list[NodedNeighbour] = draft.extra["neighbours"]
    if not neighbours or not draft.kept:
        return 0
    tree = shapely.STRtree([item.parcel.shape for item in draft.kept])
    written = left = 0
    for neighbour in neighbours:
        if not tree.query(neighbour.shape, predicate="dwithin", distance=NEAR_M).size:
            continue
        values = {"geom": ewkb_hex([neighbour.shape], around.srid)[0], "noded": True}
        try:
            amend(
                session,
                ParcelVersion,
                change,
                ParcelVersion.parcel_id == neighbour.parcel_id,
                around.day,
                values,
            )
            written += 1
        except (LaterVersionsExist, NotFound):
            left += 1
    draft.findings[:] = [
        note
        for note in draft.findings
        if note.code not in ("import-neighbours-noded", "import-neighbour-left")
    ]
    if written:
        draft.findings.append(RowFinding(0, "import-neighbours-noded", {"count": written}))
    if left:
        draft.findings.append(RowFinding(0, "import-neighbour-left", {"count": left}))
    return written
