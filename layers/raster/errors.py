"""Why a raster cannot be read or placed, as types that carry facts and no prose."""

from __future__ import annotations

from layers.errors import LayerError
from layers.vector.errors import BY_CODE as FILE_REFUSALS
from layers.vector.errors import FileRefused


class RasterRefused(FileRefused):
    """A picture or elevation model that is not taken in."""

    code = "raster-refused"


class RasterTypeUnknown(RasterRefused):
    """The first bytes are not those of a TIFF, JPEG, PNG or PDF. Context: ``name``."""

    code = "raster-type-unknown"


class RasterTooSmall(RasterRefused):
    """Context: ``width``, ``height``, ``least`` (pixels a side)."""

    code = "raster-too-small"


class RasterTooLarge(RasterRefused):
    """More pixels than are taken in. Context: ``width``, ``height``, ``megapixels``, ``limit``."""

    code = "raster-too-large"


class RasterSwells(RasterRefused):
    """So few bytes for so many pixels: a decompression bomb. Context: ``megapixels``, ``bytes``."""

    code = "raster-swells"


class RasterDamaged(RasterRefused):
    """The picture ends too early or its data do not decode. Context: ``reason``."""

    code = "raster-damaged"


class RasterNotAPicture(RasterRefused):
    """Numbers instead of colours: an elevation model, perhaps. Context: ``dtype``, ``bands``."""

    code = "raster-not-a-picture"


class RasterNotElevation(RasterRefused):
    """A picture where one band of heights is needed. Context: ``dtype``, ``bands``."""

    code = "raster-not-elevation"


class RasterPageToChoose(RasterRefused):
    """Several pages and none was named. Context: ``pages``."""

    code = "raster-page-to-choose"


class RasterPageMissing(RasterRefused):
    """There is no such page. Context: ``page``, ``pages``."""

    code = "raster-page-missing"


class RasterEncrypted(RasterRefused):
    """The PDF opens with a password only."""

    code = "raster-encrypted"


# --- control points: context of all ``points`` (numbers from 1, as people see them) ----------


class ReferenceRefused(LayerError):
    """Control points that do not place the sheet."""

    code = "reference-refused"


class TooFewPoints(ReferenceRefused):
    """Context: ``count``, ``least``, ``kind``."""

    code = "reference-too-few-points"


class TooManyPoints(ReferenceRefused):
    """Context: ``count``, ``most``."""

    code = "reference-too-many-points"


class PointNotFinite(ReferenceRefused):
    """A coordinate that is no number. Context: ``point``."""

    code = "reference-point-not-finite"


class PointOutsideImage(ReferenceRefused):
    """Context: ``point``, ``col``, ``row``, ``width``, ``height``."""

    code = "reference-point-outside-image"


class PointOutsidePlane(ReferenceRefused):
    """No place of Vietnam in that plane. Context: ``point``, ``easting``, ``northing``."""

    code = "reference-point-outside-plane"


class PointAxesSwapped(ReferenceRefused):
    """X (north) and Y (east) are exchanged. Context: ``point``, ``easting``, ``northing``."""

    code = "reference-axes-swapped"


class PointsRepeated(ReferenceRefused):
    """Two points at one spot, on the sheet or on the ground. Context: ``first``, ``second``."""

    code = "reference-points-repeated"


class PointsCollinear(ReferenceRefused):
    """All points lie along one line. Context: ``spread`` (width of the line over its length)."""

    code = "reference-points-collinear"


class PointsDegenerate(ReferenceRefused):
    """The points do not determine the curved transformation. Context: ``kind``, ``count``."""

    code = "reference-points-degenerate"


class SheetMirrored(ReferenceRefused):
    """The points would turn the sheet over: two are exchanged, or the scan is a mirror image."""

    code = "reference-sheet-mirrored"


class SheetFolds(ReferenceRefused):
    """The curved transformation folds the sheet over itself somewhere."""

    code = "reference-sheet-folds"


class SheetTooLargeOnGround(ReferenceRefused):
    """The placed sheet would have more pixels than are kept. Context: ``megapixels``, ``limit``."""

    code = "reference-too-large-on-ground"


def _all(kind: type[LayerError]) -> dict[str, type[LayerError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _all(child)
    return found


BY_CODE: dict[str, type[LayerError]] = FILE_REFUSALS | _all(RasterRefused)
