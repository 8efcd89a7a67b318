"""Map tiles: the grids they are cut by and the statements that cut them."""

from layers.tiles.grids import (
    WEB_MERCATOR_QUAD,
    Grid,
    TileAddress,
    address,
    grid,
    plane_grid,
    tile_matrix_set,
)
from layers.tiles.vector import EXTENT, MEDIA_TYPE, TileSource, tile_statement

__all__ = [
    "EXTENT",
    "MEDIA_TYPE",
    "WEB_MERCATOR_QUAD",
    "Grid",
    "TileAddress",
    "TileSource",
    "address",
    "grid",
    "plane_grid",
    "tile_matrix_set",
    "tile_statement",
]
