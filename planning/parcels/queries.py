"""Questions to the parcels context: parcels by their number, and what lies on given ground."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.parcels.model import ParcelVersion


@dataclass(frozen=True, slots=True)
class ParcelKey:
    """A parcel as documents name it. Not unique: real files repeat numbers on one sheet."""

    parcel_id: UUID
    commune_code: str | None
    sheet_no: str | None
    parcel_no: str | None


def keys_of_zone(session: Session, at: Moment, zone_id: UUID) -> list[ParcelKey]:
    """Return the keys of all parcels of a zone in force at the moment."""
    rows = session.execute(
        select(
            ParcelVersion.parcel_id,
            ParcelVersion.commune_code,
            ParcelVersion.sheet_no,
            ParcelVersion.parcel_no,
        ).where(ParcelVersion.zone_id == zone_id, in_force(ParcelVersion, at))
    )
    return [ParcelKey(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Ground:
    """Parcels in force: ids beside shapes (E, N of one plane)."""

    ids: list[UUID]
    shapes: npt.NDArray[np.object_]


def ground_of(
    session: Session, at: Moment, srid: int, envelope: tuple[float, float, float, float]
) -> Ground:
    """Return the parcels of a plane in force that meet an envelope (min E, min N, max E, max N)."""
    rows = session.execute(
        select(ParcelVersion.parcel_id, func.ST_AsBinary(ParcelVersion.geom)).where(
            ParcelVersion.srid == srid,
            ParcelVersion.geom.op("&&")(func.ST_MakeEnvelope(*envelope, srid)),
            in_force(ParcelVersion, at),
        )
    ).all()
    return Ground([row[0] for row in rows], shapely.from_wkb([bytes(row[1]) for row in rows]))
