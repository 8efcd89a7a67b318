"""Tile grids: one for each VN-2000 plane, so that the map never leaves the plane, and Web Mercator.

The grid of a plane covers 0 to 2,097,152 m east and 524,288 to 2,621,440 m north (all of Vietnam in
every legal plane) with tiles of 512 px; zoom ``z`` has ``4096 / 2**z`` metres a pixel. Every number
is a power of two, so tile corners are exact. Rows count from the north.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from layers.crs import PLANES, meridian_text
from layers.tiles.errors import GridUnknown, TileOutOfRange

Box = tuple[float, float, float, float]

_HALF_WORLD_M: Final = 20037508.342789244
_STANDARD_PIXEL_M: Final = 0.00028
_CANONICAL: Final = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Grid:
    """A pyramid of square tiles over one coordinate system; extent as west, south, east, north."""

    identifier: str
    srid: int
    extent: Box
    tile_px: int
    max_zoom: int

    def resolution(self, z: int) -> float:
        """Metres of the plane a pixel, at zoom ``z``."""
        west, _, east, _ = self.extent
        return (east - west) / (self.tile_px << z)

    def tile_box(self, tile: TileAddress) -> Box:
        """West, south, east, north of a tile in metres of the grid's plane."""
        west, _, _, north = self.extent
        side = self.resolution(tile.z) * self.tile_px
        left, top = west + tile.x * side, north - tile.y * side
        return (left, top - side, left + side, top)


@dataclass(frozen=True, slots=True)
class TileAddress:
    """Zoom, column from the west and row from the north."""

    z: int
    x: int
    y: int


WEB_MERCATOR_QUAD: Final = Grid(
    "WebMercatorQuad",
    3857,
    (-_HALF_WORLD_M, -_HALF_WORLD_M, _HALF_WORLD_M, _HALF_WORLD_M),
    tile_px=256,
    max_zoom=22,
)


def plane_grid(srid: int) -> Grid:
    """The grid of a legal VN-2000 plane.

    Raises:
        GridUnknown: ``srid`` is not one of the twenty legal planes.
    """
    if srid not in PLANES:
        raise GridUnknown(grid=srid)
    return Grid(str(srid), srid, (0.0, 524288.0, 2097152.0, 2621440.0), tile_px=512, max_zoom=18)


def grid(identifier: str) -> Grid:
    """The grid of that name: an EPSG code of a legal plane, or ``WebMercatorQuad``.

    Raises:
        GridUnknown: any other name, also a code with a sign or leading noughts.
    """
    if identifier == WEB_MERCATOR_QUAD.identifier:
        return WEB_MERCATOR_QUAD
    if not _CANONICAL.fullmatch(identifier):
        raise GridUnknown(grid=identifier[:40])
    return plane_grid(int(identifier))


def address(of: Grid, z: str, x: str, y: str) -> TileAddress:
    """Read a tile's address from its path; plain decimal numbers only, so each tile has one URL.

    Raises:
        TileOutOfRange: not a number as written by machines, or outside the grid.
    """
    written = f"{z}/{x}/{y}"
    if not all(_CANONICAL.fullmatch(part) for part in (z, x, y)):
        raise TileOutOfRange(tile=written[:40])
    tile = TileAddress(int(z), int(x), int(y))
    if tile.z > of.max_zoom or max(tile.x, tile.y) >= 2**tile.z:
        raise TileOutOfRange(tile=written[:40])
    return tile


def tile_matrix_set(of: Grid) -> dict[str, object]:
    """Describe a grid as an OGC TileMatrixSet (2.0); scale denominators for pixels of 0.28 mm."""
    west, _, _, north = of.extent
    mercator = of is WEB_MERCATOR_QUAD
    return {
        "id": of.identifier,
        "title": "Google Maps compatible" if mercator else _plane_title(of.srid),
        "crs": f"http://www.opengis.net/def/crs/EPSG/0/{of.srid}",
        "orderedAxes": ["X", "Y"] if mercator else ["E", "N"],
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": of.resolution(z) / _STANDARD_PIXEL_M,
                "cellSize": of.resolution(z),
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [west, north],
                "tileWidth": of.tile_px,
                "tileHeight": of.tile_px,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z in range(of.max_zoom + 1)
        ],
    }


def _plane_title(srid: int) -> str:
    return f"VN-2000 {meridian_text(PLANES[srid].central_meridian_deg)} (EPSG:{srid})"
