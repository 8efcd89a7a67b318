"""Indicators on the two clocks and on both area bases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Polygon
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clearance.commands import hand_over
from planning.clearance.model import HandoverParcel
from planning.clocks import Moment, end, moment
from planning.clocks import record as record_rows
from planning.indicators.queries import Figure, Land, land
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.model import ParcelVersion
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.tenure.commands import (
    amend_right,
    correct_right,
    end_right,
    grant_right,
    register_party,
)
from planning.tenure.model import LandRightParcel
from planning.zones.commands import create_zone, mark_area, set_boundary
from tests.conftest import TestDatabase
from tests.db.ground import PLANE, START, Ground, change, lay, square

HA = Decimal(10_000)
IN_FORCE = date(2021, 1, 1)
DAY = date(2024, 6, 30)


def value(session: Session, code: str, day: date = DAY, known: int | None = None) -> Decimal | None:
    """An indicator of the whole register, areas in ha."""
    return _hectares(land(session, Moment(day, known)).figures([code])[code])


def measured(session: Session, code: str) -> Decimal | None:
    """The measured variant, areas in ha."""
    answer = land(session, Moment(DAY)).figures([code])[code].answer
    found = answer.measured
    return found / HA if found is not None and answer.definition.unit == "m2" else found


def _hectares(figure: Figure) -> Decimal | None:
    found = figure.answer.value
    return found / HA if found is not None and figure.answer.definition.unit == "m2" else found


def notes(session: Session, code: str) -> set[str]:
    """The codes of the remarks beside a figure."""
    figure = land(session, Moment(DAY)).figures([code])[code]
    return {note.code for note in figure.notes}


def plan(
    session: Session, ground: Ground, lots: list[NewLot], day: date = IN_FORCE, code: str = "QHPK"
) -> UUID:
    """Put a 1/2000 plan of these lots in force over the zone; return the plan."""
    number = change(session, ground.document_id, day=day)
    made = create_plan(
        session, number, code=code, zone_id=ground.zone_id, srid=PLANE, level="subdivision",
        scale_denominator=2000, name_vi="Quy hoạch phân khu",
    )  # fmt: skip
    edition(session, ground, made, lots, day)
    return made


def edition(session: Session, ground: Ground, plan_id: UUID, lots: list[NewLot], day: date) -> None:
    """A version of a plan, in force from a day."""
    number = change(session, ground.document_id, day=day)
    version, _ = create_version(session, number, plan_id=plan_id)
    set_status(
        session, number, plan_version_id=version, status="approved", valid_from=day,
        scope=MultiPolygon([square(0, 0, 10_000)]), decision_id=ground.document_id,
    )  # fmt: skip
    add_lots(session, number, plan_version_id=version, lots=lots)


def industrial(columns: int, legal_ha: Decimal | None = None) -> NewLot:
    """An industrial lot over the first columns of the first row, 1 ha each."""
    shape = square(0, 0).envelope.union(square(columns - 1, 0)).envelope
    return NewLot("CN-01", "CN", "industrial", shape, legal_ha and legal_ha * HA)


class Tenure:
    """Rights on the ground by few words."""

    def __init__(self, session: Session, ground: Ground) -> None:
        self.session, self.ground = session, ground
        number = change(session, ground.document_id)
        self.state = register_party(session, number, name_vi="UBND tỉnh", kind="authority")
        self.developer = register_party(session, number, name_vi="Công ty hạ tầng")
        self.investor = register_party(session, number, name_vi="Nhà đầu tư")

    def state_lease(self, parcels: list[UUID], ha: str, day: date = date(2021, 6, 1)) -> UUID:
        """The State leases land to the developer."""
        return grant_right(
            self.session, change(self.session, self.ground.document_id, day=day),
            kind="state_lease", zone_id=self.ground.zone_id, number="QĐ", lessor_id=self.state,
            lessee_id=self.developer, contract_area_m2=Decimal(ha) * HA, valid_from=day,
            parcels=parcels,
        )  # fmt: skip

    def sub_lease(
        self, parent: UUID, parcels: list[UUID], ha: str, day: date, *, licensed: bool = True
    ) -> UUID:
        """The developer sub-leases land to an investor."""
        return grant_right(
            self.session, change(self.session, self.ground.document_id, day=day),
            kind="sub_lease", zone_id=self.ground.zone_id, number="TL", lessor_id=self.developer,
            lessee_id=self.investor, contract_area_m2=Decimal(ha) * HA, valid_from=day,
            parcels=parcels, parent_id=parent, investor_licensed=licensed,
        )  # fmt: skip

    def reserve(self, parcels: list[UUID], ha: str, day: date = date(2022, 6, 1)) -> UUID:
        """The developer keeps land for somebody."""
        return grant_right(
            self.session, change(self.session, self.ground.document_id, day=day),
            kind="reservation", zone_id=self.ground.zone_id, number="GC", lessor_id=self.developer,
            lessee_id=self.investor, contract_area_m2=Decimal(ha) * HA, valid_from=day,
            valid_to=date(2199, 1, 1), parcels=parcels,
        )  # fmt: skip


def test_a_lease_counts_from_its_day_and_from_its_recording(session: Session) -> None:
    ground = lay(session, 10)
    plan(session, ground, [industrial(10)])
    tenure = Tenure(session, ground)
    parent = tenure.state_lease(ground.parcels, "10")
    before = land(session, Moment(DAY)).known
    lease = tenure.sub_lease(parent, ground.parcels[:4], "4", date(2023, 5, 1))
    assert value(session, "leased_area", date(2023, 4, 30)) == 0
    assert value(session, "leased_area", date(2023, 5, 1)) == 4
    assert value(session, "leased_area", DAY, known=before) == 0
    end_right(session, change(session, ground.document_id, day=DAY), right_id=lease, day=DAY)
    assert value(session, "leased_area", DAY) == 0
    assert value(session, "leased_area", date(2024, 6, 29)) == 4


def test_a_correction_changes_what_is_known_not_when_it_held(session: Session) -> None:
    ground = lay(session, 10)
    plan(session, ground, [industrial(10)])
    tenure = Tenure(session, ground)
    lease = tenure.sub_lease(
        tenure.state_lease(ground.parcels, "10"), ground.parcels[:4], "4", date(2023, 5, 1)
    )
    number = change(session, ground.document_id, kind="correction")
    correct_right(session, number, right_id=lease, contract_area_m2=Decimal("3.75") * HA)
    for day in (date(2023, 5, 1), DAY):
        assert value(session, "leased_area", day) == Decimal("3.75")
        assert value(session, "leased_area", day, known=number - 1) == 4
        assert value(session, "leased_area", day, known=number) == Decimal("3.75")


def test_knowledge_at_an_instant(fresh_database: TestDatabase) -> None:
    database = fresh_database.database
    with database.transaction() as session:
        ground = lay(session, 3)
    with database.reading() as session:
        at = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    with database.transaction() as session:
        number = change(session, ground.document_id, day=date(2022, 1, 1))
        hand_over(
            session, number, zone_id=ground.zone_id, number="BB", day=date(2022, 1, 1),
            parcels=ground.parcels,
        )  # fmt: skip
    with database.reading() as session:
        then = land(session, moment(session, DAY, at)).figures(["cleared_area"])
        now = land(session, moment(session, DAY)).figures(["cleared_area"])
    assert then["cleared_area"].answer.value == 0
    assert now["cleared_area"].answer.value == 3 * HA


def test_a_plan_moves_leasable_land_on_its_day(session: Session) -> None:
    ground = lay(session, 10)
    made = plan(session, ground, [industrial(10)])
    tenure = Tenure(session, ground)
    tenure.sub_lease(
        tenure.state_lease(ground.parcels, "10"), ground.parcels[4:8], "4", date(2023, 5, 1)
    )
    assert value(session, "occupancy_rate_d35", DAY) == 40
    edition(session, ground, made, [industrial(6)], date(2024, 6, 30))
    assert value(session, "leasable_area", date(2024, 6, 29)) == 10
    assert value(session, "leasable_area", date(2024, 6, 30)) == 6
    assert value(session, "leased_area", date(2024, 6, 29)) == 4
    assert value(session, "leased_area", date(2024, 6, 30)) == 2, "two parcels lie outside now"
    assert "indicator-leased-outside-lots" in notes(session, "leased_area")
    assert [each.version for each in land(session, Moment(date(2024, 6, 29))).plans] == [1]
    assert [each.version for each in land(session, Moment(date(2024, 6, 30))).plans] == [2]


def test_plans_that_are_not_in_force_do_not_count(session: Session) -> None:
    ground = lay(session, 2)
    number = change(session, ground.document_id)
    for level, status in (("subdivision", "consultation"), ("detailed", "approved")):
        made = create_plan(
            session, number, code=f"P-{level}".upper(), zone_id=ground.zone_id, srid=PLANE,
            level=level, scale_denominator=2000, name_vi="Quy hoạch",
        )  # fmt: skip
        version, _ = create_version(session, number, plan_id=made)
        set_status(
            session, number, plan_version_id=version, status=status, valid_from=START,
            scope=MultiPolygon([square(0, 0, 10_000)]), decision_id=ground.document_id,
        )  # fmt: skip
        add_lots(session, number, plan_version_id=version, lots=[industrial(2)])
    assert value(session, "leasable_area") == 0
    assert value(session, "occupancy_rate_d35") is None
    assert notes(session, "occupancy_rate_d35") == {
        "indicator-undefined",
        "indicator-no-plan-in-force",
    }


def test_industrial_and_service_land_and_both_bases(session: Session) -> None:
    ground = lay(session, 10)
    service = NewLot("DV-01", "DV", "service", square(8, 0).union(square(9, 0)).envelope)
    green = NewLot("CX-01", "CX", "none", square(0, 1, 300))
    plan(session, ground, [industrial(8, Decimal("7.6")), service, green])
    tenure = Tenure(session, ground)
    parent = tenure.state_lease(ground.parcels, "9.9")
    # half industrial, half service: the contract is 1.9 ha for 2 ha of ground
    tenure.sub_lease(parent, ground.parcels[7:9], "1.9", date(2023, 1, 1))
    tenure.sub_lease(parent, ground.parcels[:1], "1", date(2023, 1, 1), licensed=False)
    tenure.reserve(ground.parcels[1:3], "2")
    assert value(session, "leasable_area") == Decimal("7.6")
    assert measured(session, "leasable_area") == 8
    assert value(session, "leasable_area_incl_service") == Decimal("9.6")
    assert value(session, "leased_area") == Decimal("0.95")
    assert measured(session, "leased_area") == 1
    assert value(session, "leased_area_incl_service") == Decimal("1.9")
    assert value(session, "occupancy_rate_d82") == Decimal("0.95") * 100 / Decimal("7.6")
    assert value(session, "occupancy_rate_d35") == Decimal("1.9") * 100 / Decimal("9.6")
    assert measured(session, "occupancy_rate_d35") == 20
    assert value(session, "reserved_area") == 2
    # parcels 3 to 6 on the industrial lot, 9 on the service lot; scaled to the lots' legal areas
    assert value(session, "available_area") == Decimal("3.8")
    assert measured(session, "available_area") == 4
    assert value(session, "available_area_incl_service") == Decimal("4.8")
    assert {"indicator-unlicensed-left-out", "indicator-service-left-out"} <= notes(
        session, "leased_area"
    )
    assert "indicator-measured-used" in notes(session, "leasable_area_incl_service")


def test_split_and_merge_move_no_figure(session: Session) -> None:
    """A parcel leased and handed over is split, then merged; its rows move in the same change."""
    ground = lay(session, 4)
    plan(session, ground, [industrial(4)])
    tenure = Tenure(session, ground)
    parent = tenure.state_lease(ground.parcels, "4")
    lease = tenure.sub_lease(parent, ground.parcels[:2], "2", date(2022, 1, 1))
    number = change(session, ground.document_id, day=date(2022, 2, 1))
    handover = hand_over(
        session, number, zone_id=ground.zone_id, number="BB", day=date(2022, 2, 1),
        parcels=ground.parcels,
    )  # fmt: skip
    codes = ("cleared_area", "leased_area", "state_allocated_area", "available_area")
    before = {code: value(session, code) for code in codes}
    holders: list[tuple[Any, dict[str, object]]] = [
        (HandoverParcel, {"handover_id": handover}),
        (LandRightParcel, {"land_right_id": parent, "tier": 1}),
        (LandRightParcel, {"land_right_id": lease, "tier": 2}),
    ]
    split, merged = date(2023, 1, 1), date(2024, 1, 1)
    shapes = [square(0, 0).intersection(square(at, 0)) for at in (-0.6, 0.4)]
    halves = _replace(session, ground, split, ground.parcels[:1], shapes, holders)
    _replace(session, ground, merged, halves, [square(0, 0)], holders)
    for on in (date(2022, 12, 31), split, date(2023, 12, 31), merged, DAY):
        assert {code: value(session, code, on) for code in codes} == before, on


def _replace(
    session: Session,
    ground: Ground,
    day: date,
    old: list[UUID],
    shapes: list[Polygon],
    holders: list[tuple[Any, dict[str, object]]],
) -> list[UUID]:
    """Put parcels in the place of others, with everything that held those, in one change."""
    number = change(session, ground.document_id, day=day)
    end(session, ParcelVersion, number, ParcelVersion.parcel_id.in_(old), day)
    made = add_parcels(
        session, number, zone_id=ground.zone_id, srid=PLANE, valid_from=day,
        parcels=[NewParcel(shape, "1", "1", str(place)) for place, shape in enumerate(shapes)],
    )  # fmt: skip
    for table in (HandoverParcel, LandRightParcel):
        end(session, table, number, table.parcel_id.in_(old), day)  # type: ignore[attr-defined]
    for table, held in holders:
        rows = [{**held, "parcel_id": each, "valid_from": day} for each in made]
        record_rows(session, table, number, rows)
    return made


def test_a_right_across_zones_is_shared_out_by_measured_area(session: Session) -> None:
    ground = lay(session, 10)
    number = change(session, ground.document_id)
    child = create_zone(
        session, number, code="KCN-2", kind="industrial_park", srid=PLANE,
        board_id=ground.board_id, name_vi="KCN 2", valid_from=START, parent_id=ground.zone_id,
    )  # fmt: skip
    set_boundary(
        session, number, zone_id=child, srid=PLANE, valid_from=START, certainty="surveyed",
        boundary=MultiPolygon([square(0, 50, 1000)]), legal_area_m2=99 * HA,
    )  # fmt: skip
    inner = add_parcels(
        session, number, zone_id=child, srid=PLANE, valid_from=START,
        parcels=[NewParcel(square(0, 50, 200), "1", "2", "1")],
    )  # fmt: skip
    Tenure(session, ground).state_lease([*ground.parcels[:1], *inner], "4.5")
    at = Moment(DAY)
    assert _hectares(land(session, at, zone="KCN-2").figures()["state_allocated_area"]) == (
        Decimal("3.6")
    )
    whole = land(session, at)
    assert _hectares(whole.figures()["state_allocated_area"]) == Decimal("4.5")
    own = {code: whole.within(code).own for code in ("KCN-1", "KCN-2")}
    assert sum(q["state_allocated"].legal or 0 for q in own["KCN-1"].values()) == Decimal(45_000)
    assert _hectares(whole.figures()["natural_area"]) == 10_000, "the child is counted once"


def test_a_decision_without_parcels_counts_and_says_so(session: Session) -> None:
    ground = lay(session, 1)
    Tenure(session, ground).state_lease([], "12")
    assert value(session, "state_allocated_area") == 12
    assert notes(session, "state_allocated_area") == {"indicator-rights-without-parcels"}


def test_land_not_to_clear(session: Session) -> None:
    ground = lay(session, 1)
    assert notes(session, "to_clear_area") == {
        "indicator-natural-is-base",
        "indicator-measured-used",
    }
    mark_area(
        session, change(session, ground.document_id), zone_id=ground.zone_id, srid=PLANE,
        area=MultiPolygon([square(50, 50, 1000)]), valid_from=IN_FORCE, legal_area_m2=98 * HA,
    )  # fmt: skip
    assert value(session, "to_clear_area", START) == 10_000
    assert value(session, "to_clear_area") == 9_902
    assert measured(session, "to_clear_area") == 9_900
    assert notes(session, "to_clear_area") == {"indicator-measured-used"}


def test_an_amended_contract_counts_from_its_day(session: Session) -> None:
    ground = lay(session, 4)
    plan(session, ground, [industrial(4)])
    tenure = Tenure(session, ground)
    lease = tenure.sub_lease(
        tenure.state_lease(ground.parcels, "4"), ground.parcels[:1], "1", date(2022, 1, 1)
    )
    day = date(2023, 7, 1)
    amend_right(
        session, change(session, ground.document_id, day=day), right_id=lease, day=day,
        contract_area_m2=3 * HA, parcels=ground.parcels[:3],
    )  # fmt: skip
    assert value(session, "leased_area", date(2023, 6, 30)) == 1
    assert value(session, "leased_area", day) == 3


def test_an_empty_register_answers(session: Session) -> None:
    whole: Land = land(session, Moment(DAY))
    assert whole.zones == ()
    figures = whole.figures()
    assert figures["natural_area"].answer.value is None
    assert figures["clearance_rate"].answer.value is None
    assert figures["leased_area"].answer.value == 0
