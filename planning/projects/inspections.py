"""Writing verbs: what somebody saw on the ground, and the photos of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from shapely import Point, to_wkt
from sqlalchemy import insert, select, true
from sqlalchemy.orm import Session

from planning import days
from planning.clocks import correct, record, valid_on
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.projects.facts_model import Inspection, InspectionVersion, Photo
from planning.projects.refused import ParcelNotThen

# nine or twelve digits are an identity card, ten from nought a telephone
_NUMBER_OF_A_PERSON: Final = re.compile(r"(?<!\d)(?:\d{9}|\d{12}|0\d{9}|\+84\d{9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: named by content, its size in pixels and bytes, when and where it was
    taken; ``place`` is (longitude, latitude) in WGS 84.
    """

    sha256: str
    thumbnail_sha256: str
    original_sha256: str
    file_size: int
    width: int
    height: int
    caption: str | None = None
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None


def names_a_person(text: str) -> bool:
    """Say whether a text holds a number that belongs to a person: identity card or telephone."""
    return _NUMBER_OF_A_PERSON.search(re.sub(r"(?<=\d)[ .\-](?=\d)", "", text)) is not None


def note_inspection(
    session: Session,
    change: int,
    *,
    day: date,
    body: str,
    project_id: UUID | None = None,
    parcel_id: UUID | None = None,
    personal: bool = False,
    document_id: UUID | None = None,
) -> UUID:
    """Record what was seen on a day at a project or a parcel; return the inspection's id.

    A text that holds an identity or telephone number is personal whatever was said.
    Raises EventAhead, ParcelNotThen.
    """
    days.happened("inspection", day)
    if parcel_id is not None:
        _was_there(session, parcel_id, day)
    made = session.execute(
        insert(Inspection)
        .values(project_id=project_id, parcel_id=parcel_id, opened_by=change)
        .returning(Inspection.id)
    ).scalar_one()
    row = {
        "inspection_id": made,
        "body": body,
        "personal": personal or names_a_person(body),
        "document_id": document_id,
        "valid_from": day,
    }
    record(session, InspectionVersion, change, [row])
    return made


def _was_there(session: Session, parcel_id: UUID, day: date) -> None:
    """A visit on a day is to a parcel of that day. Raises ParcelNotThen."""
    then = ParcelVersion
    mine = (then.parcel_id == parcel_id, then.closed_by.is_(None))
    if session.scalar(select(then.version_id).where(*mine, valid_on(then, day)).limit(1)) is None:
        last = session.execute(
            select(then.sheet_no, then.parcel_no)
            .where(then.parcel_id == parcel_id)
            .order_by(then.version_id.desc())
            .limit(1)
        ).one_or_none()
        name = "/".join(part for part in (last or ()) if part)
        raise ParcelNotThen(parcel=str(parcel_id), parcel_name=name, day=day)


def correct_inspection(
    session: Session, change: int, inspection_id: UUID, *, body: str, personal: bool
) -> None:
    """Say a note in other words; what was written before stays in the history. Raises NotFound."""
    mine = InspectionVersion.inspection_id == inspection_id
    values = {"body": body, "personal": personal or names_a_person(body)}
    correct(session, InspectionVersion, change, mine, values)


def add_photo(session: Session, change: int, inspection_id: UUID, picture: Picture) -> UUID:
    """Put a photo to an inspection; return its id."""
    place = picture.place
    found = session.execute(
        insert(Photo)
        .values(
            inspection_id=inspection_id,
            sha256=picture.sha256,
            thumbnail_sha256=picture.thumbnail_sha256,
            original_sha256=picture.original_sha256,
            file_size=picture.file_size,
            width=picture.width,
            height=picture.height,
            caption=picture.caption,
            taken_at=picture.taken_at,
            place_wgs84=None if place is None else f"SRID=4326;{to_wkt(Point(*place))}",
            opened_by=change,
        )
        .returning(Photo.id)
    )
    return found.scalar_one()


def photo_of(
    session: Session,
    photo_id: UUID,
    *,
    project_id: UUID | None = None,
    parcel_id: UUID | None = None,
) -> Photo:
    """Return a photo of a project, or of a parcel alone, that stands.

    Raises NotFound: it is of another, or withdrawn.
    """
    found = session.scalar(
        select(Photo)
        .join(Inspection, Inspection.id == Photo.inspection_id)
        .where(
            Photo.id == photo_id,
            Photo.closed_by.is_(None),
            Inspection.project_id.is_not_distinct_from(project_id),
            (Inspection.parcel_id == parcel_id) if project_id is None else true(),
        )
    )
    if found is None:
        raise NotFound(kind="photo", key=str(photo_id))
    return found


def withdraw_photo(session: Session, change: int, photo_id: UUID) -> None:
    """Take a photo away; earlier knowledge still shows it. Raises NotFound."""
    found = session.scalar(
        select(Photo).where(Photo.id == photo_id, Photo.closed_by.is_(None)).with_for_update()
    )
    if found is None:
        raise NotFound(kind="photo", key=str(photo_id))
    found.closed_by = change
    session.flush()
