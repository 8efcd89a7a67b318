"""Rasters made for the tests: plans drawn by arithmetic, scans in every disguise, heights."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.features import geometry_mask
from shapely.geometry.base import BaseGeometry

from layers.raster.content import PICTURE, RasterFacts
from layers.raster.files import write_pyramid
from layers.raster.formats import RasterFormat
from layers.raster.intake import decode_raster, inspect_raster
from layers.raster.limits import RasterLimits
from layers.raster.png import png

IMAGE = Affine(1, 0, 0, 0, -1, 1)
"""A pixel grid with north up, which no library takes for "none"."""


def drawing(width: int, height: int) -> NDArray[np.uint8]:
    """A coloured plan (height, width, 3): blocks with dark outlines, every block another tint."""
    rows, cols = np.mgrid[0:height, 0:width]
    found = np.empty((height, width, 3), dtype=np.uint8)
    found[..., 0] = 150 + (cols // 60 * 37) % 100
    found[..., 1] = 150 + (rows // 50 * 53) % 100
    found[..., 2] = 150 + ((cols // 60 + rows // 50) * 29) % 100
    found[(cols % 60 < 2) | (rows % 50 < 2)] = 30
    return found


def written(path: Path, pixels: NDArray[Any], driver: str = "GTiff", **options: Any) -> Path:
    """A raster of (bands, rows, columns) through GDAL."""
    bands, height, width = pixels.shape
    options.setdefault("transform", IMAGE)
    with rasterio.open(
        path, "w", driver=driver, count=bands, height=height, width=width, dtype=pixels.dtype,
        **options,
    ) as dataset:  # fmt: skip
        dataset.write(pixels)
    return path


def picture_file(path: Path, width: int = 400, height: int = 300) -> Path:
    """A PNG of the drawing."""
    path.write_bytes(png(drawing(width, height)))
    return path


def pdf_file(path: Path, pages: int, size: tuple[float, float] = (842, 595)) -> Path:
    """A PDF of blank pages; sizes in points."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(*size)
    document.save(path)
    document.close()
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one row of nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def tiff_header(width: int, height: int) -> bytes:
    """A TIFF of one directory that claims a size; its strips lie nowhere."""
    tags = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, width * height % 2**32),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + entries + bytes(4)


def read_plain(path: Path, scratch: Path, **asked: Any) -> tuple[RasterFacts, NDArray[Any]]:
    """Inspect and decode a file through the sandbox; its plain pixels (rows, columns, bands)."""
    facts = inspect_raster(
        path, name=path.name, scratch=scratch, limits=RasterLimits(least_side=16), **asked
    )
    target = scratch / "plain"
    target.unlink(missing_ok=True)
    decode_raster(path, facts, target, scratch=scratch, limits=RasterLimits(least_side=16))
    dtype = np.uint8 if facts.kind == PICTURE else np.float32
    pixels = np.fromfile(target, dtype=dtype).reshape(facts.height, facts.width, facts.bands)
    return facts, pixels


def pyramid_of(pixels: NDArray[Any], folder: Path, name: str = "pyramid.tif") -> Path:
    """A picture in image space, as the application keeps it, from (rows, columns, bands)."""
    height, width, bands = pixels.shape
    kind = PICTURE if pixels.dtype == np.uint8 else "numbers"
    facts = RasterFacts(
        RasterFormat.PNG, kind, width, height, bands, str(pixels.dtype), 1, 1, None, None, ()
    )
    plain = folder / f"{name}.plain"
    plain.write_bytes(np.ascontiguousarray(pixels).tobytes())
    write_pyramid(plain, facts, folder / name)
    return folder / name


TINTS = {"CN": (232, 160, 150), "CX": (170, 214, 160), "DV": (250, 222, 140)}


@dataclass(frozen=True)
class Scan:
    """A plan as if drawn on paper, turned a little and scanned; where its ground lies is known."""

    png: bytes
    width: int
    height: int
    transform: Affine
    """From ground (E, N) to (col, row)."""

    def place(self, e: float, n: float) -> tuple[float, float]:
        """Column and row of a place on the ground."""
        a = self.transform
        return a.a * e + a.b * n + a.c, a.d * e + a.e * n + a.f


def scan_of(
    lots: Sequence[tuple[str, BaseGeometry]],
    *,
    metres_a_pixel: float = 0.5,
    turned_deg: float = 2.0,
    margin_px: int = 90,
    grain: int = 5,
) -> Scan:
    """Draw lots (category, shape in E, N) on yellowish, grainy paper with dark outlines."""
    bounds = np.array([shape.bounds for _, shape in lots])
    west, south = bounds[:, 0].min(), bounds[:, 1].min()
    east, north = bounds[:, 2].max(), bounds[:, 3].max()
    # enough paper for the corners of the turned drawing
    side = max(east - west, north - south) / metres_a_pixel
    pad = margin_px + side * np.sin(np.radians(abs(turned_deg)))
    width = int((east - west) / metres_a_pixel + 2 * pad)
    height = int((north - south) / metres_a_pixel + 2 * pad)
    middle = ((west + east) / 2, (south + north) / 2)
    to_image = (
        Affine.translation(width / 2, height / 2)
        @ Affine.rotation(turned_deg)
        @ Affine.scale(1 / metres_a_pixel, -1 / metres_a_pixel)
        @ Affine.translation(-middle[0], -middle[1])
    )
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[...] = (246, 241, 228)
    for category, shape in lots:
        _paint(picture, to_image, shape, TINTS.get(category, (205, 205, 215)))
    for _, shape in lots:
        _paint(picture, to_image, shape.boundary.buffer(metres_a_pixel * 1.6), (40, 36, 44))
    noise = np.random.default_rng(7).integers(-grain, grain + 1, picture.shape, dtype=np.int16)
    scanned = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return Scan(png(scanned), width, height, to_image)


def _paint(
    picture: NDArray[np.uint8], to_image: Affine, shape: BaseGeometry, colour: tuple[int, int, int]
) -> None:
    mask = geometry_mask([shape], picture.shape[:2], ~to_image, invert=True)
    picture[mask] = colour
