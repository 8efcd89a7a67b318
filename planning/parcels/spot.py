"""What lay here, when: every parcel that ever covered a spot."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, known
from planning.parcels.model import ParcelVersion


@dataclass(frozen=True, slots=True)
class OnSpot:
    """A parcel that covered a spot from a day to a day (exclusive; None = still)."""

    parcel_id: UUID
    sheet: str | None
    number: str | None
    land_use: str | None
    area_m2: float
    valid_from: date
    valid_to: date | None
    versions: int


def ever_here(session: Session, at: Moment, srid: int, east: float, north: float) -> list[OnSpot]:
    """Return every parcel that ever covered a place (E, N of a plane), as known, latest first.

    Parcels that lived less than a day are among them; numbers are those of the last version.
    """
    version = ParcelVersion
    spot = func.ST_SetSRID(func.ST_MakePoint(east, north), srid)
    last = func.max(version.version_id)
    until = case((func.bool_or(version.valid_to.is_(None)), None), else_=func.max(version.valid_to))
    periods = (
        select(
            last.label("last"),
            func.min(version.valid_from).label("valid_from"),
            until.label("valid_to"),
            func.count().label("versions"),
        )
        .where(version.srid == srid, func.ST_Intersects(version.geom, spot), known(version, at))
        .group_by(version.parcel_id)
        .subquery()
    )
    rows = session.execute(
        select(
            version.parcel_id,
            version.sheet_no,
            version.parcel_no,
            version.land_use_code,
            version.area_m2,
            periods.c.valid_from,
            periods.c.valid_to,
            periods.c.versions,
        )
        .join(periods, periods.c.last == version.version_id)
        .order_by(periods.c.valid_from.desc(), version.parcel_id)
    )
    return [OnSpot(*row) for row in rows]
