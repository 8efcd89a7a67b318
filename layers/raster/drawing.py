"""A piece of a sheet with the outline looked for and a circle that says how sure its place is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from layers.raster.reading import window_of
from layers.raster.warping import Laid

_FINER: Final = 3
_LINE_PX: Final = 2.2
_HALO_PX: Final = 5.0
_OUTLINE: Final = (11, 92, 173)
_CIRCLE: Final = (179, 38, 30)
_HALO: Final = (255, 255, 255)
_PAPER: Final = 255


def crop(
    path: Path,
    laid: Laid,
    ground: BaseGeometry,
    *,
    error_m: float | None,
    width: int,
    height: int,
    around: float = 0.25,
) -> tuple[NDArray[np.uint8], float]:
    """The sheet at a piece of ground (E, N of its plane) as (height, width, 3), and metres a pixel.

    The outline is blue. The circle in the middle is red; its radius is ``error_m``, the metres by
    which the sheet's points miss, so that nobody reads the drawing finer than it is; without it no
    circle is drawn. ``around`` is the margin as a share of the larger side.
    """
    west, south, east, north = ground.bounds
    middle_e, middle_n = (west + east) / 2, (south + north) / 2
    need = max((east - west) / width, (north - south) / height) * (1 + 2 * around)
    if error_m is not None:
        need = max(need, 2.6 * error_m / min(width, height))
    size = max(need, laid.metres_a_pixel / 2)
    box = (
        middle_e - size * width / 2, middle_n - size * height / 2,
        middle_e + size * width / 2, middle_n + size * height / 2,
    )  # fmt: skip
    found = window_of(path, laid, box, (height, width)).astype(np.float32)
    opaque = found[:, :, 3:] / 255
    picture = (found[:, :, :3] * opaque + _PAPER * (1 - opaque)).astype(np.float32)
    corner = Affine(size, 0, box[0], 0, -size, box[3])
    _draw(picture, ground.boundary, size, corner, _OUTLINE)
    if error_m is not None and error_m > 0:
        circle = shapely.Point(middle_e, middle_n).buffer(error_m, quad_segs=32).boundary
        _draw(picture, circle, size, corner, _CIRCLE)
    return np.rint(picture).astype(np.uint8), size


def _draw(
    picture: NDArray[np.float32],
    line: BaseGeometry,
    size: float,
    corner: Affine,
    colour: tuple[int, int, int],
) -> None:
    """A line with a pale rim, smooth at its edges; at least one pixel however far out."""
    for wide, tint, strength in ((_HALO_PX, _HALO, 0.75), (_LINE_PX, colour, 1.0)):
        cover = _cover(line.buffer(size * wide / 2), corner, picture.shape[:2]) * strength
        picture += (np.array(tint, dtype=np.float32) - picture) * cover[:, :, None]


def _cover(shape: BaseGeometry, corner: Affine, size: tuple[int, int]) -> NDArray[np.float32]:
    """How much of each pixel a shape covers, 0 to 1."""
    rows, columns = size
    fine = rasterize(
        [shape], out_shape=(rows * _FINER, columns * _FINER), fill=0, default_value=1,
        transform=corner @ Affine.scale(1 / _FINER), dtype="uint8",
    )  # fmt: skip
    cells = fine.reshape(rows, _FINER, columns, _FINER)
    found: NDArray[np.float32] = cells.mean(axis=(1, 3), dtype=np.float32)
    return found
