"""How much a raster may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MB: Final = 1024 * 1024
MEGAPIXEL: Final = 1_000_000


@dataclass(frozen=True)
class RasterLimits:
    """Caps on one raster and on the processes that work on it; bytes, pixels, seconds as named.

    A sheet of 20,000 x 20,000 pixels passes; forty gigapixels do not. ``pixels_a_byte`` bounds what
    a file may swell to once it is larger than ``free_pixels``: blank fax pages shrink a thousand
    times, honest plans do not.
    """

    file_bytes: int = 2_048 * MB
    least_side: int = 64
    pixels: int = 1_000 * MEGAPIXEL
    side: int = 100_000
    free_pixels: int = 36 * MEGAPIXEL
    pixels_a_byte: int = 2_000
    pages: int = 5_000
    pdf_pixels: int = 200 * MEGAPIXEL
    pdf_dpi: int = 300
    memory_bytes: int = 3 * 1024 * MB
    inspect_cpu_seconds: int = 30
    decode_cpu_seconds: int = 60
    pixels_a_cpu_second: int = 3 * MEGAPIXEL
    wall_seconds_per_cpu_second: int = 4

    def decode_seconds(self, pixels: int) -> int:
        """Processor seconds for turning a picture of that many pixels into plain bytes."""
        return self.decode_cpu_seconds + pixels // self.pixels_a_cpu_second
