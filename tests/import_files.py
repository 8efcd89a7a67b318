"""Files for imports, made on the spot: a zone, its park of parcels, and ways to write them down."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.config import Settings
from gisapp.db import Database
from gisapp.importing import Source, bring_in
from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.changes.imports import Certificate, Layer, Report, Request
from planning.changes.imports.mapping import Mapping as FileMapping
from planning.records.commands import open_change
from planning.zones.commands import create_board, create_zone

SRID = 5899
FOUNDED = date(2015, 1, 1)
DECISION = Certificate("123/QĐ-UBND", date(2020, 1, 1), "UBND tỉnh Quảng Ninh")
PLANNER = "planner"


def found_zone(
    database: Database, code: str = "KCN-A", srid: int = SRID, parent: Any = None
) -> None:
    """A board and a zone without a boundary, and a planner's account."""
    with database.transaction() as session:
        change = open_change(
            session, kind="setup", reason="test", actor="test", effective_on=FOUNDED
        )
        board = create_board(
            session,
            change,
            code=f"B-{code}",
            name_vi="Ban quản lý thử",
            province_name="Quảng Ninh",
            valid_from=FOUNDED,
        )
        create_zone(
            session,
            change,
            code=code,
            kind="industrial_park",
            srid=srid,
            board_id=board,
            name_vi="Khu thử",
            valid_from=FOUNDED,
            parent_id=parent,
        )
        if not any(user.username == PLANNER for user in accounts.users(session)):
            accounts.create_user(session, PLANNER, Role.PLANNER, "mật khẩu rất dài số một")


def write_file(
    path: Path,
    shapes: Sequence[BaseGeometry | None],
    fields: Mapping[str, Sequence[object]],
    *,
    crs: str | None = f"EPSG:{SRID}",
    geometry_type: str = "Polygon",
) -> Path:
    """Write shapes and fields as the path's ending says: .gpkg, .geojson, .zip (shapefile)."""
    target = path.with_suffix(".shp") if path.suffix == ".zip" else path
    driver = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}[target.suffix]
    options = {"ENCODING": "UTF-8"} if driver == "ESRI Shapefile" else {}
    with warnings.catch_warnings():
        # no plane and names cut at ten letters are what some tests are about
        warnings.filterwarnings("ignore", "'crs' was not provided|Normalized/laundered")
        pyogrio.raw.write(
            target,
            geometry=shapely.to_wkb(np.asarray(shapes, dtype=object)),
            field_data=[np.asarray(column) for column in fields.values()],
            fields=list(fields),
            geometry_type=geometry_type,
            crs=crs,
            driver=driver,
            **options,
        )
    if target != path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(target.parent.glob(f"{target.stem}.*")):
                if part.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                    archive.write(part, part.name)
                    part.unlink()
    return path


def write_geojson(path: Path, shapes: Sequence[BaseGeometry], fields: Mapping[str, Any]) -> Path:
    """Write RFC 7946 GeoJSON by hand: coordinates exactly as given."""
    names = list(fields)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {name: fields[name][i] for name in names},
        }
        for i, shape in enumerate(shapes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def write_csv(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write rows as a UTF-8 CSV with a heading."""
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def request(layer: Layer, zone: str = "KCN-A", **asked: Any) -> Request:
    """A request by the planner under the decision of the tests."""
    known = {"document": DECISION, "actor": PLANNER, **asked}
    return Request(layer=layer, zone_code=zone, **known)


def run_import(
    database: Database,
    settings: Settings,
    path: Path,
    layer: Layer,
    *,
    mapping: FileMapping | None = None,
    dry_run: bool = False,
    **asked: Any,
) -> Report:
    """Import a file as the command line does."""
    return bring_in(
        database,
        settings,
        request(layer, file_name=path.name, **asked),
        Source(path, path.name),
        mapping,
        dry_run=dry_run,
    )
