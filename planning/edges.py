"""What an edit may be snapped to beside parcels: plan lots and zone boundaries, as stored."""

from typing import Any

import shapely
from sqlalchemy import Integer, column, func, select
from sqlalchemy.orm import Session

from planning.published import Sight, question

MOST_LOTS = 5_000
"""Lots of one view; whatever is beyond is not snapped to."""


def edges_near(
    session: Session, sight: Sight, srid: int, envelope: tuple[float, float, float, float]
) -> dict[str, Any]:
    """Return lots of plans in force and zone boundaries that meet an envelope, as features.

    Coordinates are E, N in metres of plane `srid`, exact to the millimetre; `envelope` is west,
    south, east, north. Boundaries are whole, lots at most MOST_LOTS.
    """
    return {
        "lots": _features(session, sight, "published/plan_lots", ("symbol",), srid, envelope),
        "boundary": _features(session, sight, "published/zones", ("code",), srid, envelope),
    }


def _features(
    session: Session,
    sight: Sight,
    name: str,
    said: tuple[str, ...],
    srid: int,
    envelope: tuple[float, float, float, float],
) -> dict[str, Any]:
    names = ("id", *said, "geom")
    rows = question(name, sight).columns(column("srid", Integer()), *map(column, names)).subquery()
    near = rows.c.geom.op("&&")(func.ST_MakeEnvelope(*envelope, srid))
    shown = [rows.c.id, *(rows.c[each] for each in said), func.ST_AsBinary(rows.c.geom)]
    asked = select(*shown).where(rows.c.srid == srid, near).order_by(rows.c.id).limit(MOST_LOTS)
    features = [
        {
            "type": "Feature",
            "id": row[0],
            "geometry": shapely.geometry.mapping(shapely.from_wkb(bytes(row[-1]))),
            "properties": dict(zip(said, row[1:-1], strict=True)),
        }
        for row in session.execute(asked)
    ]
    return {"type": "FeatureCollection", "features": features}
