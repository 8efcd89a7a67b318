"""Heights and slopes of ground, crops with their circle, places that files state of themselves."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers.crs import coordinates_replaned, coordinates_to_wgs84
from layers.raster.content import FilePlace
from layers.raster.drawing import crop
from layers.raster.georeference import ControlPoint, Kind, fit
from layers.raster.reading import forget
from layers.raster.shading import shaded
from layers.raster.stated import stated_points
from layers.raster.warping import Laid, lay, warp
from layers.raster.zonal import relief, slope
from layers.tiles import plane_grid
from tests.raster_files import drawing, pyramid_of

SRID = 9211
WEST, NORTH, CELL = 600_000.0, 2_300_000.0, 4.0


def laid_of(pixels: np.ndarray, folder: Path, cell: float = CELL) -> tuple[Path, Laid]:  # type: ignore[type-arg]
    """A picture or model with north up, laid on its plane."""
    height, width, _ = pixels.shape
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    made = fit(
        [ControlPoint(c, r, WEST + cell * c, NORTH - cell * r) for c, r in corners],
        Kind.AFFINE, width=width, height=height, scale_denominator=2_000,
        extent=plane_grid(SRID).extent,
    ).placement  # fmt: skip
    laid = lay(made, width, height, SRID)
    warp(pyramid_of(pixels, folder), made, laid, folder / "laid.tif")
    return folder / "laid.tif", laid


@pytest.fixture(scope="module")
def hill(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Laid]:
    """A synthetic plane: 10 m at the corner, 3 % up to the east and 4 % down to the south."""
    rows, cols = np.mgrid[0:200, 0:300] + 0.5
    heights = 10 + 0.03 * CELL * cols - 0.04 * CELL * rows
    heights[150:, 250:] = np.nan
    return laid_of(heights[:, :, None].astype(np.float32), tmp_path_factory.mktemp("hill"))


def test_heights_and_slope_of_a_plane_are_its_own(hill: tuple[Path, Laid]) -> None:
    ground = box(WEST + 200, NORTH - 300, WEST + 400, NORTH - 200)
    (found,) = relief(*hill, [ground])
    assert found is not None
    assert found.mean_m == pytest.approx(10 + 0.03 * 300 - 0.04 * 250, abs=0.02)
    assert found.most_m - found.least_m == pytest.approx(0.03 * 200 + 0.04 * 100, abs=0.4)
    assert found.mean_slope_deg == pytest.approx(math.degrees(math.atan(0.05)), abs=0.01)
    assert found.covered == 1.0
    assert found.cells * CELL * CELL == pytest.approx(ground.area, rel=0.02)


def test_gaps_are_told_and_empty_ground_has_nothing(hill: tuple[Path, Laid]) -> None:
    half = box(WEST + 900, NORTH - 700, WEST + 1_100, NORTH - 650)
    gap = box(WEST + 1_100, NORTH - 750, WEST + 1_150, NORTH - 700)
    away = box(WEST - 900, NORTH + 10, WEST - 800, NORTH + 90)
    found = list(relief(*hill, [half, gap, away]))
    assert found[0] is not None
    assert found[0].covered == pytest.approx(0.5, abs=0.03)
    assert found[1:] == [None, None]
    forget()


def test_ground_smaller_than_a_cell_takes_the_cell_it_touches(hill: tuple[Path, Laid]) -> None:
    (found,) = relief(*hill, [box(WEST + 100.2, NORTH - 100.9, WEST + 100.4, NORTH - 100.7)])
    assert found is not None
    assert found.cells >= 1


@settings(max_examples=40, deadline=None)
@given(east=st.floats(-2, 2), south=st.floats(-2, 2))
def test_the_slope_of_any_plane_is_known_everywhere(east: float, south: float) -> None:
    rows, cols = np.mgrid[0:6, 0:7]
    found = slope(east * 5 * cols + south * 5 * rows, 5.0, 5.0)
    assert np.allclose(found, math.degrees(math.atan(math.hypot(east, south))), atol=1e-6)


def test_relief_is_lit_from_the_north_west() -> None:
    rows, cols = np.mgrid[0:20, 0:20].astype(np.float32)
    towards, away = shaded(rows + cols, 1.0), shaded(-rows - cols, 1.0)
    assert towards[10, 10, :3].sum() > away[10, 10, :3].sum() + 100
    gap = np.full((4, 4), np.nan, dtype=np.float32)
    assert not shaded(gap, 1.0)[:, :, 3].any()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Laid]:
    """The drawing, half a metre a pixel."""
    return laid_of(drawing(600, 400), tmp_path_factory.mktemp("drawn"), 0.5)


@pytest.mark.parametrize("error", [2.0, 8.0, 40.0])
def test_the_circle_of_a_crop_is_as_wide_as_the_error(
    sheet: tuple[Path, Laid], error: float
) -> None:
    ground = box(WEST + 100, NORTH - 130, WEST + 160, NORTH - 90)
    found, size = crop(*sheet, ground, error_m=error, width=400, height=300)
    red = (found[:, :, 0] > 165) & (found[:, :, 1] < 70) & (found[:, :, 2] < 60)
    rows, cols = np.nonzero(red)
    assert np.ptp(cols) * size == pytest.approx(2 * error, abs=4 * size)
    assert np.ptp(rows) * size == pytest.approx(2 * error, abs=4 * size)
    assert abs(cols.mean() - 200) < 3
    assert abs(rows.mean() - 150) < 3


def test_without_a_known_error_no_circle_is_drawn(sheet: tuple[Path, Laid]) -> None:
    ground = Point(WEST + 130, NORTH - 110).buffer(15)
    found, _ = crop(*sheet, ground, error_m=None, width=200, height=200)
    red = (found[:, :, 0] > 165) & (found[:, :, 1] < 70) & (found[:, :, 2] < 60)
    blue = (found[:, :, 2] > 150) & (found[:, :, 0] < 60)
    assert not red.any()
    assert blue.any()
    forget()


def place(epsg: int | None, transform: tuple[float, ...]) -> FilePlace:
    return FilePlace(transform, epsg, f"EPSG:{epsg}")  # type: ignore[arg-type]


def test_a_file_of_the_same_plane_places_itself_exactly() -> None:
    found = stated_points(place(SRID, (WEST, 0.5, 0, NORTH, 0, -0.5)), 1_000, 800, SRID)
    assert found is not None
    points, kind = found
    assert kind is Kind.AFFINE
    assert (points[-1].easting, points[-1].northing) == (WEST + 500, NORTH - 400)


def test_a_file_of_another_plane_or_of_wgs84_is_projected() -> None:
    other = coordinates_replaned(np.array([[WEST, NORTH]]), SRID, 9210)[0]
    found = stated_points(place(9210, (other[0], 0.5, 0, other[1], 0, -0.5)), 1_000, 800, SRID)
    assert found is not None
    assert (found[0][0].easting, found[0][0].northing) == pytest.approx((WEST, NORTH), abs=0.001)
    lon, lat = coordinates_to_wgs84(np.array([[WEST, NORTH]]), SRID)[0]
    found = stated_points(place(4326, (lon, 5e-6, 0, lat, 0, -5e-6)), 1_000, 800, SRID)
    assert found is not None
    assert (found[0][0].easting, found[0][0].northing) == pytest.approx((WEST, NORTH), abs=0.01)


@pytest.mark.parametrize(
    "stated",
    [
        place(None, (WEST, 0.5, 0, NORTH, 0, -0.5)),
        place(2154, (WEST, 0.5, 0, NORTH, 0, -0.5)),
        place(SRID, (0.0, 1.0, 0, 0.0, 0, -1.0)),
        place(SRID, (WEST, 0.5, 0, NORTH, 0, 0.5)),
        place(4326, (500.0, 1.0, 0, 500.0, 0, -1.0)),
    ],
)
def test_a_place_that_cannot_be_used_is_not(stated: FilePlace) -> None:
    assert stated_points(stated, 1_000, 800, SRID) is None
