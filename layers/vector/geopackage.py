"""GeoPackage: an SQLite file is a program, so its schema is judged before GDAL opens it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from layers.vector.content import CrsFacts, Job, LayerFacts, Reading
from layers.vector.errors import (
    FileMalformed,
    FileTruncated,
    GeopackageUnsafe,
    GeopackageWithoutLayers,
    LayerNotInFile,
    LayerToChoose,
)
from layers.vector.findings import Finding
from layers.vector.native import read_layer
from layers.vector.ogr import attributes_of, open_layer, reason_of
from layers.vector.shapefile import crs_facts

OPTIONS: Final = {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"}
_KNOWN_TRIGGER: Final = re.compile(
    r"(rtree_|gpkg_tile_matrix_|gpkg_metadata_|trigger_(insert|delete)_feature_count_).*"
)
_RTREE: Final = re.compile(
    r"""create\s+virtual\s+table\s+("(?:[^"]|"")*"|\S+)\s+using\s+rtree\s*\(""", re.IGNORECASE
)
_VIRTUAL: Final = re.compile(r"\s*create\s+virtual\b", re.IGNORECASE)
_MAX_OBJECTS: Final = 2_000
_WAL: Final = 2


@dataclass(frozen=True)
class _Table:
    """A feature table as the GeoPackage registers it."""

    name: str
    geometry_type: str
    organisation: str
    code: int
    definition: str


def inspect(job: Job) -> list[LayerFacts]:
    """Every feature layer with its fields and count."""
    tables, _ = _judge(job.path)
    found = []
    for table in tables:
        with open_layer(job.path, table.name, OPTIONS) as (meta, reader):
            fields = tuple(f for _, f in attributes_of(meta, reader.schema, job.limits))
        count = _count(job.path, table.name)
        facts = _crs(table, meta["crs"])
        found.append(LayerFacts(table.name, count, table.geometry_type, fields, facts))
    return found


def read(job: Job) -> Reading:
    """One layer; rows are numbered by feature id, the number a desktop GIS shows.

    Raises:
        LayerNotInFile, LayerToChoose, GeopackageUnsafe, GeopackageWithoutLayers
    """
    tables, notices = _judge(job.path)
    names = [table.name for table in tables]
    if job.layer is not None and job.layer not in names:
        raise LayerNotInFile(layer=job.layer, layers=names)
    if job.layer is None and len(names) > 1:
        raise LayerToChoose(layers=names)
    table = next(t for t in tables if job.layer in (None, t.name))
    return read_layer(
        job,
        table.name,
        lambda crs: _crs(table, crs),
        rows_by_feature_id=True,
        notices=notices,
        options=OPTIONS,
    )


def _crs(table: _Table, crs: str | None) -> CrsFacts:
    if table.organisation.upper() == "NONE" or table.code in (-1, 0):
        return CrsFacts()
    facts = crs_facts(table.definition, crs, True, "geopackage")
    if table.organisation.upper() == "EPSG":
        return CrsFacts(facts.text, table.code, facts.name, True, "geopackage")
    return facts


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise FileMalformed(reason=reason_of(error)) from error
    finally:
        connection.close()


def _judge(path: Path) -> tuple[list[_Table], list[Finding]]:
    notices = _check_header(path)
    with _opened(path) as connection:
        objects = connection.execute(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_master LIMIT ?", (_MAX_OBJECTS + 1,)
        ).fetchall()
        if len(objects) > _MAX_OBJECTS:
            raise GeopackageUnsafe(kind="objects", object=len(objects))
        tables = {name for kind, name, _ in objects if kind == "table"}
        for kind, name, sql in objects:
            _check_object(str(kind), str(name), str(sql))
        if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= tables:
            raise GeopackageWithoutLayers()
        layers = _feature_tables(connection)
        for layer in layers:
            if layer.name not in tables:
                raise GeopackageUnsafe(kind="missing table", object=layer.name)
            _check_columns(connection, layer.name)
    if not layers:
        raise GeopackageWithoutLayers()
    return layers, notices


def _check_object(kind: str, name: str, sql: str) -> None:
    if kind == "view":
        raise GeopackageUnsafe(kind="view", object=name)
    if kind == "trigger" and not _KNOWN_TRIGGER.fullmatch(name):
        raise GeopackageUnsafe(kind="trigger", object=name)
    if kind == "table" and _VIRTUAL.match(sql) and not _RTREE.match(sql.strip()):
        raise GeopackageUnsafe(kind="virtual table", object=name)


def _feature_tables(connection: sqlite3.Connection) -> list[_Table]:
    rows = connection.execute(
        "SELECT c.table_name, g.geometry_type_name, coalesce(s.organization, 'NONE'), "
        "coalesce(s.organization_coordsys_id, 0), coalesce(s.definition, '') "
        "FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
        "LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE c.data_type = 'features' ORDER BY c.table_name LIMIT 500"
    ).fetchall()
    return [
        _Table(str(name), str(kind), str(org), int(code), str(text)[:16_384])
        for name, kind, org, code, text in rows
    ]


def _check_columns(connection: sqlite3.Connection, table: str) -> None:
    for _, name, _, _, _, _, hidden in connection.execute(
        "SELECT * FROM pragma_table_xinfo(?)", (table,)
    ):
        if hidden:
            raise GeopackageUnsafe(kind="computed column", object=f"{table}.{name}")


def _count(path: Path, table: str) -> int | None:
    with _opened(path) as connection:
        row = (
            connection.execute(
                "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (table,)
            ).fetchone()
            if _has_counts(connection)
            else None
        )
    return int(row[0]) if row and row[0] is not None else None


def _has_counts(connection: sqlite3.Connection) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'gpkg_ogr_contents'"
    ).fetchone()
    return found is not None


def _check_header(path: Path) -> list[Finding]:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100:
        raise FileTruncated(part=".gpkg", expected_bytes=100, bytes=size)
    page = int.from_bytes(head[16:18], "big")
    page = 65_536 if page == 1 else page
    if page < 512 or page & (page - 1):
        raise FileMalformed(reason="page size")
    expected = page * int.from_bytes(head[28:32], "big")
    if size < expected:
        raise FileTruncated(part=".gpkg", expected_bytes=expected, bytes=size)
    if head[19] == _WAL:
        return [Finding(0, "file-open-elsewhere")]
    return []
