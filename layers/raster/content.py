"""What is known of a raster before and after it is read, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from layers.raster.formats import RasterFormat

PICTURE: Final = "picture"
NUMBERS: Final = "numbers"

NOTES: Final = frozenset(
    {
        "raster-note-cmyk",
        "raster-note-depth",
        "raster-note-palette",
        "raster-note-two-tone",
        "raster-note-alpha",
        "raster-note-pdf-rendered",
        "raster-note-georeferenced",
        "raster-note-crs-unusable",
    }
)
"""Codes of what was changed or noticed on the way in; each has a sentence for the reader."""


@dataclass(frozen=True)
class Note:
    """Something that was converted, or that a person should know."""

    code: str
    context: dict[str, object]


@dataclass(frozen=True)
class FilePlace:
    """Where the file itself says it lies.

    ``transform`` is (e0, de/dcol, de/drow, n0, dn/dcol, dn/drow) in the file's own system;
    ``epsg`` is what its coordinate system is recognised as, ``name`` its name.
    """

    transform: tuple[float, float, float, float, float, float]
    epsg: int | None
    name: str


@dataclass(frozen=True)
class RasterFacts:
    """A raster as its file describes it; sizes in pixels, ``dpi`` along the width.

    ``bands`` are those of the plain pixels it is turned into: 1 grey, 3 colours, 4 with opacity.
    """

    format: RasterFormat
    kind: str
    width: int
    height: int
    bands: int
    dtype: str
    pages: int
    page: int
    dpi: float | None
    place: FilePlace | None
    notes: tuple[Note, ...]

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    @property
    def item_bytes(self) -> int:
        """Bytes a value of the plain pixels: one for colours, four for heights."""
        return 4 if self.kind == NUMBERS else 1

    @property
    def plain_bytes(self) -> int:
        """Size of the plain pixels: rows from the top, bands side by side."""
        return self.pixels * self.bands * self.item_bytes
