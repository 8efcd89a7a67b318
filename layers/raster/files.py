"""Rasters of our own making: tiled TIFF written window by window within a bounded memory.

Only plain pixels that came out of the sandbox go into them, so GDAL may read them anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.windows import Window

from layers.raster.content import NUMBERS, RasterFacts

BLOCK: Final = 512
CACHE_MB: Final = 192
THREADS: Final = 2
_ENV: Final = {
    "GDAL_CACHEMAX": CACHE_MB,
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": str(THREADS),
    "GDAL_TIFF_INTERNAL_MASK": "YES",
}
_COLOURS: Final = {
    1: (ColorInterp.gray,),
    3: (ColorInterp.red, ColorInterp.green, ColorInterp.blue),
    4: (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha),
}
# image space with north up: a pixel grid that is not the identity, which GDAL takes for "none"
IMAGE_SPACE: Final = Affine(1, 0, 0, 0, -1, 1)

Tick = Callable[[str, int, int], None]
"""Told the step (``read``, ``pyramid``, ``warp``, ``cog``), how much is done, and of how much."""


def silent(step: str, done: int, total: int) -> None:
    """Nobody listens."""


@contextmanager
def working() -> Iterator[None]:
    """GDAL with a bounded block cache and without side files."""
    with rasterio.Env(**_ENV):
        yield


def profile(width: int, height: int, bands: int, dtype: str, transform: Affine) -> dict[str, Any]:
    """How our own working files are written: quickly, for nobody else reads them."""
    heights = dtype == "float32"
    return {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "count": bands,
        "dtype": dtype,
        "transform": transform,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": "pixel",
        "compress": "zstd",
        "zstd_level": 1,
        "predictor": 3 if heights else 2,
        "bigtiff": "if_safer",
        "sparse_ok": True,
        **({"nodata": math.nan} if heights else {}),
        **({"alpha": "unassociated"} if bands == 4 else {}),
    }


@contextmanager
def written(path: Path, **made_of: Any) -> Iterator[Any]:
    """A new raster to be filled by windows; gone again when filling fails."""
    try:
        with rasterio.open(path, "w", **made_of) as dataset:
            if made_of["dtype"] == "uint8":
                dataset.colorinterp = _COLOURS[made_of["count"]]
            yield dataset
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def overview_levels(width: int, height: int) -> int:
    """How often the sides are halved until the whole picture fits one block."""
    return max(math.ceil(math.log2(max(width, height) / BLOCK)), 0)


def write_pyramid(plain: Path, facts: RasterFacts, target: Path, tick: Tick = silent) -> None:
    """Turn plain pixels into a tiled picture with coarser copies, in image space.

    This is what the browser looks at while control points are set, and what is warped.
    """
    dtype = "float32" if facts.kind == NUMBERS else "uint8"
    made_of = profile(facts.width, facts.height, facts.bands, dtype, IMAGE_SPACE)
    with working():
        with plain.open("rb") as pixels, written(target, **made_of) as dataset:
            for top in range(0, facts.height, BLOCK):
                rows = min(BLOCK, facts.height - top)
                strip = np.fromfile(pixels, dtype, rows * facts.width * facts.bands)
                strip = strip.reshape(rows, facts.width, facts.bands)
                window = Window(0, top, facts.width, rows)
                dataset.write(np.moveaxis(strip, 2, 0), window=window)
                tick("pyramid", min(top + BLOCK, facts.height), facts.height)
        levels = [2**k for k in range(1, overview_levels(facts.width, facts.height) + 1)]
        if levels:
            with rasterio.open(target, "r+") as dataset:
                dataset.build_overviews(levels, Resampling.average)
    tick("pyramid", facts.height, facts.height)
