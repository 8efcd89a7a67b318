"""Inside the sandbox: what a camera noted in a JPEG or PNG, of which only a little is wanted.

Which way is up, when and where: four facts out of EXIF, read from bytes with every offset checked.
All else a camera writes (its owner, its number, its software, a thumbnail) is never looked at.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from layers.raster.formats import RasterFormat

_HEAD_BYTES: Final = 1 << 20
_MOST_ENTRIES: Final = 400
_ORIENTATION, _EXIF, _GPS = 0x0112, 0x8769, 0x8825
_TAKEN, _CHANGED, _OFFSET = 0x9003, 0x0132, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MOMENT: Final = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_ZONE: Final = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True)
class CameraNotes:
    """``orientation`` as EXIF numbers it (1 to 8), ``taken`` ISO 8601 with an offset or without,
    ``longitude`` and ``latitude`` in degrees of WGS 84.
    """

    orientation: int = 1
    taken: str | None = None
    longitude: float | None = None
    latitude: float | None = None


def camera_notes(path: Path, kind: RasterFormat) -> CameraNotes:
    """Read the notes of a camera; what is not there or makes no sense is left out."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    block = _of_jpeg(head) if kind is RasterFormat.JPEG else _of_png(head)
    if block is None or block[:4] not in (b"II*\x00", b"MM\x00*"):
        return CameraNotes()
    order = "<" if block[:2] == b"II" else ">"
    first = _entries(block, order, _long(block, order, 4))
    exif = _entries(block, order, _number(first, _EXIF))
    gps = _entries(block, order, _number(first, _GPS))
    upright = _number(first, _ORIENTATION)
    place = _place(gps)
    return CameraNotes(
        upright if upright is not None and 1 <= upright <= 8 else 1,
        _moment(exif.get(_TAKEN) or first.get(_CHANGED), exif.get(_OFFSET)),
        *(place or (None, None)),
    )


def _of_jpeg(head: bytes) -> bytes | None:
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        mark, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if mark in (0xD9, 0xDA) or length < 2:
            return None
        if mark == 0xE1 and head[at + 4 : at + 10] == b"Exif\x00\x00":
            return head[at + 10 : at + 2 + length]
        at += 2 + length
    return None


def _of_png(head: bytes) -> bytes | None:
    at = 8
    while at + 8 <= len(head):
        length = int.from_bytes(head[at : at + 4], "big")
        if head[at + 4 : at + 8] == b"eXIf":
            return head[at + 8 : at + 8 + length]
        at += 12 + length
    return None


def _long(block: bytes, order: str, at: int) -> int | None:
    if at < 0 or at + 4 > len(block):
        return None
    (found,) = struct.unpack_from(f"{order}I", block, at)
    return int(found)


def _entries(block: bytes, order: str, at: int | None) -> dict[int, Any]:
    """The entries of a directory by tag: numbers, texts, lists of ratios."""
    if at is None or at + 2 > len(block):
        return {}
    (count,) = struct.unpack_from(f"{order}H", block, at)
    found = {}
    for place in range(min(count, _MOST_ENTRIES)):
        start = at + 2 + place * 12
        if start + 12 > len(block):
            break
        tag, kind, many = struct.unpack_from(f"{order}HHI", block, start)
        size = _SIZES.get(kind, 0) * many
        if not 0 < size <= 1_000:
            continue
        where = start + 8 if size <= 4 else _long(block, order, start + 8)
        if where is not None and where + size <= len(block):
            found[tag] = _value(block[where : where + size], order, kind)
    return found


def _value(raw: bytes, order: str, kind: int) -> Any:
    if kind == 2:
        return raw.split(b"\x00", 1)[0].decode("ascii", "replace")
    if kind in (3, 4):
        return struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", raw)[0]
    if kind in (5, 10):
        return list(_ratios(raw, order, "I" if kind == 5 else "i"))
    return raw


def _ratios(raw: bytes, order: str, letter: str) -> Iterator[float | None]:
    for at in range(0, len(raw) - 7, 8):
        above, below = struct.unpack_from(f"{order}{letter}{letter}", raw, at)
        yield above / below if below else None


def _number(entries: Mapping[int, Any], tag: int) -> int | None:
    found = entries.get(tag)
    return found if isinstance(found, int) else None


def _moment(told: object, offset: object) -> str | None:
    found = _MOMENT.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        return None
    zone = offset if isinstance(offset, str) and _ZONE.fullmatch(offset) else ""
    return "{}-{}-{}T{}".format(*found.groups()) + zone


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Longitude and latitude, when both are whole and somewhere on earth."""
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "W")
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "S")
    if longitude is None or latitude is None or (longitude == 0 and latitude == 0):
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _degrees(parts: object, side: object, negative: str) -> float | None:
    if not isinstance(parts, list) or len(parts) != 3 or not isinstance(side, str):
        return None
    if any(part is None or not 0 <= part < 1_000 for part in parts):
        return None
    degrees = float(parts[0] + parts[1] / 60 + parts[2] / 3600)
    return -degrees if side.strip().upper() == negative else degrees
