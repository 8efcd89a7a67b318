"""Laying a placed sheet on the grid of its zone's plane, window by window, and keeping it as COG.

The pixels of the result are pixels of the tile grid (:mod:`layers.tiles.grids`) at one zoom, and
its corner is a multiple of the coarsest copy's pixel: so every tile is a plain window of one of its
copies, and nothing is resampled when a tile is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.windows import Window

from layers.raster.errors import SheetTooLargeOnGround
from layers.raster.files import (
    BLOCK,
    THREADS,
    Tick,
    overview_levels,
    profile,
    silent,
    working,
    written,
)
from layers.raster.georeference import Placement
from layers.raster.limits import MEGAPIXEL
from layers.raster.sampling import expanded, sampled_colours, sampled_heights
from layers.tiles import Grid, plane_grid

_COARSER: Final = 2**0.25
"""A sheet may lose a fifth of its resolution before the next finer zoom is taken."""
_WINDOW: Final = 1024
_NODES: Final = 33
_EDGE_POINTS: Final = 65
MOST_PIXELS: Final = 2_000 * MEGAPIXEL


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a raster lies: pixels of the grid of ``srid`` at ``zoom``, counted from its corner."""

    srid: int
    zoom: int
    col: int
    row: int
    width: int
    height: int

    @property
    def grid(self) -> Grid:
        """The grid its pixels belong to."""
        return plane_grid(self.srid)

    @property
    def metres_a_pixel(self) -> float:
        """Size of a pixel on the plane."""
        return self.grid.resolution(self.zoom)

    @property
    def corner(self) -> tuple[float, float]:
        """E and N of the top left corner in metres."""
        west, _, _, north = self.grid.extent
        size = self.metres_a_pixel
        return west + self.col * size, north - self.row * size

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of the plane."""
        (west, north), size = self.corner, self.metres_a_pixel
        return west, north - self.height * size, west + self.width * size, north

    @property
    def transform(self) -> Affine:
        """From pixels of the raster to E, N."""
        (west, north), size = self.corner, self.metres_a_pixel
        return Affine(size, 0, west, 0, -size, north)

    def as_json(self) -> dict[str, int]:
        """Plain values; ``Laid(**...)`` reads them back."""
        return asdict(self)


def footprint(placement: Placement, width: int, height: int) -> NDArray[np.float64]:
    """The outline of the sheet on the ground: (n, 2) of E, N, closed, clockwise from the corner."""
    t = np.linspace(0, 1, _EDGE_POINTS)[:-1]
    cols = np.concatenate((t * width, np.full_like(t, width), (1 - t) * width, 0 * t, [0]))
    rows = np.concatenate((0 * t, t * height, np.full_like(t, height), (1 - t) * height, [0]))
    return np.column_stack(placement.to_ground(cols, rows))


def lay(placement: Placement, width: int, height: int, srid: int) -> Laid:
    """Find the zoom and the pixels of the plane's grid that take a sheet in.

    Raises:
        SheetTooLargeOnGround
    """
    grid = plane_grid(srid)
    wanted = placement.metres_a_pixel() * _COARSER
    zoom = min(max(math.ceil(math.log2(grid.resolution(0) / wanted)), 0), grid.max_zoom)
    size = grid.resolution(zoom)
    outline = footprint(placement, width, height)
    (w, s), (e, n) = outline.min(axis=0), outline.max(axis=0)
    west, _, _, north = grid.extent
    across, down = (e - w) / size, (n - s) / size
    if not math.isfinite(across * down) or across * down > MOST_PIXELS:
        raise SheetTooLargeOnGround(
            megapixels=across * down / MEGAPIXEL, limit=MOST_PIXELS // MEGAPIXEL
        )
    step = 2 ** overview_levels(int(across) + 1, int(down) + 1)
    col, row = (
        math.floor((w - west) / size / step) * step,
        math.floor((north - n) / size / step) * step,
    )
    right = math.ceil((e - west) / size / step) * step
    bottom = math.ceil((north - s) / size / step) * step
    return Laid(srid, zoom, col, row, max(right - col, step), max(bottom - row, step))


def warp(source: Path, placement: Placement, laid: Laid, target: Path, tick: Tick = silent) -> None:
    """Lay the picture at ``source`` (image space) on the grid and write it as COG.

    Colours are interpolated between the four nearest pixels. Beside ``target`` lies, for a while, a
    working copy of the same name with ``.part``.
    """
    part = target.with_name(target.name + ".part")
    with working():
        try:
            _warped(source, placement, laid, part, tick)
            tick("cog", 0, 1)
            _as_cog(part, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        finally:
            part.unlink(missing_ok=True)
    tick("cog", 1, 1)


def _warped(source: Path, placement: Placement, laid: Laid, part: Path, tick: Tick) -> None:
    with rasterio.open(source, driver="GTiff") as picture:
        heights = picture.dtypes[0] == "float32"
        bands = 1 if heights else 4
        dtype = "float32" if heights else "uint8"
        made_of = profile(laid.width, laid.height, bands, dtype, laid.transform)
        with written(part, **made_of) as dataset:
            dataset.crs = rasterio.crs.CRS.from_epsg(laid.srid)
            for window in _windows(laid):
                found = _window(picture, placement, laid, window, heights=heights)
                if found is not None:
                    dataset.write(found, window=window)
                tick("warp", int(window.row_off + window.height), laid.height)


def _windows(laid: Laid) -> Iterator[Window]:
    for top in range(0, laid.height, _WINDOW):
        for left in range(0, laid.width, _WINDOW):
            yield Window(
                left, top, min(_WINDOW, laid.width - left), min(_WINDOW, laid.height - top)
            )


def _window(
    picture: Any, placement: Placement, laid: Laid, window: Window, *, heights: bool
) -> NDArray[Any] | None:
    """One window of the result, (bands, rows, columns); ``None`` where the sheet does not reach."""
    nodes = _source_places(placement, laid, window)
    if nodes is None:
        return None
    cols, rows = nodes
    width, height = picture.width, picture.height
    left, top = max(int(cols.min()) - 2, 0), max(int(rows.min()) - 2, 0)
    right, bottom = min(int(cols.max()) + 3, width), min(int(rows.max()) + 3, height)
    if left >= right or top >= bottom:
        return None
    shape = int(window.height), int(window.width)
    u, v = expanded(cols - left, *shape), expanded(rows - top, *shape)
    inside = None
    if cols.min() < 0 or rows.min() < 0 or cols.max() > width or rows.max() > height:
        inside = (u >= -left) & (u < width - left) & (v >= -top) & (v < height - top)
        if not inside.any():
            return None
    pixels = picture.read(window=Window(left, top, right - left, bottom - top))
    return (sampled_heights if heights else sampled_colours)(pixels, u, v, inside)


def _source_places(
    placement: Placement, laid: Laid, window: Window
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Columns and rows of the sheet at a net of nodes over a window; ``None`` far from the sheet.

    Between the nodes they are taken as linear: at most 32 pixels apart, on a curve as gentle as a
    sheet's, that is far below a tenth of a pixel (held by a test).
    """
    size = laid.metres_a_pixel
    west, north = laid.corner
    x = np.linspace(0.5, window.width - 0.5, _NODES)
    y = np.linspace(0.5, window.height - 0.5, _NODES)
    e = west + (window.col_off + x) * size
    n = north - (window.row_off + y) * size
    cols, rows = placement.to_image(*np.meshgrid(e, n))
    if not (np.isfinite(cols).all() and np.isfinite(rows).all()):
        return None
    return cols, rows


def _as_cog(part: Path, target: Path) -> None:
    with rasterio.open(part) as warped:
        heights = warped.dtypes[0] == "float32"
    rasterio.shutil.copy(
        part, target, driver="COG", blocksize=BLOCK, compress="DEFLATE", level=1,
        predictor="FLOATING_POINT" if heights else "STANDARD", overview_resampling="AVERAGE",
        bigtiff="IF_SAFER", num_threads=THREADS, sparse_ok="TRUE", overview_compress="DEFLATE",
        overview_predictor="FLOATING_POINT" if heights else "STANDARD", statistics="NO",
    )  # fmt: skip
