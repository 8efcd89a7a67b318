"""The ground of a parcel at a moment."""

from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion


def parcel_ground(session: Session, at: Moment, parcel_id: UUID) -> tuple[BaseGeometry, int, UUID]:
    """Return a parcel's shape (E, N), its plane and its zone at a moment. Raises NotFound."""
    row = session.execute(
        select(
            func.ST_AsBinary(ParcelVersion.geom), ParcelVersion.srid, ParcelVersion.zone_id
        ).where(ParcelVersion.parcel_id == parcel_id, in_force(ParcelVersion, at))
    ).one_or_none()
    if row is None:
        raise NotFound(kind="parcel", key=str(parcel_id))
    return shapely.from_wkb(bytes(row[0])), row[1], row[2]
