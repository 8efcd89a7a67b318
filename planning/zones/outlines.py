"""Zones as shapes on one small map, whatever planes they are kept in."""

from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.zones.model import ZoneBoundary


def outlines(session: Session, at: Moment, zone_ids: list[UUID]) -> dict[UUID, BaseGeometry]:
    """Return the boundaries in force of zones as shapes in WGS 84 (longitude, latitude).

    For looking at: a legal boundary is the one in the zone's own plane.
    """
    rows = session.execute(
        select(
            ZoneBoundary.zone_id,
            func.ST_AsBinary(func.spatial.to_wgs84(ZoneBoundary.geom)),
        ).where(ZoneBoundary.zone_id.in_(zone_ids), in_force(ZoneBoundary, at))
    )
    return {row[0]: shapely.from_wkb(bytes(row[1])) for row in rows}
