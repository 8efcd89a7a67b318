"""Shapefiles: ``in.shp`` with its ``.shx``, ``.dbf``, perhaps ``.prj`` and ``.cpg``."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.encodings import Decision, Encoding, decode_cut, named
from layers.vector.content import (
    CrsFacts,
    FieldFacts,
    Job,
    LayerFacts,
    Reading,
)
from layers.vector.errors import EncodingContradicted, FileEmpty, FileTruncated
from layers.vector.findings import Finding
from layers.vector.ogr import as_kind, attributes_of, collect, open_layer, schema_of, shapes_of
from layers.vector.texts import (
    decide_bytes,
    distinct,
    from_iso_8859_1,
    recoded,
    sample_of,
    without_nul,
)

RAW = "ISO-8859-1"  # bytes as they are: GDAL must not decode (it drops the last CP1258 character)
PRJ_BYTES = 16_384


@dataclass(frozen=True)
class _Loaded:
    """A shapefile as GDAL gives it: text still bytes in disguise."""

    facts: LayerFacts
    meta: Any
    batches: list[Any]
    places: list[int]
    decision: Decision
    findings: list[Finding]


def inspect(job: Job) -> list[LayerFacts]:
    """The one layer of the set, with its encoding decided from the text."""
    return [_load(job).facts]


def read(job: Job) -> Reading:
    """The layer with its features; row numbers are record numbers, the first being 1."""
    loaded = _load(job)
    return Reading(loaded.facts, _rows(loaded), loaded.findings)


def _load(job: Job) -> _Loaded:
    check_lengths(job.path)
    with open_layer(job.path, None, {"ENCODING": RAW}) as (meta, reader):
        attributes = attributes_of(meta, reader.schema, job.limits)
        batches = collect(job, reader, None)
    places = [place for place, _ in attributes]
    samples = [field.name.encode("latin-1", "replace") for _, field in attributes]
    for place, field in attributes:
        if field.kind == "text":
            values = distinct(batch.column(place) for batch in batches)
            samples += [from_iso_8859_1(value) for value in values]
    decision, findings = decide_bytes(samples, job.encoding, _cpg(job.path))
    fields = tuple(
        FieldFacts(_decoded_name(field.name, decision), field.kind) for _, field in attributes
    )
    facts = LayerFacts(
        name=job.original_layers[0] if job.original_layers else job.path.stem,
        features=sum(map(len, batches)),
        geometry_type=meta["geometry_type"],
        fields=fields,
        crs=_crs(job.path, meta["crs"]),
        encoding=decision,
    )
    return _Loaded(facts, meta, batches, places, decision, findings)


def _decoded_name(name: str, decision: Decision) -> str:
    try:
        return without_nul(decode_cut(name.encode("latin-1"), decision.encoding, 10)[0])
    except (UnicodeDecodeError, UnicodeEncodeError):
        return name


def _rows(loaded: _Loaded) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    fields, encoding = loaded.facts.fields, loaded.decision.encoding
    schema = schema_of(list(fields))
    for batch in loaded.batches:
        numbers = pc.add(batch.column(0).cast(pa.int64()), pa.scalar(1, pa.int64()))
        columns = [numbers, shapes_of(batch, loaded.meta)]
        for place, field in zip(loaded.places, fields, strict=True):
            column = batch.column(place)
            if field.kind == "text":
                metadata = batch.schema.field(place).metadata or {}
                width = int(metadata.get(b"GDAL:OGR:width", 0))
                column = _decoded(column, encoding, width, field.name, numbers, loaded.findings)
            else:
                column = as_kind(column, field.kind)
            columns.append(column)
        yield pa.record_batch(columns, schema=schema)


def _decoded(
    column: Any, encoding: Encoding, width: int, name: str, numbers: Any, findings: list[Finding]
) -> Any:
    cut: set[str] = set()

    def convert(value: bytes) -> str:
        raw = from_iso_8859_1(value)
        try:
            text, dropped = decode_cut(raw, encoding, width or None)
        except UnicodeDecodeError as error:
            raise EncodingContradicted(encoding=encoding.value, sample=sample_of([raw])) from error
        text = without_nul(text)
        if dropped:
            cut.add(text)
        return text

    texts = recoded(column, convert)
    if cut:
        for row, text in zip(numbers.to_pylist(), texts.to_pylist(), strict=True):
            if text in cut:
                findings.append(Finding(row, "row-text-cut", name, {"text": text}))
    return texts


def check_lengths(path: Path) -> None:
    """Each part is as long as its own header says; GDAL would only leave shapes out.

    Raises:
        FileEmpty, FileTruncated
    """
    for part in (path, path.with_suffix(".shx")):
        size = part.stat().st_size
        with part.open("rb") as file:
            head = file.read(100)
        if len(head) < 100 or head[:4] != b"\x00\x00\x27\x0a":
            raise FileTruncated(part=part.suffix, expected_bytes=100, bytes=size)
        stated = struct.unpack(">i", head[24:28])[0] * 2
        if size < stated:
            raise FileTruncated(part=part.suffix, expected_bytes=stated, bytes=size)
        if size == 100:
            raise FileEmpty(name=part.suffix)
    _check_dbf(path.with_suffix(".dbf"))


def _check_dbf(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        raise FileTruncated(part=".dbf", expected_bytes=32, bytes=size)
    records, header_bytes, record_bytes = struct.unpack("<IHH", head[4:12])
    stated = header_bytes + records * record_bytes
    if size < stated:
        raise FileTruncated(part=".dbf", expected_bytes=stated, bytes=size)


def _cpg(path: Path) -> Encoding | None:
    cpg = path.with_suffix(".cpg")
    if not cpg.exists():
        return None
    with cpg.open("rb") as file:
        return named(file.read(64).decode("latin-1"))


def _crs(path: Path, crs: str | None) -> CrsFacts:
    prj = path.with_suffix(".prj")
    if not prj.exists():
        return CrsFacts()
    with prj.open("rb") as file:
        text = file.read(PRJ_BYTES).decode("utf-8", "replace").replace("\0", "").strip()
    return crs_facts(text, crs, bool(text), "prj")


def crs_facts(text: str, crs: str | None, stated: bool, origin: str) -> CrsFacts:
    """The file's own words beside the code GDAL makes of them."""
    code = (crs or "").removeprefix("EPSG:")
    epsg = int(code) if code.isdigit() and len(code) < 8 else None
    words = text or (crs or "")
    name = words.split('"', 2)[1] if words.count('"') >= 2 else ""
    return CrsFacts(words, epsg, name, stated, origin)
