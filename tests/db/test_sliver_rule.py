"""One rule of overlap in two places: the operator of the database and `layers.coverage`."""

from __future__ import annotations

import numpy as np
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.coverage import overlaps, sliver_tolerance_m2


def _pairs() -> list[tuple[shapely.Polygon, shapely.Polygon]]:
    """Neighbours that overlap by 0 to 6 mm along sides of 1 to 400 m, turned any way."""
    random = np.random.default_rng(4756)
    pairs = []
    for _ in range(400):
        side, depth = random.uniform(1, 400), random.uniform(-0.002, 0.006)
        one = shapely.box(0, 0, side, 30)
        other = shapely.box(0, 30 - depth, side * random.uniform(0.3, 1), 60)
        turned = shapely.affinity.rotate(
            shapely.MultiPolygon([one]), angle := random.uniform(0, 360), origin=(0, 0)
        ).geoms[0]
        moved = shapely.affinity.rotate(other, angle, origin=(0, 0))
        pairs.append(
            tuple(shapely.affinity.translate(each, 500_000, 2_300_000) for each in (turned, moved))
        )
    return pairs


def test_the_database_and_the_engine_judge_every_pair_alike(session: Session) -> None:
    judged = []
    for one, other in _pairs():
        coded = ewkb_hex([one, other], 5899)
        in_database = session.scalar(
            select(func.spatial.overlaps_for_real(text(":one"), text(":other"))).params(
                one=coded[0], other=coded[1]
            )
        )
        shared = shapely.intersection(one, other)
        margin = shapely.area(shared) - sliver_tolerance_m2(shapely.length(shared))
        if abs(margin) < 1e-6:  # closer to the limit than two builds of GEOS agree
            continue
        in_engine = bool(overlaps(np.array([one, other], dtype=object)))
        assert in_database == in_engine, (one.wkt, other.wkt)
        judged.append(in_engine)
    assert 50 < sum(judged) < len(judged) - 50
