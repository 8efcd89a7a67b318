"""Checks every polygon of a file goes through: kind, validity, parts, the 1 mm grid, ground it
must lie on.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from layers.geometry import flaw, multipolygon, on_grid, polygons_of, right_handed
from planning.changes.imports.draft import Batch, Table, areas
from planning.changes.imports.findings import Place

SMALLEST_M2 = 0.01
CENT = Decimal("0.01")


def polygon_batch(table: Table, labels: Sequence[str], *, explode: bool) -> Batch:
    """One position a polygon; multipart rows are exploded when asked for, else refused with the
    question.
    """
    batch = _whole(table, labels)
    rows: list[int] = []
    parts: list[int] = []
    source: list[int] = []
    shapes: list[BaseGeometry | None] = []
    names: list[str] = []
    refused: set[int] = set()
    exploded: list[tuple[int, int, float]] = []
    for i, shape in enumerate(batch.shapes):
        pieces: list[BaseGeometry | None] = [shape]
        if shape is not None and i not in batch.refused and not isinstance(shape, Polygon):
            pieces = list(polygons_of(shape))
            if len(pieces) > 1 and not explode:
                context = {"parts": len(pieces), "area_m2": float(shape.area)}
                batch.find(i, "row-multipart", context, where=shape)
                pieces = [shape]
        if i in batch.refused:
            refused.add(len(rows))
        for part, piece in enumerate(pieces):
            if len(pieces) > 1:
                exploded.append((len(rows), len(pieces), float(shape.area)))
            rows.append(batch.rows[i])
            parts.append(part + 1 if len(pieces) > 1 else 0)
            source.append(i)
            shapes.append(piece)
            names.append(batch.labels[i])
    array = _array(shapes)
    made = Batch(rows, parts, source, array, areas(array), names, batch.findings, refused)
    for position, count, area in exploded:
        context = {"parts": count, "area_before_m2": area}
        made.find(position, "row-exploded", context, where=array[position])
    return made


def multipolygon_batch(table: Table, labels: Sequence[str]) -> Batch:
    """One position a row, its shape a multipolygon on the 1 mm grid."""
    batch = _whole(table, labels)
    for i in batch.alive:
        shape = batch.shapes[i]
        if shape is None:
            continue
        rounded = on_grid(np.array([shape], dtype=object))[0]
        if rounded.is_empty or not rounded.is_valid:
            batch.find(int(i), "row-geometry-collapses", where=shape)
            continue
        batch.shapes[i] = right_handed(multipolygon(rounded))
    return batch


def _whole(table: Table, labels: Sequence[str]) -> Batch:
    count = len(table.rows)
    shapes = table.shapes.copy()
    refused_rows = {found.row for found in table.findings if found.severity.value == "refused"}
    batch = Batch(
        [int(row) for row in table.rows],
        [0] * count,
        list(range(count)),
        shapes,
        areas(shapes),
        list(labels),
        table.findings,
        {i for i, row in enumerate(table.rows) if int(row) in refused_rows},
    )
    suspect = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_valid(shapes))
    for i in suspect:
        found = flaw(shapes[i])
        if found is None:
            continue
        place = Place.at(found.x, found.y) if found.x is not None and found.y is not None else None
        context = {"reason": found.reason, "x": found.y, "y": found.x}
        batch.find(int(i), "row-geometry-invalid", context, place=place)
    return batch


def refuse_outside(
    batch: Batch, ground: BaseGeometry, shape: BaseGeometry, code: str, name: str
) -> None:
    """Refuse what reaches beyond `ground`; the area told is what lies outside the boundary as
    drawn.
    """
    alive = batch.alive
    shapely.prepare(ground)
    inside = shapely.covers(ground, batch.shapes[alive])
    for i in alive[~inside]:
        beyond = shapely.difference(batch.shapes[i], shape)
        context = {
            "zone": name,
            "outside_m2": float(beyond.area),
            "area_m2": float(batch.shapes[i].area),
        }
        batch.find(int(i), code, context, where=beyond if not beyond.is_empty else batch.shapes[i])


def refuse_tiny(batch: Batch) -> None:
    """Refuse what the register cannot hold: less than 0.01 m²."""
    alive = batch.alive
    sizes = areas(batch.shapes[alive])
    for i, size in zip(alive[sizes < SMALLEST_M2], sizes[sizes < SMALLEST_M2], strict=True):
        batch.find(int(i), "row-too-small", {"area_m2": float(size)}, where=batch.shapes[i])


def shared_out(legal_m2: Decimal | None, sizes_m2: Sequence[float]) -> list[Decimal | None]:
    """Share a document's area among the parts of an exploded row by their size; the sum stays
    the document's.
    """
    if legal_m2 is None:
        return [None] * len(sizes_m2)
    whole = sum(sizes_m2)
    given = [
        (legal_m2 * Decimal(size) / Decimal(whole)).quantize(CENT, ROUND_HALF_UP)
        for size in sizes_m2
    ]
    largest = max(range(len(given)), key=lambda i: given[i])
    given[largest] += legal_m2.quantize(CENT, ROUND_HALF_UP) - sum(given)
    return [share if share > 0 else None for share in given]


def joined(shapes: Sequence[BaseGeometry]) -> MultiPolygon:
    """Join polygons into one multipolygon, common sides dissolved, on the 1 mm grid."""
    return multipolygon(right_handed(on_grid(_array([shapely.union_all(list(shapes))]))[0]))


def _array(shapes: Sequence[BaseGeometry | None]) -> np.ndarray:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array
