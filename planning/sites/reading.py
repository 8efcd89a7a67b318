"""The ground of zones at a moment, from the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.sites.errors import BeforeFirstRecord, NoParcelsYet, NoPlanInForce
from planning.sites.ground import Ground, Lot, Parcel, lay
from planning.sites.limits import Limits
from planning.statements import statement


def ground_of(
    session: Session, at: Moment, zone_ids: Sequence[UUID], zone_name: str, limits: Limits
) -> Ground:
    """Return the pieces of parcels on leasable and road lots of the plan in force.

    Raises:
        NoParcelsYet, BeforeFirstRecord, NoPlanInForce: there is nothing to put together.
    """
    when = {**moment_parameters(at), "zone_ids": list(zone_ids)}
    first: date | None = session.execute(statement("sites/first_day"), _bound(
        "sites/first_day", when)).scalar_one()  # fmt: skip
    if first is None:
        raise NoParcelsYet(zone_name=zone_name)
    if at.as_of < first:
        raise BeforeFirstRecord(zone_name=zone_name, day=at.as_of, since=first)
    lots = [
        Lot(**row)
        for row in _shaped(session, "sites/lots", {**when, "roads": list(limits.road_categories)})
    ]
    if not lots:
        raise NoPlanInForce(zone_name=zone_name, day=at.as_of)
    kept = {**when, "kept_share": limits.kept_share_pct / 100}
    parcels = [Parcel(**row) for row in _shaped(session, "sites/parcels", kept)]
    rows = session.execute(
        statement("sites/shares"),
        {
            "parcels": [each.version_id for each in parcels],
            "lots": [each.version_id for each in lots],
        },
    )
    return lay(parcels, lots, [(row[0], row[1], row[2]) for row in rows], limits)


def _bound(name: str, values: Mapping[str, object]) -> dict[str, object]:
    return {key: values[key] for key in statement(name).compile().params}


def _shaped(session: Session, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    rows = session.execute(statement(name), _bound(name, values)).mappings().all()
    found = [dict(row) for row in rows]
    if found:
        wkb = np.array([bytes(row["shape"]) for row in found], dtype=object)
        for row, shape in zip(found, shapely.from_wkb(wkb), strict=True):
            row["shape"] = shape
    return found
