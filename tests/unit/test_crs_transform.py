"""The pinned operation against the Decision's own formula, worked out by hand here."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from layers.crs import (
    PLANES,
    coordinates_from_wgs84,
    coordinates_to_wgs84,
    from_wgs84,
    replane,
    to_wgs84,
)
from layers.errors import CoordinatesNotFinite, CrsDeprecated, CrsNotAPlane, CrsUnknown

Array = NDArray[np.float64]

A = 6378137.0
F = 1 / 298.257223563
E2 = F * (2 - F)
GEOD = Geod(ellps="WGS84")


def random_points(count: int, seed: int = 20250701) -> Array:
    """Longitude, latitude from Cà Mau (8.4° N) to Móng Cái (21.6° N, 108.1° E)."""
    random = np.random.default_rng(seed)
    return np.column_stack([random.uniform(103.0, 109.3, count), random.uniform(8.4, 23.3, count)])


def plane_to_geographic_by_hand(xy: Array, meridian_deg: float, scale: float) -> Array:
    """Inverse transverse Mercator by Krüger's series to n⁶ (independent of PROJ)."""
    n = F / (2 - F)
    rectifying = A / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)
    beta = [
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360 - 81 * n**5 / 512,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440 + 46 * n**5 / 105,
        17 * n**3 / 480 - 37 * n**4 / 840 - 209 * n**5 / 4480,
        4397 * n**4 / 161280 - 11 * n**5 / 504,
        4583 * n**5 / 161280,
    ]
    xi = xy[:, 1] / (scale * rectifying)
    eta = (xy[:, 0] - 500_000) / (scale * rectifying)
    xi0, eta0 = xi.copy(), eta.copy()
    for j, b in enumerate(beta, start=1):
        xi0 -= b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        eta0 -= b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    conformal = np.arcsin(np.sin(xi0) / np.cosh(eta0))
    longitude = np.arctan2(np.sinh(eta0), np.cos(xi0))
    e = np.sqrt(E2)
    psi = np.arctanh(np.sin(conformal))
    latitude = conformal.copy()
    for _ in range(12):  # fixed point of the isometric latitude
        latitude = np.arcsin(np.tanh(psi + e * np.arctanh(e * np.sin(latitude))))
    return np.column_stack([np.degrees(longitude) + meridian_deg, np.degrees(latitude)])


def decision_05_2007_by_hand(lonlat: Array) -> Array:
    """Seven parameters of the Decision, coordinate frame rotation, at height zero."""
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    normal = A / np.sqrt(1 - E2 * np.sin(lat) ** 2)
    x = normal * np.cos(lat) * np.cos(lon)
    y = normal * np.cos(lat) * np.sin(lon)
    z = normal * (1 - E2) * np.sin(lat)
    second = np.pi / 180 / 3600
    rx, ry, rz = -0.00928836 * second, 0.01975479 * second, -0.00427372 * second
    k = 1.000000252906278
    x2 = -191.90441429 + k * (x + rz * y - ry * z)
    y2 = -39.30318279 + k * (-rz * x + y + rx * z)
    z2 = -111.45032835 + k * (ry * x - rx * y + z)
    p = np.hypot(x2, y2)
    latitude = np.arctan2(z2, p * (1 - E2))
    for _ in range(12):
        normal = A / np.sqrt(1 - E2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(z2 + E2 * normal * np.sin(latitude), p)
    return np.column_stack([np.degrees(np.arctan2(y2, x2)), np.degrees(latitude)])


def metres_apart(a: Array, b: Array) -> Array:
    distance = GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]
    return np.asarray(distance, dtype=np.float64)


def nearest_plane(lonlat: Array) -> NDArray[np.int64]:
    """The 3° plane whose meridian is nearest, so that every point has a realistic easting."""
    planes = [p for p in PLANES.values() if p.zone_width_deg == 3]
    away = np.abs(lonlat[:, :1] - np.array([[p.central_meridian_deg for p in planes]]))
    return np.array([p.epsg for p in planes])[away.argmin(axis=1)]


def test_pinned_operation_equals_the_decision_at_a_thousand_points() -> None:
    points = random_points(1000)
    worst = 0.0
    for srid in np.unique(nearest_plane(points)):
        plane = PLANES[int(srid)]
        mine = points[nearest_plane(points) == srid]
        xy = coordinates_from_wgs84(mine, plane.epsg)
        by_hand = decision_05_2007_by_hand(
            plane_to_geographic_by_hand(xy, plane.central_meridian_deg, plane.scale)
        )
        worst = max(worst, float(metres_apart(coordinates_to_wgs84(xy, plane.epsg), by_hand).max()))
    assert worst < 0.001


@pytest.mark.parametrize("srid", sorted(PLANES))
def test_every_plane_equals_the_decision_near_its_meridian(srid: int) -> None:
    plane = PLANES[srid]
    random = np.random.default_rng(srid)
    xy = np.column_stack([random.uniform(3.5e5, 6.5e5, 50), random.uniform(9.3e5, 2.58e6, 50)])
    by_hand = decision_05_2007_by_hand(
        plane_to_geographic_by_hand(xy, plane.central_meridian_deg, plane.scale)
    )
    assert metres_apart(coordinates_to_wgs84(xy, srid), by_hand).max() < 0.001


def test_projs_own_choice_is_another_one_around_the_mekong() -> None:
    """Without the pin the same comparison fails, so the tests above are able to fail."""
    long_an = coordinates_from_wgs84(np.array([[106.4, 10.6]]), 9210)
    by_proj = Transformer.from_crs(9210, 4326, always_xy=True).transform(*long_an[0])
    ours = coordinates_to_wgs84(long_an, 9210)
    assert 0.6 < metres_apart(np.array([by_proj]), ours)[0] < 0.9
    in_quang_ninh = coordinates_from_wgs84(np.array([[107.3, 21.1]]), 5899)
    by_proj = Transformer.from_crs(5899, 4326, always_xy=True).transform(*in_quang_ninh[0])
    assert metres_apart(np.array([by_proj]), coordinates_to_wgs84(in_quang_ninh, 5899))[0] < 0.001


def test_copying_the_rotation_signs_would_be_seen() -> None:
    points = random_points(100)
    wrong = Transformer.from_crs(
        "+proj=longlat +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,"
        "-0.00928836,0.01975479,-0.00427372,0.252906278 +no_defs",
        "EPSG:4326",
        always_xy=True,
    )
    moved = np.column_stack(wrong.transform(points[:, 0], points[:, 1]))
    assert metres_apart(moved, decision_05_2007_by_hand(points)).min() > 0.4


def test_towgs84_text_is_the_same_operation() -> None:
    for srid in (5899, 9211, 9210, 3405):
        xy = coordinates_from_wgs84(random_points(50), srid)
        text = Transformer.from_crs(PLANES[srid].proj4, "EPSG:4326", always_xy=True)
        moved = np.column_stack(text.transform(xy[:, 0], xy[:, 1]))
        assert metres_apart(moved, coordinates_to_wgs84(xy, srid)).max() < 1e-4


def test_there_and_back_is_close_but_not_the_identity() -> None:
    points = random_points(1000)
    back = coordinates_to_wgs84(coordinates_from_wgs84(points, 9211), 9211)
    assert 0 < metres_apart(back, points).max() < 0.002


def test_plane_to_plane_has_no_datum_step() -> None:
    xy = np.array([[580_000.0, 2_300_000.0], [560_000.0, 2_350_000.0]])
    there = replane(shapely.linestrings(xy), 9210, 5899)
    back = shapely.get_coordinates(replane(there, 5899, 9210))
    assert np.abs(back - xy).max() < 1e-6
    by_hand = plane_to_geographic_by_hand(shapely.get_coordinates(there), 107.75, 0.9999)
    assert metres_apart(by_hand, plane_to_geographic_by_hand(xy, 105.75, 0.9999)).max() < 1e-4


def test_geographic_vn2000_is_projected_without_datum_step() -> None:
    point = shapely.points(107.5, 21.0)
    in_plane = replane(point, 4756, 5899)
    by_hand = plane_to_geographic_by_hand(shapely.get_coordinates(in_plane), 107.75, 0.9999)
    assert metres_apart(by_hand, np.array([[107.5, 21.0]]))[0] < 1e-4
    assert to_wgs84(point, 4756).equals_exact(to_wgs84(in_plane, 5899), 1e-10)


def test_shapes_and_arrays_move_alike() -> None:
    square = shapely.box(430_000, 2_330_000, 430_100, 2_330_100)
    one = to_wgs84(square, 5899)
    many = to_wgs84(np.array([square, None, square]), 5899)
    assert shapely.get_srid(one) == 4326
    assert many[1] is None
    assert many[0].equals_exact(one, 0) and many[2].equals_exact(one, 0)
    assert 107 < one.centroid.x < 107.2 and 21 < one.centroid.y < 21.2
    back = from_wgs84(one, 5899)
    assert shapely.get_srid(back) == 5899
    assert back.equals_exact(square, 0.001)


def test_datum_shift_is_about_224_metres_to_the_south_east() -> None:
    at = np.array([[107.75, 21.40]])
    datum = np.array([[500_000.0, coordinates_from_wgs84(at, 5899)[0, 1]]])
    apart = metres_apart(
        plane_to_geographic_by_hand(datum, 107.75, 0.9999), coordinates_to_wgs84(datum, 5899)
    )
    assert apart[0] == pytest.approx(224.67, abs=0.02)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_coordinate_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(CoordinatesNotFinite):
        coordinates_to_wgs84(np.array([[bad, 2_300_000.0], [5e5, 2.3e6]]), 5899)


def test_only_vn2000_is_transformed() -> None:
    square = shapely.box(0, 0, 1, 1)
    with pytest.raises(CrsUnknown):
        to_wgs84(square, 32648)
    with pytest.raises(CrsDeprecated):
        from_wgs84(square, 6959)
    with pytest.raises(CrsNotAPlane):
        replane(square, 4326, 5899)
    with pytest.raises(CrsUnknown):
        replane(square, 7777, 7777)
