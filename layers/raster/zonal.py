"""Heights and slopes of pieces of ground from an elevation model laid on their plane."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import geometry_mask
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from layers.raster.reading import heights
from layers.raster.warping import Laid

_MOST_CELLS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Relief:
    """Heights in metres, slopes in degrees; ``covered`` is the share of the ground with heights."""

    cells: int
    covered: float
    least_m: float
    mean_m: float
    most_m: float
    mean_slope_deg: float
    steepest_deg: float


def relief(path: Path, laid: Laid, shapes: Iterable[BaseGeometry]) -> Iterator[Relief | None]:
    """The relief of every shape (E, N of the plane); ``None`` where nothing of it is known.

    A cell counts when its middle lies inside; a shape smaller than a cell takes the cells it
    touches. Slope is the steepest descent over three by three cells (Horn).
    """
    for shape in shapes:
        yield _relief(path, laid, shape)


def _relief(path: Path, laid: Laid, shape: BaseGeometry) -> Relief | None:
    west, north = laid.corner
    size = laid.metres_a_pixel
    w, s, e, n = shape.bounds
    left, right = _span((w - west) / size, (e - west) / size, laid.width)
    top, bottom = _span((north - n) / size, (north - s) / size, laid.height)
    if left >= right or top >= bottom:
        return None
    step = max(math.ceil(math.sqrt((right - left) * (bottom - top) / _MOST_CELLS)), 1)
    rows, columns = max((bottom - top) // step, 1), max((right - left) // step, 1)
    window = Window(left, top, right - left, bottom - top)
    found = heights(path, window, (rows, columns)).astype(np.float64)
    across, down = size * (right - left) / columns, size * (bottom - top) / rows
    corner = Affine(across, 0, west + left * size, 0, -down, north - top * size)
    inside = _inside(shape, corner, found.shape)
    known = inside & np.isfinite(found)
    if not known.any():
        return None
    values = found[known]
    steep = slope(found, across, down)[known]
    steep = steep[np.isfinite(steep)]
    return Relief(
        int(known.sum()),
        float(known.sum() / inside.sum()),
        float(values.min()),
        float(values.mean()),
        float(values.max()),
        float(steep.mean()) if steep.size else math.nan,
        float(steep.max()) if steep.size else math.nan,
    )


def slope(found: NDArray[np.float64], across: float, down: float) -> NDArray[np.float64]:
    """Slope in degrees of a grid of heights with cells of ``across`` x ``down`` metres (Horn).

    At the rim of the grid the outermost heights are taken to go on; NaN beside gaps.
    """
    z = np.pad(found, 1, mode="edge")
    if found.shape[0] > 1:
        z[0], z[-1] = 2 * z[1] - z[2], 2 * z[-2] - z[-3]
    if found.shape[1] > 1:
        z[:, 0], z[:, -1] = 2 * z[:, 1] - z[:, 2], 2 * z[:, -2] - z[:, -3]
    a, b, c = z[:-2, :-2], z[:-2, 1:-1], z[:-2, 2:]
    d, f = z[1:-1, :-2], z[1:-1, 2:]
    g, h, i = z[2:, :-2], z[2:, 1:-1], z[2:, 2:]
    dx = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * across)
    dy = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * down)
    degrees: NDArray[np.float64] = np.degrees(np.arctan(np.hypot(dx, dy)))
    return degrees


def _span(low: float, high: float, most: int) -> tuple[int, int]:
    """Cells from ``low`` to ``high`` with one around them, so that slopes have neighbours."""
    return max(math.floor(low) - 1, 0), min(math.ceil(high) + 1, most)


def _inside(shape: BaseGeometry, corner: Affine, size: tuple[int, ...]) -> NDArray[np.bool_]:
    for touched in (False, True):
        found: NDArray[np.bool_] = geometry_mask(
            [shape], size, corner, invert=True, all_touched=touched
        )
        if found.any():
            break
    return found
