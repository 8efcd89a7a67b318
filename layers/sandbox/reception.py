"""The door on our side: nothing the worker wrote is believed before it was looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.encodings import Decision
from layers.vector.content import CrsFacts, FieldFacts, LayerFacts
from layers.vector.errors import FileEmpty, ReadingNotBelieved, TooManyVertices
from layers.vector.findings import Finding
from layers.vector.formats import Format
from layers.vector.limits import Limits
from layers.vector.ogr import schema_of
from layers.vector.wkb import WkbMalformed, is_finite, wkb_facts


@dataclass(frozen=True)
class AxisFacts:
    """What the numbers look like, whatever the file says of its coordinate system.

    `bounds` are (min first, min second, max first, max second) in the file's unit. `order` is "en"
    (first coordinate is a TM-3 easting), "ne" (first is a northing: columns swapped), "degrees", or
    "unknown".
    """

    bounds: tuple[float, float, float, float] | None
    order: str


@dataclass(frozen=True)
class Parsed:
    """One layer of one file, read in the sandbox and looked at again outside.

    `geometries` are 2D shapely shapes in the file's own numbers ((E, N) or (longitude, latitude)
    unless `axis` says otherwise), None where a row has none or it was refused; they are not yet
    valid in the topological sense. `rows` are the numbers a person sees (record, feature id or
    sheet row); `columns` hold one value a row.
    """

    format: Format
    driver: str | None
    layer: str
    sha256: str
    file_bytes: int
    rows: NDArray[np.int64]
    geometries: NDArray[np.object_]
    columns: Mapping[str, Sequence[object]]
    fields: tuple[FieldFacts, ...]
    crs: CrsFacts
    encoding: Decision | None
    axis: AxisFacts
    findings: tuple[Finding, ...]
    heights_dropped: int

    def __len__(self) -> int:
        return len(self.rows)


def load(path: Path, facts: LayerFacts, rows: int, limits: Limits) -> Any:
    """The Arrow table the worker wrote, checked to its last offset.

    Raises:
        ReadingNotBelieved, FileEmpty
    """
    if path.stat().st_size > limits.output_bytes:
        raise ReadingNotBelieved(reason="output size")
    try:
        with pa.OSFile(str(path), "rb") as file:
            table = pa.ipc.open_file(file).read_all()
        table.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError, ValueError) as error:
        raise ReadingNotBelieved(reason=type(error).__name__) from error
    if not table.schema.equals(schema_of(list(facts.fields))):
        raise ReadingNotBelieved(reason="schema")
    if len(table) != rows or len(table) > limits.features or table.column(0).null_count:
        raise ReadingNotBelieved(reason="row count")
    if len(table) == 0:
        raise FileEmpty(name=facts.name)
    return table


def geometries(
    table: Any, limits: Limits
) -> tuple[NDArray[np.object_], list[Finding], int, AxisFacts]:
    """Shapes of a table with a finding for every row that has none it should have.

    Raises:
        TooManyVertices: over the whole layer.
    """
    rows = table.column(0).to_pylist()
    raw = table.column(1).to_pylist()
    findings: list[Finding] = []
    total = heights = 0
    for place, value in enumerate(raw):
        if value is None:
            if limits.geometry_required:
                findings.append(Finding(rows[place], "row-geometry-missing"))
            continue
        vertices, has_z, finding = _walk(rows[place], value, limits)
        total += vertices
        heights += has_z
        if finding is not None:
            findings.append(finding)
            raw[place] = None
    if total > limits.vertices:
        raise TooManyVertices(count=total, limit=limits.vertices)
    shapes, more = _shapes(rows, raw)
    return shapes, [*findings, *more], heights, _axis(shapes)


def _walk(row: int, value: bytes, limits: Limits) -> tuple[int, bool, Finding | None]:
    try:
        facts = wkb_facts(value)
    except WkbMalformed as error:
        return 0, False, Finding(row, "row-geometry-unreadable", context={"reason": str(error)})
    if facts.kind == "Curve":
        return 0, False, Finding(row, "row-geometry-curved")
    if facts.kind not in limits.geometry_kinds:
        return 0, False, Finding(row, "row-geometry-kind", context={"kind": facts.kind})
    if facts.vertices == 0:
        return 0, False, Finding(row, "row-geometry-missing")
    if facts.vertices > limits.vertices_per_feature:
        context = {"count": facts.vertices, "limit": limits.vertices_per_feature}
        return 0, False, Finding(row, "row-geometry-too-many-vertices", context=context)
    return facts.vertices, facts.has_z, None


def _shapes(rows: list[int], raw: list[bytes | None]) -> tuple[NDArray[np.object_], list[Finding]]:
    findings: list[Finding] = []
    shapes: NDArray[np.object_] = np.empty(len(raw), dtype=object)
    with np.errstate(invalid="ignore"):  # NaN is looked for below
        shapes[:] = shapely.from_wkb(raw, on_invalid="ignore")
    for place, value in enumerate(raw):
        if value is None or shapes[place] is not None:
            continue
        if not is_finite(value):
            findings.append(Finding(rows[place], "row-geometry-not-finite"))
            continue
        with np.errstate(invalid="ignore"):
            closed = shapely.from_wkb(value, on_invalid="fix")
        if shapely.is_missing(closed) or shapely.area(closed) == 0:
            context = {"reason": "ring"}
            findings.append(Finding(rows[place], "row-geometry-unreadable", context=context))
        else:
            shapes[place] = closed
            findings.append(Finding(rows[place], "row-geometry-ring-closed"))
    shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    for place in np.unique(owner[~np.isfinite(coordinates).all(axis=1)]).tolist():
        findings.append(Finding(rows[place], "row-geometry-not-finite"))
        shapes[place] = None
    return shapes, findings


def _axis(shapes: NDArray[np.object_]) -> AxisFacts:
    first_low, second_low, first_high, second_high = (
        float(v) for v in shapely.total_bounds(shapes)
    )
    bounds = (first_low, second_low, first_high, second_high)
    if not all(np.isfinite(bounds)):
        return AxisFacts(None, "unknown")
    if first_low >= -180 and first_high <= 180 and second_low >= -180 and second_high <= 180:
        return AxisFacts(bounds, "degrees")
    if _easting(first_low, first_high) and _northing(second_low, second_high):
        return AxisFacts(bounds, "en")
    if _northing(first_low, first_high) and _easting(second_low, second_high):
        return AxisFacts(bounds, "ne")
    return AxisFacts(bounds, "unknown")


def _easting(low: float, high: float) -> bool:
    return low >= 100_000 and high <= 900_000


def _northing(low: float, high: float) -> bool:
    return low >= 900_000 and high <= 2_700_000


def columns(
    table: Any, facts: LayerFacts, limits: Limits
) -> tuple[dict[str, list[object]], list[Finding]]:
    """Attribute values by the names the file gives them; over-long text is refused with its row.

    A name that comes twice gets ``_2``, ``_3`` ... after it.
    """
    rows = table.column(0).to_pylist()
    found: dict[str, list[object]] = {}
    findings: list[Finding] = []
    for index, field in enumerate(facts.fields):
        values = table.column(index + 2).to_pylist()
        if field.kind == "text":
            for place, value in enumerate(values):
                if value is None:
                    continue
                if len(value) > limits.text_characters:
                    context = {"count": len(value), "limit": limits.text_characters}
                    findings.append(Finding(rows[place], "row-text-too-long", field.name, context))
                    values[place] = None
        found[_free_name(field.name, found)] = values
    return found, findings


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
