"""Files for others: a layer as GeoJSON, its VN-2000 twin, and the manifest that explains both."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy.orm import Session

from layers.crs import OPERATION, plane
from layers.exporting import geojson_stream, write_geopackage
from planning.clocks import Moment
from planning.exported import PACKAGED, layer_source, manifest

DELIVERY_SECONDS = 600
"""The longest statement of a delivery: a whole province leaves in one."""

SOFTWARE = ("gisapp", "GeoAlchemy2", "shapely", "pyproj", "pyogrio")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a delivery: what is in it, and the hash by which a reader knows it is whole."""

    path: Path
    layer: str
    crs: str
    features: int | None
    sha256: str


def deliver_layer(
    session: Session,
    layer: str,
    at: Moment,
    zone_ids: tuple[UUID, ...] | None,
    *,
    geojson: Path | None,
    geopackage: Path | None,
) -> list[WrittenFile]:
    """Write one layer at a moment: RFC 7946 GeoJSON (WGS 84) and/or GeoPackage (VN-2000 planes).

    A GeoPackage without features is not written, and not in the answer. Raises NotFound for an
    unknown layer. The caller's session sees one snapshot for both.
    """
    source = layer_source(session, layer, at, zone_ids)
    written = []
    if geojson is not None:
        with geojson.open("wb") as target:
            lines = 0
            for part in geojson_stream(session, source):
                target.write(part)
                lines += 1
        written.append(WrittenFile(geojson, layer, "OGC:CRS84", lines - 2, sha256_of(geojson)))
    if geopackage is not None:
        for made in write_geopackage(session, source, geopackage):
            crs = f"EPSG:{made.srid}" if made.srid else ""
            written.append(WrittenFile(geopackage, made.name, crs, made.features, ""))
    return written


def write_manifest(
    session: Session,
    at: Moment,
    zone_ids: tuple[UUID, ...] | None,
    files: Sequence[WrittenFile],
    target: Path,
) -> None:
    """Write the manifest: clocks, CRS of each file, datum operation, plan decisions, hashes."""
    facts = asdict(manifest(session, at, zone_ids))
    srids = {int(file.crs[5:]) for file in files if file.crs.startswith("EPSG:")}
    facts["datum_operation_note"] = (
        f"VN-2000 → WGS 84: {OPERATION} (Quyết định 05/2007/QĐ-BTNMT); "
        "GeoJSON: lon, lat, ≤ 7 decimals; areas are attributes (m², planar, in the legal plane)"
    )
    facts["planes"] = {f"EPSG:{srid}": plane(srid).name_vi for srid in sorted(srids)}
    facts["software"] = {name: version(name) for name in SOFTWARE}
    facts["files"] = [
        {
            "file": file.path.name,
            "layer": file.layer,
            "crs": file.crs,
            "features": file.features,
            "sha256": file.sha256 or sha256_of(file.path),
        }
        for file in files
        if file.path.exists()
    ]
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=_plain)
    target.write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    """Days and instants in ISO 8601, with the T between them that programs look for."""
    return value.isoformat() if isinstance(value, date) else str(value)


def deliver_package(
    session: Session, at: Moment, zone_ids: tuple[UUID, ...] | None, target: Path
) -> int:
    """Write every layer of facts, the VN-2000 twin and the manifest into one zip.

    Return the number of features.
    """
    with TemporaryDirectory(dir=target.parent, prefix=".delivery-") as scratch:
        room = Path(scratch)
        twin = room / "vn2000.gpkg"
        files: list[WrittenFile] = []
        for layer in PACKAGED:
            geojson = room / f"{layer}.geojson"
            files += deliver_layer(session, layer, at, zone_ids, geojson=geojson, geopackage=twin)
        write_manifest(session, at, zone_ids, files, room / "manifest.json")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(room.iterdir()):
                archive.write(path, path.name)
    return sum(file.features or 0 for file in files if file.crs == "OGC:CRS84")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
