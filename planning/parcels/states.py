"""Parcels with their states at a moment, as GeoJSON made by the database and read page by page."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from layers.crs import WGS84
from planning.published import Sight, question

Box = tuple[float, float, float, float]

WGS84_DECIMALS: Final = 7
PLANE_DECIMALS: Final = 3
"""Millimetres: what is written is exactly what is stored."""

_PROPERTIES: Final = (
    "zone",
    "commune",
    "sheet",
    "number",
    "official_id",
    "land_use",
    "state",
    "late",
    "in_clearance",
    "legal_area_m2",
    "area_m2",
    "valid_from",
    "valid_to",
    "version_id",
)


def parcels_at(sight: Sight) -> Subquery:
    """The parcels in force at a moment with their states, to be narrowed and joined."""
    typed: dict[str, Any] = {
        "parcel_id": Uuid(),
        "zone_id": Uuid(),
        "srid": Integer(),
        "version_id": Integer(),
        "legal_area_m2": Numeric(),
        "valid_from": Date(),
        "valid_to": Date(),
    }
    names = ("fid", "id", "parcel_id", "zone_id", "srid", "geom", "geom_wgs84", *_PROPERTIES)
    return (
        question("parcel_state", sight)
        .columns(*(column(name, typed.get(name)) for name in dict.fromkeys(names)))
        .subquery("parcel")
    )


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """GeoJSON features as texts, and the last id when there are more."""

    features: list[str]
    last: UUID | None


def shape(parcel: Subquery, *, in_plane: bool) -> ColumnElement[str]:
    """A parcel's ground as a GeoJSON geometry.

    In its plane (E, N) to the millimetre, or in WGS 84 (longitude, latitude) with right-hand rings
    and 7 decimals as RFC 7946 asks.
    """
    if in_plane:
        return func.ST_AsGeoJSON(parcel.c.geom, PLANE_DECIMALS, 0)
    right_handed = func.ST_ForcePolygonCCW(parcel.c.geom_wgs84)
    return func.ST_AsGeoJSON(right_handed, WGS84_DECIMALS, 0)


def feature(parcel: Subquery, *, in_plane: bool) -> ColumnElement[str]:
    """A parcel as a GeoJSON feature, its `shape` within."""
    properties: list[Any] = []
    for name in _PROPERTIES:
        properties += [name, parcel.c[name]]
    # what an edit says it was made on: the same number in lists, in the card and in its ETag
    properties += ["version", parcel.c.version_id]
    built = func.json_build_object(
        "type",
        "Feature",
        "id",
        parcel.c.id,
        "geometry",
        cast(shape(parcel, in_plane=in_plane), JSON),
        "properties",
        func.json_build_object(*properties),
    )
    return cast(built, Text)


def feature_page(
    session: Session,
    sight: Sight,
    *,
    box: Box | None,
    srid: int | None,
    limit: int,
    after: UUID | None = None,
) -> FeaturePage:
    """Read a page of parcels in the order of their ids.

    ``srid`` names the plane the answer (and ``box``: west, south, east, north in metres) is in;
    without it both are WGS 84.
    """
    parcel = parcels_at(sight)
    asked: Select[Any] = select(parcel.c.parcel_id, feature(parcel, in_plane=srid is not None))
    conditions: list[ColumnElement[bool]] = []
    if srid is not None:
        conditions.append(parcel.c.srid == srid)
    if box is not None and srid is not None:
        conditions.append(parcel.c.geom.op("&&")(func.ST_MakeEnvelope(*box, srid)))
    elif box is not None:
        conditions.append(parcel.c.geom_wgs84.op("&&")(func.ST_MakeEnvelope(*box, WGS84)))
    if after is not None:
        conditions.append(parcel.c.parcel_id > after)
    if conditions:
        asked = asked.where(and_(*conditions))
    rows = session.execute(asked.order_by(parcel.c.parcel_id).limit(limit + 1)).all()
    page = rows[:limit]
    return FeaturePage([row[1] for row in page], page[-1][0] if len(rows) > limit else None)
