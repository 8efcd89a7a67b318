"""Sheets placed by control points: known transformations come back, bad points are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.raster.errors import (
    PointAxesSwapped,
    PointNotFinite,
    PointOutsideImage,
    PointOutsidePlane,
    PointsCollinear,
    PointsDegenerate,
    PointsRepeated,
    ReferenceRefused,
    SheetFolds,
    SheetMirrored,
    TooFewPoints,
    TooManyPoints,
)
from layers.raster.georeference import ControlPoint, Fit, Kind, Placement, fit
from layers.tiles import plane_grid

WIDTH, HEIGHT = 8_000, 6_000
EXTENT = plane_grid(9211).extent
E0, N0 = 598_000.0, 2_301_000.0
SPOTS = [(100, 100), (7_900, 150), (7_850, 5_900), (120, 5_850), (4_000, 3_000), (2_000, 4_500),
         (6_100, 1_200)]  # fmt: skip


def placed(points: list[ControlPoint], kind: Kind = Kind.AFFINE, scale: int = 2_000) -> Fit:
    return fit(points, kind, width=WIDTH, height=HEIGHT, scale_denominator=scale, extent=EXTENT)


def truth(
    col: float, row: float, *, turn: float = 3.0, size: float = 0.17, bend: float = 0.0
) -> tuple[float, float]:
    """A turned sheet, bent by up to ``bend`` metres towards its right and lower edges."""
    a = math.radians(turn)
    x, y = col / WIDTH, row / HEIGHT
    e = E0 + size * (col * math.cos(a) + row * math.sin(a)) + bend * (x * x - 0.5 * x * y)
    n = N0 + size * (col * math.sin(a) - row * math.cos(a)) + bend * (y * y + 0.3 * x * y)
    return e, n


def points(count: int, **shape: float) -> list[ControlPoint]:
    return [ControlPoint(c, r, *truth(c, r, **shape)) for c, r in SPOTS[:count]]


@pytest.mark.parametrize(("kind", "count"), [("helmert", 3), ("affine", 4), ("polynomial", 7)])
def test_a_known_transformation_comes_back(kind: str, count: int) -> None:
    bend = 4.0 if kind == "polynomial" else 0.0
    found = placed(points(count, bend=bend), Kind(kind))
    assert found.rms_m is not None
    assert found.rms_m < 1e-6
    e, n = found.placement.to_ground(3_333, 4_444)
    assert (float(e), float(n)) == pytest.approx(truth(3_333, 4_444, bend=bend), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    turn=st.floats(-180, 180),
    size=st.floats(0.02, 20),
    bend=st.floats(-30, 30),
    col=st.floats(0, WIDTH),
    row=st.floats(0, HEIGHT),
)
def test_ground_and_image_are_inverse(
    turn: float, size: float, bend: float, col: float, row: float
) -> None:
    bend = bend * size  # a sheet is bent in proportion to its size
    wanted = [ControlPoint(c, r, *truth(c, r, turn=turn, size=size, bend=bend)) for c, r in SPOTS]
    found = placed(wanted, Kind.POLYNOMIAL).placement
    back = found.to_image(*found.to_ground(col, row))
    assert np.hypot(float(back[0]) - col, float(back[1]) - row) < 1e-3


@settings(max_examples=60, deadline=None)
@given(noise=st.lists(st.floats(-2, 2), min_size=14, max_size=14))
def test_least_squares_is_no_worse_than_the_truth(noise: list[float]) -> None:
    """The fitted affine misses noisy points by no more than the transformation they came from."""
    moved = [
        ControlPoint(p.col, p.row, p.easting + noise[2 * i], p.northing + noise[2 * i + 1])
        for i, p in enumerate(points(7))
    ]
    found = placed(moved)
    given_rms = math.sqrt(sum(v * v for v in noise) / 7)
    assert found.rms_m is not None
    assert found.rms_m <= given_rms + 1e-6
    assert found.alone_rms_m is not None
    assert found.alone_rms_m >= found.rms_m - 1e-9


def test_residuals_are_told_in_metres_and_in_millimetres_of_the_sheet() -> None:
    moved = points(4)
    worst = moved[2]
    moved[2] = ControlPoint(worst.col, worst.row, worst.easting + 4, worst.northing)
    found = placed(moved, scale=2_000)
    assert found.rms_m == pytest.approx(1.0, rel=0.05)  # four points share one metre each
    assert found.rms_mm == pytest.approx(found.rms_m / 2, rel=1e-9)
    assert sum(p.easting_m for p in found.points) == pytest.approx(0, abs=1e-6)


def test_the_worst_point_is_named_by_what_the_others_say() -> None:
    moved = points(7)
    bad = moved[4]
    moved[4] = ControlPoint(bad.col, bad.row, bad.easting - 12, bad.northing + 5)
    found = placed(moved)
    assert found.worst == 4
    alone = found.points[4].alone_m
    assert alone == pytest.approx(13, abs=0.01)
    assert alone is not None
    assert alone > found.points[4].error_m


@pytest.mark.parametrize(("kind", "count"), [("helmert", 2), ("affine", 3), ("polynomial", 6)])
def test_just_enough_points_prove_nothing(kind: str, count: int) -> None:
    found = placed(points(count), Kind(kind))
    assert (found.rms_m, found.rms_mm, found.alone_rms_m) == (None, None, None)
    assert max(p.error_m for p in found.points) < 1e-6


def test_the_size_of_a_pixel_is_found() -> None:
    assert placed(points(4)).metres_a_pixel == pytest.approx(0.17, rel=1e-6)


def test_a_placement_is_kept_as_plain_values() -> None:
    made = placed(points(7, bend=3.0), Kind.POLYNOMIAL).placement
    assert Placement.of(made.as_json()) == made


LINE = [
    ControlPoint(100 + 900 * i, 200 + 500 * i, *truth(100 + 900 * i, 200 + 500 * i))
    for i in range(5)
]
MIRRORED = [ControlPoint(WIDTH - p.col, p.row, p.easting, p.northing) for p in points(4)]
MIRRORED_SEVEN = [ControlPoint(WIDTH - p.col, p.row, p.easting, p.northing) for p in points(7)]
SQUARE = points(4)
FLIPPED = [ControlPoint(p.col, p.row, p.northing, p.easting) for p in points(4)]


@pytest.mark.parametrize(
    ("kind", "given", "refusal"),
    [
        ("affine", points(2), TooFewPoints),
        ("polynomial", points(5), TooFewPoints),
        ("helmert", points(1), TooFewPoints),
        ("affine", [], TooFewPoints),
        ("affine", points(3) * 70, TooManyPoints),
        ("affine", LINE, PointsCollinear),
        ("polynomial", [*LINE, LINE[0], LINE[1]], PointsRepeated),
        ("affine", [*SQUARE, SQUARE[1]], PointsRepeated),
        ("affine", [*SQUARE, ControlPoint(3_000, 3_000, SQUARE[0].easting, SQUARE[0].northing)],
         PointsRepeated),
        ("affine", MIRRORED, SheetMirrored),
        ("helmert", MIRRORED, SheetMirrored),
        ("polynomial", MIRRORED_SEVEN, SheetMirrored),
        ("affine", FLIPPED, PointAxesSwapped),
        ("affine", [*SQUARE, ControlPoint(math.nan, 3, E0, N0)], PointNotFinite),
        ("affine", [*SQUARE, ControlPoint(10, 3, math.inf, N0)], PointNotFinite),
        ("affine", [*SQUARE, ControlPoint(-1, 3, E0, N0)], PointOutsideImage),
        ("affine", [*SQUARE, ControlPoint(WIDTH + 1, 3, E0, N0)], PointOutsideImage),
        ("affine", [*SQUARE, ControlPoint(10, 3, 48_598_000, N0)], PointOutsidePlane),
        ("affine", [*SQUARE, ControlPoint(10, 3, 106.5, 20.8)], PointOutsidePlane),
    ],
)  # fmt: skip
def test_bad_points_are_refused(
    kind: str, given: list[ControlPoint], refusal: type[ReferenceRefused]
) -> None:
    with pytest.raises(refusal):
        placed(given, Kind(kind))


def test_six_points_on_a_circle_do_not_hold_a_curved_sheet() -> None:
    spots = [
        (4_000 + 2_500 * math.cos(t), 3_000 + 2_500 * math.sin(t))
        for t in np.linspace(0, 2 * math.pi, 7)[:-1]
    ]
    with pytest.raises(PointsDegenerate):
        placed([ControlPoint(c, r, *truth(c, r)) for c, r in spots], Kind.POLYNOMIAL)


def test_a_sheet_folded_by_a_wild_point_is_refused() -> None:
    wild = points(7)
    wild[4] = ControlPoint(wild[4].col, wild[4].row, wild[4].easting + 900, wild[4].northing - 700)
    with pytest.raises(SheetFolds):
        placed(wild, Kind.POLYNOMIAL)
