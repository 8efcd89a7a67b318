"""An elevation model as a picture: lit from the north-west, tinted by height."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_AZIMUTH: Final = np.radians(315.0)
_ALTITUDE: Final = np.radians(45.0)
_LOW: Final = np.array((196, 218, 190), dtype=np.float64)
_HIGH: Final = np.array((238, 226, 204), dtype=np.float64)
_SPAN_M: Final = 200.0
"""Height over which the tint goes from plain to hill and back: coastal parks are flat."""


def shaded(heights: NDArray[np.float32], metres_a_cell: float) -> NDArray[np.uint8]:
    """Heights in metres as (rows, columns, 4): relief by light, tint by height, gaps clear."""
    z = np.pad(heights.astype(np.float64), 1, mode="edge")
    dx = (z[1:-1, 2:] - z[1:-1, :-2]) / (2 * metres_a_cell)
    dy = (z[2:, 1:-1] - z[:-2, 1:-1]) / (2 * metres_a_cell)
    steep = np.arctan(np.hypot(dx, dy))
    facing = np.arctan2(-dx, dy)
    light = np.sin(_ALTITUDE) * np.cos(steep) + np.cos(_ALTITUDE) * np.sin(steep) * np.cos(
        _AZIMUTH - facing
    )
    known = np.isfinite(heights)
    share = np.clip(np.nan_to_num(heights) / _SPAN_M, 0, 1)[:, :, None]
    tint = _LOW + (_HIGH - _LOW) * share
    lit = np.clip(np.nan_to_num(light, nan=0.7), 0, 1)[:, :, None]
    found = np.zeros((*heights.shape, 4), dtype=np.uint8)
    found[:, :, :3] = np.clip(tint * (0.45 + 0.78 * lit), 0, 255)
    found[:, :, 3] = np.where(known, 255, 0)
    return found
