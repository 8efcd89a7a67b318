"""Files that lie where they say, and every known way in which they do not (real wards)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from layers import errors
from layers.crs import from_wgs84, replane, to_wgs84
from layers.crs.passport import Passport, examine
from layers.crs.shift import datum_vector, fit_shift

DATA = Path(__file__).parents[1] / "data" / "vn2025"
HOME = 5899

Array = NDArray[Any]


@cache
def _wards_wgs84() -> Array:
    text = (DATA / "wards_quang_yen.geojson").read_text(encoding="utf-8")
    return np.asarray(shapely.get_parts(shapely.from_geojson(text)), dtype=object)


def wards() -> Array:
    """Four real wards around Quảng Yên in their legal plane."""
    return from_wgs84(_wards_wgs84().copy(), HOME)


def park() -> Any:
    """A made-up zone of 230 ha beside the ward of Quảng Yên, with an uneven outline."""
    middle = shapely.union_all(wards()).representative_point()
    x, y = middle.x, middle.y
    corners = [(0, 0), (1400, 150), (1750, 900), (1500, 1700), (300, 1550), (-150, 700)]
    return shapely.Polygon([(x + dx, y + dy) for dx, dy in corners])


def lots() -> Array:
    """Lots that fill the park up to its boundary."""
    zone = park()
    west, south, east, north = zone.bounds
    cells = [
        shapely.box(x, y, x + 100, y + 60)
        for x in np.arange(west, east, 100)
        for y in np.arange(south, north, 60)
    ]
    cut = shapely.intersection(np.array(cells), zone)
    return np.asarray(cut[shapely.area(cut) > 1], dtype=object)


def hold(shapes: Array, declared: int | None, expected: Any = None) -> Passport:
    zone = shapely.union_all(wards()) if expected is None else expected
    return examine(shapely.get_coordinates(shapes), declared, zone, HOME, polygons=shapes)


def renumbered(shapes: Array, change: Any) -> Array:
    return np.asarray(shapely.transform(shapes, change), dtype=object)


@pytest.mark.parametrize("srid", [5899, 9211, 9209, 5897, 3405])
def test_a_file_that_lies_where_it_says_is_accepted(srid: int) -> None:
    verdict = hold(replane(wards(), HOME, srid), srid)
    assert verdict.accepted_srid == srid
    assert verdict.refusal is None and verdict.code is None and verdict.proposal is None


def test_lots_in_the_middle_of_the_zone_are_accepted() -> None:
    assert hold(lots()[60:75], HOME, park()).accepted_srid == HOME


def test_wgs84_degrees_are_accepted_as_such() -> None:
    assert hold(_wards_wgs84(), 4326).accepted_srid == 4326


def test_the_zone_may_be_given_in_degrees() -> None:
    zone = to_wgs84(park(), HOME)
    shapes = lots()
    assert examine(shapely.get_coordinates(shapes), HOME, zone, 4326).accepted_srid == HOME
    assert examine(shapely.get_coordinates(shapes), 9211, zone, 4326).code == "wrong-meridian"


def test_swapped_axes_are_recognised() -> None:
    verdict = hold(renumbered(wards(), lambda xy: xy[:, ::-1]), HOME)
    assert isinstance(verdict.refusal, errors.AxesSwapped)
    assert verdict.proposal is not None and verdict.proposal.srid == HOME
    assert verdict.displacement_m is not None and verdict.displacement_m > 1_000_000
    assert verdict.refusal.context["departures"] == ["axes-swapped"]
    assert verdict.accepted_srid is None


@pytest.mark.parametrize(("real", "steps"), [(9216, 1), (9210, 8), (9218, 3)])
def test_a_wrong_meridian_is_recognised(real: int, steps: int) -> None:
    verdict = hold(replane(wards(), HOME, real), HOME)
    assert verdict.code == "wrong-meridian"
    assert verdict.proposal is not None and verdict.proposal.srid == real
    # a quarter of a degree is 26 km at this latitude
    assert verdict.displacement_m == pytest.approx(26_000 * steps, rel=0.02)
    assert verdict.refusal is not None
    assert verdict.refusal.context["declared_meridian"] == "107°45'"


def test_axes_and_meridian_together_are_recognised() -> None:
    verdict = hold(renumbered(replane(lots(), HOME, 9211), lambda xy: xy[:, ::-1]), HOME, park())
    assert verdict.code == "wrong-meridian"
    assert verdict.proposal is not None
    assert verdict.proposal.departures == ("wrong-meridian", "axes-swapped")
    back = verdict.proposal.meaning.shapes(
        renumbered(replane(lots(), HOME, 9211), lambda xy: xy[:, ::-1]), HOME
    )
    assert shapely.hausdorff_distance(back[0], lots()[0]) < 0.001


def test_degrees_taken_for_metres_are_recognised() -> None:
    verdict = hold(_wards_wgs84(), HOME)
    assert verdict.code == "degrees-as-metres"
    assert verdict.proposal is not None and verdict.proposal.srid == 4326
    assert verdict.displacement_m is not None and verdict.displacement_m > 2_000_000
    swapped = hold(renumbered(_wards_wgs84(), lambda xy: xy[:, ::-1]), HOME)
    assert swapped.proposal is not None
    assert swapped.proposal.departures == ("degrees-as-metres", "axes-swapped")


def test_metres_taken_for_degrees_are_recognised() -> None:
    verdict = hold(wards(), 4326)
    assert verdict.code == "metres-as-degrees"
    assert verdict.proposal is not None and verdict.proposal.srid == HOME


def test_a_drawing_in_millimetres_is_recognised() -> None:
    verdict = hold(renumbered(lots(), lambda xy: xy * 1000), HOME, park())
    assert verdict.code == "drawing-in-millimetres"
    assert verdict.displacement_m is not None and verdict.displacement_m > 1e9


@pytest.mark.parametrize("prefix", [48, 49])
def test_a_zone_number_before_the_easting_is_recognised(prefix: int) -> None:
    verdict = hold(
        renumbered(lots(), lambda xy: xy + np.array([prefix * 1_000_000, 0])), HOME, park()
    )
    assert verdict.code == "zone-prefix"
    assert verdict.displacement_m == pytest.approx(prefix * 1_000_000, abs=1)


def wgs84_numbers(shapes: Array) -> Array:
    """WGS 84 projected with the plane's parameters: the datum step forgotten."""
    project = Transformer.from_crs(
        "EPSG:4326",
        "+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +ellps=WGS84 +datum=WGS84",
        always_xy=True,
    )
    lonlat = to_wgs84(shapes, HOME)
    return renumbered(lonlat, lambda xy: np.column_stack(project.transform(xy[:, 0], xy[:, 1])))


@pytest.mark.parametrize("file", ["wards", "lots"])
def test_a_forgotten_datum_step_is_recognised_where_the_boundary_is_met(file: str) -> None:
    shapes, zone = (wards(), None) if file == "wards" else (lots(), park())
    verdict = hold(wgs84_numbers(shapes), HOME, zone)
    assert verdict.code == "no-datum-shift"
    assert verdict.displacement_m == pytest.approx(224.5, abs=1)
    assert verdict.proposal is not None
    assert verdict.proposal.misfit is not None and verdict.proposal.misfit < 0.001
    assert verdict.proposal.confidence > 0.6


def test_a_datum_step_taken_twice_is_recognised() -> None:
    twice = from_wgs84(replane(lots(), HOME, 4756), HOME)
    verdict = hold(twice, HOME, park())
    assert verdict.code == "no-datum-shift"
    assert verdict.displacement_m == pytest.approx(224.5, abs=1)


def test_vn2000_degrees_declared_as_wgs84_are_recognised() -> None:
    verdict = hold(replane(lots(), HOME, 4756), 4326, park())
    assert verdict.code == "no-datum-shift"
    assert verdict.proposal is not None and verdict.proposal.srid == 4756


def test_a_forgotten_datum_step_inside_the_zone_is_not_claimed() -> None:
    """A few lots in the middle fit as well with as without it: the numbers cannot tell."""
    few = wgs84_numbers(lots())
    inside = few[shapely.contains_properly(park().buffer(-300), few)]
    assert len(inside) > 5
    assert hold(inside, HOME, park()).accepted_srid == HOME


def test_six_degree_scale_on_a_three_degree_meridian_is_recognised() -> None:
    other = Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=tmerc +lon_0=107.75 +k=0.9999 +x_0=500000 +ellps=WGS84 "
        "+step +proj=tmerc +lon_0=107.75 +k=0.9996 +x_0=500000 +ellps=WGS84"
    )
    numbers = renumbered(lots(), lambda xy: np.column_stack(other.transform(xy[:, 0], xy[:, 1])))
    verdict = hold(numbers, HOME, park())
    assert verdict.code == "wrong-scale"
    assert verdict.displacement_m == pytest.approx(700, abs=20)


def test_utm_declared_as_three_degrees_is_recognised() -> None:
    zone = replane(park(), HOME, 5897)
    shapes = replane(lots(), HOME, 3405)
    verdict = examine(
        shapely.get_coordinates(shapes), 5897, zone, 5897, polygons=np.asarray(shapes)
    )
    assert verdict.code == "wrong-scale"
    assert verdict.proposal is not None and verdict.proposal.srid == 3405


def test_a_file_from_elsewhere_fits_nowhere() -> None:
    away = renumbered(lots(), lambda xy: xy + np.array([0, -150_000]))
    verdict = hold(away, HOME, park())
    assert verdict.code == "fits-nowhere"
    assert verdict.proposal is None
    assert verdict.refusal is not None
    assert verdict.refusal.context["displacement_m"] == pytest.approx(150_000, rel=0.03)


def test_a_file_beside_its_zone_fits_nowhere() -> None:
    beside = renumbered(lots(), lambda xy: xy + np.array([2_100, 0]))
    assert hold(beside, HOME, park()).code == "fits-nowhere"


def test_invalid_shapes_do_not_stop_the_comparison() -> None:
    shapes = lots()
    x, y = shapes[50].exterior.coords[0]
    shapes[50] = shapely.Polygon([(x, y), (x + 9, y + 9), (x + 9, y), (x, y + 9)])
    shapes[51] = shapely.Polygon()
    assert hold(shapes, HOME, park()).accepted_srid == HOME


def test_lots_that_reach_out_a_little_are_left_to_the_row_report() -> None:
    reaching = lots()
    reaching[:20] = renumbered(reaching[:20], lambda xy: xy + np.array([-160, 40]))
    assert hold(reaching, HOME, park()).accepted_srid == HOME


def test_without_a_declaration_the_plane_is_proposed_not_taken() -> None:
    verdict = hold(replane(lots(), HOME, 9211), None, park())
    assert isinstance(verdict.refusal, errors.CrsMissing)
    assert verdict.refusal.context["proposed_srid"] == 9211
    assert verdict.accepted_srid is None and verdict.displacement_m is None


@pytest.mark.parametrize(
    ("srid", "code"), [(3857, "crs-web-mercator"), (6959, "crs-deprecated"), (32648, "crs-unknown")]
)
def test_a_refused_declaration_stays_refused(srid: int, code: str) -> None:
    verdict = hold(lots(), srid, park())
    assert verdict.code == code
    assert verdict.proposal is not None and verdict.proposal.srid == HOME


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(errors.CoordinatesNotFinite):
        examine(np.array([[np.nan, 1.0]]), HOME, park(), HOME)


def test_a_province_does_not_tell_neighbouring_meridians_apart() -> None:
    """Over 200 km several meridians are possible: the declaration decides, and that is said."""
    province = shapely.union_all(wards()).envelope.buffer(60_000)
    assert hold(lots(), HOME, province).accepted_srid == HOME
    verdict = hold(lots(), None, province)
    assert verdict.code == "crs-missing" and verdict.is_ambiguous


# --- the free measurement ------------------------------------------------------------------


def test_the_datum_vector_is_the_known_one() -> None:
    zone = park()
    east, north = datum_vector(zone.centroid.x, zone.centroid.y, HOME)
    assert (east, north) == (pytest.approx(195, abs=3), pytest.approx(-111, abs=3))


@pytest.mark.parametrize("file", ["wards", "lots"])
def test_the_residual_shift_is_measured(file: str) -> None:
    shapes = wards() if file == "wards" else lots()
    zone = shapely.union_all(wards()) if file == "wards" else park()
    fit = fit_shift(wgs84_numbers(shapes), zone, HOME)
    east, north = datum_vector(zone.centroid.x, zone.centroid.y, HOME)
    assert (fit.east_m, fit.north_m) == (pytest.approx(-east, abs=3), pytest.approx(-north, abs=3))
    assert fit.is_sharp and fit.is_about((-east, -north)) and not fit.is_about((east, north))
    assert fit.misfit_there < 0.005 < fit.misfit_here


def test_a_boundary_moved_by_hand_is_measured() -> None:
    zone = park()
    moved = shapely.transform(zone, lambda xy: xy + np.array([35.0, -60.0]))
    fit = fit_shift(moved, zone, HOME)
    assert (fit.east_m, fit.north_m) == (pytest.approx(-35, abs=2), pytest.approx(60, abs=2))
    assert fit.distance_m == pytest.approx(69.5, abs=3)


def test_what_fits_is_not_moved_and_what_has_room_is_not_sharp() -> None:
    assert fit_shift(lots(), park(), HOME).distance_m == 0
    few = lots()[shapely.contains_properly(park().buffer(-400), lots())]
    loose = fit_shift(few, park(), HOME)
    assert loose.distance_m == 0 and not loose.is_sharp
