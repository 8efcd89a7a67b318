"""Questions to the parcels context: parcels by their number, and what lies on given ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.geometry import multipolygon, on_grid, polygons_of
from planning.clocks import Moment, in_force
from planning.errors import NotFound
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


def shape_of(session: Session, at: Moment, parcel_ids: Sequence[UUID]) -> MultiPolygon:
    """Return the ground of parcels of one plane together (E, N), on the grid of 1 mm.

    Raises:
        NotFound: one of them is not in force at the moment.
    """
    rows = session.execute(
        select(ParcelVersion.parcel_id, func.ST_AsBinary(ParcelVersion.geom)).where(
            ParcelVersion.parcel_id.in_(parcel_ids), in_force(ParcelVersion, at)
        )
    ).all()
    missing = set(parcel_ids) - {row[0] for row in rows}
    if missing or not rows:
        raise NotFound(kind="parcel", key=", ".join(map(str, sorted(missing)))[:60])
    together = shapely.union_all(shapely.from_wkb([bytes(row[1]) for row in rows]))
    parts = on_grid(np.asarray(polygons_of(together), dtype=object))
    return multipolygon(shapely.GeometryCollection(list(parts)))


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
