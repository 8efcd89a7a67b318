"""Photos made for tests: JPEG and PNG with and without a camera's notes, and what is none."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np

from layers.raster.photos import jpeg
from layers.raster.png import png

SECRET = b"Nguyen Van A, so may 0912345678"


def picture(width: int = 40, height: int = 30, bands: int = 3) -> np.ndarray:
    """A picture whose top left corner is bright: one can see which way is up."""
    pixels = np.full((height, width, bands), 40, dtype=np.uint8)
    pixels[: height // 2, : width // 2] = 220
    return pixels


def _entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")


def exif(
    *,
    orientation: int = 1,
    taken: bytes = b"2026:03:05 14:30:00",
    place: tuple[float, float] | None = (107.25, 20.95),
    owner: bytes = SECRET,
) -> bytes:
    """A TIFF block as cameras write it: which way is up, when, where, and whose camera it is."""
    parts: list[bytes] = []
    base = 8 + 2 + 4 * 12 + 4
    parts.append(owner + b"\0")
    owner_at, exif_at = base, base + len(owner) + 1
    exif_directory = struct.pack("<H", 1)
    exif_directory += _entry(0x9003, 2, len(taken) + 1, struct.pack("<I", exif_at + 18))
    exif_directory += struct.pack("<I", 0) + taken + b"\0"
    parts.append(exif_directory)
    gps_at = exif_at + len(exif_directory)
    if place is not None:
        longitude, latitude = place
        directory = struct.pack("<H", 4)
        values_at = gps_at + 2 + 4 * 12 + 4
        directory += _entry(1, 2, 2, b"N\0")
        directory += _entry(2, 5, 3, struct.pack("<I", values_at))
        directory += _entry(3, 2, 2, b"E\0")
        directory += _entry(4, 5, 3, struct.pack("<I", values_at + 24))
        directory += struct.pack("<I", 0)
        for degrees in (latitude, longitude):
            directory += struct.pack("<IIIIII", int(degrees * 1_000_000), 1_000_000, 0, 1, 0, 1)
        parts.append(directory)
    first = struct.pack("<H", 4)
    first += _entry(0x0112, 3, 1, struct.pack("<H", orientation))
    first += _entry(0xA430, 2, len(owner) + 1, struct.pack("<I", owner_at))
    first += _entry(0x8769, 4, 1, struct.pack("<I", exif_at))
    first += _entry(0x8825, 4, 1, struct.pack("<I", gps_at if place is not None else 0))
    return b"II*\0" + struct.pack("<I", 8) + first + struct.pack("<I", 0) + b"".join(parts)


def photo_jpeg(notes: bytes | None = None, width: int = 40, height: int = 30) -> bytes:
    """A JPEG, with a camera's notes when they are given."""
    plain = jpeg(picture(width, height))
    if notes is None:
        return plain
    block = b"Exif\0\0" + notes
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]


def photo_png(notes: bytes | None = None, bands: int = 3) -> bytes:
    """A PNG, with a camera's notes in a chunk of their own."""
    plain = png(picture(bands=bands))
    if notes is None:
        return plain
    chunk = struct.pack(">I", len(notes)) + b"eXIf" + notes
    chunk += struct.pack(">I", zlib.crc32(b"eXIf" + notes))
    return plain[:33] + chunk + plain[33:]


def bomb(width: int = 15_000, height: int = 15_000) -> bytes:
    """A PNG of few bytes that says it has many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    rows = zlib.compress(b"\0" * 1_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def upload(content: bytes, name: str = "anh.jpg") -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(content), name


NO_PHOTOS = {
    "html": (b"<html><script>alert(1)</script>", "không phải ảnh JPEG hay PNG"),
    "cut off": (photo_jpeg()[:150], "hỏng"),
    "empty": (b"", "không có dữ liệu"),
}
"""What is no photo, and the words it is refused with."""
