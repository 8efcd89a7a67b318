"""Layers leave the register: RFC 7946 GeoJSON streamed from the database, and its VN-2000 twin."""

from layers.exporting.geojson import geojson_stream
from layers.exporting.geopackage import write_geopackage
from layers.exporting.source import ExportSource, Feature

__all__ = ["ExportSource", "Feature", "geojson_stream", "write_geopackage"]
