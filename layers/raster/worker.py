"""The raster worker's own side: inside the sandbox, describes one file or writes its plain pixels.

What leaves is a line of JSON and, for ``decode``, bytes without any structure: rows from the top,
bands side by side. There is nothing in them that a reader could be tricked by.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.errors import LayerError
from layers.raster.content import FilePlace, Note, RasterFacts
from layers.raster.errors import RasterDamaged, RasterSwells, RasterTooLarge, RasterTooSmall
from layers.raster.formats import RasterFormat, require_end, stated_size
from layers.raster.limits import MEGAPIXEL, RasterLimits
from layers.vector.errors import ReadingTookTooMuch
from layers.vector.worker import bound, brief, plain, progress, refusal, say


def main() -> None:
    """Do the one job described by the first argument and answer on standard output."""
    request = json.loads(sys.argv[1])
    bound(request)
    try:
        answer = work(request)
    except LayerError as error:
        answer = {"refused": refusal(error)}
    say(answer)
    sys.stdout.flush()
    os._exit(0)  # no atexit work of libraries that have seen the file


def work(request: dict[str, Any]) -> dict[str, Any]:
    """Inspect or decode, and give the answer to be sent.

    Raises:
        LayerError: the file is refused.
    """
    path, kind = Path(request["path"]), RasterFormat(request["format"])
    limits = RasterLimits(**request["limits"])
    try:
        if kind is not RasterFormat.PDF:
            from layers.raster.gdal import allow_only

            allow_only(kind)
        if request["task"] in ("inspect", "photo"):
            answer: dict[str, Any] = {"facts": said(_inspected(path, kind, request, limits))}
            if request["task"] == "photo":
                from layers.raster.camera import camera_notes

                answer["camera"] = asdict(camera_notes(path, kind))
            return answer
        facts = facts_of(request["facts"])
        _write(path, facts, request["output"])
    except MemoryError as error:
        raise ReadingTookTooMuch(limit_mb=request["memory_bytes"] // 2**20) from error
    except LayerError:
        raise
    except Exception as error:  # the edge of the worker: whatever a library throws refuses the file
        raise RasterDamaged(reason=brief(error)) from error
    return {"written": facts.plain_bytes}


def _inspected(
    path: Path, kind: RasterFormat, request: dict[str, Any], limits: RasterLimits
) -> RasterFacts:
    stated = stated_size(path, kind)
    if stated is not None:
        require_size(*stated, path.stat().st_size, limits)
    require_end(path, kind)
    if kind is RasterFormat.PDF:
        from layers.raster import pages

        facts = pages.inspect(path, request["page"], limits)
    else:
        from layers.raster import pictures

        facts = pictures.inspect(path, kind, request["page"], request["kind"])
    require_size(facts.width, facts.height, path.stat().st_size, limits, swells=kind != "pdf")
    return facts


def require_size(
    width: int, height: int, file_bytes: int, limits: RasterLimits, *, swells: bool = True
) -> None:
    """Refuse what is too small to be a sheet, too large to be worked on, or a bomb.

    Raises:
        RasterTooSmall, RasterTooLarge, RasterSwells
    """
    if min(width, height) < limits.least_side:
        raise RasterTooSmall(width=width, height=height, least=limits.least_side)
    pixels = width * height
    if pixels > limits.pixels or max(width, height) > limits.side:
        raise RasterTooLarge(
            width=width, height=height, megapixels=pixels / MEGAPIXEL,
            limit=limits.pixels // MEGAPIXEL,
        )  # fmt: skip
    if swells and pixels > limits.free_pixels and pixels > file_bytes * limits.pixels_a_byte:
        raise RasterSwells(megapixels=pixels / MEGAPIXEL, bytes=file_bytes)


def _write(path: Path, facts: RasterFacts, descriptor: int) -> None:
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        for strip in _strips(path, facts):
            file.write(strip.tobytes() if not strip.flags.c_contiguous else strip.data)


def _strips(path: Path, facts: RasterFacts) -> Iterator[Any]:
    if facts.format is RasterFormat.PDF:
        from layers.raster import pages

        return pages.strips(path, facts, progress)
    from layers.raster import pictures

    return pictures.strips(path, facts, progress)


def said(facts: RasterFacts) -> dict[str, Any]:
    """The facts as they go through the door."""
    found = asdict(facts) | {"format": facts.format.value}
    found["notes"] = [
        {"code": n.code, "context": {k: plain(v) for k, v in n.context.items()}}
        for n in facts.notes
    ]
    return found


def facts_of(said: dict[str, Any]) -> RasterFacts:
    """The facts our own parent process sends back with the second job."""
    place = said["place"]
    return RasterFacts(
        **{
            **said,
            "format": RasterFormat(said["format"]),
            "place": place and FilePlace(tuple(place["transform"]), place["epsg"], place["name"]),
            "notes": tuple(Note(n["code"], n["context"]) for n in said["notes"]),
        }
    )
