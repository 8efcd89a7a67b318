"""What can go wrong with a tile's address."""

from __future__ import annotations

from layers.errors import LayerError


class GridUnknown(LayerError):
    """No tile grid goes by that name. Context: ``grid``."""

    code = "grid-unknown"


class TileOutOfRange(LayerError):
    """The address lies outside the grid, or is not written canonically. Context: ``tile``."""

    code = "tile-out-of-range"
