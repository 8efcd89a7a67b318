"""Picking pixels between pixels: four neighbours, whole windows at a time.

Places are 32-bit: within a window of a few thousand pixels that is a thousandth of a pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.float32]
Spots = NDArray[np.int32]

_EVEN = np.uint32(0x00FF00FF)
_EIGHT = np.uint32(8)
_HALF = np.uint32(0x00800080)


def expanded(values: NDArray[np.float64], rows: int, columns: int) -> Places:
    """Values at the nodes of an even net spread linearly over its pixels.

    The outermost nodes are the middles of the outermost pixels.
    """
    along = _between(values.astype(np.float32).T, columns)
    return np.ascontiguousarray(_between(along.T, rows))


def _between(values: Places, count: int) -> Places:
    """``count`` even steps along the first axis, linear between its rows."""
    nodes = len(values)
    places = np.linspace(0, nodes - 1, count, dtype=np.float32)
    first = np.minimum(places.astype(np.int32), nodes - 2)
    t = (places - first)[:, None]
    low: Places = values[first]
    found: Places = low + (values[first + 1] - low) * t
    return found


def _corners(
    cols: Places, rows: Places, width: int, height: int
) -> tuple[Spots, Spots, Spots, Spots, Places, Places]:
    """Flat places of the four neighbours and how far between them; edges repeat their pixels."""
    half = np.float32(0.5)
    u, v = cols - half, rows - half
    left, top = np.floor(u), np.floor(v)
    x, y = u - left, v - top
    i, j = left.astype(np.int32), top.astype(np.int32)
    i0, i1 = np.clip(i, 0, width - 1), np.clip(i + 1, 0, width - 1)
    j0, j1 = np.clip(j, 0, height - 1) * width, np.clip(j + 1, 0, height - 1) * width
    return j0 + i0, j0 + i1, j1 + i0, j1 + i1, x, y


def packed(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(bands, rows, columns) of 8 bits as one number a pixel: red, green, blue, opacity."""
    bands, height, width = pixels.shape
    whole = np.empty((height, width, 4), dtype=np.uint8)
    whole[:, :, :3] = np.moveaxis(pixels[: 3 if bands >= 3 else 1], 0, 2)
    whole[:, :, 3] = pixels[3] if bands == 4 else 255
    return whole.view("<u4").reshape(height, width)


def sampled_colours(
    pixels: NDArray[np.uint8], cols: Places, rows: Places, inside: NDArray[np.bool_] | None
) -> NDArray[np.uint8]:
    """Colours at places of a picture, as (4, rows, columns); nothing where not ``inside``.

    Two channels are blended in one multiplication: weights are 256ths, so they never meet.
    """
    _, height, width = pixels.shape
    flat = packed(pixels).ravel()
    a, b, c, d, x, y = _corners(cols, rows, width, height)
    fx = np.rint(x * np.float32(256)).astype(np.uint32)
    fy = np.rint(y * np.float32(256)).astype(np.uint32)
    wd = (fx * fy + np.uint32(128)) >> _EIGHT
    wb, wc = fx - wd, fy - wd
    wa = np.uint32(256) - fx - fy + wd
    even = np.full(cols.shape, _HALF, dtype=np.uint32)
    odd = np.full(cols.shape, _HALF, dtype=np.uint32)
    for places, weight in ((a, wa), (b, wb), (c, wc), (d, wd)):
        found = flat.take(places)
        even += (found & _EVEN) * weight
        found >>= _EIGHT
        found &= _EVEN
        found *= weight
        odd += found
    even >>= _EIGHT
    even &= _EVEN
    odd &= ~_EVEN
    even |= odd
    if inside is not None:
        even[~inside] = 0
    return np.moveaxis(even.view(np.uint8).reshape(*cols.shape, 4), 2, 0)


def sampled_heights(
    pixels: NDArray[np.float32], cols: Places, rows: Places, inside: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    """Heights at places of a grid, as (1, rows, columns); NaN outside and beside gaps."""
    _, height, width = pixels.shape
    flat = pixels.reshape(-1)
    a, b, c, d, x, y = _corners(cols, rows, width, height)
    top = flat.take(a) * (1 - x) + flat.take(b) * x
    low = flat.take(c) * (1 - x) + flat.take(d) * x
    found: NDArray[np.float32] = (top * (1 - y) + low * y).astype(np.float32)
    if inside is not None:
        found[~inside] = np.nan
    return found[None]
