"""Reading one layer through GDAL with a single driver switched on.

GDAL treats opening a file as running it: a VRT named ``.geojson`` reads any other file, some
drivers fetch addresses. So every driver but the one the job needs is skipped before GDAL is loaded,
and the list is checked afterwards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from layers.vector.content import ROW, SHAPE, FieldFacts, Job, column_key
from layers.vector.errors import (
    FileMalformed,
    SandboxUnavailable,
    TooManyColumns,
    TooManyFeatures,
)
from layers.vector.limits import Limits

BATCH_ROWS: Final = 5_000
_LEGAL_OFFSET_US: Final = 7 * 3_600 * 1_000_000  # Asia/Ho_Chi_Minh, which has no summer time

# Drivers of the pinned GDAL. One that is missing here is found after loading and skipped on a
# second start.
KNOWN_DRIVERS: Final = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,"
    "ESRI Shapefile,ESRIJSON,Elasticsearch,FlatGeobuf,GDALG,GML,GPKG,GPSBabel,GPX,GTFS,"
    "GeoJSON,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MBTiles,MEM,MVT,"
    "MapInfo File,MapML,MiraMonVector,NGW,OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,"
    "OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,S57,SQLite,SXF,Selafin,TopoJSON,"
    "VDV,VFK,VICAR,WAsP,WFS,XLSX,"
    # raster drivers that read other files or the network
    "VRT,GTI,WMS,WMTS,WCS,DAAS,PLMOSAIC,RPFTOC,DERIVED,STACIT,STACTA,EEDAI"
)
_HEAVY: Final = ("geopandas", "pandas", "pyproj", "shapely")  # what pyogrio would load as well
_SECOND_START: Final = "LAYERS_DRIVERS_SECOND_START"

ENVIRONMENT: Final = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_PYTHON_DRIVER_PATH": "",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_DEBUG": "OFF",
    "CPL_TMPDIR": "/tmp",  # noqa: S108  the sandbox's own small memory folder
    "OGR_GEOJSON_MAX_OBJ_SIZE": "20",
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF",
    "OGR_SQLITE_CACHE": "32",
    "OGR_GPKG_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
}


def allow_only(driver: str) -> None:
    """Load GDAL with `driver` and nothing else.

    Raises:
        SandboxUnavailable: GDAL still offers another driver after a second start.
    """
    os.environ.update(ENVIRONMENT)
    skipped = os.environ.get(_SECOND_START, KNOWN_DRIVERS)
    os.environ["OGR_SKIP"] = ",".join(n for n in skipped.split(",") if n != driver)
    absent = [name for name in _HEAVY if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # taken as not installed
    try:
        import pyogrio
    finally:
        for name in absent:
            del sys.modules[name]

    others = sorted(set(pyogrio.list_drivers()) - {driver})
    if others and _SECOND_START not in os.environ:
        os.environ[_SECOND_START] = ",".join([*KNOWN_DRIVERS.split(","), *others])
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606  same program, same limits
    if others or driver not in pyogrio.list_drivers():
        raise SandboxUnavailable(reason=f"GDAL drivers: {', '.join(others) or 'none'}")


def environment_seen() -> list[str]:
    """Names of the environment of this process: the sandbox's own and GDAL's."""
    return sorted(os.environ)


@contextmanager
def open_layer(
    path: Path, layer: str | None, options: Mapping[str, str]
) -> Iterator[tuple[Any, Any]]:
    """GDAL's description of a layer and a reader of its Arrow batches.

    Raises:
        FileMalformed: GDAL cannot read it.
    """
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyogrio.raw import open_arrow

    try:
        with open_arrow(
            str(path),
            layer=layer,
            use_pyarrow=True,
            batch_size=BATCH_ROWS,
            return_fids=True,
            **options,
        ) as (meta, reader):
            yield meta, reader
    except (DataSourceError, DataLayerError) as error:
        raise FileMalformed(reason=reason_of(error)) from error
    except (RuntimeError, ValueError, OSError, NotImplementedError) as error:
        # pyarrow passes on what GDAL says in the middle of a stream as one of these
        raise FileMalformed(reason=reason_of(error)) from error


def reason_of(error: BaseException) -> str:
    """The reader's words, on one line and cut, without our folder names."""
    words = " ".join(str(error).split()).replace("/job/", "").split("; It might help")[0]
    return "".join(c for c in words if c.isprintable())[:200] or type(error).__name__


def attributes_of(meta: Any, schema: Any, limits: Limits) -> list[tuple[int, FieldFacts]]:
    """Position in the batch and facts of every attribute we carry; binary ones are left out.

    A batch holds the feature id first, then the fields in the order of `meta`, then the geometry:
    names are not used, a file may call a field like one of those.

    Raises:
        TooManyColumns
    """
    names = [str(name) for name in meta["fields"]]
    if len(names) > limits.columns:
        raise TooManyColumns(count=len(names), limit=limits.columns)
    kinds = [kind_of(schema.field(place).type) for place in range(1, len(names) + 1)]
    return [
        (place, FieldFacts(name, kind))
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True), start=1)
        if kind is not None
    ]


def shapes_of(batch: Any, meta: Any) -> Any:
    """The WKB column of a batch; all null when the layer has no geometry."""
    import pyarrow as pa

    if meta["geometry_type"] is None:
        return pa.nulls(len(batch), pa.large_binary())
    column = batch.column(batch.num_columns - 1)
    storage = column.storage if isinstance(column, pa.ExtensionArray) else column
    return storage.cast(pa.large_binary())


def kind_of(arrow_type: Any) -> str | None:
    """Our name for an Arrow type; None for bytes, which no land attribute is."""
    import pyarrow as pa
    import pyarrow.types as t

    if t.is_boolean(arrow_type):
        return "boolean"
    if t.is_integer(arrow_type):
        return "integer"
    if t.is_floating(arrow_type) or t.is_decimal(arrow_type):
        return "decimal"
    if t.is_date(arrow_type):
        return "date"
    if t.is_timestamp(arrow_type):
        return "instant"
    if t.is_binary(arrow_type) or t.is_large_binary(arrow_type):
        return None
    if t.is_string(arrow_type) or t.is_large_string(arrow_type) or arrow_type == pa.time32("ms"):
        return "text"
    return "text" if t.is_time(arrow_type) else None


def arrow_type(kind: str) -> Any:
    """The Arrow type a kind travels as."""
    import pyarrow as pa

    return {
        "text": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.float64(),
        "date": pa.date32(),
        "instant": pa.timestamp("us", tz="UTC"),
        "boolean": pa.bool_(),
    }[kind]


def as_kind(column: Any, kind: str) -> Any:
    """A column in the Arrow type its kind travels as; a time without a zone is Vietnamese time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "instant" and column.type.tz is None:
        local = column.cast(pa.timestamp("us"))
        offset = pa.scalar(_LEGAL_OFFSET_US, pa.duration("us"))
        return pc.subtract(local, offset).cast(arrow_type(kind))
    return column.cast(arrow_type(kind))


def schema_of(fields: list[FieldFacts]) -> Any:
    """The Arrow schema everything leaves the sandbox in."""
    import pyarrow as pa

    columns = [(ROW, pa.int64()), (SHAPE, pa.large_binary())]
    columns += [(column_key(i), arrow_type(field.kind)) for i, field in enumerate(fields)]
    return pa.schema(columns)


def collect(job: Job, reader: Any, expected: int | None) -> list[Any]:
    """All batches of a layer, stopping at the feature cap.

    Raises:
        TooManyFeatures
    """
    batches = []
    count = 0
    for batch in reader:
        count += len(batch)
        if count > job.limits.features:
            raise TooManyFeatures(limit=job.limits.features)
        batches.append(batch)
        job.on_progress(count, expected)
    return batches
