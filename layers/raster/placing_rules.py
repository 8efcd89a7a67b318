"""What control points must be before a sheet is placed by them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.raster.errors import (
    PointAxesSwapped,
    PointNotFinite,
    PointOutsideImage,
    PointOutsidePlane,
    PointsCollinear,
    PointsRepeated,
    TooFewPoints,
    TooManyPoints,
)

Numbers = NDArray[np.float64]

MOST_POINTS: Final = 200
LEAST_SPREAD: Final = 0.02
"""Width of the cloud of points over its length; below that it is a line."""
SAME_PX: Final = 1.0
SAME_M: Final = 0.01


def check(
    image: Numbers,
    ground: Numbers,
    kind: str,
    least: int,
    size: tuple[int, int],
    extent: tuple[float, float, float, float],
) -> None:
    """Refuse points that are too few, no numbers, out of place, repeated or along one line.

    ``image`` are (col, row) and ``ground`` (E, N), one row a point.

    Raises:
        TooFewPoints, TooManyPoints, PointNotFinite, PointOutsideImage, PointOutsidePlane,
        PointAxesSwapped, PointsRepeated, PointsCollinear
    """
    count = len(image)
    if count < least:
        raise TooFewPoints(count=count, least=least, kind=kind)
    if count > MOST_POINTS:
        raise TooManyPoints(count=count, most=MOST_POINTS)
    _in_place(image, ground, size, extent)
    _apart(image, SAME_PX)
    _apart(ground, SAME_M)
    if least > 2:
        for places in (image, ground):
            found = spread(places)
            if found < LEAST_SPREAD:
                raise PointsCollinear(spread=round(found, 4))


def spread(places: Numbers) -> float:
    """Width over length of a cloud of points: 1 a disc, 0 a line."""
    if len(places) < 3:
        return 0.0
    values = np.linalg.svd(places - places.mean(axis=0), compute_uv=False)
    return float(values[1] / values[0]) if values[0] > 0 else 0.0


def _in_place(
    image: Numbers,
    ground: Numbers,
    size: tuple[int, int],
    extent: tuple[float, float, float, float],
) -> None:
    width, height = size
    west, south, east, north = extent
    for number, ((col, row), (e, n)) in enumerate(zip(image, ground, strict=True), start=1):
        if not np.isfinite([col, row, e, n]).all():
            raise PointNotFinite(point=number)
        if not (0 <= col <= width and 0 <= row <= height):
            raise PointOutsideImage(
                point=number, col=float(col), row=float(row), width=width, height=height
            )
        if not (west <= e <= east and south <= n <= north):
            swapped = west <= n <= east and south <= e <= north
            kind = PointAxesSwapped if swapped else PointOutsidePlane
            raise kind(point=number, easting=float(e), northing=float(n))
        # both numbers are possible in either place: eastings of a 3-degree plane lie near 500 km
        if n < 900_000 <= e:
            raise PointAxesSwapped(point=number, easting=float(e), northing=float(n))


def _apart(places: Numbers, least: float) -> None:
    for first in range(len(places)):
        gaps = np.hypot(*(places[first + 1 :] - places[first]).T)
        near = np.flatnonzero(gaps < least)
        if near.size:
            raise PointsRepeated(first=first + 1, second=first + 2 + int(near[0]))
