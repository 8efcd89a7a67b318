"""The raster formats we read, told apart by their first bytes, and the sizes they state."""

from __future__ import annotations

import struct
from enum import StrEnum
from pathlib import Path
from typing import Final

from layers.raster.errors import RasterDamaged, RasterTypeUnknown

HEAD_BYTES: Final = 32
_TAIL_BYTES: Final = 65_536
_WIDTH_TAG: Final = 256
_HEIGHT_TAG: Final = 257


class RasterFormat(StrEnum):
    """A format; each is opened by one reader and no other."""

    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


MARKS: Final = {
    b"\x89PNG\r\n\x1a\n": RasterFormat.PNG,
    b"\xff\xd8\xff": RasterFormat.JPEG,
    b"II*\x00": RasterFormat.TIFF,
    b"MM\x00*": RasterFormat.TIFF,
    b"II+\x00\x08\x00": RasterFormat.TIFF,
    b"MM\x00+\x00\x08": RasterFormat.TIFF,
    b"%PDF-": RasterFormat.PDF,
}


def recognise(path: Path, name: str) -> RasterFormat:
    """The format of a file by its first bytes; the name's ending proves nothing.

    Raises:
        RasterTypeUnknown
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for mark, found in MARKS.items():
        if head.startswith(mark):
            return found
    raise RasterTypeUnknown(name=name[:120])


def stated_size(path: Path, kind: RasterFormat) -> tuple[int, int] | None:
    """Width and height as the first header says, read without any library; ``None`` if unstated.

    Raises:
        RasterDamaged: the header itself is cut off.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        try:
            if kind is RasterFormat.PNG:
                width, height = struct.unpack(">II", head[16:24])
                return width, height
            if kind is RasterFormat.TIFF:
                return _tiff_size(file, head)
        except struct.error as error:
            raise RasterDamaged(reason="header") from error
    return None


def _tiff_size(file: object, head: bytes) -> tuple[int, int] | None:
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\x00", b"\x00+")
    (start,) = struct.unpack(f"{order}{'Q' if big else 'I'}", head[8:16] if big else head[4:8])
    file.seek(start)  # type: ignore[attr-defined]
    (count,) = struct.unpack(f"{order}{'Q' if big else 'H'}", file.read(8 if big else 2))  # type: ignore[attr-defined]
    entry, place = (20, 12) if big else (12, 8)
    found: dict[int, int] = {}
    for _ in range(min(count, 200)):
        said = file.read(entry)  # type: ignore[attr-defined]
        tag, kind = struct.unpack(f"{order}HH", said[:4])
        if tag in (_WIDTH_TAG, _HEIGHT_TAG):
            code, size = {3: ("H", 2), 16: ("Q", 8)}.get(kind, ("I", 4))
            (found[tag],) = struct.unpack(f"{order}{code}", said[place : place + size])
    if len(found) < 2:
        return None
    return found[_WIDTH_TAG], found[_HEIGHT_TAG]


def require_end(path: Path, kind: RasterFormat) -> None:
    """Refuse a picture whose closing mark is missing: it was cut off on its way.

    Raises:
        RasterDamaged
    """
    closing = {RasterFormat.PNG: b"IEND\xaeB`\x82", RasterFormat.JPEG: b"\xff\xd9"}.get(kind)
    if closing is None:
        return
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL_BYTES, 0))
        if closing not in file.read():
            raise RasterDamaged(reason="truncated")
