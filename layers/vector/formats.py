"""The formats we read, told apart by their first bytes before anything opens the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

from layers.vector.errors import (
    FileEmpty,
    FileTypeMismatch,
    FileTypeUnknown,
    ShapefileNeedsZip,
)

HEAD_BYTES: Final = 4096
_SHOWN: Final = 120


class Format(StrEnum):
    """A format family; each has one reading module."""

    SHAPEFILE = "shapefile"
    GEOPACKAGE = "geopackage"
    GEOJSON = "geojson"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class FormatSpec:
    """How a format is named on disk and which module and GDAL driver read it."""

    suffixes: frozenset[str]
    module: str
    driver: str | None


FORMATS: Final = {
    Format.SHAPEFILE: FormatSpec(frozenset({".zip"}), "layers.vector.shapefile", "ESRI Shapefile"),
    Format.GEOPACKAGE: FormatSpec(frozenset({".gpkg"}), "layers.vector.geopackage", "GPKG"),
    Format.GEOJSON: FormatSpec(
        frozenset({".geojson", ".json"}), "layers.vector.geojson", "GeoJSON"
    ),
    Format.CSV: FormatSpec(frozenset({".csv", ".tsv", ".txt"}), "layers.spreadsheet", None),
    Format.XLSX: FormatSpec(frozenset({".xlsx"}), "layers.spreadsheet", None),
}
_SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"})
_TEXT_SUFFIXES = FORMATS[Format.CSV].suffixes


def recognise(path: Path, name: str) -> Format:
    """The format of a file by its first bytes, checked against the ending of its name.

    `name` is what the person calls the file; the stored name may be another.

    Raises:
        FileEmpty, FileTypeUnknown, FileTypeMismatch, ShapefileNeedsZip
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    ending = PurePath(name).suffix.lower()
    shown = name[:_SHOWN]
    if ending in _SHAPEFILE_PARTS:
        raise ShapefileNeedsZip(name=shown)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileEmpty(name=shown)
    found = _by_bytes(head, ending)
    if found is None:
        raise FileTypeUnknown(name=shown)
    if ending not in FORMATS[found].suffixes:
        raise FileTypeMismatch(name=shown, found=found.value)
    return found


def _by_bytes(head: bytes, ending: str) -> Format | None:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Format.XLSX if ending in FORMATS[Format.XLSX].suffixes else Format.SHAPEFILE
    if head.startswith(b"SQLite format 3\0"):
        return Format.GEOPACKAGE
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return Format.GEOJSON
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    binary = any(byte < 9 or 13 < byte < 32 for byte in head) and not utf16
    if ending in _TEXT_SUFFIXES and not binary and not text.startswith(b"<"):
        return Format.CSV
    return None
