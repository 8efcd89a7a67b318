"""Tiles, windows and crops of a laid raster; of a sheet still in image space, too.

Files are named by their content and never change, so an open one may be kept: each thread keeps a
few.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from layers.crs import (
    WEB_MERCATOR,
    coordinates_from_wgs84,
    coordinates_replaned,
)
from layers.errors import CoordinatesNotFinite
from layers.raster.files import working
from layers.raster.sampling import sampled_colours
from layers.raster.warping import Laid
from layers.tiles import Grid, TileAddress

Colours = NDArray[np.uint8]
Heights = NDArray[np.float32]

_KEPT: Final = 8
_NODES: Final = 17
_EARTH_M: Final = 6_378_137.0
_local = threading.local()


def colours(path: Path, window: Window, shape: tuple[int, int]) -> Colours:
    """A window of a picture as (rows, columns, bands) of the asked shape; cut at the edges."""
    with working():
        dataset = _dataset(path)
        finer = shape[0] > window.height or shape[1] > window.width
        found = dataset.read(
            window=window,
            out_shape=(dataset.count, *shape),
            resampling=Resampling.bilinear if finer else Resampling.nearest,
        )
    return np.moveaxis(found, 0, 2)


def heights(path: Path, window: Window, shape: tuple[int, int]) -> Heights:
    """A window of an elevation model, NaN where nothing is known."""
    with working():
        found: Heights = _dataset(path).read(1, window=window, out_shape=shape)
    return found


def tile(path: Path, laid: Laid, grid: Grid, address: TileAddress) -> Colours | None:
    """A tile of a laid picture, (side, side, 4); ``None`` where there is nothing of it.

    On the grid of its own plane it is a window; on another grid (Web Mercator, another plane) its
    pixels are looked up.
    """
    if grid.srid == laid.srid:
        return _plain(path, laid, grid, address)
    return _projected(path, laid, grid, address)


def window_of(
    path: Path, laid: Laid, box: tuple[float, float, float, float], shape: tuple[int, int]
) -> Colours:
    """The picture in a box (W, S, E, N of its plane) as (rows, columns, 4); nothing is clear.

    Raises nothing for a box that leaves the sheet: what lies outside stays transparent.
    """
    rows, columns = shape
    west, south, east, north = box
    e = west + (np.arange(columns) + 0.5) * (east - west) / columns
    n = north - (np.arange(rows) + 0.5) * (north - south) / rows
    return _looked_up(path, laid, *np.meshgrid(e, n))


def image_tile(path: Path, level: int, x: int, y: int, side: int) -> Colours | None:
    """A tile of a sheet in image space: ``level`` 0 is full size, each next one half of it."""
    found = _image_window(path, level, x, y, side)
    return None if found is None else colours(path, *found)


def image_numbers(path: Path, level: int, x: int, y: int, side: int) -> Heights | None:
    """The same of an elevation model in image space."""
    found = _image_window(path, level, x, y, side)
    return None if found is None else heights(path, *found)


def _image_window(
    path: Path, level: int, x: int, y: int, side: int
) -> tuple[Window, tuple[int, int]] | None:
    with working():
        dataset = _dataset(path)
        width, height = dataset.width, dataset.height
    step = 2**level
    left, top = x * side * step, y * side * step
    if left >= width or top >= height:
        return None
    across, down = min(side * step, width - left), min(side * step, height - top)
    return Window(left, top, across, down), (max(-(-down // step), 1), max(-(-across // step), 1))


def _plain(path: Path, laid: Laid, grid: Grid, address: TileAddress) -> Colours | None:
    found = _plain_window(laid, grid, address)
    if found is None:
        return None
    window, shape, (top, left) = found
    pixels = colours(path, window, shape)
    side = grid.tile_px
    if shape == (side, side):
        return pixels
    whole = np.zeros((side, side, 4), dtype=np.uint8)
    whole[top : top + shape[0], left : left + shape[1]] = pixels
    return whole


def numbers_tile(path: Path, laid: Laid, grid: Grid, address: TileAddress) -> Heights | None:
    """A tile of an elevation model on the grid of its own plane, NaN where nothing is known."""
    found = _plain_window(laid, grid, address) if grid.srid == laid.srid else None
    if found is None:
        return None
    window, shape, (top, left) = found
    whole: Heights = np.full((grid.tile_px, grid.tile_px), np.nan, dtype=np.float32)
    whole[top : top + shape[0], left : left + shape[1]] = heights(path, window, shape)
    return whole


def _plain_window(
    laid: Laid, grid: Grid, address: TileAddress
) -> tuple[Window, tuple[int, int], tuple[int, int]] | None:
    """The window of the raster under a tile, its shape in the tile, and where it begins there."""
    side = grid.tile_px
    step = 2.0 ** (laid.zoom - address.z)  # pixels of the raster a pixel of the tile
    left, top = address.x * side * step - laid.col, address.y * side * step - laid.row
    right, bottom = left + side * step, top + side * step
    if right <= 0 or bottom <= 0 or left >= laid.width or top >= laid.height:
        return None
    x0, y0 = max(left, 0.0), max(top, 0.0)
    x1, y1 = min(right, float(laid.width)), min(bottom, float(laid.height))
    px = round((x0 - left) / step), round((x1 - left) / step)
    py = round((y0 - top) / step), round((y1 - top) / step)
    if px[0] >= px[1] or py[0] >= py[1]:
        return None
    return Window(x0, y0, x1 - x0, y1 - y0), (py[1] - py[0], px[1] - px[0]), (py[0], px[0])


def _projected(path: Path, laid: Laid, grid: Grid, address: TileAddress) -> Colours | None:
    west, south, east, north = grid.tile_box(address)
    x = np.linspace(west, east, _NODES)
    y = np.linspace(north, south, _NODES)
    try:
        e, n = _into_plane(*np.meshgrid(x, y), grid.srid, laid.srid)
    except CoordinatesNotFinite:  # a tile of the other side of the world
        return None
    if not _may_touch(laid, e, n):
        return None
    found = _looked_up(path, laid, _spread(e, grid.tile_px), _spread(n, grid.tile_px))
    return found if found[:, :, 3].any() else None


def _spread(nodes: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Values at the corners of a net, linear to the middles of ``side`` pixels within it."""
    places = (np.arange(side) + 0.5) * (_NODES - 1) / side
    weights = np.clip(1 - np.abs(places[:, None] - np.arange(_NODES)), 0, None)
    spread: NDArray[np.float64] = weights @ nodes @ weights.T
    return spread


def _may_touch(laid: Laid, e: NDArray[np.float64], n: NDArray[np.float64]) -> bool:
    west, south, east, north = laid.box
    return bool(e.max() >= west and e.min() <= east and n.max() >= south and n.min() <= north)


def _into_plane(
    x: NDArray[np.float64], y: NDArray[np.float64], srid: int, plane: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of a grid's system as E, N of a plane."""
    if srid in WEB_MERCATOR:
        longitude = np.degrees(x / _EARTH_M)
        latitude = np.degrees(2 * np.arctan(np.exp(y / _EARTH_M)) - math.pi / 2)
        given = np.column_stack((longitude.ravel(), latitude.ravel()))
        moved = coordinates_from_wgs84(given, plane)
    else:
        moved = coordinates_replaned(np.column_stack((x.ravel(), y.ravel())), srid, plane)
    return moved[:, 0].reshape(x.shape), moved[:, 1].reshape(x.shape)


def _looked_up(path: Path, laid: Laid, e: NDArray[np.float64], n: NDArray[np.float64]) -> Colours:
    """Pixels under places of the plane, read from the copy that is just fine enough."""
    west, north = laid.corner
    size = laid.metres_a_pixel
    cols, rows = (e - west) / size, (north - n) / size
    inside = (cols >= 0) & (cols < laid.width) & (rows >= 0) & (rows < laid.height)
    if not inside.any():
        return np.zeros((*e.shape, 4), dtype=np.uint8)
    across = float(np.hypot(np.diff(cols, axis=1), np.diff(rows, axis=1)).mean())
    step = 2 ** max(math.floor(math.log2(max(across, 1.0))), 0)
    left = max(int(cols[inside].min()) // step - 1, 0) * step
    top = max(int(rows[inside].min()) // step - 1, 0) * step
    right = min((int(cols[inside].max()) // step + 2) * step, laid.width)
    bottom = min((int(rows[inside].max()) // step + 2) * step, laid.height)
    shape = (max((bottom - top) // step, 1), max((right - left) // step, 1))
    pixels = colours(path, Window(left, top, right - left, bottom - top), shape)
    u = ((cols - left) * shape[1] / (right - left)).astype(np.float32)
    v = ((rows - top) * shape[0] / (bottom - top)).astype(np.float32)
    return np.moveaxis(sampled_colours(np.moveaxis(pixels, 2, 0), u, v, inside), 0, 2)


def _dataset(path: Path) -> Any:
    """The open raster of this thread; the one not used for longest is closed."""
    kept: OrderedDict[str, Any] | None = getattr(_local, "datasets", None)
    if kept is None:
        kept = _local.datasets = OrderedDict()
    name = str(path)
    if name in kept:
        kept.move_to_end(name)
        return kept[name]
    dataset = kept[name] = rasterio.open(path, driver="GTiff")
    while len(kept) > _KEPT:
        kept.popitem(last=False)[1].close()
    return dataset


def forget() -> None:
    """Close this thread's open rasters."""
    for dataset in getattr(_local, "datasets", {}).values():
        dataset.close()
    _local.datasets = OrderedDict()
