"""Where projects and photos lie, in metres of the zone's plane."""

from collections.abc import Iterable
from uuid import UUID

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.crs import coordinates_from_wgs84
from planning.clocks import Moment, in_force
from planning.parcels.model import ParcelVersion
from planning.projects.model import ProjectParcel, ProjectVersion
from planning.projects.sightings import InspectionRow

Box = tuple[float, float, float, float]


def places_of(visits: Iterable[InspectionRow], srid: int) -> dict[UUID, tuple[float, float]]:
    """Return where photos were taken (E, N of a plane), those that know it, by photo."""
    known = [
        (photo.id, photo.lon, photo.lat)
        for visit in visits
        for photo in visit.photos
        if photo.lon is not None and photo.lat is not None
    ]
    if not known:
        return {}
    degrees = np.array([(lon, lat) for _id, lon, lat in known])
    placed = coordinates_from_wgs84(degrees, srid)
    return {
        each[0]: (round(float(e), 3), round(float(n), 3))
        for each, (e, n) in zip(known, placed, strict=True)
    }


def somewhere_on(session: Session, at: Moment, project_id: UUID) -> tuple[float, float] | None:
    """Return a place (longitude, latitude) surely on a parcel of the project; None when it has
    none.
    """
    held, parcel = ProjectParcel, ParcelVersion
    point = func.ST_PointOnSurface(func.spatial.to_wgs84(parcel.geom))
    row = session.execute(
        select(func.ST_X(point), func.ST_Y(point))
        .join(held, (held.parcel_id == parcel.parcel_id) & in_force(held, at))
        .where(held.project_id == project_id, in_force(parcel, at))
        .order_by(parcel.parcel_no)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def box_of(session: Session, at: Moment, project_id: UUID) -> Box | None:
    """Return W, S, E, N of a project: of its drawing, else of its parcels; None when nowhere."""
    drawn, held, parcel = ProjectVersion, ProjectParcel, ParcelVersion
    shape = session.scalar(
        select(func.ST_Extent(drawn.geom)).where(
            drawn.project_id == project_id, in_force(drawn, at)
        )
    ) or session.scalar(
        select(func.ST_Extent(parcel.geom))
        .join(held, (held.parcel_id == parcel.parcel_id) & in_force(held, at))
        .where(held.project_id == project_id, in_force(parcel, at))
    )
    if shape is None:
        return None
    corners = str(shape).removeprefix("BOX(").removesuffix(")").replace(",", " ").split()
    west, south, east, north = map(float, corners)
    return west, south, east, north
