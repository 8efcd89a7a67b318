"""What was seen on a parcel's ground: its notes, those of former land, photos taken on it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.crs import to_wgs84
from planning.clocks import Moment, today
from planning.days import EventAhead
from planning.projects.inspections import Picture, add_photo, note_inspection
from planning.projects.refused import ParcelNotThen
from planning.projects.sightings import InspectionRow, visits_on_parcel
from tests.db.ground import PLANE, START, square
from tests.db.project_ground import Built, lay_project

SEEN = date(2025, 3, 10)


@pytest.fixture
def built(session: Session) -> Built:
    """Four parcels in a row, the first two of a project."""
    return lay_project(session, "DA-ANH")


def place(column: float) -> tuple[float, float]:
    """Longitude and latitude of the middle of a square of the lattice."""
    middle = to_wgs84(square(column, 0).centroid, PLANE)
    return middle.x, middle.y


def picture(mark: str, where: tuple[float, float] | None = None) -> Picture:
    return Picture(mark * 64, mark * 64, mark * 64, 9, 40, 30, caption=mark, place=where)


def here(
    session: Session, parcel: UUID, day: date = SEEN, *, personal: bool = False,
    known: int | None = None, zone_ids: list[UUID] | None = None,
) -> list[InspectionRow]:  # fmt: skip
    return visits_on_parcel(
        session, Moment(day, known), parcel, zone_ids=zone_ids, personal=personal
    )


def captions(found: list[InspectionRow]) -> list[list[str | None]]:
    return [[photo.caption for photo in visit.photos] for visit in found]


def test_a_parcel_without_a_project_has_notes_from_their_day_on(
    session: Session, built: Built
) -> None:
    alone, change = built.ground.parcels[3], built.ground.change
    visit = note_inspection(session, change, day=SEEN, body="Đất trống", parcel_id=alone)
    add_photo(session, change, visit, picture("a"))
    (seen,) = here(session, alone)
    assert (seen.id, seen.day, seen.body, seen.actor, seen.project, seen.parcel_id) == (
        visit, SEEN, "Đất trống", "tester", None, alone,
    )  # fmt: skip
    assert captions([seen]) == [["a"]]
    assert here(session, alone, SEEN - timedelta(days=1)) == []
    assert here(session, alone, known=change - 1) == []
    assert here(session, built.ground.parcels[2]) == []


def test_photos_of_other_visits_are_told_where_they_were_taken(
    session: Session, built: Built
) -> None:
    """A walk through a project's land: each parcel has the photos taken on it and no other."""
    change = built.ground.change
    visit = note_inspection(session, change, day=SEEN, body="Đi một vòng", project_id=built.id)
    for mark, where in (("a", place(0)), ("b", place(3)), ("c", None)):
        add_photo(session, change, visit, picture(mark, where))
    assert captions(here(session, built.ground.parcels[0])) == [["a"]]
    (seen,) = here(session, built.ground.parcels[3])
    assert (captions([seen]), seen.project) == ([["b"]], built.code)
    assert here(session, built.ground.parcels[1]) == []
    assert here(session, built.ground.parcels[0], START - timedelta(days=1)) == []


def test_land_keeps_the_notes_of_the_parcel_it_was_cut_from(session: Session, built: Built) -> None:
    former, child, change = *built.ground.parcels[2:4], built.ground.change
    visit = note_inspection(session, change, day=SEEN, body="Ao cá", parcel_id=former)
    add_photo(session, change, visit, picture("a"))
    session.execute(
        text(
            "INSERT INTO land.parcel_lineage (parent_id, child_id, kind, area_m2, opened_by)"
            " VALUES (:former, :child, 'split', 9, :change)"
        ),
        {"former": former, "child": child, "change": change},
    )
    (seen,) = here(session, child)
    assert (seen.id, seen.parcel_id, captions([seen])) == (visit, former, [["a"]])
    assert seen.parcel, "the older parcel has a name"


def test_people_and_other_zones_stay_out_of_sight(session: Session, built: Built) -> None:
    alone, change = built.ground.parcels[3], built.ground.change
    visit = note_inspection(session, change, day=SEEN, body="ĐT 0912 345 678", parcel_id=alone)
    add_photo(session, change, visit, picture("a"))
    (hidden,) = here(session, alone)
    assert (hidden.personal, hidden.body, hidden.photos) == (True, None, ())
    (shown,) = here(session, alone, personal=True)
    assert shown.body == "ĐT 0912 345 678" and captions([shown]) == [["a"]]
    assert len(here(session, alone, zone_ids=[built.ground.zone_id])) == 1
    assert here(session, alone, zone_ids=[]) == []


def test_a_visit_is_to_a_parcel_of_its_day(session: Session, built: Built) -> None:
    alone, change = built.ground.parcels[3], built.ground.change
    with pytest.raises(ParcelNotThen) as refused:
        note_inspection(
            session, change, day=START - timedelta(days=1), body="Sớm quá", parcel_id=alone
        )
    assert refused.value.context["parcel_name"]
    with pytest.raises(EventAhead):
        note_inspection(
            session, change, day=today() + timedelta(days=1), body="Mai", parcel_id=alone
        )
