"""A plan of a demo park as if drawn by hand, signed and scanned: a PNG that says it is invented.

Grid crosses with their coordinates on the frame are what a person places the sheet by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from rasterio import Affine
from rasterio.features import rasterize
from shapely import LineString

from gisapp.demo.lettering import strokes
from layers.raster.png import png
from layers.styling import style

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gisapp.demo.layout import Park

METRES_A_PIXEL: Final = 2.0
TURNED_DEG: Final = 0.6
"""How crooked it lay on the scanner."""
MARGIN_M, BORDER_M, GRID_M = 240, 150, 500
PAPER, INK, STAMP = (249, 245, 234), (38, 38, 46), (178, 34, 34)
_FINER: Final = 2


@dataclass(frozen=True)
class Drawn:
    """The picture (rows, columns, colours), and where its ground lies."""

    pixels: NDArray[np.uint8]
    to_image: Affine
    crosses: tuple[tuple[int, int], ...]
    """E and N of the four grid crosses nearest the corners, metres."""

    def place(self, east: float, north: float) -> tuple[float, float]:
        """Column and row of a place on the ground."""
        col, row = self.to_image @ (east, north)
        return float(col), float(row)

    def png(self) -> bytes:
        """The file."""
        return png(self.pixels)


def drawn_plan(park: Park, *, adjusted: bool, title: str) -> Drawn:
    """Draw the lots of a park's first plan, or of the adjusted one, under a title."""
    west, south, east, north = (round(each) for each in park.outline.bounds)
    west, south, east, north = west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M
    width = math.ceil((east - west + 2 * BORDER_M) / METRES_A_PIXEL)
    height = math.ceil((north - south + 3 * BORDER_M) / METRES_A_PIXEL)
    to_image = (
        Affine.translation(width / 2, height / 2)
        @ Affine.rotation(TURNED_DEG)
        @ Affine.translation(-width / 2, -height / 2)
        @ Affine.scale(1 / METRES_A_PIXEL, -1 / METRES_A_PIXEL)
        @ Affine.translation(-(west - BORDER_M), -(north + BORDER_M))
    )
    pen = _Pen(to_image)
    for lot in park.lots(adjusted=adjusted):
        tint = style("plan-lots", lot.category).seen_on(f"#{bytes(PAPER).hex()}")
        pen.fill(lot.shape, tint)
        pen.line(lot.shape.boundary, 2.2)
        if lot.block >= 0:
            middle = lot.shape.centroid
            pen.write(lot.name, middle.x, middle.y, tall=34)
    pen.line(park.outline.boundary, 7)
    frame = (west, south, east, north)
    pen.line(shapely.box(*frame).boundary, 4)
    crosses = _grid(pen, frame)
    below = south - BORDER_M
    pen.write(title, (west + east) / 2, below, tall=46)
    pen.write(
        "Bản vẽ minh hoạ: mọi thứ trên bản vẽ đều hư cấu, không có giá trị pháp lý",
        (west + east) / 2, below - 95, tall=34, colour=STAMP,
    )  # fmt: skip
    return Drawn(pen.picture(width, height), to_image, crosses)


def _grid(pen: _Pen, frame: tuple[int, int, int, int]) -> tuple[tuple[int, int], ...]:
    """Draw crosses every 500 m and write X and Y on the frame; return the four outermost."""
    west, south, east, north = frame
    eastings = range(-(-(west + 40) // GRID_M) * GRID_M, east - 40, GRID_M)
    northings = range(-(-(south + 40) // GRID_M) * GRID_M, north - 40, GRID_M)
    for e in eastings:
        pen.write(f"Y={e}", e, north + 50, tall=26)
        pen.line(LineString([(e, north), (e, north + 25)]), 3)
        for n in northings:
            pen.line(LineString([(e - 22, n), (e + 22, n)]), 2.5)
            pen.line(LineString([(e, n - 22), (e, n + 22)]), 2.5)
    for n in northings:
        pen.write(f"X={n}", west - 62, n, tall=26, upright=True)
        pen.line(LineString([(west - 25, n), (west, n)]), 3)
    (left, *_, right), (low, *_, high) = eastings, northings
    return ((left, low), (right, low), (right, high), (left, high))


class _Pen:
    """Collects shapes in order, each with its colour, and paints them all at once."""

    def __init__(self, to_image: Affine) -> None:
        self.to_image = Affine.scale(_FINER) @ to_image
        self.colours: list[tuple[int, int, int]] = [PAPER]
        self.shapes: list[tuple[BaseGeometry, int]] = []

    def fill(self, ground: BaseGeometry, colour: str) -> None:
        """A shape of the ground (E, N) in a tint ``#rrggbb``."""
        red, green, blue = bytes.fromhex(colour.removeprefix("#"))
        self._put(self._placed(ground), (red, green, blue))

    def line(self, ground: BaseGeometry, wide_m: float) -> None:
        """A line of the ground in ink."""
        self._put(self._placed(ground.buffer(wide_m / 2, cap_style="square")), INK)

    def write(
        self, text: str, east: float, north: float, *, tall: float,
        colour: tuple[int, int, int] = INK, upright: bool = False,
    ) -> None:  # fmt: skip
        """A text with its middle at a place; ``tall`` metres a capital, ``upright`` along N."""
        lines, wide = strokes(text)
        unit = tall / 6
        for line in lines:
            x, y = ((line - (wide / 2, 3.0)) * unit).T
            x, y = (-y, x) if upright else (x, y)
            pen = LineString(np.column_stack((east + x, north + y))).buffer(unit * 0.42)
            self._put(self._placed(pen), colour)

    def _placed(self, ground: BaseGeometry) -> BaseGeometry:
        a, b, c, d, e, f, *_ = self.to_image
        placed: BaseGeometry = shapely.transform(
            ground,
            lambda at: np.column_stack(
                (a * at[:, 0] + b * at[:, 1] + c, d * at[:, 0] + e * at[:, 1] + f)
            ),
        )
        return placed

    def _put(self, placed: BaseGeometry, colour: tuple[int, int, int]) -> None:
        if colour not in self.colours:
            self.colours.append(colour)
        self.shapes.append((placed, self.colours.index(colour)))

    def picture(self, width: int, height: int) -> NDArray[np.uint8]:
        """What was drawn, smooth at its edges."""
        index = rasterize(
            self.shapes, out_shape=(height * _FINER, width * _FINER), fill=0, dtype="uint8"
        )
        # ten bits a colour: the sum of a pixel's quarters stays in its field
        packed = np.array([r << 20 | g << 10 | b for r, g, b in self.colours], dtype=np.uint32)
        summed = np.zeros((height, width), dtype=np.uint32)
        for row in range(_FINER):
            for column in range(_FINER):
                summed += packed[index[row::_FINER, column::_FINER]]
        made = np.empty((height, width, 3), dtype=np.uint8)
        for band, shift in enumerate((20, 10, 0)):
            made[..., band] = (summed >> shift & 0x3FF) // _FINER**2
        return made
