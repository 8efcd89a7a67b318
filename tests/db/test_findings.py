"""The findings of a park in which one of each kind was made on purpose."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planning.clocks import Moment, amend
from planning.conformance.queries import find, findings, findings_of_parcel
from planning.conformance.reading import Place, parcels
from planning.parcels.model import ParcelVersion
from planning.published import zone_and_inner
from planning.zones.commands import set_boundary
from tests.db.findings_ground import (
    DAY,
    EAST,
    NORTH,
    PLANE,
    PLANNED,
    START,
    Park,
    act,
    area,
    let,
    lots,
    park,
    plan_version,
)


@pytest.fixture
def laid(session: Session) -> Park:
    """The park, in a transaction that is undone."""
    return park(session)


def test_each_kind_is_found_once_with_its_area(session: Session, laid: Park) -> None:
    found = {
        (each.kind, each.parcel.number): (each.severity, round(each.area_m2, 4))
        for each in laid.found(session)
    }
    gap = next(key for key in found if key[0] == "gap")
    overlap = next(key for key in found if key[0] == "overlap")
    assert found == {
        gap: ("medium", 30.0),
        overlap: ("low", 0.005),
        ("across_uses", "2"): ("high", 3000.0),
        ("lease_on_green", "3"): ("high", 10_000.0),
        ("outside_plan", "7"): ("medium", 5000.0),
        ("outside_plan", "8"): ("low", 10_000.0),
    }


def test_the_gravest_and_largest_comes_first_and_pins_are_counted(
    session: Session, laid: Park
) -> None:
    found = laid.found(session)
    assert [each.number for each in found] == [1, 2, 3, 4, 5, 6]
    assert [each.kind for each in found][:3] == ["lease_on_green", "across_uses", "outside_plan"]


def test_the_ground_in_question_is_exact(session: Session, laid: Park) -> None:
    (across,) = laid.of(session, "across_uses")
    assert across.shape.equals(area(170, 0, 30, 100))
    assert across.share == pytest.approx(0.3)
    (gap,) = laid.of(session, "gap")
    assert gap.shape.equals(area(100, 100, 100, 0.3))
    assert {gap.parcel.number, gap.other.number} == {"2", "5"}  # type: ignore[union-attr]
    (overlap,) = laid.of(session, "overlap")
    assert {overlap.parcel.number, overlap.other.number} == {"4", "9"}  # type: ignore[union-attr]
    assert overlap.shape.area == pytest.approx(0.005)


def test_a_side_drawn_on_the_line_of_a_lot_is_no_finding(session: Session, laid: Park) -> None:
    """0.3 m of parcel 4 lie in the next lot: 0.2 mm at 1/2000 is 0.4 m."""
    assert {each.parcel.number for each in laid.of(session, "across_uses")} == {"2"}


def test_at_a_larger_scale_the_same_side_is_a_finding(session: Session, laid: Park) -> None:
    """The lots of a 1/500 plan are drawn to 0.1 m."""
    from planning.plans.commands import create_plan

    number = act(session, laid.document)
    plan = create_plan(
        session, number, code="CT-F", zone_id=laid.zone, srid=PLANE, level="detailed",
        scale_denominator=500, name_vi="Chi tiết",
    )  # fmt: skip
    plan_version(session, plan, laid.document, lots(), PLANNED)
    detailed = [
        each
        for each in laid.of(session, "across_uses")
        if each.other.level == "detailed"  # type: ignore[union-attr]
    ]
    assert {each.parcel.number for each in detailed} == {"2", "4", "5", "6"}


def test_stored_shares_are_what_is_judged(session: Session, laid: Park) -> None:
    (across,) = laid.of(session, "across_uses")
    stored = session.scalar(
        text(
            "SELECT area_m2 FROM land.conformance WHERE parcel_version_id = :parcel"
            " AND lot_version_id = :lot"
        ),
        {"parcel": across.parcel.version_id, "lot": across.other.version_id},
    )
    assert stored == pytest.approx(across.area_m2)


def test_before_the_plan_and_the_lease_there_was_less(session: Session, laid: Park) -> None:
    before_plan = laid.found(session, Moment(date(2020, 6, 1)))
    assert {each.kind for each in before_plan} == {"overlap", "gap"}
    before_lease = laid.found(session, Moment(date(2021, 6, 1)))
    assert {each.kind for each in before_lease} == {
        "overlap", "gap", "across_uses", "outside_plan",
    }  # fmt: skip


def test_what_was_known_before_gives_back_the_findings_of_then(
    session: Session, laid: Park
) -> None:
    known = session.scalar(select(func.max(ParcelVersion.opened_by)))
    before = [each.key for each in laid.found(session)]
    number = act(session, laid.document, kind="correction")
    plan_version(session, laid.plan, laid.document, lots(200.0), date(2023, 1, 1))
    assert number is not None
    after = laid.of(session, "across_uses")
    assert after == []
    last = session.scalar(text("SELECT max(opened_by) FROM land.land_right_version"))
    assert known is not None and last is not None
    assert [each.key for each in laid.found(session, Moment(DAY, int(last)))] == before


def test_a_zone_drawn_over_the_edge_of_the_one_around_it(session: Session, laid: Park) -> None:
    number = act(session, laid.document, day=date(2023, 1, 1))
    set_boundary(
        session, number, zone_id=laid.parent, srid=PLANE, certainty="surveyed",
        boundary=MultiPolygon([box(EAST - 500, NORTH - 500, EAST + 450, NORTH + 1500)]),
        valid_from=date(2023, 1, 1),
    )  # fmt: skip
    (outside,) = laid.of(session, "outside")
    assert outside.parcel.number == "8"
    assert outside.severity == "high"
    assert outside.area_m2 == pytest.approx(5000)
    assert outside.shape.equals(area(450, 0, 50, 100))
    assert laid.of(session, "outside", Moment(date(2022, 6, 1))) == []


def test_over_the_edge_within_its_certainty_is_no_finding(session: Session, laid: Park) -> None:
    number = act(session, laid.document, day=date(2023, 1, 1))
    set_boundary(
        session, number, zone_id=laid.parent, srid=PLANE, certainty="from_approved_drawing",
        boundary=MultiPolygon([box(EAST - 500, NORTH - 500, EAST + 499.7, NORTH + 1500)]),
        valid_from=date(2023, 1, 1),
    )  # fmt: skip
    assert laid.of(session, "outside") == []


def test_open_ground_is_no_gap_and_a_strip_along_an_uncertain_edge_neither(
    session: Session,
) -> None:
    """A park surveyed to 0.10 m: 0.05 m beside the edge is nobody's knowledge, 0.3 m is a gap."""
    from planning.parcels.commands import NewParcel, add_parcels
    from tests.db.ground import lay
    from tests.db.ground import square as cell

    ground = lay(session, code="KCN-G")
    west, south = cell(0, 0).bounds[:2]
    add_parcels(
        session, ground.change, zone_id=ground.zone_id, srid=PLANE, valid_from=START,
        parcels=[
            NewParcel(box(west + 0.05, south, west + 100, south + 5000), "1", "1", "1"),
            NewParcel(box(west, south + 5000, west + 100, south + 10_000), "1", "1", "2"),
            NewParcel(box(west + 100, south + 0.3, west + 10_000, south + 10_000), "1", "1", "3"),
        ],
    )  # fmt: skip
    found = findings(session, Moment(DAY), (ground.zone_id,))
    assert [each.kind for each in found] == ["gap"]
    assert found[0].area_m2 == pytest.approx(0.3 * 9_900)


def test_a_reservation_on_green_land_weighs_less_than_a_lease(session: Session, laid: Park) -> None:
    from planning.tenure.commands import NewRight, grant_right, register_party

    number = act(session, laid.document, day=PLANNED)
    party = register_party(session, number, name_vi="Nguyễn Văn A", kind="person")
    grant_right(
        session, number,
        NewRight(
            kind="reservation", zone_id=laid.zone, number="GC-1", lessor_id=party,
            lessee_id=party, contract_area_m2=10_000, valid_from=PLANNED,  # type: ignore[arg-type]
            valid_to=PLANNED.replace(year=PLANNED.year + 9),
            parcels=[laid.parcels["2"]], document_id=laid.document,
        ),
    )  # fmt: skip
    reserved = next(
        each for each in laid.of(session, "lease_on_green") if each.parcel.number == "2"
    )
    assert reserved.severity == "medium"
    assert reserved.right is not None
    assert reserved.right.lessee is None  # a person's name is nobody's business here


def test_a_let_parcel_partly_outside_the_plan_is_grave(session: Session, laid: Park) -> None:
    let(session, laid.zone, laid.document, laid.parcels["7"])
    found = {each.parcel.number: each.severity for each in laid.of(session, "outside_plan")}
    assert found == {"7": "high", "8": "low"}


def test_findings_of_one_parcel_are_those_of_the_zone(session: Session, laid: Park) -> None:
    at = Moment(DAY)
    every = {each.key: each for each in laid.found(session)}
    for parcel in parcels(session, at, Place((laid.zone,))):
        mine = findings_of_parcel(session, at, parcel.zone_id, parcel.parcel_id)
        expected = {
            key
            for key, each in every.items()
            if each.kind != "gap"
            and parcel.number in {each.parcel.number, getattr(each.other, "number", None)}
        }
        assert {each.key for each in mine} == expected, parcel.name


def test_a_finding_is_found_by_its_name(session: Session, laid: Park) -> None:
    inside = zone_and_inner(session, laid.parent)
    (across,) = laid.of(session, "across_uses")
    found = find(session, Moment(DAY), inside, across.key)
    assert found is not None
    assert found.area_m2 == across.area_m2
    assert find(session, Moment(DAY), inside, "across_uses-1-l1") is None
    assert findings(session, Moment(DAY), ()) == []


def test_a_parcel_of_the_zone_around_counts_against_one_inside(session: Session) -> None:
    """Two zones, one plane: what the inner parcel takes from the outer is seen from both."""
    from planning.parcels.commands import NewParcel, add_parcels

    laid = park(session, "KCN-H")
    number = act(session, laid.document)
    shape = box(EAST - 100, NORTH, EAST, NORTH + 100)
    corner = shape.union(box(EAST, NORTH + 0.0, EAST + 0.001, NORTH + 8))
    add_parcels(
        session, number, zone_id=laid.parent, srid=PLANE, valid_from=START,
        parcels=[NewParcel(corner, "27001", "9", "1")],
    )  # fmt: skip
    for zones in ((laid.zone,), (laid.parent,)):
        overlap = [each for each in findings(session, Moment(DAY), zones) if each.kind == "overlap"]
        assert round(sum(each.area_m2 for each in overlap if "9" in (
            each.parcel.sheet, getattr(each.other, "sheet", None))), 4) == 0.008  # fmt: skip


def test_an_edit_of_a_parcel_moves_its_findings(session: Session, laid: Park) -> None:
    number = act(session, laid.document, day=date(2023, 1, 1))
    amend(
        session, ParcelVersion, number, ParcelVersion.parcel_id == laid.parcels["8"],
        date(2023, 1, 1), {"parcel_no": "88"},
    )  # fmt: skip
    numbers = {each.parcel.number for each in laid.of(session, "outside_plan")}
    assert numbers == {"7", "88"}
