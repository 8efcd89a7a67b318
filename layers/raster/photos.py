"""A photo from an upload to two plain JPEGs: turned upright, made smaller, nothing else in them.

The file is read in the sandbox; what is kept is encoded anew from its pixels, so no note of the
camera and no trick of the file goes further. Time and place come beside it, as plain values.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from layers.raster.errors import RasterTypeUnknown
from layers.raster.files import working
from layers.raster.formats import RasterFormat, recognise
from layers.raster.intake import decode_raster, inspect_photo
from layers.raster.limits import MB, MEGAPIXEL, RasterLimits
from layers.vector.errors import FileEmpty

Pixels = NDArray[np.uint8]

LIMITS: Final = RasterLimits(
    file_bytes=25 * MB,
    least_side=16,
    pixels=60 * MEGAPIXEL,
    side=16_000,
    memory_bytes=1_024 * MB,
)
LONGEST_SIDE: Final = 2_560
THUMBNAIL_SIDE: Final = 400
_QUALITY: Final = 85
_TURNS: Final = {1: (0, False), 2: (0, True), 3: (2, False), 4: (2, True),
                 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}  # fmt: skip


class PhotoTypeUnknown(RasterTypeUnknown):
    """Neither a JPEG nor a PNG by its first bytes. Context: ``name``."""

    code = "photo-type-unknown"


@dataclass(frozen=True)
class TakenPhoto:
    """A photo encoded anew with its thumbnail; ``place`` is (longitude, latitude), WGS 84."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    place: tuple[float, float] | None


def take_photo(
    path: Path, *, name: str, scratch: Path, clock: tzinfo, limits: RasterLimits = LIMITS
) -> TakenPhoto:
    """Read an upload in the sandbox and encode it anew.

    ``clock`` is the zone a camera's clock is read in when it states none.

    Raises:
        FileRefused: one of its kinds says why; nothing is left behind.
    """
    if path.stat().st_size == 0:
        raise FileEmpty(name=name[:120])
    _require_photo(path, name)
    facts, notes = inspect_photo(path, name=name, scratch=scratch, limits=limits)
    with tempfile.TemporaryDirectory(prefix="job-", dir=scratch) as room:
        plain = Path(room) / "plain"
        decode_raster(path, facts, plain, scratch=scratch, limits=limits)
        shape = (facts.height, facts.width, facts.bands)
        raw: Pixels = np.memmap(plain, np.uint8, "r", shape=shape)
        kept = _upright(_opaque(smaller(raw, LONGEST_SIDE)), notes.orientation)
    place = None
    if notes.longitude is not None and notes.latitude is not None:
        place = (notes.longitude, notes.latitude)
    height, width = kept.shape[:2]
    small = smaller(kept, THUMBNAIL_SIDE)
    return TakenPhoto(jpeg(kept), jpeg(small), width, height, _moment(notes.taken, clock), place)


def _require_photo(path: Path, name: str) -> None:
    try:
        found = recognise(path, name)
    except RasterTypeUnknown as unknown:
        raise PhotoTypeUnknown(name=name[:120]) from unknown
    if found not in (RasterFormat.JPEG, RasterFormat.PNG):
        raise PhotoTypeUnknown(name=name[:120])


def smaller(pixels: Pixels, longest: int) -> Pixels:
    """A picture whose sides are at most so long: means of whole squares of pixels."""
    height, width, bands = pixels.shape
    step = -(-max(height, width) // longest)
    if step == 1:
        return np.ascontiguousarray(pixels)
    step = min(step, height, width)
    rows, columns = height // step, width // step
    made = np.empty((rows, columns, bands), dtype=np.uint8)
    for row in range(rows):
        strip = pixels[row * step : (row + 1) * step, : columns * step]
        squares = strip.reshape(step, columns, step, bands).sum(axis=(0, 2), dtype=np.uint32)
        made[row] = (squares + step * step // 2) // (step * step)
    return made


def jpeg(pixels: Pixels) -> bytes:
    """Encode one or three bands of 8 bits; nothing but the picture is written."""
    height, width, bands = pixels.shape
    with working(), warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(
            driver="JPEG", width=width, height=height, count=bands, dtype="uint8", quality=_QUALITY
        ) as dataset:
            dataset.write(np.moveaxis(pixels, 2, 0))
        return bytes(memory.read())


def _opaque(pixels: Pixels) -> Pixels:
    """What lies behind a clear picture is white."""
    if pixels.shape[2] != 4:
        return pixels
    share = pixels[:, :, 3:].astype(np.uint16)
    blended = (pixels[:, :, :3] * share + 255 * (255 - share) + 127) // 255
    return blended.astype(np.uint8)


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    turns, mirrored = _TURNS[orientation]
    seen = pixels[:, ::-1] if mirrored else pixels
    return np.ascontiguousarray(np.rot90(seen, turns))


def _moment(told: str | None, clock: tzinfo) -> datetime | None:
    if told is None:
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=clock)
    return found if 1970 < found.year < 2200 else None
