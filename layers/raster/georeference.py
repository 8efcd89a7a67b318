"""Placing a sheet by control points: least squares, residuals, and what is refused.

Image places are (col, row) in pixels from the top left corner of the sheet, rows downward; the
middle of the first pixel is (0.5, 0.5). Ground places are (E, N) in metres of the zone's VN-2000
plane. Every transformation is kept as a polynomial of two variables, so that one formula, here and
in the browser, serves them all:

    x = (col - c0) / s,  y = (row - r0) / s
    E = e0 + e1 x + e2 y + e3 x^2 + e4 x y + e5 y^2      (N likewise)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layers.raster import placing_rules as rules
from layers.raster.errors import PointsDegenerate, SheetFolds, SheetMirrored

Numbers = NDArray[np.float64]

_TERMS: Final = 6
_WORST_CONDITION: Final = 1e7
_FOLD_NODES: Final = 9
_NEWTON_STEPS: Final = 12
_NEWTON_PX: Final = 1e-6


class Kind(StrEnum):
    """How a sheet may be stretched to fit its points."""

    HELMERT = "helmert"
    AFFINE = "affine"
    POLYNOMIAL = "polynomial"


LEAST_POINTS: Final = {Kind.HELMERT: 2, Kind.AFFINE: 3, Kind.POLYNOMIAL: 6}
"""With so many points the fit is exact and nothing can be checked."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One place known on the sheet (pixels) and on the ground (metres of the plane)."""

    col: float
    row: float
    easting: float
    northing: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A transformation from the sheet to the ground; see the module for the formula."""

    kind: Kind
    centre: tuple[float, float]
    scale: float
    easting: tuple[float, ...]
    northing: tuple[float, ...]

    def to_ground(self, cols: Any, rows: Any) -> tuple[Numbers, Numbers]:
        """E and N in metres of places on the sheet."""
        x, y = self._normal(cols, rows)
        return _value(self.easting, x, y), _value(self.northing, x, y)

    def jacobian(self, cols: Any, rows: Any) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """dE/dcol, dE/drow, dN/dcol, dN/drow in metres a pixel."""
        x, y = self._normal(cols, rows)
        ex, ey = _slopes(self.easting, x, y)
        nx, ny = _slopes(self.northing, x, y)
        s = self.scale
        return ex / s, ey / s, nx / s, ny / s

    def to_image(self, eastings: Any, northings: Any) -> tuple[Numbers, Numbers]:
        """Columns and rows of places on the ground; exact to a millionth of a pixel.

        Newton's method from the flat solution; places far outside a curved sheet may come out
        anywhere outside it.
        """
        e = np.asarray(eastings, dtype=np.float64)
        n = np.asarray(northings, dtype=np.float64)
        a, b, c, d = self.easting[1], self.easting[2], self.northing[1], self.northing[2]
        det = a * d - b * c
        de, dn = e - self.easting[0], n - self.northing[0]
        x, y = (d * de - b * dn) / det, (a * dn - c * de) / det
        if self.kind is Kind.POLYNOMIAL:
            x, y = self._refined(x, y, e, n)
        return x * self.scale + self.centre[0], y * self.scale + self.centre[1]

    def _refined(self, x: Numbers, y: Numbers, e: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
        for _ in range(_NEWTON_STEPS):
            fe, fn = _value(self.easting, x, y) - e, _value(self.northing, x, y) - n
            (ex, ey), (nx, ny) = _slopes(self.easting, x, y), _slopes(self.northing, x, y)
            det = ex * ny - ey * nx
            det = np.where(np.abs(det) < 1e-12, np.nan, det)
            dx, dy = (ny * fe - ey * fn) / det, (ex * fn - nx * fe) / det
            x, y = x - dx, y - dy
            if not np.any(np.hypot(dx, dy) * self.scale > _NEWTON_PX):
                break
        return x, y

    def metres_a_pixel(self) -> float:
        """Ground metres a pixel in the middle of the sheet (root of the area ratio)."""
        a, b, c, d = self.jacobian(*self.centre)
        return math.sqrt(abs(float(a * d - b * c)))

    def _normal(self, cols: Any, rows: Any) -> tuple[Numbers, Numbers]:
        x = (np.asarray(cols, dtype=np.float64) - self.centre[0]) / self.scale
        y = (np.asarray(rows, dtype=np.float64) - self.centre[1]) / self.scale
        return x, y

    def as_json(self) -> dict[str, Any]:
        """Plain values; :meth:`of` reads them back."""
        return {
            "kind": self.kind.value,
            "centre": list(self.centre),
            "scale": self.scale,
            "easting": list(self.easting),
            "northing": list(self.northing),
        }

    @classmethod
    def of(cls, said: dict[str, Any]) -> Placement:
        """Read back what :meth:`as_json` wrote."""
        return cls(
            Kind(said["kind"]),
            (said["centre"][0], said["centre"][1]),
            said["scale"],
            tuple(said["easting"]),
            tuple(said["northing"]),
        )


@dataclass(frozen=True, slots=True)
class PointError:
    """How far a point misses: metres on the ground, millimetres on the sheet at its scale.

    ``alone_m`` is the miss when the fit is made without the point: what it says of the others.
    """

    easting_m: float
    northing_m: float
    error_m: float
    error_mm: float
    alone_m: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """A placement with what can be said of its accuracy.

    ``rms_m`` is the root mean square of the points' misses; ``None`` when there are just enough
    points for the kind, because then they fit by construction and prove nothing. ``alone_rms_m`` is
    the same of the leave-one-out misses. ``_mm`` are millimetres on the sheet at its scale.
    """

    placement: Placement
    points: tuple[PointError, ...]
    rms_m: float | None
    rms_mm: float | None
    alone_rms_m: float | None
    worst: int
    stated_scale: int
    metres_a_pixel: float


def fit(
    points: Sequence[ControlPoint],
    kind: Kind,
    *,
    width: int,
    height: int,
    scale_denominator: int,
    extent: tuple[float, float, float, float],
) -> Fit:
    """Place a sheet of ``width`` x ``height`` pixels drawn at 1:``scale_denominator``.

    ``extent`` is west, south, east, north of the plane's grid: nothing lies outside it.

    Raises:
        ReferenceRefused: one of its kinds says why; see :mod:`layers.raster.placing_rules`.
    """
    image = np.array([(p.col, p.row) for p in points], dtype=np.float64).reshape(-1, 2)
    ground = np.array([(p.easting, p.northing) for p in points], dtype=np.float64).reshape(-1, 2)
    rules.check(image, ground, kind.value, LEAST_POINTS[kind], (width, height), extent)
    _require_upright(image, ground, width, height)
    placed = _solved(image, ground, kind, width, height)
    _require_unfolded(placed, width, height)
    misses = _misses(placed, image, ground)
    alone = _left_out(image, ground, kind, width, height)
    to_mm = 1000.0 / scale_denominator
    errors = tuple(
        PointError(
            float(e), float(n), math.hypot(e, n), math.hypot(e, n) * to_mm,
            None if alone is None else float(alone[i]),
        )
        for i, (e, n) in enumerate(misses)
    )  # fmt: skip
    checked = len(points) > LEAST_POINTS[kind]
    rms = _rms(np.array([each.error_m for each in errors])) if checked else None
    worst = max(range(len(errors)), key=lambda i: errors[i].alone_m or errors[i].error_m)
    return Fit(
        placed, errors, rms, None if rms is None else rms * to_mm,
        None if alone is None else _rms(alone), worst, scale_denominator, placed.metres_a_pixel(),
    )  # fmt: skip


def _rms(values: Numbers) -> float:
    return float(np.sqrt(np.mean(values * values)))


def _misses(placed: Placement, image: Numbers, ground: Numbers) -> Numbers:
    e, n = placed.to_ground(image[:, 0], image[:, 1])
    return np.column_stack((e, n)) - ground


def _solved(image: Numbers, ground: Numbers, kind: Kind, width: int, height: int) -> Placement:
    centre, scale = (width / 2, height / 2), max(width, height) / 2
    x, y = (image[:, 0] - centre[0]) / scale, (image[:, 1] - centre[1]) / scale
    origin = ground.mean(axis=0)
    e, n = (ground - origin).T
    if kind is Kind.HELMERT:
        east, north = _similar(x, y, e, n)
    else:
        terms = np.column_stack((np.ones_like(x), x, y, x * x, x * y, y * y))
        terms = terms[:, : 3 if kind is Kind.AFFINE else _TERMS]
        if np.linalg.cond(terms) > _WORST_CONDITION:
            raise PointsDegenerate(kind=kind.value, count=len(image))
        solved, *_ = np.linalg.lstsq(terms, np.column_stack((e, n)), rcond=None)
        east, north = _padded(solved[:, 0]), _padded(solved[:, 1])
    east[0] += origin[0]
    north[0] += origin[1]
    return Placement(kind, centre, scale, tuple(map(float, east)), tuple(map(float, north)))


def _similar(x: Numbers, y: Numbers, e: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """Turn, stretch evenly and shift; rows run downward, so ``-y`` is north."""
    one, none = np.ones_like(x), np.zeros_like(x)
    top = np.column_stack((x, y, one, none))
    low = np.column_stack((-y, x, none, one))
    solved, *_ = np.linalg.lstsq(np.vstack((top, low)), np.concatenate((e, n)), rcond=None)
    a, b, shift_e, shift_n = solved
    return _padded(np.array([shift_e, a, b])), _padded(np.array([shift_n, b, -a]))


def _padded(values: Numbers) -> Numbers:
    full = np.zeros(_TERMS)
    full[: len(values)] = values
    return full


def _left_out(
    image: Numbers, ground: Numbers, kind: Kind, width: int, height: int
) -> Numbers | None:
    """The miss of each point by a fit of all others; ``None`` where one of those is impossible."""
    count = len(image)
    if count <= LEAST_POINTS[kind]:
        return None
    found = np.empty(count)
    for index in range(count):
        kept = np.arange(count) != index
        if rules.spread(image[kept]) < rules.LEAST_SPREAD and kind is not Kind.HELMERT:
            return None
        try:
            others = _solved(image[kept], ground[kept], kind, width, height)
        except PointsDegenerate:
            return None
        found[index] = np.hypot(*_misses(others, image[[index]], ground[[index]])[0])
    return found


def _require_upright(image: Numbers, ground: Numbers, width: int, height: int) -> None:
    """Rows run down and north runs up: a sheet seen from the front has a negative determinant."""
    if len(image) < LEAST_POINTS[Kind.AFFINE] or rules.spread(image) < rules.LEAST_SPREAD:
        return
    placed = _solved(image, ground, Kind.AFFINE, width, height)
    a, b, c, d = placed.easting[1], placed.easting[2], placed.northing[1], placed.northing[2]
    if a * d - b * c >= 0:
        raise SheetMirrored()


def _require_unfolded(placed: Placement, width: int, height: int) -> None:
    cols, rows = np.meshgrid(
        np.linspace(0, width, _FOLD_NODES), np.linspace(0, height, _FOLD_NODES)
    )
    a, b, c, d = placed.jacobian(cols, rows)
    if np.any(a * d - b * c >= 0):
        raise SheetFolds()


def _value(k: Sequence[float], x: Numbers, y: Numbers) -> Numbers:
    return k[0] + k[1] * x + k[2] * y + k[3] * x * x + k[4] * x * y + k[5] * y * y


def _slopes(k: Sequence[float], x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    return k[1] + 2 * k[3] * x + k[4] * y, k[2] + k[4] * x + 2 * k[5] * y
