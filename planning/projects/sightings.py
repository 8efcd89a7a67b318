"""Questions: what was seen of a project or parcel, its photos, and every change of a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo: pixels, when it was taken, where (longitude, latitude in WGS 84)."""

    id: UUID
    width: int
    height: int
    caption: str | None
    taken_at: datetime | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """A visit; ``body`` is None and there are no photos where the reader may not see people.

    ``parcel``: sheet and number of the parcel it was noted at, told by `visits_on_parcel` alone.
    """

    id: UUID
    day: date
    parcel_id: UUID | None
    project: str | None
    actor: str
    personal: bool
    body: str | None
    document: str | None
    document_id: UUID | None
    photos: tuple[PhotoRow, ...]
    parcel: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """Where a photo lies, and who may see it."""

    sha256: str
    thumbnail_sha256: str
    personal: bool
    zone_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that touched a project: both clocks, its paper, what it wrote."""

    number: int
    kind: str
    reason: str
    actor: str
    effective_on: date
    committed_at: datetime | None
    document_id: UUID | None
    document: str | None
    issued_on: date | None
    issuer: str | None
    has_file: bool
    what: tuple[str, ...]


def inspections(
    session: Session, at: Moment, *, project_id: UUID, personal: bool = False
) -> list[InspectionRow]:
    """Return the visits to a project by the day, latest first, at most 200.

    ``personal`` says whether the reader may read what names or shows people.
    """
    asked = {**moment_parameters(at), "project_id": project_id, "personal": personal}
    return _rows(session, "projects/inspections", asked)


def visits_on_parcel(
    session: Session,
    at: Moment,
    parcel_id: UUID,
    *,
    zone_ids: Sequence[UUID] | None = None,
    personal: bool = False,
) -> list[InspectionRow]:
    """Return what was seen on a parcel's ground by the day, latest first, at most 200.

    Notes about it and the parcels it came from, and photos taken inside it on other visits, of
    projects and parcels in the zones given (None: all).
    """
    asked = {
        **moment_parameters(at),
        "parcel_id": parcel_id,
        "zone_ids": None if zone_ids is None else list(zone_ids),
        "personal": personal,
    }
    return _rows(session, "projects/visits_on_parcel", asked)


def _rows(session: Session, name: str, asked: dict[str, Any]) -> list[InspectionRow]:
    rows = session.execute(statement(name), asked)
    return [
        InspectionRow(**{**row._mapping, "photos": tuple(map(_photo, row.photos))}) for row in rows
    ]


def _photo(said: dict[str, Any]) -> PhotoRow:
    taken = said["taken_at"]
    return PhotoRow(
        **{
            **said,
            "id": UUID(said["id"]),
            "taken_at": None if taken is None else datetime.fromisoformat(taken),
        }
    )


def photo_file(session: Session, photo_id: UUID) -> PhotoFile:
    """Return where a photo lies. Raises NotFound."""
    row = session.execute(statement("projects/photo"), {"photo_id": photo_id}).one_or_none()
    if row is None:
        raise NotFound(kind="photo", key=str(photo_id))
    return PhotoFile(*row)


def changes_of(session: Session, at: Moment, project_id: UUID) -> list[ChangeRow]:
    """Return the changes that touched a project as known at the moment, latest first."""
    asked = {"project_id": project_id, "known": moment_parameters(at)["known"]}
    rows = session.execute(statement("projects/history"), asked)
    return [ChangeRow(**{**row._mapping, "what": tuple(row.what)}) for row in rows]
