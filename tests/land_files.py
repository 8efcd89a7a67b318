"""Files as land offices hand them over, made for a test: shapefiles, packages, tables, zips."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import shapely

from layers.sandbox import Limits, Parsed, read_file

DATA = Path(__file__).resolve().parent / "data"
WARDS = DATA / "quang_ninh_wards" / "wards_vn2000_107_45.zip"
GDAL_FILES = DATA / "gdal_files"
LINZ = DATA / "linz_adjustments" / "adjustments.gpkg"

E, N = 428_000.0, 2_330_000.0  # Hải Hà, VN-2000 / TM-3 107°45'
PRJ = (
    'PROJCS["VN_2000_TM-3_107-45",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",'
    'SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",107.75],PARAMETER["Scale_Factor",0.9999],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def squares(count: int, side_m: float = 20.0) -> list[shapely.Polygon]:
    """Squares in a row from the origin eastwards, (E, N)."""
    return [shapely.box(E + i * side_m, N, E + (i + 1) * side_m, N + side_m) for i in range(count)]


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of named members."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return sink.getvalue()


def shapefile(
    columns: Mapping[str, Sequence[bytes]],
    *,
    name: str = "thua",
    cpg: bytes | None = None,
    prj: str | None = PRJ,
    width: int = 60,
    without: Sequence[str] = (),
) -> dict[str, bytes]:
    """Members of a shapefile of squares whose text columns hold exactly these bytes."""
    count = len(next(iter(columns.values())))
    shp, shx = _shapes(squares(count))
    members = {".shp": shp, ".shx": shx, ".dbf": _dbf(columns, width)}
    if prj is not None:
        members[".prj"] = prj.encode()
    if cpg is not None:
        members[".cpg"] = cpg
    return {f"{name}{ending}": data for ending, data in members.items() if ending not in without}


def _shapes(shapes: Sequence[shapely.Polygon]) -> tuple[bytes, bytes]:
    records, index, place = b"", b"", 50
    for number, shape in enumerate(shapes, start=1):
        points = list(shape.exterior.coords)
        if shapely.is_ccw(shape.exterior):
            points.reverse()
        body = struct.pack("<i4d2ii", 5, *shape.bounds, 1, len(points), 0)
        body += b"".join(struct.pack("<2d", *point) for point in points)
        records += struct.pack(">2i", number, len(body) // 2) + body
        index += struct.pack(">2i", place, len(body) // 2)
        place += 4 + len(body) // 2
    bounds = shapely.total_bounds(np.array(shapes)).tolist()

    def header(length: int) -> bytes:
        return (
            struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + length // 2)
            + struct.pack("<2i", 1000, 5)
            + struct.pack("<8d", *bounds, 0, 0, 0, 0)
        )

    return header(len(records)) + records, header(len(index)) + index


def _dbf(columns: Mapping[str, Sequence[bytes]], width: int) -> bytes:
    count = len(next(iter(columns.values())))
    header = struct.pack(
        "<4BIHH20x", 3, 126, 1, 1, count, 33 + 32 * len(columns), 1 + width * len(columns)
    )
    for name in columns:
        field = name.encode("latin-1")[:10].ljust(11, b"\0")
        header += field + b"C" + bytes(4) + bytes([width]) + bytes(15)
    rows = [
        b" " + b"".join(values[i].ljust(width)[:width] for values in columns.values())
        for i in range(count)
    ]
    return header + b"\r" + b"".join(rows) + b"\x1a"


def geopackage(path: Path, count: int, *, layer: str = "thua", srid: int = 5899) -> Path:
    """A GeoPackage of parcels: squares numbered by sheet and parcel."""
    numbers = np.arange(count)
    frame = geopandas.GeoDataFrame(
        {
            "maxa": ["06652"] * count,
            "sotobando": (numbers // 500 + 1).tolist(),
            "sothututhua": (numbers % 500 + 1).tolist(),
            "dientich": [400.0] * count,
            "maloaidat": ["SKK"] * count,
            "ghichu": ["Khu công nghiệp Hải Hà"] * count,
        },
        geometry=squares(count),
        crs=srid,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL on a plain overwrite
        frame.to_file(path, layer=layer, driver="GPKG", mode="a" if path.exists() else "w")
    return path


def feature_collection(
    shapes: Sequence[shapely.Geometry | None],
    properties: Sequence[Mapping[str, object]] | None = None,
    **members: object,
) -> str:
    """GeoJSON text; `members` stand beside the features (``crs``)."""
    rows = properties or [{"ten": f"Lô {i + 1}"} for i in range(len(shapes))]
    features = [
        {
            "type": "Feature",
            "properties": dict(row),
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for shape, row in zip(shapes, rows, strict=True)
    ]
    return json.dumps(
        {"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False
    )


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """An XLSX with these sheets and rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def written(path: Path, data: bytes | str) -> Path:
    """The path with these bytes (text in UTF-8) in it."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(path: Path, limits: Limits | None = None, **options: str | None) -> Parsed:
    """Read a file the way the importer does, and see that nothing is left behind."""
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    parsed = read_file(
        path,
        layer=options.get("layer"),
        encoding=options.get("encoding"),
        limits=limits or Limits.for_layer("parcels"),
        scratch=scratch,
    )
    assert list(scratch.iterdir()) == []
    return parsed


def codes(parsed: Parsed) -> list[tuple[int, str]]:
    """Row and code of every finding."""
    return [(finding.row, finding.code) for finding in parsed.findings]
