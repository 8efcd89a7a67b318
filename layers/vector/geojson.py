"""GeoJSON: RFC 7946 (WGS 84, no ``crs``) and the older form whose ``crs`` names a plane."""

from __future__ import annotations

import json
import re
from pathlib import Path

from layers.vector.content import CrsFacts, Job, LayerFacts, Reading
from layers.vector.errors import FileMalformed, LayerNotInFile
from layers.vector.native import read_layer
from layers.vector.ogr import attributes_of, open_layer
from layers.vector.shapefile import crs_facts

OPTIONS = {"NATIVE_DATA": "NO", "FLATTEN_NESTED_ATTRIBUTES": "NO", "ARRAY_AS_STRING": "YES"}
_CRS_MEMBER = re.compile(r'"crs"\s*:\s*\{')
_EPSG = re.compile(r"EPSG[:/][\d.]*[:/]?(\d{4,6})$", re.IGNORECASE)
_EDGE_BYTES = 65_536


def inspect(job: Job) -> list[LayerFacts]:
    """The one layer, without its features."""
    _refuse_other_json(job.path)
    with open_layer(job.path, None, OPTIONS) as (meta, reader):
        fields = tuple(field for _, field in attributes_of(meta, reader.schema, job.limits))
    return [
        LayerFacts(_name(job), None, meta["geometry_type"], fields, _crs(job.path, meta["crs"]))
    ]


def read(job: Job) -> Reading:
    """The layer with its features; rows are numbered in file order, the first being 1."""
    _refuse_other_json(job.path)
    name = _name(job)
    return read_layer(
        job,
        None,
        lambda crs: _crs(job.path, crs),
        name=name,
        rows_by_feature_id=False,
        options=OPTIONS,
    )


def _name(job: Job) -> str:
    """The one layer is called after the file.

    Raises:
        LayerNotInFile
    """
    name = job.original_layers[0] if job.original_layers else job.path.stem
    if job.layer not in (None, name):
        raise LayerNotInFile(layer=job.layer, layers=[name])
    return name


def _crs(path: Path, crs: str | None) -> CrsFacts:
    """What the ``crs`` member says; GDAL silently takes a name it does not know for WGS 84."""
    if crs not in (None, "EPSG:4326", "OGC:CRS84"):
        return crs_facts("", crs, True, "crs-member")
    said = _crs_member(path)
    if said is None:
        return CrsFacts("OGC:CRS84", 4326, "WGS 84", False, "rfc7946")
    code = _EPSG.search(said)
    epsg = int(code.group(1)) if code else 4326 if "CRS84" in said.upper() else None
    return CrsFacts(said, epsg, said[:100], True, "crs-member")


def _crs_member(path: Path) -> str | None:
    """The name in a ``crs`` member near the beginning or the end, where writers put it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        edges = file.read(_EDGE_BYTES)
        if size > _EDGE_BYTES:
            file.seek(max(size - _EDGE_BYTES, _EDGE_BYTES))
            edges += b"\n" + file.read(_EDGE_BYTES)
    text = edges.decode("utf-8", "replace")
    for match in _CRS_MEMBER.finditer(text):
        try:
            member, _ = json.JSONDecoder().raw_decode(text, match.end() - 1)
        except (ValueError, RecursionError):
            continue
        if isinstance(member, dict) and isinstance(member.get("properties"), dict):
            properties = member["properties"]
            return str(properties.get("name", properties.get("href", "")))[:1_000]
    return None


def _refuse_other_json(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_EDGE_BYTES)
    if b'"type"' not in head and path.stat().st_size <= _EDGE_BYTES:
        raise FileMalformed(reason="not a GeoJSON object: no type member")
