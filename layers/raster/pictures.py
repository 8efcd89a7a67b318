"""Inside the sandbox: what a TIFF, JPEG or PNG is, and its pixels as plain bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layers.raster.content import NUMBERS, PICTURE, FilePlace, Note, RasterFacts
from layers.raster.errors import (
    RasterNotAPicture,
    RasterNotElevation,
    RasterPageMissing,
    RasterPageToChoose,
)
from layers.raster.formats import RasterFormat
from layers.raster.gdal import opened

_STRIP_PIXELS: Final = 16_000_000
_SAMPLE: Final = 1_024
_INCHES: Final = {"2": 1.0, "3": 2.54}
Progress = Callable[[int, int], None]


def inspect(path: Path, kind: RasterFormat, page: int | None, wanted: str) -> RasterFacts:
    """Describe one page of a picture or, when ``wanted`` is numbers, a grid of heights.

    Raises:
        RasterPageToChoose, RasterPageMissing, RasterNotAPicture, RasterNotElevation, RasterDamaged
    """
    with opened(str(path), kind) as dataset:
        pages = max(len(dataset.subdatasets), 1)
    if page is None and pages > 1:
        raise RasterPageToChoose(pages=pages)
    chosen = page or 1
    if not 1 <= chosen <= pages:
        raise RasterPageMissing(page=chosen, pages=pages)
    with opened(address(path, pages, chosen), kind) as dataset:
        notes: list[Note] = []
        bands = _bands(dataset, wanted, notes)
        place = _place(dataset)
        if place is not None:
            notes.append(Note("raster-note-georeferenced", {"name": place.name[:120]}))
        dtype = str(dataset.dtypes[0])
        return RasterFacts(
            kind, wanted, dataset.width, dataset.height, bands, dtype, pages, chosen,
            _dpi(dataset), place, tuple(notes),
        )  # fmt: skip


def address(path: Path, pages: int, page: int) -> str:
    """How GDAL is told which page of a TIFF to open."""
    return str(path) if pages == 1 else f"GTIFF_DIR:{page}:{path}"


def strips(
    path: Path, facts: RasterFacts, on_progress: Progress
) -> Iterator[NDArray[np.uint8] | NDArray[np.float32]]:
    """The plain pixels from the top: (rows, width, bands) of 8 bits, or heights with NaN for none.

    Raises:
        RasterDamaged
    """
    with opened(address(path, facts.pages, facts.page), facts.format) as dataset:
        convert = _heights(dataset) if facts.kind == NUMBERS else _colours(dataset, facts)
        block = dataset.block_shapes[0][0]
        rows = max(_STRIP_PIXELS // facts.width // block, 1) * block
        rows = min(rows, max(_STRIP_PIXELS * 4 // facts.width, 1))
        for top in range(0, facts.height, rows):
            count = min(rows, facts.height - top)
            yield convert(((top, top + count), (0, facts.width)))
            on_progress(top + count, facts.height)


def _bands(dataset: Any, wanted: str, notes: list[Note]) -> int:
    """How many plain bands there will be, and what has to be converted for it."""
    kinds = [each.name for each in dataset.colorinterp]
    dtype, count = str(dataset.dtypes[0]), int(dataset.count)
    if wanted == NUMBERS:
        if count != 1 or "palette" in kinds or "complex" in dtype:
            raise RasterNotElevation(dtype=dtype, bands=count)
        return 1
    if dtype not in ("uint8", "uint16") or count > 5:
        raise RasterNotAPicture(dtype=dtype, bands=count)
    if _from_ink(dataset):
        notes.append(Note("raster-note-cmyk", {}))
        return 3
    if dtype == "uint16":
        notes.append(Note("raster-note-depth", {"bits": _bits(dataset)}))
    if kinds[0] == "palette":
        two = _two_tone(dataset)
        notes.append(Note("raster-note-two-tone" if two else "raster-note-palette", {}))
        return 1 if two else 3
    if _two_tone(dataset):
        notes.append(Note("raster-note-two-tone", {}))
    if "alpha" in kinds:
        notes.append(Note("raster-note-alpha", {}))
        return 4
    if dataset.nodata is not None and dataset.nodata != 255 and _place(dataset) is not None:
        return 4
    return 3 if count >= 3 else 1


def _two_tone(dataset: Any) -> bool:
    return bool(dataset.tags(1, ns="IMAGE_STRUCTURE").get("NBITS") == "1")


def _from_ink(dataset: Any) -> bool:
    """Whether GDAL turns inks into light on reading, by the plain rule, without a profile."""
    return bool(dataset.tags(ns="IMAGE_STRUCTURE").get("SOURCE_COLOR_SPACE") in ("CMYK", "YCCK"))


def _bits(dataset: Any) -> int:
    """Bits the brightest of a coarse sample needs: 12-bit scanners write 16-bit files."""
    height = min(dataset.height, _SAMPLE)
    width = min(dataset.width, _SAMPLE)
    sample = dataset.read(out_shape=(dataset.count, height, width))
    return max(int(sample.max()).bit_length(), 8)


def _colours(dataset: Any, facts: RasterFacts) -> Callable[[Any], NDArray[np.uint8]]:
    kinds = [each.name for each in dataset.colorinterp]
    if kinds[0] == "palette":
        table = np.zeros((256, 3), dtype=np.uint8)
        for value, colour in dataset.colormap(1).items():
            if value < 256:
                table[value] = colour[:3]
        table = table if facts.bands == 3 else table[:, :1]
        return lambda window: np.take(table, dataset.read(1, window=window), axis=0)
    if facts.bands == 1 and _two_tone(dataset):
        return lambda window: (dataset.read(1, window=window) * np.uint8(255))[:, :, None]
    bits = _bits(dataset) if facts.dtype == "uint16" else 8
    wanted = [1] if facts.bands == 1 else [1, 2, 3] if len(kinds) >= 3 else [1, 1, 1]

    def read(window: Any) -> NDArray[np.uint8]:
        found: NDArray[np.uint8] = np.moveaxis(
            _eight(dataset.read(wanted, window=window), bits), 0, 2
        )
        if facts.bands < 4:
            return np.ascontiguousarray(found)
        opaque = dataset.dataset_mask(window=window)
        whole = np.concatenate((found, opaque[:, :, None]), axis=2)
        whole[opaque == 0] = (255, 255, 255, 0)  # nothing is white when it is blended at an edge
        return whole

    return read


def _eight(values: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    shift = 0 if values.dtype == np.uint8 else bits - 8
    found: NDArray[np.uint8] = np.minimum(values >> shift, 255).astype(np.uint8, copy=False)
    return found


def _heights(dataset: Any) -> Callable[[Any], NDArray[np.float32]]:
    def read(window: Any) -> NDArray[np.float32]:
        found: NDArray[np.float32] = dataset.read(1, window=window).astype(np.float32)
        found[dataset.read_masks(1, window=window) == 0] = np.nan
        return found[:, :, None]

    return read


def _dpi(dataset: Any) -> float | None:
    tags = dataset.tags()
    unit = _INCHES.get(str(tags.get("TIFFTAG_RESOLUTIONUNIT", ""))[:1])
    try:
        dpi = float(tags["TIFFTAG_XRESOLUTION"]) * (unit or 0)
    except (KeyError, ValueError):
        return None
    return dpi if 20 <= dpi <= 4_800 else None


def _place(dataset: Any) -> FilePlace | None:
    """The file's own place, when it states a coordinate system and not only a pixel grid."""
    if dataset.crs is None or dataset.transform.is_identity:
        return None
    a, b, c, d, e, f = tuple(dataset.transform)[:6]
    name = str(dataset.crs.to_string())
    return FilePlace((c, a, b, f, d, e), dataset.crs.to_epsg(), name[:400])


__all__ = ["NUMBERS", "PICTURE", "inspect", "strips"]
