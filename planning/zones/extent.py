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
