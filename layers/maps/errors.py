"""What can go wrong with a stand-alone map."""

from typing import ClassVar

from layers.errors import LayerError


class MapAssetMissing(LayerError):
    """A browser file the map must carry is not installed."""

    code: ClassVar[str] = "map-asset-missing"


class MapNotSelfContained(LayerError):
    """The finished document would load something from elsewhere."""

    code: ClassVar[str] = "map-not-self-contained"
