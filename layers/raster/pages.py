"""Inside the sandbox: one page of a PDF, drawn at a resolution that shows a pen line."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layers.raster.content import PICTURE, Note, RasterFacts
from layers.raster.errors import (
    RasterDamaged,
    RasterEncrypted,
    RasterPageMissing,
    RasterPageToChoose,
    RasterTooLarge,
    RasterTooSmall,
)
from layers.raster.formats import RasterFormat
from layers.raster.limits import MEGAPIXEL, RasterLimits

_POINTS_AN_INCH: Final = 72
_STRIP_PIXELS: Final = 64_000_000
_ERROR_PASSWORD: Final = 4
_LEAST_POINTS: Final = 20


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _ERROR_PASSWORD or "password" in str(error).lower():
            raise RasterEncrypted() from error
        raise RasterDamaged(reason=str(error)[:200]) from error
    try:
        yield document
    finally:
        document.close()


def inspect(path: Path, page: int | None, limits: RasterLimits) -> RasterFacts:
    """Describe one page as the picture it will be drawn as.

    Raises:
        RasterPageToChoose, RasterPageMissing, RasterEncrypted, RasterDamaged
    """
    with _opened(path) as document:
        pages = len(document)
        if pages == 0:
            raise RasterDamaged(reason="no pages")
        if page is None and pages > 1:
            raise RasterPageToChoose(pages=pages)
        chosen = page or 1
        if not 1 <= chosen <= pages:
            raise RasterPageMissing(page=chosen, pages=pages)
        across, down = document[chosen - 1].get_size()
    if min(across, down) < _LEAST_POINTS:
        raise RasterTooSmall(width=round(across), height=round(down), least=_LEAST_POINTS)
    area = across * down / _POINTS_AN_INCH**2
    dpi = min(limits.pdf_dpi, int(math.sqrt(limits.pdf_pixels / area)))
    width, height = (round(side * dpi / _POINTS_AN_INCH) for side in (across, down))
    if not dpi or max(width, height) > limits.side:
        raise RasterTooLarge(
            width=width, height=height, megapixels=area * limits.pdf_dpi**2 / MEGAPIXEL,
            limit=limits.pdf_pixels // MEGAPIXEL,
        )  # fmt: skip
    return RasterFacts(
        RasterFormat.PDF, PICTURE, width, height, 3, "uint8", pages, chosen, float(dpi), None,
        (Note("raster-note-pdf-rendered", {"dpi": dpi, "page": chosen, "pages": pages}),),
    )  # fmt: skip


def strips(
    path: Path, facts: RasterFacts, on_progress: Callable[[int, int], None]
) -> Iterator[NDArray[np.uint8]]:
    """The page from the top in strips of (rows, width, 3), on white.

    Raises:
        RasterDamaged
    """
    import pypdfium2.raw as raw

    rows = max(_STRIP_PIXELS // facts.width, 1)
    with _opened(path) as document:
        page = document[facts.page - 1]
        for top in range(0, facts.height, rows):
            count = min(rows, facts.height - top)
            bitmap = raw.FPDFBitmap_CreateEx(
                facts.width, count, raw.FPDFBitmap_BGRx, None, facts.width * 4
            )
            if not bitmap:
                raise RasterDamaged(reason="bitmap")
            try:
                raw.FPDFBitmap_FillRect(bitmap, 0, 0, facts.width, count, 0xFFFFFFFF)
                raw.FPDF_RenderPageBitmap(
                    bitmap, page.raw, 0, -top, facts.width, facts.height, 0, raw.FPDF_ANNOT
                )
                held = ctypes.cast(
                    raw.FPDFBitmap_GetBuffer(bitmap),
                    ctypes.POINTER(ctypes.c_ubyte * (facts.width * count * 4)),
                )
                drawn = np.frombuffer(memoryview(held.contents), dtype=np.uint8)
                drawn = drawn.reshape(count, facts.width, 4)
                yield np.ascontiguousarray(drawn[:, :, 2::-1])
            finally:
                raw.FPDFBitmap_Destroy(bitmap)
            on_progress(top + count, facts.height)
