"""Two thousand parcels in view, a corner on a side's middle: all its owners follow."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from playwright.sync_api import Page
from shapely import MultiPolygon
from shapely.affinity import translate

from gisapp.security.permissions import Role
from layers.coverage import node_coverage
from planning.parcels.commands import NewParcel, add_parcels
from planning.records.commands import open_change, register_document
from planning.zones.commands import create_zone, set_boundary
from tests import brick_park
from tests.brick_park import BrickPark
from tests.e2e import workbench
from tests.e2e.conftest import Site
from tests.small_park import BORN, SRID

OpenPage = Callable[..., Page]
AWAY = 20_000.0
PARK = BrickPark(5, 2)
WINDOW = {"width": 1920, "height": 1300}


@pytest.fixture(scope="module")
def bricks(site: Site) -> str:
    """A second zone, twenty kilometres away: 2,000 parcels laid like bricks, noded as at import."""
    ground = MultiPolygon([translate(PARK.zone, AWAY, AWAY)])
    moved = shapely.transform(PARK.shapes(), lambda xy: xy + np.array([AWAY, AWAY]))
    noded = node_coverage(moved)
    assert noded.is_complete
    with site.database.transaction() as session:
        document = register_document(
            session, number="GẠCH", issued_on=BORN, issuer="UBND tỉnh", actor="an", kind="decision",
            title="Khu gạch",
        )  # fmt: skip
        change = open_change(
            session, kind="act", reason="Lập", actor="an", effective_on=BORN, document_id=document
        )
        zone = create_zone(
            session, change, code="KCN-BRICK", kind="industrial_park", srid=SRID,
            board_id=site.park.board, name_vi="Khu gạch", valid_from=BORN,
        )  # fmt: skip
        set_boundary(
            session, change, zone_id=zone, srid=SRID, boundary=ground, valid_from=BORN,
            certainty="surveyed",
        )  # fmt: skip
        rows = [
            NewParcel(shape, "06814", str(sheet), str(number))
            for shape, (_, _, sheet, number) in zip(noded.polygons, PARK.numbers(), strict=True)
        ]
        made = add_parcels(session, change, zone_id=zone, srid=SRID, parcels=rows, valid_from=BORN)
    assert len(made) == 2_000
    return "KCN-BRICK"


def test_a_corner_in_the_middle_of_a_side_takes_both_rows_along(
    open_page: OpenPage, site: Site, bricks: str
) -> None:
    change = workbench.open_change(site)
    west, south, east, north = translate(PARK.zone, AWAY, AWAY).bounds
    middle = f"{(west + east) / 2:.0f},{(south + north) / 2:.0f}"
    page = open_page(
        f"/map?zone={bricks}&change={change}&view={middle},6500", role=Role.PLANNER, viewport=WINDOW
    )
    planner = workbench.Bench(page, site, change)
    planner.ready()
    page.wait_for_function("() => window.__app.edit.count() === 2000")
    # a T-junction: the corner between two parcels of row 8, in the middle of a side of row 7
    corner = (
        brick_park.EAST + AWAY + 2 * brick_park.WIDTH + 120.0,
        brick_park.NORTH + AWAY + 400.0,
    )
    planner.click((corner[0] - 10, corner[1] + 25))
    page.wait_for_function("() => window.__app.edit.chosen().length === 1")
    planner.start("d")
    start, end = planner.px(corner), planner.px((corner[0] + 6, corner[1] + 8))
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(60):
        turn = step / 60 * math.tau
        page.mouse.move(start[0] + 14 * math.sin(turn), start[1] - 14 * (1 - math.cos(turn)) / 2)
    page.mouse.move(*end)
    answer = planner.adding(page.mouse.up)
    (edit,) = planner.steps()[0]["parameters"]["edits"]
    assert edit["corner"] == list(corner)
    assert len(answer["effect"]["reshaped"]) == 3, "two above and the one whose side it lay on"
