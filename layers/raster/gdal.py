"""Opening one raster through GDAL with a single driver switched on, inside the sandbox.

GDAL treats opening a file as running it: a VRT named ``.tif`` reads any other file. So every driver
but the one the job needs is skipped before GDAL registers its drivers, and the list is checked.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from layers.raster.errors import RasterDamaged
from layers.raster.formats import RasterFormat
from layers.vector.errors import SandboxUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVERS: Final = {
    RasterFormat.TIFF: "GTiff",
    RasterFormat.JPEG: "JPEG",
    RasterFormat.PNG: "PNG",
}
ENVIRONMENT: Final = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_NUM_THREADS": "1",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": "128",
    "GDAL_ERROR_ON_LIBJPEG_WARNING": "YES",
    "GDAL_ALLOW_LARGE_LIBJPEG_MEM_ALLOC": "YES",
    "GDAL_MAX_RAW_BLOCK_CACHE_SIZE": "64000000",
    "CPL_DEBUG": "OFF",
    "CPL_TMPDIR": "/tmp",  # noqa: S108  the sandbox's own small memory folder
    "PROJ_NETWORK": "OFF",
}
# GDAL itself registers these without asking GDAL_SKIP, or needs them for what it keeps in memory
_ALWAYS: Final = frozenset({"MEM", "Memory", "DERIVED"})
_SECOND_START: Final = "LAYERS_RASTER_SECOND_START"
# Drivers that read other files or addresses; the rest is found on the first start and skipped
# on the second.
_KNOWN: Final = "VRT,GTI,WMS,WMTS,WCS,DAAS,PLMOSAIC,RPFTOC,STACIT,STACTA,EEDA,EEDAI,HTTP,COG"


def allow_only(kind: RasterFormat) -> None:
    """Load GDAL with the driver of one format and nothing else.

    Raises:
        SandboxUnavailable: GDAL still offers another driver after a second start.
    """
    driver = DRIVERS[kind]
    os.environ.update(ENVIRONMENT)
    os.environ["GDAL_SKIP"] = os.environ.get(_SECOND_START, _KNOWN)
    import rasterio

    with rasterio.Env() as env:
        offered = set(env.drivers())
    others = sorted(offered - _ALWAYS - {driver})
    if others and _SECOND_START not in os.environ:
        os.environ[_SECOND_START] = ",".join([*_KNOWN.split(","), *others])
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606  same program, same limits
    if others or driver not in offered:
        raise SandboxUnavailable(reason=f"GDAL drivers: {', '.join(others) or 'none'}"[:200])


@contextmanager
def opened(path: str, kind: RasterFormat) -> Iterator[Any]:
    """The dataset at a path, by its own driver alone.

    Raises:
        RasterDamaged: GDAL cannot open or read it.
    """
    import rasterio
    from rasterio.errors import RasterioError, RasterioIOError

    try:
        with rasterio.open(path, driver=DRIVERS[kind]) as dataset:
            yield dataset
    except (RasterioIOError, RasterioError) as error:
        raise RasterDamaged(reason=_reason(error)) from error


def _reason(error: BaseException) -> str:
    """What GDAL says of the data, without our folder names."""
    told = error.__cause__ or error.__context__ or error
    words = " ".join(str(told).split()).replace("/job/", "")
    return "".join(c for c in words if c.isprintable())[:200] or type(error).__name__
