"""From a careless drawing to a coverage in which neighbours share every corner."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from layers.coverage import (
    NodedCoverage,
    Outcome,
    RefusalReason,
    node_coverage,
    overlaps,
    source_precision_m,
)
from layers.coverage.slivers import shared_ground
from layers.errors import GeometryNotPolygon
from tests.drawn_coverages import ORIGIN, Polygons, as_drawn, wavy


def at(x: float, y: float) -> tuple[float, float]:
    return float(ORIGIN[0] + x), float(ORIGIN[1] + y)


def moved(shape: Polygon) -> Polygon:
    return shapely.transform(shape, lambda xy: xy + ORIGIN)


def assert_is_a_coverage(noded: NodedCoverage) -> None:
    accepted = noded.polygons[noded.accepted]
    assert shapely.is_valid(accepted).all()
    assert shapely.coverage_is_valid(accepted)
    assert shared_ground(accepted)[0].size == 0
    steps = shapely.get_coordinates(accepted) * 1000
    assert np.abs(steps - np.rint(steps)).max(initial=0) < 1e-3


def test_a_corner_on_a_side_is_inserted() -> None:
    left = moved(box(0, 0, 10, 20))
    pair = [moved(box(10, 0, 20, 8)), moved(box(10, 8, 20, 20))]
    noded = node_coverage(np.array([left, *pair]))
    assert noded.outcomes == (Outcome.NODED, Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert list(noded.vertices_added) == [1, 0, 0]
    assert at(10, 8) in noded.polygons[0].exterior.coords
    assert noded.polygons[1] is pair[0]
    assert noded.is_complete
    assert_is_a_coverage(noded)


def test_an_oblique_t_junction_off_by_a_millimetre_is_closed() -> None:
    drawn = as_drawn(40)
    assert not shapely.coverage_is_valid(drawn)
    noded = node_coverage(drawn)
    assert noded.is_complete
    assert noded.reach_m == 0.0015
    assert_is_a_coverage(noded)
    change = np.abs(noded.area_after_m2 - noded.area_before_m2)
    assert (change <= 0.0005 * shapely.length(drawn)).all()
    assert (noded.vertices_added >= 0).all()


def test_a_centimetre_drawing_is_judged_by_its_own_precision() -> None:
    drawn = as_drawn(300, 1, step_m=0.01)
    assert len(overlaps(drawn)) > 100
    noded = node_coverage(drawn)
    assert noded.is_complete
    assert noded.reach_m == 0.015
    assert_is_a_coverage(noded)
    strict = node_coverage(drawn, reach_m=0.0015)
    assert strict.overlaps and not strict.is_complete
    assert_is_a_coverage(strict)


def test_precision_is_read_from_the_coordinates() -> None:
    assert source_precision_m(as_drawn(20, step_m=0.01)) == 0.01
    assert source_precision_m(as_drawn(20, step_m=0.001)) == 0.001
    assert source_precision_m(as_drawn(20, step_m=None)) == 0.001


def test_full_precision_coordinates_are_rounded_to_the_grid() -> None:
    noded = node_coverage(as_drawn(60, 2, step_m=None))
    assert noded.is_complete
    assert_is_a_coverage(noded)
    alone = Polygon([at(0.0001, 0), at(5.0004, 0.0003), at(5, 5)])
    noded = node_coverage(np.array([alone]))
    assert noded.outcomes == (Outcome.ROUNDED,)


def test_slivers_of_crossing_sides_are_given_to_one_owner() -> None:
    drawn = wavy(80, 4)
    noded = node_coverage(drawn)
    assert Outcome.RESHAPED in noded.outcomes
    assert_is_a_coverage(noded)
    kept = noded.accepted
    assert len(kept) >= 70
    for index in kept:
        assert noded.polygons[index].geom_type == "Polygon"
    change = np.abs(noded.area_after_m2 - noded.area_before_m2)[kept]
    assert (change <= 0.01 * shapely.length(drawn[kept])).all()


def test_a_real_overlap_refuses_both_with_area_and_place() -> None:
    trio = np.array([moved(box(0, 0, 10, 10)), moved(box(9, 0, 20, 10)), moved(box(20, 0, 30, 10))])
    noded = node_coverage(trio)
    assert noded.outcomes == (Outcome.REFUSED, Outcome.REFUSED, Outcome.UNCHANGED)
    assert [(r.index, r.partner, r.reason) for r in noded.refusals] == [
        (0, 1, RefusalReason.OVERLAP),
        (1, 0, RefusalReason.OVERLAP),
    ]
    assert noded.refusals[0].area_m2 == pytest.approx(10)
    assert noded.refusals[0].place is not None
    assert moved(box(9, 0, 10, 10)).contains(noded.refusals[0].place)
    assert noded.polygons[0] is None
    assert np.isnan(noded.area_after_m2[0])
    assert list(noded.accepted) == [2]


def test_an_overlap_within_the_rule_is_resolved() -> None:
    pair = np.array([moved(box(0, 0, 10, 10)), moved(box(9.998, 0.003, 20, 10.003))])
    shared = pair[0].intersection(pair[1])
    assert 0.0 < shared.area <= 0.01 + 0.001 * shared.length / 2
    noded = node_coverage(pair)
    assert noded.is_complete
    assert_is_a_coverage(noded)
    assert noded.area_after_m2.sum() == pytest.approx(pair[0].union(pair[1]).area, abs=0.02)


def test_holes_are_kept() -> None:
    ring = moved(box(0, 0, 30, 30) - box(10, 10, 20, 20))
    inner = [moved(box(10, 10, 20, 14)), moved(box(10, 14, 20, 20))]
    noded = node_coverage(np.array([ring, *inner]))
    assert noded.is_complete
    assert len(noded.polygons[0].interiors) == 1
    assert noded.vertices_added[0] == 2
    assert_is_a_coverage(noded)


def test_invalid_and_collapsing_polygons_are_refused_with_a_reason() -> None:
    bow_tie = Polygon([at(0, 0), at(2, 2), at(2, 0), at(0, 2)])
    hair = Polygon([at(50, 0), at(60, 0), at(60, 0.0003)])
    noded = node_coverage(np.array([bow_tie, moved(box(20, 0, 30, 9)), hair, Polygon()]))
    reasons = [(r.index, r.reason, r.detail) for r in noded.refusals]
    assert reasons == [
        (0, RefusalReason.INVALID, "self-intersection"),
        (2, RefusalReason.COLLAPSES, None),
        (3, RefusalReason.INVALID, "empty"),
    ]
    assert noded.refusals[0].place is not None
    assert noded.refusals[0].place.coords[0] == pytest.approx(at(1, 1))
    assert list(noded.accepted) == [1]


def test_only_polygons_form_a_coverage() -> None:
    with pytest.raises(GeometryNotPolygon):
        node_coverage(np.array([LineString([(0, 0), (1, 1)])]))
    with pytest.raises(GeometryNotPolygon):
        node_coverage(np.array([None]))


def test_an_empty_file_is_an_empty_coverage() -> None:
    noded = node_coverage(np.array([], dtype=object))
    assert noded.outcomes == () and noded.is_complete and noded.accepted.size == 0


def test_a_gap_wider_than_a_sliver_stays() -> None:
    pair = np.array([moved(box(0, 0, 10, 10)), moved(box(10.05, 0, 20, 10))])
    noded = node_coverage(pair)
    assert noded.outcomes == (Outcome.UNCHANGED, Outcome.UNCHANGED)


def test_order_of_the_file_does_not_matter_to_the_land() -> None:
    drawn = as_drawn(120, 9, densify_m=8)
    forward, backward = node_coverage(drawn), node_coverage(drawn[::-1])
    assert forward.area_after_m2 == pytest.approx(backward.area_after_m2[::-1], abs=1e-6)


# --- beside what is registered already ------------------------------------------------------


def halves(drawn: Polygons) -> np.ndarray:
    """West half of a drawing: what stands in the register when the east half arrives."""
    east = shapely.get_x(shapely.centroid(drawn))
    return np.asarray(east < np.median(east))


def corners_of(polygon: Polygon) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in shapely.get_coordinates(polygon)}


@pytest.mark.parametrize("step_m", [0.001, 0.01])
@pytest.mark.parametrize("seed", range(6))
def test_a_second_file_is_fitted_to_what_stands(step_m: float, seed: int) -> None:
    """The register is in millimetres, the file beside it was drawn on its own."""
    fine, drawn = as_drawn(80, seed), as_drawn(80, seed, step_m=step_m)
    west = halves(fine)
    registered = node_coverage(fine[west]).polygons
    both = np.concatenate([registered, drawn[~west]])
    standing = np.arange(len(both)) < len(registered)
    noded = node_coverage(both, standing=standing)
    assert noded.is_complete, noded.refusals
    assert noded.reach_m == 1.5 * step_m
    assert_is_a_coverage(noded)
    for before, after in zip(registered, noded.polygons[standing], strict=True):
        assert corners_of(before) <= corners_of(after)
        gained = len(corners_of(after)) - len(corners_of(before))
        assert abs(after.area - before.area) <= 0.0008 * before.length
        if not gained:
            assert after is before
    again = node_coverage(noded.polygons, standing=standing)
    assert set(again.outcomes) == {Outcome.UNCHANGED}


def test_what_stands_is_not_refused_with_what_overlaps_it() -> None:
    trio = np.array([moved(box(0, 0, 10, 10)), moved(box(9, 0, 20, 4)), moved(box(10, 4, 20, 10))])
    noded = node_coverage(trio, standing=np.array([True, False, False]))
    assert noded.outcomes == (Outcome.NODED, Outcome.REFUSED, Outcome.UNCHANGED)
    assert [(r.index, r.partner) for r in noded.refusals] == [(1, 0)]
    assert at(10, 4) in noded.polygons[0].exterior.coords


def test_a_sliver_beside_what_stands_is_given_up_by_the_newcomer() -> None:
    old = moved(box(0, 0, 10, 10))
    new = moved(box(9.998, 0.003, 20, 10.003))
    noded = node_coverage(np.array([new, old]), standing=np.array([False, True]))
    assert noded.is_complete
    assert_is_a_coverage(noded)
    assert noded.polygons[1].area == pytest.approx(100, abs=1e-6)
    assert noded.polygons[1].equals(old)


def drawings() -> st.SearchStrategy[Polygons]:
    seeds = st.integers(0, 10_000)
    counts = st.integers(2, 60)
    turned = st.builds(
        as_drawn,
        counts,
        seeds,
        angle=st.floats(0, 1.5),
        step_m=st.sampled_from([None, 0.001, 0.01]),
        densify_m=st.sampled_from([None, 8.0]),
    )
    return st.one_of(turned, st.builds(wavy, counts, seeds))


@settings(max_examples=60, deadline=None)
@given(drawings())
def test_noding_keeps_the_land_and_comes_to_rest(drawn: Polygons) -> None:
    noded = node_coverage(drawn)
    assert_is_a_coverage(noded)
    kept = noded.accepted
    before, after = noded.area_before_m2[kept], noded.area_after_m2[kept]
    ground = shapely.union_all(drawn[kept])
    slivers = 0.001 * shapely.length(drawn[kept]).sum() + 0.02 * len(kept)
    assert abs(after.sum() - ground.area) <= slivers + 0.01 * shapely.length(ground)
    assert (np.abs(after - before) <= 0.01 * shapely.length(drawn[kept]) + 0.05).all()
    again = node_coverage(noded.polygons[kept])
    assert set(again.outcomes) <= {Outcome.UNCHANGED}
    refused = {index for each in noded.overlaps for index in (each.i, each.j)}
    assert refused == {r.index for r in noded.refusals}


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 50), st.integers(0, 10_000), drawings())
def test_whatever_arrives_leaves_what_stands_in_its_place(
    count: int, seed: int, drawn: Polygons
) -> None:
    ground = as_drawn(count, seed)
    registered = node_coverage(ground[halves(ground)]).polygons
    both = np.concatenate([registered, drawn])
    standing = np.arange(len(both)) < len(registered)
    noded = node_coverage(both, standing=standing)
    assert_is_a_coverage(noded)
    assert all(each.index >= len(registered) for each in noded.refusals)
    for before, after in zip(registered, noded.polygons[standing], strict=True):
        assert corners_of(before) <= corners_of(after)
        assert abs(after.area - before.area) <= 0.0008 * before.length
    again = node_coverage(noded.polygons[noded.accepted], standing=standing[noded.accepted])
    assert set(again.outcomes) == {Outcome.UNCHANGED}
