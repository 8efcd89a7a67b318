"""What can go wrong with spatial data, as types that carry facts and no prose.

Each class has a ``code``; the sentence a person reads is kept with the other texts of the
application and is filled from ``context``.
"""

from __future__ import annotations

from typing import ClassVar


class LayerError(Exception):
    """A spatial fact that stops the work, named by ``code`` and described by ``context``."""

    code: ClassVar[str] = "layer-error"

    def __init__(self, **context: object) -> None:
        self.context: dict[str, object] = dict(context)
        super().__init__(self.code)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.context.items())
        return f"{self.code}({facts})"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross the border of the sandboxed worker: keyword context must survive pickling.
        return (_revive, (type(self), self.context))


def _revive(kind: type[LayerError], context: dict[str, object]) -> LayerError:
    return kind(**context)


# --- coordinate systems -------------------------------------------------------------------


class CrsMissing(LayerError):
    """The file does not say which coordinate system its numbers are in."""

    code = "crs-missing"


class CrsMissingProposed(CrsMissing):
    """As above, but the numbers fit one plane only. Context: ``proposed_srid``, ``meridian``."""

    code = "crs-missing-proposed"


class CrsUnknown(LayerError):
    """An SRID that is not one of the legal VN-2000 planes. Context: ``srid``."""

    code = "crs-unknown"


class CrsOfFileUnknown(LayerError):
    """The file states a coordinate system that is no plane of VN-2000. Context: ``said``."""

    code = "crs-of-file-unknown"


class CrsDeprecated(LayerError):
    """EPSG 6956 to 6959: false easting, northing swapped. Context: ``srid``, ``use_srid``."""

    code = "crs-deprecated"


class CrsWebMercator(LayerError):
    """Web Mercator for legal geometry: areas in it are 11 to 16 % too large. Context: ``srid``."""

    code = "crs-web-mercator"


class CrsNotAPlane(LayerError):
    """Degrees where a VN-2000 plane in metres is needed. Context: ``srid``."""

    code = "crs-not-a-plane"


class ProvinceUnknown(LayerError):
    """No province of that name or code in the meridian table. Context: ``province``."""

    code = "province-unknown"


class CoordinatesNotFinite(LayerError):
    """A coordinate is NaN, infinite or cannot be projected. Context: ``count``."""

    code = "coordinates-not-finite"


# --- a file that does not lie where it says (context of all: ``displacement_m``, ``srid``,
#     ``declared_srid``, ``share``, and what the particular finding adds) --------------------


class PassportRefused(LayerError):
    """The file's numbers do not put it where the zone is."""

    code = "passport-refused"


class AxesSwapped(PassportRefused):
    """The first column is the northing (X) and the second the easting (Y)."""

    code = "axes-swapped"


class WrongMeridian(PassportRefused):
    """The file fits on another VN-2000 plane than the declared one."""

    code = "wrong-meridian"


class WrongScale(PassportRefused):
    """Scale factor 0.9996 (6° zone) taken for 0.9999 (3° zone), or the reverse."""

    code = "wrong-scale"


class DegreesAsMetres(PassportRefused):
    """Longitudes and latitudes declared as metres."""

    code = "degrees-as-metres"


class MetresAsDegrees(PassportRefused):
    """Metres of a plane declared as degrees."""

    code = "metres-as-degrees"


class NoDatumShift(PassportRefused):
    """WGS 84 numbers declared as VN-2000, or the reverse: about 224 m away."""

    code = "no-datum-shift"


class DrawingInMillimetres(PassportRefused):
    """The drawing unit is the millimetre."""

    code = "drawing-in-millimetres"


class ZonePrefix(PassportRefused):
    """Eastings carry the zone number in front (48 or 49 million)."""

    code = "zone-prefix"


class FitsNowhere(PassportRefused):
    """No known way of reading the numbers puts the file at the zone."""

    code = "fits-nowhere"


# --- geometry -----------------------------------------------------------------------------


class GeometryInvalid(LayerError):
    """A ring crosses or touches itself. Context: ``reason``, ``x``, ``y``."""

    code = "geometry-invalid"


class GeometryEmpty(LayerError):
    """Nothing is left of a shape, or there was nothing in it."""

    code = "geometry-empty"


class GeometryNotPolygon(LayerError):
    """A polygon was needed. Context: ``kind``."""

    code = "geometry-not-polygon"


# --- coverages ----------------------------------------------------------------------------


class CoverageUnstable(LayerError):
    """Edges so close that noding on the grid does not come to rest. Context: ``x``, ``y``."""

    code = "coverage-unstable"


class CutterMisses(LayerError):
    """The dividing line or corridor does not divide any of the chosen parcels."""

    code = "cutter-misses"


class CutterInvalid(LayerError):
    """The dividing line is too short, or the corridor has no width. Context: ``reason``."""

    code = "cutter-invalid"


class CutterTouches(CutterMisses):
    """The dividing line only runs along or touches the parcels' sides."""

    code = "cutter-only-touches"


class CutterEndsInside(CutterMisses):
    """The dividing line ends inside the parcel. Context: ``x``, ``y`` (E, N) of the loose end."""

    code = "cutter-ends-inside"


class AreaTooLarge(LayerError):
    """More ground is to be cut off than there is. Context: ``area_m2``, ``available_m2``."""

    code = "area-too-large"


class AreaTooSmall(LayerError):
    """A part would be too small to be a parcel. Context: ``area_m2``, ``least_m2``."""

    code = "area-too-small"


class AreaNotReached(LayerError):
    """No cut on the grid gives the area to 0.1 m². Context: ``area_m2``, ``nearest_m2``."""

    code = "area-not-reached"


class NotNeighbours(LayerError):
    """Parcels that do not hang together along sides cannot become one. Context: ``parts``."""

    code = "merge-not-neighbours"


class CornerNotFound(LayerError):
    """None of the chosen parcels has a corner there. Context: ``x``, ``y``."""

    code = "corner-not-found"


class SideNotFound(LayerError):
    """None of the chosen parcels has that side. Context: ``x``, ``y`` of its middle."""

    code = "side-not-found"


class CornerIsJunction(LayerError):
    """Sides of several parcels meet in the corner, so it cannot go. Context: ``x``, ``y``."""

    code = "corner-is-junction"


class ReshapeCrossesItself(LayerError):
    """A parcel would cross itself or vanish. Context: ``x``, ``y``."""

    code = "reshape-crosses-itself"


class ReshapeOverNeighbour(LayerError):
    """The new course runs over another parcel. Context: ``area_m2``, ``x``, ``y``."""

    code = "reshape-over-neighbour"


class OutlineInvalid(LayerError):
    """An outline has fewer than three corners, crosses itself or is closed wrongly.

    Context: ``reason``, ``x``, ``y``.
    """

    code = "outline-invalid"


class OutlineCovered(LayerError):
    """All ground inside the outline belongs to parcels already. Context: ``area_m2``."""

    code = "outline-covered"


class OutlineFallsApart(LayerError):
    """Parcels inside the outline divide the free ground. Context: ``parts``."""

    code = "outline-falls-apart"


class TableUnreadable(LayerError):
    """A line of a coordinate table cannot be read. Context: ``line``, ``text``."""

    code = "table-unreadable"


class TableWrongMeridian(LayerError):
    """A table fits on another plane. Context: ``srid``, ``proposed_srid``, ``meridian``."""

    code = "table-wrong-meridian"


class TableFarAway(LayerError):
    """A coordinate table lies away from the zone on every plane. Context: ``displacement_m``."""

    code = "table-far-away"
