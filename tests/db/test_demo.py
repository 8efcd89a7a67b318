"""The demo adds up on every day to its own closed formulas, in PostGIS and in shapely alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gisapp.db import owner_engine
from gisapp.demo.expected import totals
from gisapp.demo.layout import PARKS, ZONE_CORNERS, fields, shoelace_m2
from gisapp.demo.load import RegisterNotEmpty, load_demo
from gisapp.demo.story import (
    CORRECTED,
    CORRECTION_DAY,
    CORRECTION_M2,
    COURSES,
    LATE_ENTRY_DAYS,
    sub_leases,
)
from planning.clocks import HANOI, Moment, moment
from planning.indicators.queries import land
from planning.parcels.model import ParcelVersion
from planning.records.model import Change, Instance
from planning.zones.model import Zone, ZoneBoundary
from tests.conftest import TestDatabase

DAYS = [
    date(2020, 12, 31),
    date(2021, 5, 14),
    date(2022, 6, 30),
    date(2023, 12, 31),
    date(2024, 5, 19),
    date(2024, 5, 20),
    date(2025, 12, 31),
    date(2026, 9, 1),
    date(2026, 11, 15),
]
CODES = {
    "natural_area": "natural_m2",
    "leasable_area": "leasable_m2",
    "cleared_area": "cleared_m2",
    "state_allocated_area": "state_allocated_m2",
    "leased_area": "leased_m2",
    "reserved_area": "reserved_m2",
}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_figures_equal_the_closed_formulas_on_any_day(demo_reading: Session, day: date) -> None:
    register = land(demo_reading, Moment(day))
    for course in COURSES:
        expected = totals(course, day)
        if day < date(2021, 1, 1):
            assert course.park.code not in [zone.code for zone in register.zones]
            continue
        figures = register.within(course.park.code).figures([*CODES])
        for code, name in CODES.items():
            value = figures[code].answer.value or Decimal(0)
            assert abs(value - getattr(expected, name)) < Decimal("0.01"), (course.park.code, code)


def test_measured_areas_equal_the_formulas_in_postgis_and_in_shapely(demo_reading: Session) -> None:
    for park in PARKS:
        rows = demo_reading.execute(
            select(
                ParcelVersion.parcel_no, ParcelVersion.area_m2, func.ST_AsBinary(ParcelVersion.geom)
            )
            .join(Zone, Zone.id == ParcelVersion.zone_id)
            .where(Zone.code == park.code, ParcelVersion.closed_by.is_(None))
        ).all()
        by_number = {piece.name: piece.area_m2 for piece in park.parcels()}
        assert len(rows) == len(by_number)
        for number, area_m2, shape in rows:
            assert area_m2 == pytest.approx(float(by_number[number]), abs=1e-3)
            measured = shapely.area(shapely.from_wkb(bytes(shape)))
            assert measured == pytest.approx(float(by_number[number]), abs=1e-3)
        assert sum(row.area_m2 for row in rows) == pytest.approx(float(park.area_m2), abs=0.01)


def test_the_parcels_of_a_park_are_one_valid_coverage(demo_reading: Session) -> None:
    for park in PARKS:
        shapes = demo_reading.scalars(
            select(func.ST_AsBinary(ParcelVersion.geom))
            .join(Zone, Zone.id == ParcelVersion.zone_id)
            .where(Zone.code == park.code, ParcelVersion.closed_by.is_(None))
        ).all()
        assert shapely.coverage_is_valid(shapely.from_wkb([bytes(shape) for shape in shapes]))


def test_about_four_hundred_parcels_in_two_planes(demo_reading: Session) -> None:
    assert sum(len(park.parcels()) for park in PARKS) + len(fields()) == 393
    assert demo_reading.scalar(select(func.count()).select_from(ParcelVersion)) == 393
    assert set(demo_reading.scalars(select(Zone.srid))) == {5899, 9211}
    area = demo_reading.scalar(
        select(ZoneBoundary.area_m2)
        .join(Zone, Zone.id == ZoneBoundary.zone_id)
        .where(Zone.code == "KKT-DEMO")
    )
    assert area == pytest.approx(float(shoelace_m2(ZONE_CORNERS)))


def test_a_lease_entered_late_is_known_late(demo_reading: Session) -> None:
    course = COURSES[0]
    late = next(each for each in sub_leases(course) if each.recorded_after_days == LATE_ENTRY_DAYS)
    as_of = late.signed + timedelta(days=1)
    told = late.signed + timedelta(days=LATE_ENTRY_DAYS)
    leased = [
        land(
            demo_reading,
            moment(demo_reading, as_of, datetime.combine(day, datetime.min.time(), HANOI)),
        )
        .within(course.park.code)
        .figures(["leased_area"])["leased_area"]
        .answer.value
        or Decimal(0)
        for day in (told - timedelta(days=1), told + timedelta(days=1))
    ]
    assert leased[1] - leased[0] >= late.area_m2


def test_a_correction_changes_what_is_known_of_the_same_day(demo_reading: Session) -> None:
    code, order = CORRECTED
    course = next(each for each in COURSES if each.park.code == code)
    as_of = sub_leases(course)[order].signed + timedelta(days=30)
    values = []
    for known in (CORRECTION_DAY, CORRECTION_DAY + timedelta(days=1)):
        at = moment(demo_reading, as_of, datetime.combine(known, datetime.min.time(), HANOI))
        figures = land(demo_reading, at).within(code).figures(["leased_area"])
        values.append(figures["leased_area"].answer.value)
    assert values[1] - values[0] == CORRECTION_M2


def test_knowledge_comes_in_the_order_of_changes(demo_reading: Session) -> None:
    instants = demo_reading.scalars(select(Change.committed_at).order_by(Change.number)).all()
    assert all(instants)
    assert instants == sorted(instants)


def test_the_database_says_that_it_is_a_demo(demo_reading: Session) -> None:
    marked = demo_reading.execute(select(Instance.is_demo, Instance.data_notice)).one()
    assert marked.is_demo
    assert "hư cấu" in marked.data_notice


def test_the_demo_is_loaded_into_an_empty_register_only(demo_database: TestDatabase) -> None:
    engine = owner_engine(demo_database.settings)
    with Session(engine) as session, session.begin(), pytest.raises(RegisterNotEmpty):
        load_demo(session)
    engine.dispose()
