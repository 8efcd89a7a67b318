"""Walking WKB without building anything: what it is, and how many vertices.

GEOS descends into nested parts before it objects to them, so bytes that were not made by our own
code are walked here first. Only simple shapes and the three plain multi-shapes are let through.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

_KINDS: Final = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
_CURVED: Final = frozenset({8, 9, 10, 11, 12, 13, 14})
_PARTS_OF: Final = {4: 1, 5: 2, 6: 3}
_Z: Final = 0x80000000
_M: Final = 0x40000000
_SRID: Final = 0x20000000


_Run = tuple[str, int, int, int]  # byte order, offset, points, numbers a point


class WkbMalformed(ValueError):
    """The bytes end early, nest, or claim more than they hold."""


@dataclass(frozen=True)
class WkbFacts:
    """`kind` is the type ("Curve" for arcs); `has_z` says whether heights are there."""

    kind: str
    vertices: int
    has_z: bool


def wkb_facts(raw: bytes) -> WkbFacts:
    """Type and size of one WKB geometry.

    Raises:
        WkbMalformed
    """
    return _facts(raw, [])


def is_finite(raw: bytes) -> bool:
    """Whether every plane coordinate of one WKB geometry is a finite number.

    Raises:
        WkbMalformed
    """
    runs: list[_Run] = []
    _facts(raw, runs)
    for order, place, count, dimension in runs:
        numbers = np.frombuffer(raw, f"{order}f8", count * dimension, place)
        if not np.isfinite(numbers.reshape(count, dimension)[:, :2]).all():
            return False
    return True


def _facts(raw: bytes, runs: list[_Run]) -> WkbFacts:
    try:
        code, has_z, dimension, place, order = _head(raw, 0)
        if code in _CURVED:
            return WkbFacts("Curve", 0, has_z)
        kind = _KINDS.get(code)
        if kind is None:
            raise WkbMalformed(f"type {code}")
        if code == 7:
            return WkbFacts(kind, 0, has_z)
        if code in _PARTS_OF:
            vertices, end = _parts(raw, place, order, _PARTS_OF[code], runs)
        else:
            vertices, end = _simple(raw, place, order, code, dimension, runs)
    except struct.error as error:
        raise WkbMalformed("ends early") from error
    if end != len(raw):
        raise WkbMalformed("length")
    return WkbFacts(kind, vertices, has_z)


def _head(raw: bytes, place: int) -> tuple[int, bool, int, int, str]:
    order = "<" if raw[place : place + 1] == b"\x01" else ">"
    if raw[place : place + 1] not in (b"\x00", b"\x01"):
        raise WkbMalformed("byte order")
    (stated,) = struct.unpack_from(f"{order}I", raw, place + 1)
    if stated & _SRID:
        raise WkbMalformed("SRID inside")
    has_z, has_m = bool(stated & _Z), bool(stated & _M)
    code = stated & 0x1FFFFFFF
    thousands, code = divmod(code, 1000)
    if thousands > 3:
        raise WkbMalformed("type")
    has_z = has_z or thousands in (1, 3)
    has_m = has_m or thousands in (2, 3)
    return code, has_z, 2 + has_z + has_m, place + 5, order


def _parts(raw: bytes, place: int, order: str, wanted: int, runs: list[_Run]) -> tuple[int, int]:
    (count,) = struct.unpack_from(f"{order}I", raw, place)
    place += 4
    if count * 9 > len(raw):
        raise WkbMalformed("part count")
    total = 0
    for _ in range(count):
        code, _, dimension, place, part_order = _head(raw, place)
        if code != wanted:
            raise WkbMalformed("nested part")
        vertices, place = _simple(raw, place, part_order, code, dimension, runs)
        total += vertices
    return total, place


def _simple(
    raw: bytes, place: int, order: str, code: int, dimension: int, runs: list[_Run]
) -> tuple[int, int]:
    if code == 1:
        runs.append((order, place, 1, dimension))
        return 1, _skip(raw, place, 8 * dimension)
    (count,) = struct.unpack_from(f"{order}I", raw, place)
    place += 4
    if code == 2:
        runs.append((order, place, count, dimension))
        return count, _skip(raw, place, count * 8 * dimension)
    total = 0
    if count * 4 > len(raw):
        raise WkbMalformed("ring count")
    for _ in range(count):
        (points,) = struct.unpack_from(f"{order}I", raw, place)
        runs.append((order, place + 4, points, dimension))
        place = _skip(raw, place + 4, points * 8 * dimension)
        total += points
    return total, place


def _skip(raw: bytes, place: int, size: int) -> int:
    if place + size > len(raw):
        raise WkbMalformed("ends early")
    return place + size
