"""From an uploaded file to facts and plain pixels: the parent's side of reading a raster.

The file is opened in the sandbox alone. What comes out is checked: facts word by word, pixels by
their number; pixels are bytes without structure, so nothing of the file's is ever parsed outside.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.raster.camera import CameraNotes
from layers.raster.content import NOTES, PICTURE, FilePlace, Note, RasterFacts
from layers.raster.errors import BY_CODE
from layers.raster.formats import RasterFormat, recognise
from layers.raster.limits import RasterLimits
from layers.raster.worker import said as facts_said
from layers.sandbox.confinement import (
    JOB,
    Allowance,
    Progress,
    bwrap_path,
    run,
    worker_program,
)
from layers.sandbox.protocol import Fact, Refusal, Text
from layers.vector.errors import FileEmpty, FileTooLarge, ReadingNotBelieved
from layers.vector.limits import MB

_PREFIX: Final = "job-"
_START: Final = (
    "import sys; sys.path.insert(0, '/sandbox'); from layers.raster.worker import main; main()"
)
_SLACK: Final = 1024


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _SaidNote(_Said):
    code: Annotated[str, Field(max_length=60)]
    context: Annotated[dict[str, Fact], Field(max_length=10)]


class _SaidPlace(_Said):
    transform: Annotated[list[float], Field(min_length=6, max_length=6)]
    epsg: int | None
    name: Text


class _SaidFacts(_Said):
    format: Annotated[str, Field(max_length=10)]
    kind: Literal["picture", "numbers"]
    width: Annotated[int, Field(ge=1, le=1_000_000)]
    height: Annotated[int, Field(ge=1, le=1_000_000)]
    bands: Literal[1, 3, 4]
    dtype: Annotated[str, Field(max_length=20)]
    pages: Annotated[int, Field(ge=1, le=1_000_000)]
    page: Annotated[int, Field(ge=1, le=1_000_000)]
    dpi: float | None
    place: _SaidPlace | None
    notes: Annotated[list[_SaidNote], Field(max_length=20)]

    def value(self) -> RasterFacts:
        if any(note.code not in NOTES for note in self.notes):
            raise ValueError("note")
        place = self.place
        return RasterFacts(
            RasterFormat(self.format), self.kind, self.width, self.height, self.bands, self.dtype,
            self.pages, self.page, self.dpi,
            place and FilePlace(tuple(place.transform), place.epsg, place.name),  # type: ignore[arg-type]
            tuple(Note(note.code, dict(note.context)) for note in self.notes),
        )  # fmt: skip


class _SaidCamera(_Said):
    orientation: Annotated[int, Field(ge=1, le=8)]
    taken: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT[0-9:]{8}([+-]\d\d:\d\d)?$")] | None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None


class _Answer(_Said):
    refused: Refusal | None = None
    camera: _SaidCamera | None = None
    facts: _SaidFacts | None = None
    written: int | None = None


def inspect_raster(
    path: Path,
    *,
    name: str,
    scratch: Path,
    limits: RasterLimits,
    kind: str = PICTURE,
    page: int | None = None,
) -> RasterFacts:
    """What a file is, before anything of it is kept.

    ``kind`` says whether a picture or numbers (heights) are wanted, ``page`` which page of several
    from 1, ``name`` what the person calls the file.

    Raises:
        FileRefused: one of its kinds says why.
    """
    facts, _camera = _inspected("inspect", path, name, scratch, limits, kind, page)
    return facts


def inspect_photo(
    path: Path, *, name: str, scratch: Path, limits: RasterLimits
) -> tuple[RasterFacts, CameraNotes]:
    """What a photo is, and the little that is wanted of its camera's notes.

    Raises:
        FileRefused: one of its kinds says why.
    """
    facts, camera = _inspected("photo", path, name, scratch, limits, PICTURE, None)
    if camera is None:
        raise ReadingNotBelieved(reason="camera")
    return facts, CameraNotes(**camera.model_dump())


def _inspected(
    task: str,
    path: Path,
    name: str,
    scratch: Path,
    limits: RasterLimits,
    kind: str,
    page: int | None,
) -> tuple[RasterFacts, _SaidCamera | None]:
    size = path.stat().st_size
    if size == 0:
        raise FileEmpty(name=name[:120])
    if size > limits.file_bytes:
        raise FileTooLarge(limit_mb=limits.file_bytes // MB)
    found = recognise(path, name)
    allowance = _allowance(limits, limits.inspect_cpu_seconds, 1 * MB)
    request = {"task": task, "format": found.value, "page": page, "kind": kind}
    with _laid_out(path, scratch) as folder:
        answer = _ask(folder, request, allowance, limits)
        if answer.facts is None:
            raise ReadingNotBelieved(reason="facts")
        facts = _believed(answer.facts)
    if facts.format is not found or facts.kind != kind or facts.page != (page or 1):
        raise ReadingNotBelieved(reason="facts")
    if facts.pixels > limits.pixels:
        raise ReadingNotBelieved(reason="size")
    return facts, answer.camera


def decode_raster(
    path: Path,
    facts: RasterFacts,
    target: Path,
    *,
    scratch: Path,
    limits: RasterLimits,
    on_progress: Progress | None = None,
) -> None:
    """Write the plain pixels of an inspected file: ``facts.plain_bytes`` bytes, rows from the top.

    Raises:
        FileRefused: the file does not decode; ``target`` is gone again.
    """
    seconds = limits.decode_seconds(facts.pixels)
    allowance = _allowance(limits, seconds, facts.plain_bytes + _SLACK)
    request: dict[str, Any] = {
        "task": "decode",
        "format": facts.format.value,
        "facts": facts_said(facts),
    }
    try:
        with _laid_out(path, scratch) as folder, target.open("xb") as sink:
            request["output"] = sink.fileno()
            _ask(folder, request, allowance, limits, (sink.fileno(),), on_progress)
        if target.stat().st_size != facts.plain_bytes:
            raise ReadingNotBelieved(reason="pixels")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _believed(said: _SaidFacts) -> RasterFacts:
    try:
        return said.value()
    except ValueError as error:
        raise ReadingNotBelieved(reason="facts") from error


def _allowance(limits: RasterLimits, cpu_seconds: int, output_bytes: int) -> Allowance:
    return Allowance(
        limits.memory_bytes,
        cpu_seconds,
        output_bytes,
        cpu_seconds * limits.wall_seconds_per_cpu_second,
    )


@contextmanager
def _laid_out(path: Path, scratch: Path) -> Iterator[Path]:
    """The folder the worker sees: the file under a fixed name, and nothing else."""
    bwrap_path()  # refused before a byte is copied
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=scratch) as place:
        inside = Path(place) / "in"
        try:
            os.link(path, inside)
        except OSError:  # another file system, or one without links
            shutil.copyfile(path, inside)
        yield Path(place)


def _ask(
    folder: Path,
    request: dict[str, Any],
    allowance: Allowance,
    limits: RasterLimits,
    descriptors: tuple[int, ...] = (),
    on_progress: Progress | None = None,
) -> _Answer:
    asked = {**request, "path": str(JOB / "in"), "limits": asdict(limits)}
    program = worker_program(asked, allowance, start=_START)
    line = run(folder, program, allowance, descriptors=descriptors, on_progress=on_progress)
    try:
        answer = _Answer.model_validate_json(line)
    except ValidationError as error:
        raise ReadingNotBelieved(reason="answer") from error
    if answer.refused is not None:
        kind = BY_CODE.get(answer.refused.code)
        if kind is None:
            raise ReadingNotBelieved(reason="refusal")
        raise kind(**answer.refused.context)
    return answer
