"""What the rules need from the register at a moment, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, moment_parameters
from planning.conformance.finding import Boundary, Held, Lot, Parcel, Scope, Share
from planning.conformance.rules.waivers import WaiverRow
from planning.parcels.model import ParcelVersion
from planning.statements import statement

Row = TypeVar("Row")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: zones, and perhaps one parcel with the box around it in its plane."""

    zone_ids: tuple[UUID, ...]
    parcel_id: UUID | None = None
    srid: int | None = None
    box: Box | None = None

    def parameters(self) -> dict[str, object]:
        """The values the questions ask for."""
        west, south, east, north = self.box or (None, None, None, None)
        return {
            "zone_ids": list(self.zone_ids),
            "parcel_id": self.parcel_id,
            "box_srid": self.srid or 0,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        }


def parcels(session: Session, at: Moment, where: Place) -> list[Parcel]:
    """Parcels in force of the zones, and others over the boxes of their boundaries."""
    return _read(session, at, "parcels", Parcel, where.parameters())


def box_of(session: Session, at: Moment, parcel_id: UUID) -> tuple[int, Box] | None:
    """The plane of a parcel in force and the box around it, None when it is not in force."""
    version = ParcelVersion
    row = session.execute(
        select(
            version.srid,
            func.ST_XMin(version.geom),
            func.ST_YMin(version.geom),
            func.ST_XMax(version.geom),
            func.ST_YMax(version.geom),
        ).where(version.parcel_id == parcel_id, in_force(version, at))
    ).one_or_none()
    return None if row is None else (row[0], (row[1], row[2], row[3], row[4]))


def boundaries(session: Session, at: Moment, where: Place) -> list[Boundary]:
    """Boundaries of the zones and of those around them."""
    return _read(session, at, "boundaries", Boundary, where.parameters())


def scopes(session: Session, at: Moment, where: Place) -> list[Scope]:
    """Plan versions in force over the zones."""
    return _read(session, at, "scopes", Scope, where.parameters())


def rights(session: Session, at: Moment, where: Place) -> list[Held]:
    """Sub-leases and reservations on the zones' parcels."""
    return _read(session, at, "rights", Held, where.parameters())


def shares(session: Session, at: Moment, where: Place) -> list[Share]:
    """Stored shares that may be a conflict."""
    rows = _ask(session, at, "shares", where.parameters())
    ids = sorted({row["lot_version_id"] for row in rows})
    found = _read(session, at, "lots", Lot, {"lots": ids}) if ids else []
    by_version = {lot.version_id: lot for lot in found}
    return [
        Share(row["parcel_version_id"], by_version[row["lot_version_id"]], row["area_m2"])
        for row in rows
    ]


def waivers(session: Session, at: Moment, where: Place) -> list[WaiverRow]:
    """Waivers of the zones that had begun by the day, oldest first."""
    rows = _ask(session, at, "waivers", where.parameters())
    return [WaiverRow(**{**row, "heirs": frozenset(row["heirs"] or ())}) for row in rows]


def _ask(
    session: Session, at: Moment, name: str, values: Mapping[str, object]
) -> Sequence[Mapping[str, Any]]:
    asked = statement(f"findings/{name}")
    known = {**moment_parameters(at), **values}
    bound = {key: known[key] for key in asked.compile().params}
    return session.execute(asked, bound).mappings().all()  # type: ignore[return-value]


def _read(
    session: Session, at: Moment, name: str, kind: type[Row], values: Mapping[str, object]
) -> list[Row]:
    rows = _ask(session, at, name, values)
    facts: list[dict[str, Any]] = [dict(row) for row in rows]
    for column in ("shape", "ground"):
        if facts and column in facts[0]:
            wkb = np.array([bytes(row[column]) for row in facts], dtype=object)
            for row, shape in zip(facts, shapely.from_wkb(wkb), strict=True):
                row[column] = shape
    return [kind(**row) for row in facts]
