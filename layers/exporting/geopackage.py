"""The VN-2000 twin: the same features in a GeoPackage, each plane in a layer of its own, geometry
as stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np
from psycopg import sql
from psycopg.rows import dict_row
from pyogrio.raw import write
from sqlalchemy.orm import Session

from layers.copying import driver_connection
from layers.crs import plane as plane_of
from layers.exporting.source import FEATURE, ExportSource

ROWS_A_BATCH = 5000


@dataclass(frozen=True, slots=True)
class WrittenLayer:
    """A layer of the GeoPackage: its name, EPSG code and number of features."""

    name: str
    srid: int
    features: int


def write_geopackage(session: Session, source: ExportSource, target: Path) -> list[WrittenLayer]:
    """Append the features to `target` in batches; (E, N) coordinates exactly as stored, no
    transformation.

    Layers are called `<name>_<EPSG>`. Returns what was written.
    """
    counts: dict[int, int] = {}
    for srid, batch in _batches(session, source):
        _write_batch(source, target, srid, batch, append=srid in counts)
        counts[srid] = counts.get(srid, 0) + len(batch)
    return [WrittenLayer(_layer(source, srid), srid, count) for srid, count in counts.items()]


def _layer(source: ExportSource, srid: int) -> str:
    return f"{source.name.replace('-', '_')}_{srid}"


def _batches(session: Session, source: ExportSource) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    rows, values = source.rows()
    statement = sql.SQL(
        "SELECT item.*, public.ST_AsBinary(item.{shape}) AS shape_wkb FROM ({rows}) AS item"
    ).format(shape=sql.Identifier(FEATURE.plane), rows=rows)
    with driver_connection(session).cursor(name="export_twin", row_factory=dict_row) as cursor:
        cursor.itersize = ROWS_A_BATCH
        cursor.execute(statement, values)
        while fetched := list(islice(cursor, ROWS_A_BATCH)):
            ordered = sorted(fetched, key=lambda row: int(row[FEATURE.srid]))
            for srid, group in groupby(ordered, key=lambda row: int(row[FEATURE.srid])):
                yield srid, list(group)


def _write_batch(
    source: ExportSource, target: Path, srid: int, batch: list[dict[str, Any]], *, append: bool
) -> None:
    fields = [_field(name, [row[name] for row in batch], source) for name in source.properties]
    write(
        str(target),
        geometry=np.array([row["shape_wkb"] for row in batch], dtype=object),
        field_data=fields,
        fields=np.array(source.properties, dtype=object),
        layer=_layer(source, srid),
        driver="GPKG",
        geometry_type=source.shape,
        crs=f"EPSG:{plane_of(srid).epsg}",
        append=append,
        dataset_options={"VERSION": "1.3"},
    )


def _field(name: str, values: list[Any], source: ExportSource) -> Any:
    # By name, not by value: a batch without a single legal area must not turn its column into text.
    if name in source.numbers:
        return np.array([np.nan if value is None else float(value) for value in values])
    return np.array([_text(value) for value in values], dtype=object)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
