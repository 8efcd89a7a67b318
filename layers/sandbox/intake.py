"""From a path to parsed rows: the parent's side of reading a file."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from layers.encodings import Encoding, named
from layers.sandbox import archive, reception
from layers.sandbox.confinement import JOB, Allowance, Progress, bwrap_path, run, worker_program
from layers.sandbox.protocol import Answer, believed
from layers.sandbox.reception import Parsed
from layers.vector.content import LayerFacts
from layers.vector.errors import (
    EncodingNameUnknown,
    FileEmpty,
    FileMissing,
    FileTooLarge,
)
from layers.vector.findings import Finding
from layers.vector.formats import FORMATS, Format, recognise
from layers.vector.limits import MB, Limits

_PREFIX: Final = "job-"
_COPY: Final = 1024 * 1024
_STALE_SECONDS: Final = 3_600


@dataclass(frozen=True)
class Inspected:
    """What a file says of itself before its features are taken in."""

    format: Format
    layers: tuple[LayerFacts, ...]
    sha256: str
    file_bytes: int


@dataclass(frozen=True)
class _Intake:
    """A private copy of the file in its own job folder."""

    format: Format
    copy: Path
    folder: Path
    sha256: str
    file_bytes: int


def read_file(
    path: Path,
    *,
    layer: str | None,
    encoding: str | None,
    limits: Limits,
    scratch: Path,
    name: str | None = None,
    on_progress: Progress | None = None,
) -> Parsed:
    """Read one layer of a file.

    `encoding` is what a person declared (utf-8, cp1258, tcvn3, vni) or None; `name` the file's name
    as the person gave it when `path` has another; `scratch` an existing folder for short-lived
    copies, empty again afterwards.

    Raises:
        FileRefused: one of its kinds says why; nothing is left behind.
    """
    declared = _encoding(encoding)
    with _taken_in(path, name or path.name, limits, scratch) as intake:
        answer, output = _ask(
            "read", intake, _stem(name or path.name), layer, declared, limits, on_progress
        )
        facts = answer.the_layer()
        table = reception.load(output, facts, answer.rows, limits)
        shapes, findings, heights, axis = reception.geometries(table, limits)
        columns, more = reception.columns(table, facts, limits)
        return Parsed(
            format=intake.format,
            driver=FORMATS[intake.format].driver,
            layer=facts.name,
            sha256=intake.sha256,
            file_bytes=intake.file_bytes,
            rows=np.asarray(table.column(0).to_pylist(), dtype=np.int64),
            geometries=shapes,
            columns=columns,
            fields=facts.fields,
            crs=facts.crs,
            encoding=facts.encoding,
            axis=axis,
            findings=(*answer.found(), *_heights(heights), *findings, *more),
            heights_dropped=heights,
        )


def inspect_file(
    path: Path,
    *,
    encoding: str | None,
    limits: Limits,
    scratch: Path,
    name: str | None = None,
) -> Inspected:
    """The format of a file and its layers with fields, counts, coordinate system and encoding.

    Raises:
        FileRefused: one of its kinds says why; nothing is left behind.
    """
    declared = _encoding(encoding)
    shown = name or path.name
    with _taken_in(path, shown, limits, scratch) as intake:
        layers: list[LayerFacts] = []
        for chosen in _parts(intake, limits):
            answer, _ = _ask("inspect", intake, _stem(shown), chosen, declared, limits, None)
            layers += answer.all_layers()
        return Inspected(intake.format, tuple(layers), intake.sha256, intake.file_bytes)


def sweep(scratch: Path, *, older_than_seconds: float = _STALE_SECONDS) -> int:
    """Remove job folders a killed process left in `scratch`; how many."""
    removed = 0
    for folder in scratch.glob(f"{_PREFIX}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > older_than_seconds:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _encoding(text: str | None) -> Encoding | None:
    if text is None:
        return None
    found = named(text)
    if found is None:
        raise EncodingNameUnknown(encoding=text[:40], known=[e.value for e in Encoding])
    return found


def _stem(name: str) -> str:
    return Path(name).stem[:120] or "file"


@contextmanager
def _taken_in(path: Path, name: str, limits: Limits, scratch: Path) -> Iterator[_Intake]:
    bwrap_path()  # refused before a byte is copied
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=scratch) as place:
        folder = Path(place)
        copy = folder / "copy"
        digest, size = _copied(path, copy, limits)
        found = recognise(copy, name)
        yield _Intake(found, copy, folder, digest, size)


def _copied(path: Path, copy: Path, limits: Limits) -> tuple[str, int]:
    """Copy a regular file, counting and hashing; what follows works on the copy alone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise FileMissing(name=path.name[:120]) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileMissing(name=path.name[:120])
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "rb") as source, copy.open("xb") as target:
        while block := source.read(_COPY):
            size += len(block)
            if size > limits.file_bytes:
                raise FileTooLarge(limit_mb=limits.file_bytes // MB)
            digest.update(block)
            target.write(block)
    if size == 0:
        raise FileEmpty(name=path.name[:120])
    return digest.hexdigest(), size


def _parts(intake: _Intake, limits: Limits) -> list[str | None]:
    if intake.format is not Format.SHAPEFILE:
        return [None]
    return [entry.name for entry in archive.shapefile_sets(intake.copy, limits)]


def _lay_out(intake: _Intake, layer: str | None, limits: Limits) -> tuple[Path, str, list[str]]:
    """The folder the worker sees, the file to open, the layer's name if the zip knows it."""
    inside = Path(tempfile.mkdtemp(prefix="in-", dir=intake.folder))
    if intake.format is Format.SHAPEFILE:
        chosen = archive.choose(archive.shapefile_sets(intake.copy, limits), layer)
        archive.unpack(intake.copy, chosen, inside, limits)
        return inside, "in.shp", [chosen.name]
    if intake.format is Format.XLSX:
        archive.check_workbook(intake.copy, limits)
    ending = {Format.GEOPACKAGE: "gpkg", Format.GEOJSON: "geojson", Format.CSV: "csv"}
    file = f"in.{ending.get(intake.format, 'xlsx')}"
    os.link(intake.copy, inside / file)
    return inside, file, []


def _ask(
    task: str,
    intake: _Intake,
    stem: str,
    layer: str | None,
    encoding: Encoding | None,
    limits: Limits,
    on_progress: Progress | None,
) -> tuple[Answer, Path]:
    inside, file, originals = _lay_out(intake, layer, limits)
    output = intake.folder / "out.arrow"
    unpacked = sum(part.stat().st_size for part in inside.iterdir())
    allowance = Allowance(
        memory_bytes=limits.memory_bytes,
        cpu_seconds=limits.cpu_for(unpacked),
        output_bytes=limits.output_bytes,
        wall_seconds=limits.wall_for(unpacked),
    )
    cap = {**asdict(limits), "geometry_kinds": []}
    with output.open("wb") as sink:
        request: dict[str, Any] = {
            "task": task,
            "format": intake.format.value,
            "path": str(JOB / file),
            "layer": layer,
            "encoding": encoding.value if encoding else None,
            "original_layers": originals or [stem],
            "limits": cap,
            "output": sink.fileno(),
        }
        line = run(
            inside,
            worker_program(request, allowance),
            allowance,
            descriptors=(sink.fileno(),),
            on_progress=on_progress,
        )
    return believed(line), output


def _heights(count: int) -> list[Finding]:
    if not count:
        return []
    return [Finding(0, "row-geometry-height-dropped", context={"count": count})]
