"""Does a file lie where it says? Its numbers are held against the ground it must be on.

A file that fits as declared is accepted. One that fits only when something is undone is refused
with the displacement in metres and the proposal: nothing is repaired silently. What cannot be
told from the numbers is not claimed: a datum step left out (about 224 m) shows only where the
file fills its zone up to the boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from layers import errors
from layers.crs.readings import (
    Coordinates,
    Departure,
    Meaning,
    declared_meaning,
    meanings,
    placed,
    variants,
)
from layers.crs.registry import (
    GEOGRAPHIC,
    PLANES,
    VN2000_GEOGRAPHIC,
    WGS84,
    find_plane,
    plane,
)
from layers.crs.shift import Ground
from layers.crs.transform import from_wgs84, replane
from layers.errors import CoordinatesNotFinite, CrsMissing, CrsMissingProposed, LayerError

Polygons = NDArray[np.object_]

_SAMPLE: Final = 2000
_MARGIN_M: Final = 1000.0
"""Beyond all that datum and scale can do (700 m), short of any other meridian (26 km)."""
_AT_PLACE: Final = 0.5
"""Share of a file that must lie at the expected place for a reading to be believed."""
_GOOD_MISFIT: Final = 0.005
"""Outside its ground by less than this share, a file needs no other reading."""
_MUCH_BETTER: Final = 0.25
_FITS: Final = 0.03
_OUTSIDE: Final = 0.95
_CLEAR: Final = 0.6

_ERRORS: Final[dict[str, type[errors.PassportRefused]]] = {
    kind.code: kind
    for kind in (
        errors.AxesSwapped,
        errors.WrongMeridian,
        errors.WrongScale,
        errors.DegreesAsMetres,
        errors.MetresAsDegrees,
        errors.NoDatumShift,
        errors.DrawingInMillimetres,
        errors.ZonePrefix,
        errors.FitsNowhere,
    )
}


@dataclass(frozen=True)
class Reading:
    """One way to read the file that puts it at the expected place.

    ``share`` of its points lie there (0 to 1); ``misfit`` is the share of its ground outside,
    where there are polygons to tell; ``displacement_m`` is how far the declaration puts it from
    there, None without one; ``confidence`` compares with the other readings (0 to 1).
    """

    meaning: Meaning
    departures: tuple[Departure, ...]
    share: float
    misfit: float | None
    displacement_m: float | None
    confidence: float

    @property
    def srid(self) -> int:
        """The SRID the numbers are in, read like this."""
        return self.meaning.srid


@dataclass(frozen=True)
class Passport:
    """The verdict on a file: the SRID it is accepted in, or why not and what is proposed."""

    declared_srid: int | None
    accepted_srid: int | None
    refusal: LayerError | None
    proposal: Reading | None
    readings: tuple[Reading, ...]

    @property
    def code(self) -> str | None:
        """Code of the refusal, None when the file is accepted."""
        return None if self.refusal is None else self.refusal.code

    @property
    def displacement_m(self) -> float | None:
        """Metres between where the file says it is and where it fits."""
        return None if self.proposal is None else self.proposal.displacement_m

    @property
    def is_ambiguous(self) -> bool:
        """Whether other readings fit as well as the proposal."""
        return self.proposal is not None and self.proposal.confidence < _CLEAR


def examine(
    coordinates: Coordinates,
    declared_srid: int | None,
    expected: BaseGeometry,
    expected_srid: int,
    *,
    polygons: Polygons | None = None,
) -> Passport:
    """Hold a file's numbers against the ground it must be on.

    ``coordinates`` are N×2 numbers as read, first column first. ``expected`` is the zone's
    boundary, or the best that is known (a province), in ``expected_srid``: a legal plane
    (easting, northing) or 4326 (longitude, latitude; compared in the plane the file declares,
    or the nearest). ``polygons`` are the same numbers as shapes, where the file has any: only
    with them can displacements shorter than the zone be seen.

    Raises:
        CoordinatesNotFinite: a number is NaN or infinite.
        CrsUnknown, CrsDeprecated, CrsWebMercator: ``expected_srid`` is no legal plane.
    """
    bad = int((~np.isfinite(coordinates).all(axis=1)).sum())
    if bad:
        raise CoordinatesNotFinite(count=bad)
    bench = _Bench.of(coordinates, declared_srid, expected, expected_srid, polygons)
    refusal = _declaration_refused(declared_srid)
    own = None if refusal or declared_srid is None else bench.read(declared_meaning(declared_srid))
    if own is not None and own.share >= _AT_PLACE and not bench.is_loose(own):
        return Passport(declared_srid, declared_srid, None, None, (own,))
    others = bench.believable()
    best = others[0] if others else None
    if own is not None and own.share >= _AT_PLACE and not bench.is_better(best, own):
        if bench.may_stay(own):
            return Passport(declared_srid, declared_srid, None, None, (own, *others))
        best = None  # beside its zone, and nothing known explains it
    if refusal is None and declared_srid is None:
        refusal = _undeclared(best)
    return Passport(declared_srid, None, refusal or bench.refusal(best), best, tuple(others))


def _undeclared(best: Reading | None) -> LayerError:
    """Ask for the coordinate system; name one when only one will do."""
    if best is None or best.departures or best.confidence < _CLEAR:
        return CrsMissing()
    found = find_plane(best.srid)
    meridian = None if found is None else found.meridian
    return CrsMissingProposed(proposed_srid=best.srid, meridian=meridian)


def _declaration_refused(declared_srid: int | None) -> LayerError | None:
    if declared_srid is None or declared_srid in GEOGRAPHIC:
        return None
    try:
        plane(declared_srid)
    except LayerError as error:
        return error
    return None


@dataclass(frozen=True)
class _Bench:
    """The ground to compare with, and the file's numbers, in one plane."""

    numbers: Coordinates
    declared_srid: int | None
    srid: int
    near: BaseGeometry
    expected: BaseGeometry
    polygons: Polygons | None

    @classmethod
    def of(
        cls,
        coordinates: Coordinates,
        declared_srid: int | None,
        expected: BaseGeometry,
        expected_srid: int,
        polygons: Polygons | None,
    ) -> _Bench:
        srid = expected_srid
        if expected_srid in GEOGRAPHIC:
            srid = _nearest_plane(declared_srid, expected.centroid.x)
            if expected_srid == WGS84:
                expected = from_wgs84(expected, srid)
            else:
                expected = replane(expected, VN2000_GEOGRAPHIC, srid)
        plane(srid)
        west, south, east, north = expected.bounds
        margin = _MARGIN_M + 0.1 * float(np.hypot(east - west, north - south))
        near = shapely.buffer(shapely.simplify(expected, margin / 20), margin, quad_segs=4)
        shapely.prepare(near)
        stride = max(1, -(-len(coordinates) // _SAMPLE))
        if polygons is not None:  # what is invalid has no area to compare; others report it
            polygons = polygons[shapely.is_valid(polygons) & ~shapely.is_empty(polygons)]
        return cls(coordinates[::stride], declared_srid, srid, near, expected, polygons)

    def read(self, meaning: Meaning, *, closely: bool = True) -> Reading | None:
        """Take the numbers as meant; None where that is no place on earth."""
        xy = placed(meaning, self.numbers, self.srid)
        if xy is None:
            return None
        share = self._share(xy)
        misfit = None
        if closely and share >= _AT_PLACE and self.polygons is not None and len(self.polygons):
            shapes = meaning.shapes(self.polygons, self.srid)
            misfit = Ground(shapes, self.expected).misfit()
        departures = meaning.departures(self.declared_srid)
        return Reading(meaning, departures, share, misfit, self._displacement_m(xy), 1.0)

    def _share(self, xy: Coordinates) -> float:
        """Share of the points near the ground, or of the ground within a larger file."""
        points = float(shapely.contains_xy(self.near, xy[:, 0], xy[:, 1]).mean())
        extent = box(*xy.min(axis=0), *xy.max(axis=0))
        ground = box(*self.expected.bounds)
        return max(points, extent.intersection(ground).area / ground.area if ground.area else 0.0)

    def _displacement_m(self, xy: Coordinates) -> float | None:
        """Between the middle of the file as declared and as read, in the plane, in metres."""
        if self.declared_srid is None or _declaration_refused(self.declared_srid):
            return None
        declared = placed(declared_meaning(self.declared_srid), self.numbers, self.srid)
        if declared is None:  # no place on earth: as many metres as the bare numbers are off
            declared = self.numbers
        away = np.median(xy, axis=0) - np.median(declared, axis=0)
        return float(np.hypot(*away))

    def is_loose(self, own: Reading) -> bool:
        """Whether the file as declared reaches out of its ground more than drawing explains."""
        return own.misfit is not None and own.misfit > _GOOD_MISFIT

    def may_stay(self, own: Reading) -> bool:
        """Whether some of the file as declared lies on its ground: the rows tell the rest."""
        return own.misfit is None or own.misfit <= _OUTSIDE

    def is_better(self, other: Reading | None, own: Reading) -> bool:
        """Whether another reading fits so much better that the declaration must be wrong."""
        if other is None or other.misfit is None or own.misfit is None:
            return False
        return other.misfit <= _FITS and other.misfit <= _MUCH_BETTER * own.misfit

    def believable(self) -> list[Reading]:
        """Return the readings that put the file at its place, the likeliest first."""
        rough = [
            meaning
            for meaning in meanings(self.numbers)
            if (found := self.read(meaning, closely=False)) and found.share >= _AT_PLACE
        ]
        if self.polygons is not None:
            rough += [variant for meaning in rough for variant in variants(meaning)]
        own = None if self.declared_srid is None else declared_meaning(self.declared_srid)
        fine = [self.read(meaning) for meaning in rough if meaning != own]
        return _ranked([each for each in fine if each and each.share >= _AT_PLACE], self.srid)

    def refusal(self, best: Reading | None) -> LayerError:
        """Return the error for a file that fits only otherwise, or not at all."""
        declared = self.declared_srid
        own = None if declared is None else self.read(declared_meaning(declared), closely=False)
        if best is None:
            return errors.FitsNowhere(
                declared_srid=declared,
                share=own.share if own else 0.0,
                displacement_m=self._from_ground_m(),
            )
        facts: dict[str, object] = {
            "declared_srid": declared,
            "srid": best.srid,
            "displacement_m": best.displacement_m,
            "share": best.share,
            "confidence": best.confidence,
            "departures": [str(each) for each in best.departures],
        }
        for name, srid in (("meridian", best.srid), ("declared_meridian", declared)):
            known = find_plane(srid)
            facts[name] = None if known is None else known.meridian
        return _ERRORS[best.departures[0]](**facts)

    def _from_ground_m(self) -> float | None:
        """Metres from the file as declared to the nearest point of its ground."""
        if self.declared_srid is None:
            return None
        xy = placed(declared_meaning(self.declared_srid), self.numbers, self.srid)
        if xy is None:
            return None
        return float(shapely.distance(shapely.multipoints(xy), self.expected))


def _nearest_plane(declared_srid: int | None, longitude: float) -> int:
    declared = find_plane(declared_srid)
    if declared is not None:
        return declared.epsg
    three = [each for each in PLANES.values() if each.zone_width_deg == 3]
    return min(three, key=lambda each: abs(each.central_meridian_deg - longitude)).epsg


def _ranked(readings: list[Reading], home_srid: int) -> list[Reading]:
    """Order by what has to be undone, then by fit; say how much stands out against the rest."""

    def rank(reading: Reading) -> tuple[float, int, int, float]:
        loose = 0.0 if reading.misfit is None else float(reading.misfit > _FITS)
        away = 0 if reading.srid == home_srid else 1
        return loose, len(reading.departures), away, -reading.share + (reading.misfit or 0.0)

    ordered = sorted(readings, key=rank)
    weights = [
        each.share
        * (1.0 if each.misfit is None else 1.0 / (0.002 + each.misfit))
        / 10 ** len(each.departures)
        for each in ordered
    ]
    total = sum(weights)
    return [
        Reading(
            each.meaning,
            each.departures,
            each.share,
            each.misfit,
            each.displacement_m,
            weight / total,
        )
        for each, weight in zip(ordered, weights, strict=True)
    ]
