"""Stand-alone folium maps: one HTML file that opens from disk and asks nobody for anything."""

from layers.maps.document import Drawing, standalone_map
from layers.maps.errors import MapAssetMissing, MapNotSelfContained

__all__ = ["Drawing", "MapAssetMissing", "MapNotSelfContained", "standalone_map"]
