"""Where a zone lies, for a map to open on it."""

from uuid import UUID

from sqlalchemy import Float, cast, func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, known
from planning.zones.model import ZoneBoundary

Box = tuple[float, float, float, float]


def extent_of(session: Session, at: Moment, zone_id: UUID) -> Box | None:
    """Return west, south, east, north (metres of the zone's plane) of a zone's boundaries.

    All boundaries known at the moment count, whatever their days, so that a map moved to another
    day stays where it is; None while no boundary is known.
    """
    around = func.ST_Extent(ZoneBoundary.geom)
    corners = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    row = session.execute(
        select(*(cast(corner(around), Float) for corner in corners)).where(
            ZoneBoundary.zone_id == zone_id, known(ZoneBoundary, at)
        )
    ).one()
    return None if row[0] is None else (row[0], row[1], row[2], row[3])


def centres(session: Session, at: Moment) -> dict[UUID, tuple[float, float]]:
    """Return longitude and latitude (WGS 84) in the middle of every zone, to pin it on a map."""
    middle = func.spatial.to_wgs84(func.ST_PointOnSurface(func.ST_Collect(ZoneBoundary.geom)))
    rows = session.execute(
        select(ZoneBoundary.zone_id, cast(func.ST_X(middle), Float), cast(func.ST_Y(middle), Float))
        .where(known(ZoneBoundary, at))
        .group_by(ZoneBoundary.zone_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
