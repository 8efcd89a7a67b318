"""Versions of plans: adjustments, lots of a draft, the land balance, plans on a spot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from shapely import MultiPolygon, Point, box
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.plans import errors
from planning.plans.adjustment import adjust, scope_of_symbols
from planning.plans.approval import approve
from planning.plans.balance import balance
from planning.plans.commands import create_plan
from planning.plans.here import plans_here
from planning.plans.lots import edit_lots, lots, mean, symbol_groups
from planning.plans.pipeline import pipeline
from planning.plans.stated import StatedRow, read_table, state_table, stated_table
from planning.plans.steps import standing
from tests.db.ground import PLANE
from tests.db.plan_ground import (
    APPROVED,
    DRAWN,
    SCOPE,
    Planned,
    act,
    cell,
    draw,
    lot,
    planned,
    row_of_lots,
)

DAY = date(2024, 5, 20)
HA = Decimal(10_000)


@pytest.fixture
def plan(session: Session) -> Planned:
    return planned(session)


def test_a_table_that_does_not_add_up_waits_too(session: Session, plan: Planned) -> None:
    version = draw(session, plan.ground, plan.plan, row_of_lots())
    change = act(session, plan.ground, "an", DAY)
    table = read_table("Công nghiệp; CN; 5,00\nDịch vụ;DV;1\nCây xanh;cx;2,00\nTổng;;9,00")
    assert table[2] == StatedRow("Cây xanh", "CX", Decimal("20000.00"))
    state_table(session, change, plan_version_id=version, rows=table)
    found = balance(session, version)
    assert found.stated_misses_m2 == -10_000 and found.faults() == {"sum": 10_000.0}
    table = read_table("Công nghiệp; CN; 5,00\nDịch vụ;DV;1\nCây xanh;cx;2,00\nTổng;;8,01")
    state_table(session, change, plan_version_id=version, rows=table)
    assert stated_table(session, version) == table and balance(session, version).faults() == {}
    for bad in ("Một; CN", "Một;CN;không", "Một;CN;-1", "Một;CN;1e400", "a;;1\nb;;2"):
        with pytest.raises(errors.TableRefused):
            read_table(bad)
    with pytest.raises(errors.CategoryUnknown):
        read_table("Một;XYZ;1")


def test_the_balance_closes_to_the_ground(session: Session, plan: Planned) -> None:
    found = balance(session, plan.version)
    by_use = {use.category: (use.lots, use.area_m2, use.legal_m2) for use in found.uses}
    assert by_use["CN"] == (5, 50_000.0, 5 * HA) and by_use["CX"] == (2, 20_000.0, 2 * HA)
    assert (found.ground_m2, found.gap_m2, found.overlap_m2, found.outside_m2) == (100_000, 0, 0, 0)
    torn = [
        *row_of_lots()[:7],
        lot("A-1", cell(6, 0.5, 2, 0.25)),
        lot("A-2", cell(9, -0.5, 1, 1)),
        lot("A-3", cell(6, 0.5, 1, 0.5)),
    ]
    version = draw(session, plan.ground, plan.plan, torn)
    found = balance(session, version)
    assert found.closes_m2 == pytest.approx(0, abs=1e-6)
    # three lots on 0.25 ha count twice too often, two on another 0.25 ha once
    assert found.overlap_m2 == pytest.approx(7_500)
    assert found.outside_m2 == pytest.approx(5_000)
    assert found.gap_m2 == pytest.approx(100_000 - 70_000 - 2_500 - 5_000)
    kinds = sorted({each.fault for each in found.places})
    assert kinds == ["gap", "outside", "overlap"]
    (outside,) = [each for each in found.places if each.fault == "outside"]
    assert outside.symbols == ("A-2",)


def test_symbols_mean_what_this_version_says(session: Session, plan: Planned) -> None:
    version = draw(session, plan.ground, plan.plan, row_of_lots())
    change = act(session, plan.ground, "an", DAY)
    at = Moment(DAY)
    assert mean(
        session, change, plan_version_id=version, letters="HTKT", category="KT",
        leasable="industrial",
    ) == 1  # fmt: skip
    groups = {each.letters: each for each in symbol_groups(lots(session, version, at))}
    assert groups["HTKT"].meanings == (("KT", "industrial"),) and groups["CN"].lots == 5
    (first, *_rest) = lots(session, version, at)
    told = {"density_pct": Decimal(60), "storeys_max": 5, "floor_area_ratio": Decimal(3)}
    assert edit_lots(session, change, plan_version_id=version, told={first.lot_id: told}) == 1
    assert edit_lots(session, change, plan_version_id=version, told={first.lot_id: told}) == 0
    assert lots(session, version, at)[0] == replace(first, **told)
    with pytest.raises(errors.CategoryUnknown):
        mean(session, change, plan_version_id=version, letters="CN", category="Q", leasable="none")
    with pytest.raises(errors.DraftOnly):
        mean(
            session, change, plan_version_id=plan.version, letters="CN", category="KT",
            leasable="none",
        )  # fmt: skip


def test_a_local_adjustment_carries_the_rest_byte_for_byte(session: Session, plan: Planned) -> None:
    change = act(session, plan.ground, "binh", DAY)
    scope = scope_of_symbols(session, plan.version, ["CN-01", "CN-02"])
    made = adjust(
        session, change, parent_id=plan.version, kind="local", day=DAY,
        document_id=plan.ground.document_id, scope=scope,
    )  # fmt: skip
    assert (made.number, made.carried, made.cut) == (2, 8, ())
    assert made.left_out == ("CN-01", "CN-02")
    facts = (
        "symbol, category, leasable, legal_area_m2, density_pct, storeys_max, floor_area_ratio,"
        " ST_AsEWKB(geom)"
    )
    differing = session.scalar(
        text(
            f"SELECT count(*) FROM (SELECT {facts} FROM land.plan_lot WHERE plan_version_id = :new"
            f" EXCEPT ALL SELECT {facts} FROM land.plan_lot WHERE plan_version_id = :old) AS d"
        ),
        {"new": made.plan_version_id, "old": plan.version},
    )
    assert differing == 0
    assert balance(session, made.plan_version_id).faults() == {"gap": 20_000.0}
    stand = pipeline(session, Moment(DAY), [plan.ground.zone_id])
    assert [(s.number, s.status, s.adjustment, s.parent_number) for s in stand] == [
        (2, "drafting", "local", 1), (1, "approved", None, None),
    ]  # fmt: skip


def test_a_scope_across_lots_cuts_them(session: Session, plan: Planned) -> None:
    change = act(session, plan.ground, "binh", DAY)
    made = adjust(
        session, change, parent_id=plan.version, kind="local", day=DAY,
        document_id=plan.ground.document_id, scope=MultiPolygon([cell(0, 0, 1.5)]),
    )  # fmt: skip
    assert (made.carried, made.cut, made.left_out) == (8, ("CN-01",), ("CN-00",))
    found = balance(session, made.plan_version_id)
    assert found.gap_m2 == 15_000 and found.lots_m2 == 85_000
    kept = [
        row for row in lots(session, made.plan_version_id, Moment(DAY)) if row.symbol == "CN-01"
    ]
    assert [row.legal_area_m2 for row in kept] == [Decimal("5000.00")]


def test_what_cannot_be_adjusted(session: Session, plan: Planned) -> None:
    change = act(session, plan.ground, "binh", DAY)
    document = plan.ground.document_id
    draft = draw(session, plan.ground, plan.plan, row_of_lots())
    with pytest.raises(errors.NothingToAdjust):
        adjust(session, change, parent_id=draft, kind="overall", day=DAY, document_id=document)
    far = MultiPolygon([cell(50)])
    with pytest.raises(errors.ScopeMissesPlan):
        adjust(
            session, change, parent_id=plan.version, kind="local", day=DAY, document_id=document,
            scope=far,
        )  # fmt: skip
    with pytest.raises(errors.ScopeMissesPlan):
        scope_of_symbols(session, plan.version, ["CN-00", "CN-77"])
    overall = adjust(
        session, change, parent_id=plan.version, kind="overall", day=DAY, document_id=document
    )
    assert standing(session, overall.plan_version_id).status == "task"


def test_plans_of_all_levels_on_a_spot(session: Session, plan: Planned) -> None:
    change = act(session, plan.ground, "an", DRAWN)
    for level, code, scope in (
        ("general", "QHC", SCOPE),
        ("detailed", "QHCT", MultiPolygon([cell(0, 0, 2)])),
    ):
        made = create_plan(
            session, change, code=code, zone_id=plan.ground.zone_id, srid=PLANE, level=level,
            scale_denominator=500, name_vi=code,
        )  # fmt: skip
        version = draw(session, plan.ground, made, [lot("CN-A", scope.geoms[0])], scope)
        approve(
            session, act(session, plan.ground, "chi", APPROVED), plan_version_id=version,
            day=APPROVED, document_id=plan.ground.document_id,
        )  # fmt: skip
    at = Moment(DAY)
    found = plans_here(session, at, Point(cell(1).centroid), PLANE)
    assert {level: [h.plan for h in here] for level, here in found.items()} == {
        "general": ["QHC"], "subdivision": ["QH"], "detailed": ["QHCT"],
    }  # fmt: skip
    assert [each.symbol for each in found["subdivision"][0].lots] == ["CN-01"]
    assert found["subdivision"][0].decision_number == "01/Z-QH"
    area = box(*cell(1, 0.25, 2, 0.5).bounds)
    (detailed,) = plans_here(session, at, area, PLANE)["detailed"]
    assert (detailed.plan_shared_m2, detailed.asked_m2) == (5_000, 10_000)
    (own,) = plans_here(session, at, area, PLANE)["subdivision"]
    assert {each.symbol: each.shared_m2 for each in own.lots} == {"CN-01": 5_000, "CN-02": 5_000}
    assert own.without_lot_m2 == 0
    day_before = Moment(APPROVED - timedelta(days=1))
    assert plans_here(session, day_before, area, PLANE) == {
        "general": [], "subdivision": [], "detailed": [],
    }  # fmt: skip
    lonlat = session.execute(
        text("SELECT ST_X(p), ST_Y(p) FROM spatial.to_wgs84(ST_GeomFromText(:w, 5899)) AS p"),
        {"w": cell(4).centroid.wkt},
    ).one()
    (by_degree,) = plans_here(session, at, Point(*lonlat), 4326)["subdivision"]
    assert [each.symbol for each in by_degree.lots] == ["CX-04"]
